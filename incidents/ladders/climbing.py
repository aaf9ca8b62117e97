"""What comes next on the ladder of a ticket: a function of its events, its clocks and
the rungs of its policy.

A climb begins with a promise and when the ticket comes back; with the word of a person
that the ladder hears only where nobody is called any more. Rungs are told in their
order, each at its trigger's moment or when the time to answer to the one before is
over, whichever is later. A rung whose trigger never comes is passed over. A word is
told at once, on its rung, and slows nothing that waits above it. An answer ends the
climb.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    """``seq`` is the event that began it. ``words`` says when people's words were heard
    first in it, by the trigger that hears them."""

    seq: int
    began_at: datetime
    words: Mapping[str, datetime] = field(default_factory=dict)
    told: Sequence[Told] = ()
    is_answered: bool = False

    @property
    def highest(self) -> Told | None:
        """The rung that was told furthest up."""
        return max(self.told, key=lambda one: one.position, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The rung that is told next, at ``at``, which may be over already. ``reached_at``
    is when its trigger came, ``metric`` the promise that it is about, if any."""

    climb: int
    rung: Rung
    at: datetime
    reached_at: datetime
    metric: Metric | None = None

    @property
    def position(self) -> int:
        return self.rung.position


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
    promised = set(promised)
    climb: Climb | None = None
    for event in events:
        comes_back = climb is not None and event.kind in COMES_BACK
        if event.seq in promised or comes_back:
            climb = Climb(seq=event.seq, began_at=event.at)
        elif climb is not None:
            climb = _after(climb, event, rungs)
    return climb


def _after(climb: Climb, event: Event, rungs: Sequence[Rung]) -> Climb:
    if event.kind in HEARD_BY:
        return _with_word(climb, event, rungs)
    if event.kind == Kind.RUNG and event.data["climb"] == climb.seq:
        return replace(climb, told=[*climb.told, told_by(event)])
    if event.kind == Kind.ACKNOWLEDGE and event.data["climb"] == climb.seq:
        return replace(climb, is_answered=True)
    return climb


def _with_word(climb: Climb, event: Event, rungs: Sequence[Rung]) -> Climb:
    """Where nobody is called any more, it begins a climb of its own."""
    word = HEARD_BY[Kind(event.kind)]
    if all(rung.trigger != word for rung in rungs):
        return climb
    highest = climb.highest
    at_the_end = highest is not None and highest.position >= rungs[-1].position
    if climb.is_answered or at_the_end:
        climb = Climb(seq=event.seq, began_at=event.at)
    return replace(climb, words={word: event.at, **climb.words})


def told_by(event: Event) -> Told:
    """The rung that this event says was told."""
    return Told(
        position=event.data["rung"],
        at=event.at,
        answer_by=datetime.fromisoformat(event.data["answer_by"]),
    )


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
    running = _running(readings)
    below: Rung | None = None
    found: list[Coming] = []
    for rung in rungs:
        coming = _coming(climb, rung, below, running, bounces)
        if coming is not None:
            found.append(coming)
        below = rung
    return min(
        found,
        key=lambda one: (one.at, one.rung.trigger not in climb.words, one.position),
        default=None,
    )


def _coming(
    climb: Climb,
    rung: Rung,
    below: Rung | None,
    running: Mapping[Metric, Reading],
    bounces: Sequence[datetime],
) -> Coming | None:
    """When this rung would be told, if no other were."""
    if any(one.position == rung.position for one in climb.told):
        return None
    if rung.trigger in climb.words:
        at = climb.words[rung.trigger]
        return Coming(climb=climb.seq, rung=rung, at=at, reached_at=at)
    last = climb.highest
    if last is not None and rung.position < last.position:
        return None
    floor = last.answer_by if last else climb.began_at
    came: Reached | None
    if rung.trigger == Trigger.UNACKNOWLEDGED:
        is_next = last and below and below.position == last.position
        came = Reached(floor) if is_next else None
    else:
        came = _came(rung, running, bounces)
    if came is None:
        return None
    return Coming(
        climb=climb.seq,
        rung=rung,
        at=max(came.at, floor),
        reached_at=came.at,
        metric=came.metric,
    )


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
