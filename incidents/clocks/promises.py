"""What was promised about an incident: each promised time, when it moved, and why.

Read from the fold after each event, so the last line of each promise is what its clock
says, and between two lines the promised time does not move. Codes and moments only; the
words for a reporter are in ``incidents.promise_words``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from activity.models import Event
from incidents.clocks.history import History, history_of
from incidents.codes import HoldReason
from incidents.events import Kind
from incidents.models import Incident
from sla.clock import Reading, follow, read
from sla.codes import Metric, State
from sla.schedule import Schedule
from sla.services import editions_of

NONE: Final = timedelta()


class Cause(StrEnum):
    """Why a promise was made, moved, stood still or ended."""

    REPORTED = "reported"
    MORE_URGENT = "more_urgent"
    LESS_URGENT = "less_urgent"
    SORTED = "sorted"
    TAKEN = "taken"
    WROTE = "wrote"
    ASKED = "asked"
    HELD = "held"
    ANSWERED = "answered"
    WENT_ON = "went_on"
    PASSED_ON = "passed_on"
    SOLVED = "solved"
    WORKS_AGAIN = "works_again"
    STILL_FAILS = "still_fails"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    CAME_BACK = "came_back"
    HOURS = "hours"


class Standing(StrEnum):
    """How a promise stands."""

    ON_ITS_WAY = "on_its_way"
    LATE = "late"
    WAITS = "waits"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    LIFTED = "lifted"  # nothing is promised any more


CAUSES: Final[dict[str, Cause]] = {
    Kind.REPORT: Cause.REPORTED,
    Kind.TRIAGE: Cause.SORTED,
    Kind.RECLASSIFY: Cause.SORTED,
    Kind.OVERRIDE: Cause.SORTED,
    Kind.TAKE: Cause.TAKEN,
    Kind.START: Cause.TAKEN,
    Kind.REPLY: Cause.WROTE,
    Kind.HOLD: Cause.HELD,
    Kind.RESUME: Cause.WENT_ON,
    Kind.TRANSFER: Cause.PASSED_ON,
    Kind.ESCALATE: Cause.PASSED_ON,
    Kind.HAND_BACK: Cause.PASSED_ON,
    Kind.RESOLVE: Cause.SOLVED,
    Kind.WORKS_AGAIN: Cause.WORKS_AGAIN,
    Kind.REJECT: Cause.STILL_FAILS,
    Kind.CLOSE: Cause.CLOSED,
    Kind.CANCEL: Cause.CANCELLED,
    Kind.REOPEN: Cause.CAME_BACK,
}
ENDINGS: Final = {
    State.MET: Standing.KEPT,
    State.MISSED: Standing.MISSED,
    State.CANCELLED: Standing.CANCELLED,
    State.MERGED: Standing.MERGED,
}
GOING: Final = (Standing.ON_ITS_WAY, Standing.LATE, Standing.WAITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From ``at`` on this was promised. ``due_at`` is the promised time, ``None`` while
    it waits or nothing is promised; ``before`` the one that held until then. ``by`` is
    who brought it about (a key), ``reason`` the code of a hold."""

    at: datetime
    cause: Cause
    standing: Standing
    due_at: datetime | None
    before: datetime | None = None
    by: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """One promise from when it was made until it ended, as it stands at ``at``.

    ``warned`` are the moments at which the reporter was told that it may be missed.
    """

    at: datetime
    reading: Reading
    moves: Sequence[Move]
    warned: Sequence[datetime] = ()

    @property
    def metric(self) -> Metric:
        return self.reading.metric

    @property
    def standing(self) -> Standing:
        found = _standing(self.reading)
        is_late = found is Standing.ON_ITS_WAY and self.missed_at is not None
        return Standing.LATE if is_late else found

    @property
    def missed_at(self) -> datetime | None:
        """The promised time that passed before it was kept."""
        return self.reading.breached_at

    @property
    def waits_for(self) -> str:
        """The code of what it stands still for; ``""`` while it does not."""
        is_waiting = self.standing is Standing.WAITS
        return self.reading.spans[-1].why if is_waiting else ""

    @property
    def early(self) -> timedelta:
        """Working time that was left when it was kept."""
        return max((self.reading.target or NONE) - self.reading.elapsed, NONE)

    @property
    def over(self) -> timedelta:
        """Working time that it took longer than promised."""
        return max(self.reading.elapsed - (self.reading.target or NONE), NONE)

    @property
    def passed(self) -> list[datetime]:
        """When a promised time went by unkept, whatever was promised later."""
        ends = [*(move.at for move in self.moves[1:]), self.at]
        return [
            move.due_at
            for move, end in zip(self.moves, ends, strict=True)
            if move.standing is Standing.ON_ITS_WAY
            and move.due_at is not None
            and move.at <= move.due_at < end
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The promised times that run at ``at``: by when somebody looks at it, it is
    solved, there is news. ``stands_still`` where the promise to solve it waits."""

    at: datetime
    look_by: datetime | None = None
    solved_by: datetime | None = None
    news_by: datetime | None = None
    stands_still: bool = False

    @classmethod
    def of(cls, incident: Incident, at: datetime) -> "Times":
        """Those of an incident that was fetched ``with_promises``."""
        row: Any = incident
        return cls(
            at=at,
            look_by=row.look_by,
            solved_by=row.solved_by,
            news_by=row.news_by,
            stands_still=row.stands_still,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every promise to look at it and to solve it, oldest first; of those for news the
    last one, and how many before were kept and missed."""

    at: datetime
    promises: Sequence[Promised] = ()
    news_kept: int = 0
    news_missed: int = 0

    @property
    def present(self) -> list[Promised]:
        """The last of each kind; for news only while there is more to come."""
        last = {one.metric: one for one in self.promises}
        return [
            one
            for one in last.values()
            if one.metric is not Metric.UPDATE or one.standing in GOING
        ]

    @property
    def times(self) -> Times:
        """What of it runs just now."""
        due = {
            one.metric: one.reading.due_at
            for one in self.present
            if one.reading.state is State.RUNNING
        }
        return Times(
            at=self.at,
            look_by=due.get(Metric.RESPONSE),
            solved_by=due.get(Metric.RESOLUTION),
            news_by=due.get(Metric.UPDATE),
            stands_still=any(
                one.metric is Metric.RESOLUTION and one.standing is Standing.WAITS
                for one in self.present
            ),
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """What the calendars said from a moment on, by their ids."""

    since: datetime
    schedules: Mapping[int, Schedule]


def ledger_of(incident: Incident, at: datetime) -> Ledger:
    """Its ledger at ``at``, or when something happened for the last time if that is
    later (by the clock of the database). Three questions, however long its history
    is."""
    history = history_of(incident)
    if not history.is_promised:
        return Ledger(at=at)
    at = max(at, history.latest_at)
    return ledger(history, editions(history, at), at)


def look_by(incident: Incident, at: datetime) -> datetime | None:
    """By when somebody looks at it, as promised; ``None`` where somebody has, nothing
    is promised, or that time has passed."""
    running = incident.clocks.filter(metric=Metric.RESPONSE, state=State.RUNNING)
    found = running.filter(due_at__gte=at).order_by("-cycle").first()
    return found.due_at if found else None


def editions(history: History, at: datetime) -> list[Edition]:
    """The calendars of its policies as they were known in its time, oldest first."""
    versions = [match.version for match in history.matches.values() if match.version]
    known = editions_of({version.calendar_id for version in versions})
    begun = min(event.at for event in history.events)
    moments = {since for each in known.values() for since, _said in each}
    later = sorted(moment for moment in moments if begun < moment <= at)
    return [
        Edition(
            moment,
            {pk: Schedule(_known_at(moment, each)) for pk, each in known.items()},
        )
        for moment in [begun, *later]
    ]


def _known_at(moment: datetime, published: Sequence[tuple[datetime, Any]]) -> Any:
    """The first is known for ever: it may reach back."""
    said = [versions for since, versions in published if since <= moment]
    return said[-1] if said else published[0][1]


def ledger(history: History, known: Sequence[Edition], at: datetime) -> Ledger:
    """Pure: what this history promised by the events up to ``at``, the calendars
    as they were ``known``."""
    warned = [
        (row.data["metric"], row.data["cycle"], row.at) for row in history.forewarnings
    ]
    response, resolution, news = (
        [
            Promised(
                at=at,
                reading=reading,
                moves=moves,
                warned=[
                    moment
                    for metric, cycle, moment in warned
                    if (metric, cycle) == (reading.metric, reading.cycle)
                ],
            )
            for reading, moves in _told_of(metric, history, known, at)
        ]
        for metric in Metric
    )
    ended = [one.standing for one in news]
    return Ledger(
        at=at,
        promises=[*response, *resolution, *news[-1:]],
        news_kept=ended.count(Standing.KEPT),
        news_missed=ended.count(Standing.MISSED),
    )


def _told_of(
    metric: Metric, history: History, known: Sequence[Edition], at: datetime
) -> list[tuple[Reading, list[Move]]]:
    """Each cycle of one clock as it stands, with what became of it."""
    moves: dict[int, list[Move]] = {}
    causes = {event.seq: event for event in history.events}
    for moment, seq, reading in _steps(metric, history, known, at):
        told = moves.setdefault(reading.cycle, [])
        last = told[-1] if told else None
        move = _move(moment, reading, causes.get(seq), last)
        if move:
            told.append(move)
    marks = history.marks(metric, known[-1].schedules)
    return [
        (reading, moves.get(reading.cycle, [])) for reading in read(metric, marks, at)
    ]


def _steps(
    metric: Metric, history: History, known: Sequence[Edition], at: datetime
) -> Iterator[tuple[datetime, int, Reading]]:
    """How each cycle stood after whatever could move it, in the order of that; the
    number of the event, 0 where the hours changed."""
    ends = [*(edition.since for edition in known[1:]), None]
    for place, (edition, end) in enumerate(zip(known, ends, strict=True)):
        marks = history.marks(metric, edition.schedules)
        if place:
            former = [mark for mark in marks if mark.at < edition.since]
            for reading in read(metric, former, edition.since)[-1:]:
                yield edition.since, 0, reading
        for mark, readings in follow(metric, marks):
            is_then = not place or edition.since <= mark.at
            if is_then and mark.at <= at and (end is None or mark.at < end):
                yield from ((mark.at, mark.seq, reading) for reading in readings)


def _move(
    at: datetime, reading: Reading, event: Event | None, last: Move | None
) -> Move | None:
    """What this changed about the promise, ``None`` if nothing."""
    standing = _standing(reading)
    due_at = reading.due_at if standing is Standing.ON_ITS_WAY else None
    if last and (last.standing, last.due_at) == (standing, due_at):
        return None
    return Move(
        at=at,
        cause=_cause(event) if event else Cause.HOURS,
        standing=standing,
        due_at=due_at,
        before=(last.due_at or last.before) if last else None,
        by=event.actor_id if event else None,
        reason=event.data.get("reason", "") if event else "",
    )


def _standing(reading: Reading) -> Standing:
    if reading.state is State.PAUSED:
        return Standing.WAITS
    if reading.state is State.RUNNING:
        return Standing.ON_ITS_WAY if reading.due_at else Standing.LIFTED
    return ENDINGS[reading.state]


def _cause(event: Event) -> Cause:
    if event.kind == Kind.HOLD and event.data["reason"] == HoldReason.AWAITING_REPORTER:
        return Cause.ASKED
    if event.kind == Kind.RESUME and event.data.get("because") == "answer":
        return Cause.ANSWERED
    was, severity = event.data.get("changed", {}).get("severity", (0, 0))
    if was and severity and was != severity:
        return Cause.MORE_URGENT if severity < was else Cause.LESS_URGENT
    return CAUSES[event.kind]
