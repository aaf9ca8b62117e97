"""What a draft would do to open tickets, read by the fold before it is published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from activity.models import Event
from incidents.clocks.history import History, histories_of
from incidents.events import Kind
from incidents.models import Incident
from sla.clock import Reading
from sla.codes import Metric
from sla.models import CalendarVersion, PolicyVersion
from sla.schedule import Schedule
from sla.services.matching import (
    Asked,
    in_force,
    in_force_with,
    lineages,
    match_among,
)
from sla.services.schedules import schedule_of
from sla.services.terms import schedules_of

# For so many tickets there are two statements.
TICKETS_AT_ONCE: Final = 500
SHOWN: Final = (
    "id",
    "kind",
    "severity",
    "status",
    "service_id",
    "team_id",
    "team__name",
)
NOTHING: Final = timedelta()


class Effect(StrEnum):
    """What becomes of one running clock."""

    EARLIER = "earlier"
    LATER = "later"
    PROMISED = "promised"
    UNPROMISED = "unpromised"
    STOPS = "stops"
    GOES_ON = "goes_on"
    LEFT = "left"  # it waits before and after, with another time left
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """One clock of one ticket, as it stands and as it would. A reading is ``None``
    where nothing is promised."""

    incident: Incident
    metric: Metric
    before: Reading | None
    after: Reading | None

    @property
    def effect(self) -> Effect:
        if self.before is None or self.after is None:
            return Effect.PROMISED if self.after else Effect.UNPROMISED
        was, will = self.before.due_at, self.after.due_at
        if was and will:
            return _moved(was, will)
        if was or will:
            return Effect.GOES_ON if will else Effect.STOPS
        is_same = _left(self.before) == _left(self.after)
        return Effect.SAME if is_same else Effect.LEFT

    @property
    def moved(self) -> timedelta | None:
        """By how much, nights included; of one that waits, how much less is left."""
        if self.before is None or self.after is None:
            return None
        if self.before.due_at and self.after.due_at:
            return self.after.due_at - self.before.due_at
        if self.effect is Effect.LEFT:
            return _left(self.after) - _left(self.before)
        return None

    @property
    def is_newly_missed(self) -> bool:
        return _is_missed(self.after) and not _is_missed(self.before)

    @property
    def is_no_longer_missed(self) -> bool:
        """A promise that is dropped was not kept after all."""
        return (
            self.after is not None
            and _is_missed(self.before)
            and not _is_missed(self.after)
        )

    @property
    def is_change(self) -> bool:
        is_judged_otherwise = self.is_newly_missed or self.is_no_longer_missed
        return self.effect is not Effect.SAME or is_judged_otherwise


def _moved(was: datetime, will: datetime) -> Effect:
    if was == will:
        return Effect.SAME
    return Effect.EARLIER if will < was else Effect.LATER


def _left(reading: Reading) -> timedelta:
    return (reading.target or NOTHING) - reading.elapsed


def _is_missed(reading: Reading | None) -> bool:
    return reading is not None and reading.breached_at is not None


@dataclass(frozen=True, slots=True)
class Impact:
    """Exact: every open ticket was read. ``changes`` are the clocks that change, those
    missed at once first, then what is due first."""

    at: datetime
    open: int
    concerned: int
    changes: Sequence[ClockChange]

    def tickets(self, effect: Effect) -> int:
        """How many tickets have a clock of which this becomes."""
        return _count(one for one in self.changes if one.effect is effect)

    def missed_of(self, effect: Effect) -> int:
        """How many of them have a clock that is missed by that at once."""
        missed = (one for one in self.changes if one.is_newly_missed)
        return _count(one for one in missed if one.effect is effect)

    @property
    def changed(self) -> int:
        return _count(self.changes)

    @property
    def newly_missed(self) -> int:
        return _count(one for one in self.changes if one.is_newly_missed)

    @property
    def no_longer_missed(self) -> int:
        return _count(one for one in self.changes if one.is_no_longer_missed)


def _count(changes: Iterable[ClockChange]) -> int:
    return len({change.incident.pk for change in changes})


def impact_of_policy(draft: PolicyVersion, *, at: datetime) -> Impact:
    """What if every open ticket were matched again at ``at``, with this draft in force?

    Concerned is what fits the version of its policy that is in force, or would fit the
    draft. The draft's calendar is published.
    """
    versions = in_force(at)
    drafted = in_force_with(draft, versions)
    above, tickets = lineages(), _open_tickets()
    then: dict[int, PolicyVersion | None] = {}
    for incident in tickets:
        asked = _asked(incident, above)
        was, will = match_among(versions, asked), match_among(drafted, asked)
        if draft.policy_id in {one.version.policy_id for one in (was, will) if one}:
            then[incident.pk] = will.version if will else None
    schedules = schedules_of(drafted)
    changes: list[ClockChange] = []
    concerned = [incident for incident in tickets if incident.pk in then]
    for incident, history in _histories(concerned, schedules):
        event = Event(kind=Kind.RECLASSIFY, at=at)
        followed = history.followed_by(event, then[incident.pk])
        before = history.readings(at, schedules)
        changes += _changes(incident, before, followed.readings(at, schedules))
    return Impact(at, len(tickets), len(concerned), _in_order(changes))


def impact_of_calendar(draft: CalendarVersion, *, at: datetime) -> Impact:
    """What publishing this draft does to the clocks of open tickets.

    Concerned is what is promised by its calendar now. The draft is open some time, and
    begins later than the versions that are published.
    """
    calendar, tickets = draft.calendar_id, _open_tickets()
    versions = schedule_of(calendar)
    then = Schedule((*versions, (draft.effective_from, draft.hours())))
    schedules: dict[int, Schedule] = {}
    concerned = 0
    changes: list[ClockChange] = []
    for incident, history in _histories(tickets, schedules):
        if not _is_by(history, calendar):
            continue
        concerned += 1
        before = history.readings(at, schedules)
        after = history.readings(at, {**schedules, calendar: then})
        changes += _changes(incident, before, after)
    return Impact(at, len(tickets), concerned, _in_order(changes))


def _open_tickets() -> list[Incident]:
    """Numbers, teams and what policies ask of them; no word of theirs is read."""
    found = Incident.objects.open().select_related("team").order_by("pk")
    return list(found.only(*SHOWN))


def _asked(incident: Incident, above: Mapping[int, list[int]]) -> Asked:
    return Asked(
        above[incident.service_id] if incident.service_id else [],
        incident.team_id,
        incident.kind,
        incident.severity,
    )


def _histories(
    incidents: Sequence[Incident], schedules: dict[int, Schedule]
) -> Iterator[tuple[Incident, History]]:
    """Each with its history, whose calendars are in ``schedules`` from then on."""
    for first in range(0, len(incidents), TICKETS_AT_ONCE):
        batch = incidents[first : first + TICKETS_AT_ONCE]
        histories = histories_of(incident.pk for incident in batch)
        unknown = [
            match.version
            for history in histories.values()
            for match in history.matches.values()
            if match.version and match.version.calendar_id not in schedules
        ]
        schedules.update(schedules_of(unknown))
        for incident in batch:
            yield incident, histories[incident.pk]


def _is_by(history: History, calendar: int) -> bool:
    if not history.is_promised:
        return False
    version = history.matches[max(history.matches)].version
    return version is not None and version.calendar_id == calendar


def _changes(
    incident: Incident, before: Iterable[Reading], after: Iterable[Reading]
) -> Iterator[ClockChange]:
    was, will = _going(before), _going(after)
    for metric in Metric:
        if metric in was or metric in will:
            change = ClockChange(
                incident=incident,
                metric=metric,
                before=was.get(metric),
                after=will.get(metric),
            )
            if change.is_change:
                yield change


def _going(readings: Iterable[Reading]) -> dict[Metric, Reading]:
    """What has ended stays as it ended."""
    return {
        reading.metric: reading
        for reading in readings
        if reading.stopped_at is None and reading.target is not None
    }


def _in_order(changes: list[ClockChange]) -> list[ClockChange]:
    return sorted(changes, key=_place)


def _place(change: ClockChange) -> tuple[bool, datetime, int]:
    after = change.after or change.before
    due_at = after.due_at if after else None
    last = datetime.max.replace(tzinfo=UTC)
    return not change.is_newly_missed, due_at or last, change.incident.pk
