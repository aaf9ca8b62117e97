"""What happened to the time of each stay: worked on, or waiting, and for what.

Worked on is what somebody owns and what is neither on hold nor solved; all else waits.
The pieces of a stay follow each other from its beginning to its end, so they sum to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from activity.models import Event
from incidents.clocks.replayed import HOLDS
from incidents.codes import Status
from incidents.events import Kind
from incidents.tiers.stays import CONCERNED as OF_STAYS
from incidents.tiers.stays import Stay

NOTHING: Final = timedelta()
# Events that say who owns it, or that it waits.
CONCERNED: Final = OF_STAYS | {Kind.TAKE, Kind.ASSIGN, Kind.HOLD, Kind.RESUME}
PASSED_ON: Final = frozenset({Kind.TRANSFER, Kind.ESCALATE, Kind.HAND_BACK})


class Doing(StrEnum):
    """What is being done about a ticket."""

    WORK = "work"
    QUEUE = "queue"  # Nobody owns it yet.
    HOLD = "hold"
    CONFIRM = "confirm"  # It is solved, and somebody is asked.


@dataclass(frozen=True, slots=True)
class Piece:
    """From ``start`` up to ``end`` (``None``: still going on). ``hold`` is the code of
    what it waits for while it is on hold."""

    start: datetime
    end: datetime | None
    doing: Doing
    hold: str = ""

    @property
    def is_work(self) -> bool:
        return self.doing is Doing.WORK

    def length(self, at: datetime) -> timedelta:
        return max((self.end or at) - self.start, NOTHING)


@dataclass(frozen=True, slots=True)
class _Now:
    """How it stands after an event."""

    status: str = Status.NEW
    owner: int | None = None
    hold: str = ""

    @property
    def doing(self) -> Doing:
        if self.status == Status.RESOLVED:
            return Doing.CONFIRM
        if self.status == Status.ON_HOLD:
            return Doing.HOLD
        return Doing.QUEUE if self.owner is None else Doing.WORK

    def after(self, event: Event) -> "_Now":
        status = event.to_status or self.status
        hold = _hold(event) or self.hold
        return replace(
            self,
            status=status,
            owner=owner_after(event, self.owner),
            hold=hold if status == Status.ON_HOLD else "",
        )


def pieces_of(stays: Sequence[Stay], events: Iterable[Event]) -> list[list[Piece]]:
    """The pieces of each of these stays. ``events`` are all of one incident that are
    ``CONCERNED``, oldest first."""
    told = list(events)
    now, place, found = _Now(), 0, []
    for stay in stays:
        # What is said of it while it is ended changes who has it when it comes back.
        while place < len(told) and told[place].seq < stay.entered_seq:
            now = now.after(told[place])
            place += 1
        own = []
        while place < len(told) and _is_within(told[place], stay):
            now = now.after(told[place])
            own.append((told[place].at, now))
            place += 1
        found.append(list(_pieces(stay, own)))
    return found


def waiting(pieces: Iterable[Piece], at: datetime) -> timedelta:
    return _sum((piece for piece in pieces if not piece.is_work), at)


def working(pieces: Iterable[Piece], at: datetime) -> timedelta:
    return _sum((piece for piece in pieces if piece.is_work), at)


def _sum(pieces: Iterable[Piece], at: datetime) -> timedelta:
    return sum((piece.length(at) for piece in pieces), NOTHING)


def _is_within(event: Event, stay: Stay) -> bool:
    return stay.left_seq is None or event.seq < stay.left_seq


def _pieces(stay: Stay, own: Sequence[tuple[datetime, _Now]]) -> Iterator[Piece]:
    """From change to change, within the stay, whatever the clocks said."""
    start, doing, hold = stay.entered_at, Doing.QUEUE, ""
    for place, (at, now) in enumerate(own):
        moment = max(start, at)
        if stay.left_at is not None:
            moment = min(moment, stay.left_at)
        if place == 0:
            moment = start
        if (now.doing, now.hold) == (doing, hold):
            continue
        if moment > start:
            yield Piece(start, moment, doing, hold)
        start, doing, hold = moment, now.doing, now.hold
    yield Piece(start, stay.left_at, doing, hold)


def owner_after(event: Event, owner: int | None) -> int | None:
    """The id of whoever owns it after this event, if ``owner`` did before it."""
    data: Mapping[str, Any] = event.data
    if event.kind in PASSED_ON:
        return None  # Who is named there had it before.
    if "owner" in data:
        return data["owner"]
    if event.kind in {Kind.REJECT, Kind.REOPEN}:
        return None
    if event.kind == Kind.TRIAGE and owner != event.actor_id:
        return None
    return owner


def _hold(event: Event) -> str:
    if event.kind == Kind.HOLD:
        return str(event.data["reason"])
    if event.kind == Kind.REPLAY:
        return HOLDS.get(event.data["state"], "")
    return ""
