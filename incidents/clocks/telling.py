"""What people are told of a clock, and when: on the way, and that it was missed.

What was told stands in the history, so nothing is told twice and nothing is forgotten:
each step is told once for each promise, the highest that has been reached, and a step
that a new promise finds behind it only if none as high was told in this cycle before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from activity.models import Event
from incidents.clocks.history import TOLD, History
from sla.clock import Reading, reached
from sla.codes import State

MISSED: Final = 100
# What ends in the very moment is kept.
MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """``told`` is the highest per cent of the present promise that people were told of.
    ``step`` comes next, at ``at`` (which may be over already); both ``None`` if nothing
    does."""

    told: int
    step: int | None = None
    at: datetime | None = None


def telling(
    reading: Reading, warnings: Iterable[int], events: Iterable[Event], now: datetime
) -> Telling:
    """What comes next of this clock as read at ``now``. ``warnings`` are the per cents
    of its policy, ``events`` those of its incident."""
    of_cycle = [event for event in events if _is_about(event, reading)]
    before = _highest(of_cycle)
    told = _highest(
        event for event in of_cycle if event.data["promise"] == reading.promised_seq
    )
    steps = [
        (step, at)
        for step, at in _steps(reading, warnings)
        if step > told and (at > reading.promised_at or step > before)
    ]
    over = [(step, max(at, reading.promised_at)) for step, at in steps if at <= now]
    coming = [(step, at) for step, at in steps if at > now]
    for step, at in [*over[-1:], *coming[:1]]:
        return Telling(told, step, at)
    return Telling(told)


def _steps(reading: Reading, warnings: Iterable[int]) -> Iterator[tuple[int, datetime]]:
    """Each step and when it is reached, in their order. Nobody is warned of what waits
    or has ended; that it was missed stays true."""
    if reading.state is State.RUNNING and reading.target is not None:
        for step in sorted(warnings):
            at = reached(reading, reading.target * step / MISSED)
            if at is not None:
                yield step, at
    missed = reading.breached_at or (
        reading.due_at if reading.state is State.RUNNING else None
    )
    if missed is not None:
        yield MISSED, missed + MOMENT


def _is_about(event: Event, reading: Reading) -> bool:
    return event.kind in TOLD and (event.data["metric"], event.data["cycle"]) == (
        str(reading.metric),
        reading.cycle,
    )


def _highest(events: Iterable[Event]) -> int:
    return max((event.data["percent"] for event in events), default=0)


def tellings(history: History, at: datetime) -> Iterator[tuple[Reading, Telling]]:
    """Every cycle of every clock as it stands at ``at``, and what is told next."""
    for reading in history.readings(at):
        warnings = history.warnings_of(reading)
        yield reading, telling(reading, warnings, history.events, at)
