"""A clock as people see it: how it looks, in words, and how much is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import Clock
from sla.codes import Metric, Pause, State
from sla.schedule import Schedule
from sla.services.matching import Match, reasons
from sla.services.terms import schedules_of
from sla.wording import in_hours

HOUR: Final = timedelta(hours=1)
NONE: Final = timedelta()
# At most this share of the target, or this much time; where the whole target is short,
# the share alone, or it would be urgent from the beginning.
URGENT: Final = (0.10, timedelta(minutes=30))
SOON: Final = (0.25, HOUR)
SHORT_TARGET: Final = timedelta(hours=4)

WAITING: Final[dict[str, Promise]] = {
    Pause.AWAITING_REPORTER: gettext_lazy("Paused · waiting for the reporter"),
    Pause.AWAITING_SUPPLIER: gettext_lazy("Paused · waiting for a supplier"),
    Pause.AWAITING_CHANGE: gettext_lazy("Paused · waiting for a change"),
    Pause.AWAITING_PROBLEM: gettext_lazy("Paused · waiting for a problem to be solved"),
    Pause.SCHEDULED: gettext_lazy("Paused · scheduled for later"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """``look`` is on-track, soon, urgent, overdue, paused, met, missed or sealed;
    ``left`` is the share of the target that is left, in whole per cent, ``None`` for a
    clock that has ended or waits."""

    clock: Clock
    look: str
    words: str
    left: int | None = None

    @property
    def label(self) -> str:
        return str(Metric(self.clock.metric).label)


def faces(clocks: Iterable[Clock], at: datetime, *, hold: str = "") -> list[Face]:
    """The last cycle of each clock of one incident at ``at``; ``hold`` is what it
    waits for. ``clocks`` come with their ``policy``."""
    last = {clock.metric: clock for clock in clocks}
    schedules = schedules_of(clock.policy for clock in last.values())
    return [
        face(clock, schedules[clock.policy.calendar_id], at, hold=hold)
        for clock in in_order(last.values())
        if clock.target is not None and clock.policy is not None
    ]


def in_order(clocks: Iterable[Clock]) -> list[Clock]:
    """Response, resolution, update; the cycles of each as they came."""
    order = {str(metric): place for place, metric in enumerate(Metric)}
    return sorted(clocks, key=lambda clock: (order[clock.metric], clock.cycle))


def face(clock: Clock, schedule: Schedule, at: datetime, *, hold: str = "") -> Face:
    """How this clock shows itself at ``at``."""
    if clock.state == State.RUNNING and clock.due_at is not None:
        return _running(clock, schedule, at, clock.due_at)
    if clock.state == State.PAUSED:
        words = WAITING.get(hold, gettext_lazy("Paused"))
        return Face(clock=clock, look="paused", words=str(words))
    return _ended(clock)


def _running(clock: Clock, schedule: Schedule, at: datetime, due_at: datetime) -> Face:
    target = clock.target or NONE
    if at > due_at:
        words = _("%(time)s overdue") % {"time": in_hours(schedule.between(due_at, at))}
        return Face(clock=clock, look="overdue", words=words, left=0)
    left = schedule.between(max(at, clock.started_at), due_at)
    look = look_of(left, target)
    words = _("%(time)s left") % {"time": in_hours(left)}
    share = min(100, round(100 * (left / target))) if target else 0
    return Face(clock=clock, look=look, words=words, left=share)


def look_of(left: timedelta, target: timedelta) -> str:
    """on-track, soon or urgent, with so much of the target left."""
    if not _is_within(left, target, *SOON):
        return "on-track"
    return "urgent" if _is_within(left, target, *URGENT) else "soon"


def _is_within(
    left: timedelta, target: timedelta, share: float, amount: timedelta
) -> bool:
    return left <= target * share or (target >= SHORT_TARGET and left <= amount)


def _ended(clock: Clock) -> Face:
    target = clock.target or NONE
    if clock.state == State.MET:
        words = _("Met, %(time)s early") % {"time": in_hours(target - clock.elapsed)}
        return Face(clock=clock, look="met", words=words)
    if clock.state == State.MISSED:
        over = max(clock.elapsed - target, NONE)
        words = _("Missed by %(time)s") % {"time": in_hours(over)}
        return Face(clock=clock, look="missed", words=words)
    return Face(clock=clock, look="sealed", words=str(State(clock.state).label))


def because(clock: Clock) -> str:
    """What of the ticket the policy of this clock fits, in words; ``""`` where none
    does any more. Comes with its ``policy``, and the service and team of that."""
    if clock.policy is None:
        return ""
    return Match(clock.policy, tuple(reasons(clock.policy))).words
