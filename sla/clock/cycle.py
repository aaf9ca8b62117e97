"""One cycle of one clock while its history is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sla.clock.marks import Because, Mark, Terms, What
from sla.clock.readings import Reading, Span
from sla.codes import Metric, OnChange, State
from sla.schedule import NOTHING, Schedule, Tally


@dataclass(slots=True)
class Stretch:
    start: datetime
    end: datetime | None
    why: str
    seq: int


class Cycle:
    """One cycle while it is read; a change of terms costs the same however long it is.

    Stretches before ``first`` are dropped. Those from ``since`` on are counted by
    ``terms`` and come on top of ``kept``; ``eras`` says for all of them whose they are.
    No target is used up before ``used_from``.
    """

    def __init__(self, terms: Terms, why: str, mark: Mark) -> None:
        self.terms = terms
        self.started_at = self.begun_at = self.used_from = mark.at
        self.promised = mark
        self.stretches = [Stretch(mark.at, None, why, mark.seq)]
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
            between = Stretch(self.stop.at, None, self.stopped_why, self.stop.seq)
            self.stretches.append(between)
            self.stop = None
        self.turn(why, mark)

    def restart(self, why: str, mark: Mark) -> None:
        self.first = self._next(why, mark)
        self.begun_at, self.promised = mark.at, mark
        self._count_anew()

    def change(self, terms: Terms, why: str, mark: Mark) -> None:
        """Other terms hold from now on; they say what becomes of what has passed."""
        self.promised = mark
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
        self.stretches.append(Stretch(mark.at, None, why, mark.seq))
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
            promised_seq=self.promised.seq,
            promised_at=self.promised.at,
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
