"""How long a team has had something, against what it agreed to. It knows no ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sla.codes import State
from sla.schedule import NOTHING, Schedule, Tally

MOMENT: Final = timedelta(microseconds=1)
# A calendar that works less than its target in so long never misses it.
FARTHEST: Final = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class Spell:
    """From ``start`` up to ``end`` (``None``: still going on), and if it ``counts``."""

    start: datetime
    end: datetime | None
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationalReading:
    """How it stands: ``elapsed`` working time of ``target``. ``due_at`` is ``None``
    while it is paused; once it was missed, it says when that was."""

    target: timedelta
    elapsed: timedelta
    state: State
    due_at: datetime | None

    @property
    def left(self) -> timedelta:
        """Of the target; less than nothing once it is missed."""
        return self.target - self.elapsed


def read_operational(
    target: timedelta, schedule: Schedule, spells: Sequence[Spell], at: datetime
) -> OperationalReading:
    """Spells follow each other, only the last may still go on; it is read at ``at``.

    Met once it has ended within the target, missed as soon as the target is used up.
    """
    tally = Tally(schedule)
    last = spells[-1]
    for spell in spells:
        tally.add(spell.start, spell.end or max(at, spell.start), counts=spell.counts)
    elapsed = tally.total(0)
    if elapsed > target:
        missed_at = tally.reached(0, target)
        return _reading(target, elapsed, State.MISSED, missed_at)
    if last.end is not None:
        return _reading(target, elapsed, State.MET, None)
    if not last.counts:
        return _reading(target, elapsed, State.PAUSED, None)
    due_at = schedule.add(max(at, last.start), target - elapsed)
    return _reading(target, elapsed, State.RUNNING, due_at)


def missed_if_before(
    target: timedelta, schedule: Schedule, at: datetime
) -> datetime | None:
    """What began before this moment and counted ever since is missed at ``at``, and
    what began later is not; ``None`` where nothing is."""
    away = target
    while schedule.between(at - away, at) <= target:
        away *= 2
        if away > FARTHEST:
            return None
    missed, kept = at - away, at
    while kept - missed > MOMENT:
        middle = missed + (kept - missed) / 2
        if schedule.between(middle, at) > target:
            missed = middle
        else:
            kept = middle
    return kept


def _reading(
    target: timedelta, elapsed: timedelta, state: State, due_at: datetime | None
) -> OperationalReading:
    return OperationalReading(
        target=target, elapsed=max(elapsed, NOTHING), state=state, due_at=due_at
    )
