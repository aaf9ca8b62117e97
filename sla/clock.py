"""Clocks: what became of a promise, told from the history of what it was made about.

Pure: it reads no record and no time. ``read`` folds marks into readings, ``explain``
tells a reading line by line. What a caller may rely on:

- A target is used up at the first moment at which that much was counted. What ends
  then is kept; what still goes on a microsecond later was missed from that moment on,
  whether or not time counts just then.
- A breach stays under carry and forward, and is forgotten when the clock begins again.
  Terms that count anew from the beginning (retroactive) say by their own count when it
  was breached, if ever: they may undo a breach or find one in the past.
- Counting anew changes schedule and target, not what counts: what was paused stays
  paused, what ran stays counted. It goes back to where the clock last began again.
- Time without a promise is not counted, unless terms count anew from the beginning. A
  cycle in which nothing was ever promised is no clock and has no reading.
- What has ended is changed only by going on; terms that came meanwhile hold from then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from sla.business_time import Why
from sla.codes import Metric, OnChange, OnMove, OnReopen, State, StopsAt
from sla.schedule import NOTHING, Schedule, Tally, in_utc


class What(StrEnum):
    """What happened, as far as clocks care."""

    START = "start"
    RESPOND = "respond"
    UPDATE = "update"
    HOLD = "hold"
    RESUME = "resume"
    RESOLVE = "resolve"
    REJECT = "reject"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    TIER_MOVE = "tier_move"
    TERMS = "terms"


class Because(StrEnum):
    """Why a stretch counts or does not, where no hold is the reason (``Pause``)."""

    RUNNING = "running"
    RESOLVED = "resolved"  # from the resolution until it went on
    ENDED = "ended"  # closed, cancelled or merged, until it went on
    BEFORE = "before"  # dropped when the clock began again
    UNPROMISED = "unpromised"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one version of a policy promises for one metric.

    Without a target nothing is promised. ``policy`` is the version's id, ``pauses_on``
    holds codes of ``Pause``.
    """

    policy: int
    target: timedelta | None
    schedule: Schedule
    pauses_on: frozenset[str]
    stops_at: StopsAt
    on_change: OnChange
    on_transfer: OnMove
    on_tier_move: OnMove
    on_reject: OnMove
    on_reopen: OnReopen


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing in a ticket's history that matters to clocks; ``seq`` is its event's.

    ``reason`` is a hold's code. ``terms`` come with START and TERMS, and with a REOPEN
    for which other terms hold. TRANSFER and TIER_MOVE are the acts of that name, not
    the change of hands that a RESOLVE or REJECT brings along.
    """

    at: datetime
    seq: int
    what: What
    reason: str = ""
    terms: Terms | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", in_utc(self.at))
        if self.what in (What.START, What.TERMS) and self.terms is None:
            raise ValueError(f"A mark of {self.what} needs its terms.")


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
    ``spans`` follow each other from ``started_at`` on, none of them empty unless it is
    the last and still going on.
    """

    metric: Metric
    cycle: int
    policy: int
    target: timedelta | None
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


def read(metric: Metric, marks: Sequence[Mark], at: datetime) -> list[Reading]:
    """Every cycle of this metric as it stands at ``at``, oldest first.

    Marks of one moment are taken by their ``seq``, later ones than ``at`` not at all.
    Those without a meaning where they come (a second START) change nothing.
    """
    at, metric, fold = in_utc(at), Metric(metric), None
    for mark in sorted(marks, key=lambda mark: (mark.at, mark.seq)):
        if mark.at > at:
            break
        if fold:
            TAKERS[mark.what](fold, mark)
        elif mark.what is What.START and mark.terms:
            fold = _Fold(metric, mark.terms, mark)
    clocks = [clock for clock in fold.clocks if clock.was_promised] if fold else []
    return [clock.reading(metric, cycle, at) for cycle, clock in enumerate(clocks, 1)]


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


@dataclass(slots=True)
class _Stretch:
    start: datetime
    end: datetime | None
    why: str
    seq: int


class _Clock:
    """One cycle while it is read; a change of terms costs the same however long it is.

    Stretches before ``first`` are dropped. Those from ``since`` on are counted by
    ``terms`` and come on top of ``kept``; ``eras`` says for all of them whose they are.
    No target is used up before ``used_from``.
    """

    def __init__(self, terms: Terms, why: str, mark: Mark) -> None:
        self.terms = terms
        self.started_at = self.begun_at = self.used_from = mark.at
        self.stretches = [_Stretch(mark.at, None, why, mark.seq)]
        self.first = self.since = 0
        self.eras = [(0, terms)]
        self.kept = NOTHING
        self.breached_at: datetime | None = None
        self.was_promised = terms.target is not None
        self.stop: Mark | None = None
        self.stopped_why = ""
        self.tallies: dict[Schedule, Tally] = {}

    @property
    def is_going(self) -> bool:
        return self.stop is None

    @property
    def _running_since(self) -> datetime | None:
        if self.stop or self.stretches[-1].why != Because.RUNNING:
            return None
        return self.stretches[-1].start

    def turn(self, why: str, mark: Mark) -> None:
        """From now on it stands like this."""
        if self.stretches[-1].why != why:
            self._next(why, mark)

    def end(self, why: str, mark: Mark) -> None:
        self._cut(mark.at)
        self.stop, self.stopped_why = mark, why

    def go_on(self, why: str, mark: Mark) -> None:
        """The time since it ended is not counted."""
        if self.stop:
            between = _Stretch(self.stop.at, None, self.stopped_why, self.stop.seq)
            self.stretches.append(between)
            self.stop = None
        self.turn(why, mark)

    def restart(self, why: str, mark: Mark) -> None:
        self.first = self._next(why, mark)
        self.begun_at = mark.at
        self._count_anew()

    def change(self, terms: Terms, why: str, mark: Mark) -> None:
        """Other terms hold from now on; they say what becomes of what has passed."""
        self.was_promised |= terms.target is not None
        if terms.on_change == OnChange.FORWARD:
            self.breached_at = self._breached_by(mark.at)
            kept, self.terms = self._elapsed(mark.at), terms
            self._count_from(self._next(why, mark), mark.at, kept)
            return
        self.terms = terms
        if terms.on_change == OnChange.RESTART:
            self.restart(why, mark)
        else:
            self.turn(why, mark)
            self._count_anew()

    def _count_anew(self) -> None:
        while self.eras and self.eras[-1][0] >= self.first:
            self.eras.pop()
        self.breached_at = None
        self._count_from(self.first, self.begun_at, NOTHING)

    def _count_from(self, since: int, used_from: datetime, kept: timedelta) -> None:
        self.since, self.used_from, self.kept = since, used_from, kept
        self.eras.append((since, self.terms))

    def _next(self, why: str, mark: Mark) -> int:
        """Begin another stretch; its place."""
        self._cut(mark.at)
        self.stretches.append(_Stretch(mark.at, None, why, mark.seq))
        return len(self.stretches) - 1

    def _cut(self, at: datetime) -> None:
        """Finish the last stretch; one without length never was."""
        last = self.stretches[-1]
        last.end = at
        if last.start == at:
            self.stretches.pop()

    def reading(self, metric: Metric, cycle: int, at: datetime) -> Reading:
        until = self.stop.at if self.stop else at
        breached_at = self._breached_by(until)
        state = self._state(is_breached=breached_at is not None)
        return Reading(
            metric=metric,
            cycle=cycle,
            policy=self.terms.policy,
            target=self.terms.target,
            started_at=self.started_at,
            stopped_at=self.stop.at if self.stop else None,
            state=state,
            elapsed=self._elapsed(until),
            due_at=None if state is State.PAUSED else self._used_up(until),
            breached_at=breached_at,
            spans=tuple(self._spans()),
        )

    def _state(self, *, is_breached: bool) -> State:
        if self.stop is None:
            return State.PAUSED if self._running_since is None else State.RUNNING
        judged = State.MISSED if is_breached else State.MET
        return SEALED_AS.get(self.stop.what, judged)

    def _elapsed(self, at: datetime) -> timedelta:
        if self.terms.target is None:
            return self.kept
        going = self._running_since
        running = self.terms.schedule.between(going, at) if going else NOTHING
        return self.kept + self._tally().total(self.since) + running

    def _breached_by(self, at: datetime) -> datetime | None:
        used_up = self._used_up(at)
        if self.breached_at or used_up is None or used_up >= at:
            return self.breached_at
        return used_up

    def _used_up(self, at: datetime) -> datetime | None:
        """When the target was used up, or will be if it runs on from ``at``."""
        terms, tally = self.terms, self._tally()
        if terms.target is None:
            return None
        if terms.target <= self.kept:
            return self.used_from
        rest = terms.target - self.kept
        return tally.reached(self.since, rest) or terms.schedule.add(
            self._running_since or at, rest - tally.total(self.since)
        )

    def _tally(self) -> Tally:
        """All finished stretches as the schedule of the terms counts them."""
        schedule = self.terms.schedule
        tally = self.tallies.setdefault(schedule, Tally(schedule))
        for one in self.stretches[len(tally) :]:
            if one.end:
                tally.add(one.start, one.end, counts=one.why == Because.RUNNING)
        return tally

    def _spans(self) -> Iterator[Span]:
        eras = [*self.eras, (len(self.stretches), self.terms)]
        for (begins, terms), (ends, _) in pairwise(eras):
            for place in range(begins, ends):
                one, why = self.stretches[place], self._why(place, terms)
                counts = why == Because.RUNNING
                yield Span(one.start, one.end, counts, why, one.seq, terms.schedule)

    def _why(self, place: int, terms: Terms) -> str:
        if place < self.first:
            return Because.BEFORE
        why = self.stretches[place].why
        is_unpromised = why == Because.RUNNING and terms.target is None
        return Because.UNPROMISED if is_unpromised else why


SEALED_AS: Final = {What.CANCEL: State.CANCELLED, What.MERGE: State.MERGED}


class _Fold:
    """The ticket as far as one metric cares, carried from mark to mark."""

    def __init__(self, metric: Metric, terms: Terms, start: Mark) -> None:
        self.metric, self.terms, self.hold = metric, terms, ""
        self.over: What | None = None  # RESOLVE, or what sealed it
        self.clock = _Clock(terms, self.why, start)
        self.clocks = [self.clock]

    @property
    def why(self) -> str:
        return self.hold if self.hold in self.terms.pauses_on else Because.RUNNING

    @property
    def is_over_when_resolved(self) -> bool:
        if self.metric is Metric.RESOLUTION:
            return self.terms.stops_at == StopsAt.RESOLVED
        return self.metric is Metric.UPDATE

    def begin(self, mark: Mark) -> None:
        self.clock = _Clock(self.terms, self.why, mark)
        self.clocks.append(self.clock)

    def turn(self, mark: Mark, hold: str = "") -> None:
        self.hold = hold
        if self.clock.is_going:
            self.clock.turn(self.why, mark)

    def end(self, mark: Mark, why: Because) -> None:
        if self.clock.is_going:
            self.clock.end(why, mark)

    def go_on(self, mark: Mark) -> None:
        self.clock.go_on(self.why, mark)
        self.take_terms(mark)

    def take_terms(self, mark: Mark) -> None:
        if self.clock.is_going and self.clock.terms != self.terms:
            self.clock.change(self.terms, self.why, mark)

    def pass_on(self, mark: Mark, setting: OnMove) -> None:
        if self.clock.is_going and setting == OnMove.RESTART:
            self.clock.restart(self.why, mark)

    def respond(self, mark: Mark) -> None:
        if self.metric is Metric.RESPONSE:
            self.end(mark, Because.ENDED)

    def update(self, mark: Mark) -> None:
        if self.metric is Metric.UPDATE and self.clock.is_going:
            self.end(mark, Because.ENDED)
            self.begin(mark)

    def put_on_hold(self, mark: Mark) -> None:
        if self.over is None:
            self.turn(mark, mark.reason)

    def resume(self, mark: Mark) -> None:
        self.turn(mark)

    def resolve(self, mark: Mark) -> None:
        if self.over is None:
            self.over = What.RESOLVE
            self.turn(mark)
            if self.is_over_when_resolved:
                self.end(mark, Because.RESOLVED)

    def reject(self, mark: Mark) -> None:
        if self.over is not What.RESOLVE:
            return
        self.over = None
        if self.metric is Metric.UPDATE:
            self.begin(mark)
            return
        if self.metric is Metric.RESOLUTION:
            self.go_on(mark)
        self.pass_on(mark, self.terms.on_reject)

    def seal(self, mark: Mark) -> None:
        if self.over in (None, What.RESOLVE):
            self.over = mark.what
            self.turn(mark)
            self.end(mark, Because.ENDED)

    def reopen(self, mark: Mark) -> None:
        if self.over is None:
            return
        self.over, self.terms = None, mark.terms or self.terms
        if self.metric is Metric.UPDATE or self.terms.on_reopen == OnReopen.NEW_CYCLE:
            self.end(mark, Because.ENDED)
            self.begin(mark)
        elif self.clock.stop is None or self.clock.stop.what is not What.RESPOND:
            self.go_on(mark)

    def move(self, mark: Mark) -> None:
        if self.over is None:
            self.turn(mark)
            is_transfer, terms = mark.what is What.TRANSFER, self.terms
            self.pass_on(mark, terms.on_transfer if is_transfer else terms.on_tier_move)

    def change_terms(self, mark: Mark) -> None:
        self.terms = mark.terms or self.terms
        self.take_terms(mark)
        if self.over is What.RESOLVE and self.is_over_when_resolved:
            self.end(mark, Because.RESOLVED)


TAKERS: Final[Mapping[What, Callable[[_Fold, Mark], None]]] = {
    What.START: lambda fold, mark: None,
    What.RESPOND: _Fold.respond,
    What.UPDATE: _Fold.update,
    What.HOLD: _Fold.put_on_hold,
    What.RESUME: _Fold.resume,
    What.RESOLVE: _Fold.resolve,
    What.REJECT: _Fold.reject,
    What.CLOSE: _Fold.seal,
    What.CANCEL: _Fold.seal,
    What.MERGE: _Fold.seal,
    What.REOPEN: _Fold.reopen,
    What.TRANSFER: _Fold.move,
    What.TIER_MOVE: _Fold.move,
    What.TERMS: _Fold.change_terms,
}
