"""Where the time of a clock went: which tier had the ticket, and what it waited for.

Each counted second has exactly one place, so the parts add up to what the clock says.
The place is read from the events: the status (nobody has begun: it waits in the queue),
the reason of a hold, and whose stay it was. A hold is a hold in any stay.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activity.models import Event
from incidents.clocks.replayed import HOLDS
from incidents.codes import OPEN, SOLVED_BY, HoldReason, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.tiers.bounces import PASSED_ON, bounces_of
from incidents.tiers.stays import Stay
from sla.clock import Reading, explain


class Spent(models.TextChoices):
    """What time was spent on, in the order in which it is shown."""

    QUEUE = "queue", _("Waited to be taken up")
    WORK = "work", _("Worked on")
    HOLD = "hold", _("On hold")
    BOUNCED = "bounced", _("With a team that passed it back")
    SOLVED = "solved", _("Solved, and waiting for its end")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """``reason`` is the code of a hold (``HoldReason``), else empty."""

    tier: int
    spent: str
    reason: str = ""

    @property
    def words(self) -> str:
        """Such as "On hold: waiting for the reporter"."""
        spent = str(Spent(self.spent).label)
        if self.reason:
            return f"{spent}: {HoldReason(self.reason).label}"
        return spent


@dataclass(frozen=True, slots=True)
class Part:
    """Working time counted in one place; ``shown`` is it in whole seconds, so rounded
    that what is shown adds up as well."""

    place: Place
    amount: timedelta
    shown: timedelta
    percent: int


def attribute(
    reading: Reading, events: Iterable[Event], stays: Sequence[Stay], at: datetime
) -> list[Part]:
    """The parts of ``reading`` as it stood at ``at``, by tier; none of them is empty.

    ``events`` are those of the incident that moved it or its teams, oldest first,
    ``stays`` what they say of its teams. The amounts add up to ``reading.elapsed``.
    """
    found: dict[Place, timedelta] = {}
    places = list(_from_to(events, stays))
    for line in explain(reading, at):
        if not line.counts:
            continue
        for start, end, place in places:
            begins = line.start if start is None else max(line.start, start)
            ends = line.end if end is None else min(line.end, end)
            if begins < ends:
                found[place] = found.get(place, timedelta()) + (ends - begins)
    return list(_parts(found))


def _parts(found: dict[Place, timedelta]) -> Iterator[Part]:
    order = list(Spent)
    total, so_far = sum(found.values(), timedelta()), timedelta()
    for place in sorted(
        found, key=lambda one: (one.tier, order.index(Spent(one.spent)), one.reason)
    ):
        before, so_far = so_far, so_far + found[place]
        yield Part(
            place=place,
            amount=found[place],
            shown=_whole(so_far) - _whole(before),
            percent=round(100 * (found[place] / total)),
        )


def _whole(amount: timedelta) -> timedelta:
    return timedelta(seconds=amount // timedelta(seconds=1))


def _from_to(
    events: Iterable[Event], stays: Sequence[Stay]
) -> Iterator[tuple[datetime | None, datetime | None, Place]]:
    """Where it was, from when until when; without a first beginning or a last end."""
    changes = list(_changes(events, stays))
    moments: list[datetime | None] = [moment for moment, _place in changes]
    if moments:
        moments[0] = None
    for (_at, place), (start, end) in zip(
        changes, pairwise([*moments, None]), strict=True
    ):
        yield start, end, place


def _changes(
    events: Iterable[Event], stays: Sequence[Stay]
) -> Iterator[tuple[datetime, Place]]:
    """From each event on. A clock that went back is not followed, as in stays."""
    in_vain = _passed_back(stays)
    status, reason, moment, had = str(Status.NEW), "", None, 0
    for event in events:
        status = event.to_status or status
        if status != Status.ON_HOLD:
            reason = ""
        elif event.to_status:
            reason = event.data.get("reason") or HOLDS.get(event.data.get("state"), "")
        while had + 1 < len(stays) and stays[had + 1].entered_seq <= event.seq:
            had += 1
        moment = max(event.at, moment or event.at)
        stay = stays[had]
        is_vain = stay.entered_seq in in_vain
        yield moment, Place(stay.tier, _spent(status, is_vain=is_vain), reason)


def _spent(status: str, *, is_vain: bool) -> Spent:
    if status not in OPEN:
        return Spent.SOLVED
    if status == Status.ON_HOLD:
        return Spent.HOLD
    if is_vain:
        return Spent.BOUNCED
    return Spent.WORK if status == Status.IN_PROGRESS else Spent.QUEUE


def _passed_back(stays: Sequence[Stay]) -> set[int]:
    """The stays, by the number of the event that began them, of teams that passed it on
    to one which had had it."""
    bounces = {stay.entered_seq for stay in bounces_of(stays)}
    return {
        before.entered_seq
        for before, after in pairwise(stays)
        if after.entered_seq in bounces
        and after.why in PASSED_ON
        and before.left_seq == after.entered_seq
        and before.why not in SOLVED_BY
    }


def moving_events(incident: Incident) -> list[Event]:
    """What ``attribute`` asks for, of one incident."""
    moves = Q(to_status__isnull=False) | Q(kind=Kind.REPLAY)
    return list(Event.objects.about(incident).filter(moves))
