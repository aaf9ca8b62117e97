"""Every second of a clock: counted or not, why, and who brought that about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise

from incidents.clocks.history import history_of
from incidents.models import Incident
from incidents.timeline import Entry, full_timeline
from sla.clock import Line, Reading, explain
from sla.models import CalendarVersion, PolicyVersion
from sla.wording import WHY, names_of_holidays


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One line of the page. ``cause`` is the event that began it, told only where the
    cause is another than on the line before; ``total`` is what was counted so far, and
    ``counted`` what this line adds to it, in whole seconds: what is shown adds up."""

    line: Line
    why: str | Promise
    holiday: str
    cause: Entry | None
    total: timedelta
    counted: timedelta

    @property
    def length(self) -> timedelta:
        return self.line.end - self.line.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    reading: Reading
    segments: Sequence[Segment]

    @property
    def is_whole(self) -> bool:
        """Whether the counted lines add up to the figure that is shown."""
        counted = [one.length for one in self.segments if one.line.counts]
        return sum(counted, timedelta()) == self.reading.elapsed


def explanation(
    incident: Incident, metric: str, cycle: int, at: datetime
) -> Explanation | None:
    """Of one cycle of one clock, by the events up to ``at``; ``None`` if there is no
    such clock."""
    wanted = [
        reading
        for reading in history_of(incident).readings(at)
        if (reading.metric, reading.cycle) == (metric, cycle)
    ]
    if not wanted:
        return None
    return explained(incident, wanted[0], at, names=holiday_names(wanted[0]))


def explained(
    incident: Incident, reading: Reading, at: datetime, *, names: dict[date, str]
) -> Explanation:
    """A reading of this incident, line by line; ``names`` are those of holidays."""
    lines = explain(reading, at)
    entries = {entry.seq: entry for entry in full_timeline(incident)}
    return Explanation(reading=reading, segments=list(_segments(lines, entries, names)))


def _segments(
    lines: Iterable[Line], entries: dict[int, Entry], names: dict[date, str]
) -> Iterable[Segment]:
    total, seq = timedelta(), 0
    for line in lines:
        before = total
        total += line.end - line.start if line.counts else timedelta()
        yield Segment(
            line=line,
            why=WHY[line.why],
            holiday=names.get(line.holiday, "") if line.holiday else "",
            cause=entries.get(line.seq) if line.seq != seq else None,
            total=total,
            counted=_whole(total) - _whole(before),
        )
        seq = line.seq


def _whole(amount: timedelta) -> timedelta:
    return timedelta(seconds=amount // timedelta(seconds=1))


def holiday_names(reading: Reading) -> dict[date, str]:
    """The holidays of the calendar of its policy, in all its versions, by their day."""
    version = PolicyVersion.objects.filter(pk=reading.policy).first()
    if version is None:
        return {}
    versions = CalendarVersion.objects.filter(calendar=version.calendar_id)
    return names_of_holidays(versions)
