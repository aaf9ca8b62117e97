"""A ticket's history, read mark by mark into the cycles of one clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from sla.clock.cycle import Cycle
from sla.clock.marks import Because, Mark, Terms, What
from sla.clock.readings import Reading
from sla.codes import Metric, OnMove, OnReopen, StopsAt
from sla.schedule import in_utc


def read(metric: Metric, marks: Sequence[Mark], at: datetime) -> list[Reading]:
    """Every cycle of this metric as it stands at ``at``, oldest first.

    Marks of one moment are taken by their ``seq``, later ones than ``at`` not at all.
    Those without a meaning where they come (a second START) change nothing.
    """
    at, fold = in_utc(at), None
    for mark in sorted(marks, key=_order):
        if mark.at > at:
            break
        fold = _take(fold, mark, Metric(metric))
    return fold.readings(at) if fold else []


def follow(
    metric: Metric, marks: Iterable[Mark]
) -> Iterator[tuple[Mark, list[Reading]]]:
    """How the clock stood after each event: its last mark, and those cycles that it
    could change.

    They stand as ``read`` says of the marks up to then, without reading again what came
    before.
    """
    fold: _Fold | None = None
    for _event, together in groupby(sorted(marks, key=_order), key=_order):
        touched = len(fold.clocks) - 1 if fold else 0
        for mark in together:
            fold = _take(fold, mark, Metric(metric))
        if fold:
            yield mark, fold.readings(mark.at, since=touched)


def _order(mark: Mark) -> tuple[datetime, int]:
    return mark.at, mark.seq


def _take(fold: "_Fold | None", mark: Mark, metric: Metric) -> "_Fold | None":
    if fold:
        TAKERS[mark.what](fold, mark)
    elif mark.what is What.START and mark.terms:
        fold = _Fold(metric, mark.terms, mark)
    return fold


class _Fold:
    """The ticket as far as one metric cares, carried from mark to mark."""

    def __init__(self, metric: Metric, terms: Terms, start: Mark) -> None:
        self.metric, self.terms, self.hold = metric, terms, ""
        self.over: What | None = None  # RESOLVE, or what sealed it
        self.clock = Cycle(terms, self.why, start)
        self.clocks = [self.clock]

    def readings(self, at: datetime, since: int = 0) -> list[Reading]:
        """The cycles that stand at place ``since`` (0, 1, ...) or later."""
        number = 1 + sum(clock.was_promised for clock in self.clocks[:since])
        promised = [clock for clock in self.clocks[since:] if clock.was_promised]
        return [
            clock.reading(self.metric, cycle, at)
            for cycle, clock in enumerate(promised, number)
        ]

    @property
    def why(self) -> str:
        return self.hold if self.hold in self.terms.pauses_on else Because.RUNNING

    @property
    def is_over_when_resolved(self) -> bool:
        if self.metric is Metric.RESOLUTION:
            return self.terms.stops_at == StopsAt.RESOLVED
        return self.metric is Metric.UPDATE

    def begin(self, mark: Mark) -> None:
        self.clock = Cycle(self.terms, self.why, mark)
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
