"""What comes next on the ladder of a ticket: a function of its events, its clocks and
the rungs of its policy.

A climb begins with a promise, when the ticket comes back, and with every word of a
person that the ladder hears. Rungs are told in their order, each at its trigger's
moment or when the time to answer to the one before is over, whichever is later. A rung
whose trigger never comes is passed over; an answer ends the climb.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from activity.models import Event
from incidents.clocks.telling import MOMENT
from incidents.events import Kind
from sla.clock import Reading, reached
from sla.codes import SHARE_OF, Metric, Trigger
from sla.models import Rung
from sla.models.ladders import PROMISED, WHOLE

# A person's word, and the trigger that hears it.
HEARD_BY: Final = {
    Kind.URGE: Trigger.COMPLAINT,
    Kind.CALL_ATTENTION: Trigger.BY_HAND,
}
COMES_BACK: Final = (Kind.REJECT, Kind.REOPEN)


@dataclass(frozen=True, slots=True)
class Told:
    """A rung that was told in a climb. Nobody was there to answer where ``answer_by``
    is the moment itself."""

    position: int
    at: datetime
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """``seq`` is the event that began it; ``hears`` what the first rung waited for,
    where a person's word did."""

    seq: int
    began_at: datetime
    hears: Trigger | None = None
    told: Sequence[Told] = ()
    is_answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The rung that is told next, at ``at``, which may be over already. ``reached_at``
    is when its trigger came, ``metric`` the promise that it is about, if any."""

    climb: int
    rung: Rung
    at: datetime
    reached_at: datetime
    metric: Metric | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    at: datetime
    metric: Metric | None = None


def present_climb(
    events: Iterable[Event], promised: Iterable[int], rungs: Sequence[Rung]
) -> Climb | None:
    """The climb that goes on, or was the last; ``None`` before anything is promised.

    ``events`` are those of the ticket, oldest first; ``promised`` the numbers of those
    from which another version of a policy held.
    """
    promised, heard = set(promised), {rung.trigger for rung in rungs}
    rows = list(events)
    first: Event | None = None
    for event in rows:
        if first is None and event.seq not in promised:
            continue
        if _begins(event, promised, heard):
            first = event
    if first is None:
        return None
    return Climb(
        seq=first.seq,
        began_at=first.at,
        hears=None if first.seq in promised else HEARD_BY.get(Kind(first.kind)),
        told=told_in(rows, first.seq),
        is_answered=any(
            event.kind == Kind.ACKNOWLEDGE and event.data["climb"] == first.seq
            for event in rows
        ),
    )


def _begins(event: Event, promised: set[int], heard: set[str]) -> bool:
    if event.seq in promised or event.kind in COMES_BACK:
        return True
    return event.kind in HEARD_BY and HEARD_BY[Kind(event.kind)] in heard


def told_in(events: Iterable[Event], climb: int) -> list[Told]:
    """The rungs that were told in this climb, in their order."""
    return [
        Told(
            position=event.data["rung"],
            at=event.at,
            answer_by=datetime.fromisoformat(event.data["answer_by"]),
        )
        for event in events
        if event.kind == Kind.RUNG and event.data["climb"] == climb
    ]


def coming_rung(
    climb: Climb,
    rungs: Sequence[Rung],
    readings: Iterable[Reading],
    bounces: Sequence[datetime],
) -> Coming | None:
    """What is told next in this climb of an open ticket, if nothing else happens.

    ``rungs`` are those of the policy that holds, the lowest first; ``readings`` its
    clocks; ``bounces`` the moments at which it came back.
    """
    if climb.is_answered:
        return None
    last = climb.told[-1] if climb.told else None
    floor = last.answer_by if last else climb.began_at
    running = _running(readings)
    found: list[Coming] = []
    for rung, below in zip(rungs, [None, *rungs], strict=False):
        if last is not None and rung.position <= last.position:
            continue
        if last is None and climb.hears:
            is_it = rung.trigger == climb.hears
            came = Reached(climb.began_at) if is_it else None
        elif rung.trigger == Trigger.UNACKNOWLEDGED:
            is_next = last and below and below.position == last.position
            came = Reached(floor) if is_next else None
        else:
            came = _came(rung, running, bounces)
        if came is not None:
            found.append(
                Coming(
                    climb=climb.seq,
                    rung=rung,
                    at=max(came.at, floor),
                    reached_at=came.at,
                    metric=came.metric,
                )
            )
    return min(found, key=lambda one: (one.at, one.rung.position), default=None)


def _running(readings: Iterable[Reading]) -> dict[Metric, Reading]:
    """The last cycle of each promise that is neither kept nor over: what is over calls
    for nobody any more."""
    latest: dict[Metric, Reading] = {}
    for reading in readings:
        if reading.metric in PROMISED:
            latest[reading.metric] = reading
    return {
        metric: reading
        for metric, reading in latest.items()
        if reading.stopped_at is None and reading.target is not None
    }


def _came(
    rung: Rung, running: Mapping[Metric, Reading], bounces: Sequence[datetime]
) -> Reached | None:
    """When its trigger came, or comes if nothing else happens; ``None``: never."""
    if rung.trigger == Trigger.BOUNCES:
        count = rung.count or 0
        return Reached(bounces[count - 1]) if len(bounces) >= count else None
    waits = [
        Reached(at, metric)
        for metric, reading in running.items()
        if (at := _share_at(rung, reading)) is not None
    ]
    return min(waits, key=lambda one: one.at, default=None)


def _share_at(rung: Rung, reading: Reading) -> datetime | None:
    """The promise holds to its last moment, so what is late is late after it."""
    percent = rung.share_of(reading.metric)
    if percent is None or reading.target is None:
        return None
    if percent == WHOLE:
        missed = reading.breached_at or reading.due_at
        return missed + MOMENT if missed else None
    return reached(reading, reading.target * percent / WHOLE)


def says(rung: Rung, metric: Metric | None) -> dict[str, object]:
    """What a rung waited for, as the values of an event."""
    about = metric or SHARE_OF.get(Trigger(rung.trigger))
    return {
        "rung": rung.position,
        "version": rung.version_id,
        "trigger": str(rung.trigger),
        "percent": rung.percent,
        "count": rung.count,
        "metric": str(about) if about else None,
        "tells": str(rung.tells),
        "level": int(rung.level),
    }
