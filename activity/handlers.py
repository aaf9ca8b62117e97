"""Registries: who must hear of an event, and what a timer does when it is due.

Apps register in ``AppConfig.ready``; nothing is found by signal or by name.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.models import User
from activity.models import Event, Subject, Timer
from activity.outbox import Message, enqueue

if TYPE_CHECKING:
    from collections.abc import Mapping

Listener = Callable[[Event, Any], Iterable[Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arming:
    """A timer to be armed for the subject at hand; ``due_at`` is aware."""

    kind: str
    step: int = 0
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """What a due timer leads to: one event, and the timers that come next."""

    kind: str
    data: "Mapping[str, Any]" = field(default_factory=dict)
    public: bool = False
    by: User | None = None
    next_timers: Sequence[Arming] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The handler itself moved the subject, through ``fire`` or ``record``."""

    next_timers: Sequence[Arming] = ()


Follower = Callable[[Any, Sequence[Event]], None]
FollowerOfAll = Callable[[Sequence[tuple[Any, Sequence[Event]]]], None]
TimerHandler = Callable[[Any, Timer, datetime], Firing | Moved | None]

_listeners: dict[str, list[Listener]] = {}
_timer_handlers: dict[str, TimerHandler] = {}
_followers: dict[str, list[Follower]] = {}
_followers_of_all: dict[str, list[FollowerOfAll]] = {}
_surroundings: list[Callable[[], AbstractContextManager[None]]] = []
_asides: set[str] = set()
_silent: ContextVar[bool] = ContextVar("silent_listeners", default=False)


def tell(kind: str, listener: Listener) -> None:
    """Register who must hear of events of this kind.

    ``listener(event, subject)`` runs in the transaction of the event and returns
    messages; a failure in it undoes the event.
    """
    listeners = _listeners.setdefault(kind, [])
    if listener not in listeners:
        listeners.append(listener)


def follow(subject_type: str, follower: Follower) -> None:
    """Register what is kept up to date with the events of a record type.

    ``follower(subject, events)`` runs in the transaction of the events, once for each
    locked subject, ``muted`` or not; a failure in it undoes the events.
    """
    followers = _followers.setdefault(subject_type, [])
    if follower not in followers:
        followers.append(follower)


def follow_all(subject_type: str, follower: FollowerOfAll) -> None:
    """As ``follow``, for what is kept with few statements for many records at once:
    ``follower`` is called once, before the others, with each subject and its events."""
    followers = _followers_of_all.setdefault(subject_type, [])
    if follower not in followers:
        followers.append(follower)


def aside(*kinds: str) -> None:
    """Register kinds of facts that take nothing away from what a page showed: whoever
    looked at the record before such a fact may still act on what they saw."""
    _asides.update(map(str, kinds))


def asides() -> frozenset[str]:
    return frozenset(_asides)


def keep_up(happened: Sequence[tuple[Event, Subject]]) -> None:
    """Let every follower see what was written about its records."""
    told: dict[int, tuple[Subject, list[Event]]] = {}
    for event, subject in happened:
        told.setdefault(id(subject), (subject, []))[1].append(event)
    for subject_type, followers in _followers_of_all.items():
        own = [one for one in told.values() if one[0].subject_type == subject_type]
        for keep_all in followers if own else ():
            keep_all(own)
    for subject, events in told.values():
        for follower in _followers.get(subject.subject_type, ()):
            follower(subject, events)


@contextmanager
def muted() -> Iterator[None]:
    """Let nobody hear of what happens inside, in this thread: history that is
    brought in (an import, the demonstration) is told to nobody.

    Events, notes and timers are written as ever; no listener is asked.
    """
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def on_timer(kind: str, handler: TimerHandler) -> None:
    """Register what timers of this kind do.

    ``handler(subject, timer, at)`` gets the locked subject. It returns a
    ``Firing``, ``Moved`` when it moved the subject itself, or ``None`` when the
    deadline no longer holds. It must ask the subject about that, never the timer.
    """
    if _timer_handlers.get(kind, handler) is not handler:
        raise ValueError(f"Timers of kind {kind!r} have a handler already.")
    _timer_handlers[kind] = handler


def around_batches(surrounding: Callable[[], AbstractContextManager[None]]) -> None:
    """Register what every batch of timers is fired inside of, such as a memory for what
    all of them ask."""
    if surrounding not in _surroundings:
        _surroundings.append(surrounding)


@contextmanager
def surrounded() -> Iterator[None]:
    with ExitStack() as stack:
        for surrounding in _surroundings:
            stack.enter_context(surrounding())
        yield


def handler_for(timer: Timer) -> TimerHandler:
    """The handler of the timer's kind. Raises ``LookupError`` if there is none."""
    try:
        return _timer_handlers[timer.kind]
    except KeyError:
        raise LookupError(f"Nothing handles timers of kind {timer.kind!r}.") from None


def queue_deliveries(happened: Sequence[tuple[Event, Subject]]) -> None:
    """Ask every listener and put the answers into the outbox, unless ``muted``."""
    if _silent.get():
        return
    queue = [
        (event, message)
        for event, subject in happened
        for listener in _listeners.get(event.kind, ())
        for message in listener(event, subject)
    ]
    if queue:
        enqueue(queue)
