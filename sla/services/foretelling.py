"""What a promise comes to that is made at some moment: no ticket, nothing kept.

Read by the same fold as the clocks of tickets, from marks that are made up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sla.business_time import BusinessTimeError
from sla.clock import Line, Mark, Terms, What, explain, reached, read
from sla.codes import Metric, Pause
from sla.models import CalendarVersion, PolicyVersion
from sla.schedule import Schedule
from sla.services.calendars import require_hours
from sla.services.terms import NOTHING, require_schedule, terms_of
from sla.wording import names_of_holidays

WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Hold:
    """It waits, for a reason of ``Pause``."""

    start: datetime
    end: datetime
    reason: str

    @property
    def label(self) -> str:
        return str(Pause(self.reason).label)


@dataclass(frozen=True, slots=True)
class Warned:
    percent: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One promise that begins at a moment, told until it is due.

    The counted ``lines`` add up to ``target``. ``zone`` is the calendar's then, and
    ``holidays`` names those of the calendar by their day.
    """

    metric: Metric
    target: timedelta
    warnings: Sequence[Warned]
    due_at: datetime
    zone: str
    lines: Sequence[Line]
    holidays: dict[date, str]

    @property
    def is_whole(self) -> bool:
        """Whether the counted lines add up to what was promised."""
        counted = [line.end - line.start for line in self.lines if line.counts]
        return sum(counted, timedelta()) == self.target


def foretell_policy(
    version: PolicyVersion, *, at: datetime, holds: Sequence[Hold] = ()
) -> list[Forecast]:
    """Each promise of this version, a draft too, to something that is opened at ``at``
    and waits as ``holds`` say, which neither overlap nor begin earlier."""
    schedules = {version.calendar_id: require_schedule(version.calendar)}
    published = CalendarVersion.objects.published()
    holidays = names_of_holidays(published.filter(calendar=version.calendar_id))
    found = []
    for metric in Metric:
        terms = terms_of(version, metric, schedules)
        if terms.target is not None:
            told = _Told(metric, terms, version.warnings_of(metric), holidays)
            found.append(told.forecast(at, holds))
    return found


def foretell_calendar(
    version: CalendarVersion,
    amount: timedelta,
    *,
    at: datetime,
    holds: Sequence[Hold] = (),
) -> Forecast:
    """That much working time, counted by this version alone, a draft too. Whatever it
    waits for stops it."""
    require_hours(version)
    schedule = Schedule(((version.effective_from, version.hours()),))
    waits = frozenset(str(code) for code in Pause)
    terms = replace(NOTHING, target=amount, schedule=schedule, pauses_on=waits)
    holidays = names_of_holidays(CalendarVersion.objects.filter(pk=version.pk))
    return _Told(Metric.RESOLUTION, terms, [], holidays).forecast(at, holds)


@dataclass(frozen=True, slots=True)
class _Told:
    metric: Metric
    terms: Terms
    percents: Sequence[int]
    holidays: dict[date, str]

    def forecast(self, at: datetime, holds: Sequence[Hold]) -> Forecast:
        """Raises ``ValidationError`` where working time cannot answer."""
        try:
            return self._forecast(list(_marks(self.terms, at, holds)))
        except BusinessTimeError as refusal:
            raise ValidationError(_(refusal.message) % refusal.values) from refusal

    def _forecast(self, marks: Sequence[Mark]) -> Forecast:
        """Read once after all that happens, for when it is due, and once then."""
        [last] = read(self.metric, marks, marks[-1].at)
        target, due_at = self.terms.target, last.due_at
        if target is None or due_at is None:
            raise ValueError("Only a promise that goes on in the end is foretold.")
        [reading] = read(self.metric, marks, due_at)
        moments = [
            (percent, reached(last, target * percent / WHOLE))
            for percent in self.percents
        ]
        return Forecast(
            metric=self.metric,
            target=target,
            warnings=[Warned(percent, at) for percent, at in moments if at],
            due_at=due_at,
            zone=self.terms.schedule.zone(due_at),
            lines=list(explain(reading, due_at)),
            holidays=self.holidays,
        )


def _marks(terms: Terms, at: datetime, holds: Sequence[Hold]) -> Iterator[Mark]:
    seq = count(1)
    yield Mark(at, next(seq), What.START, terms=terms)
    for hold in sorted(holds, key=lambda hold: hold.start):
        yield Mark(hold.start, next(seq), What.HOLD, hold.reason)
        yield Mark(hold.end, next(seq), What.RESUME)
