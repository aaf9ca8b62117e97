"""How a clock stands, span by span, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sla.business_time import Why
from sla.clock.marks import Because
from sla.codes import Metric, State
from sla.schedule import NOTHING, Schedule, in_utc


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` up to ``end`` (None: still going on) it stood like this.

    ``why`` is a code of ``Because`` or ``Pause``, ``seq`` the event that began it.
    Where ``counts``, the working time of ``schedule`` was counted.
    """

    start: datetime
    end: datetime | None
    counts: bool
    why: str
    seq: int
    schedule: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one cycle of one clock stands. ``elapsed`` is the working time counted.

    ``due_at`` is None while paused and where nothing is promised; on an ended clock it
    says when it would have been due. ``breached_at`` is when the target was used up.
    ``promised_seq`` and ``promised_at`` name the mark from which its present promise
    counts: the start, or the last that changed the terms or let it begin again.
    ``spans`` follow each other from ``started_at`` on, none of them empty unless it is
    the last and still going on.
    """

    metric: Metric
    cycle: int
    policy: int
    target: timedelta | None
    promised_seq: int
    promised_at: datetime
    started_at: datetime
    stopped_at: datetime | None
    state: State
    elapsed: timedelta
    due_at: datetime | None
    breached_at: datetime | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the explanation; ``holiday`` is the local date of one that closed."""

    start: datetime
    end: datetime
    counts: bool
    why: str
    seq: int
    holiday: date | None = None


WHY_CLOSED: Final = {
    Why.OPEN: Because.RUNNING,
    Why.CLOSED: Because.OUTSIDE_HOURS,
    Why.HOLIDAY: Because.HOLIDAY,
}


def explain(reading: Reading, at: datetime) -> Iterator[Line]:
    """Why each part of the time counted or did not, for the moment it was read at.

    The lines follow each other without gap from ``started_at`` to ``stopped_at``, or to
    ``at``; the counted ones add up to ``elapsed``.
    """
    for span in reading.spans:
        end = span.end or in_utc(at)
        if span.counts:
            yield from _working_lines(span, end)
        elif span.start < end:
            yield Line(span.start, end, False, span.why, span.seq)


def _working_lines(span: Span, end: datetime) -> Iterator[Line]:
    for part in span.schedule.segments(span.start, end):
        why = WHY_CLOSED[part.why]
        yield Line(part.start, part.end, part.is_counted, why, span.seq, part.holiday)


def reached(reading: Reading, amount: timedelta) -> datetime | None:
    """The first moment (UTC) at which ``amount``, more than zero, was counted, or will
    be if it runs on; ``None`` if it is paused or has ended before."""
    counted = NOTHING
    for span in reading.spans:
        if not span.counts:
            continue
        if span.end is None:
            return span.schedule.add(span.start, amount - counted)
        worked = span.schedule.between(span.start, span.end)
        if amount <= counted + worked:
            return span.schedule.add(span.start, amount - counted)
        counted += worked
    return None
