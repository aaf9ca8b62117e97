"""The way of one ticket through the tiers, as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from activity.models import Event
from incidents.codes import HoldReason
from incidents.models import Incident, TierStay
from incidents.tiers.bounces import bounces_of
from incidents.tiers.keeping import as_stay
from incidents.tiers.spent import CONCERNED, Doing, Piece, pieces_of, waiting, working
from sla.operational import OperationalReading, Spell, read_operational
from sla.services import Agreement, agreements_of

# What others owe is not the team's time: the same two that pause most promises.
STANDS_STILL: Final = (HoldReason.AWAITING_REPORTER, HoldReason.AWAITING_SUPPLIER)
NOTHING: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Step:
    """One stay with what became of its time; ``agreed`` is how it stands against what
    its team agreed to, ``None`` where there is nothing of that kind."""

    stay: TierStay
    pieces: Sequence[Piece]
    working: timedelta
    waiting: timedelta
    is_bounce: bool
    agreed: OperationalReading | None

    @property
    def total(self) -> timedelta:
        return self.working + self.waiting


@dataclass(frozen=True, slots=True)
class Path:
    """Every stay of a ticket, oldest first. The times sum to its life."""

    steps: Sequence[Step]

    @property
    def now(self) -> Step | None:
        """Where it is; ``None`` once it has ended."""
        last = self.steps[-1] if self.steps else None
        return last if last is not None and last.stay.is_open else None

    @property
    def working(self) -> timedelta:
        return sum((step.working for step in self.steps), NOTHING)

    @property
    def waiting(self) -> timedelta:
        return sum((step.waiting for step in self.steps), NOTHING)

    @property
    def total(self) -> timedelta:
        return self.working + self.waiting

    @property
    def bounces(self) -> int:
        return sum(step.is_bounce for step in self.steps)


def path_of(incident: Incident, at: datetime) -> Path:
    """Its stays, their time and their agreements as they stand at ``at``."""
    rows = list(incident.stays.select_related("team"))
    events = Event.objects.about(incident).filter(kind__in=CONCERNED)
    told = list(events.order_by("seq").defer("hash", "request_id"))
    agreements = agreements_of(row.team_id for row in rows)
    bounced = {row.pk for row in bounces_of(rows)}
    pieces = pieces_of([as_stay(row) for row in rows], told)
    return Path(
        [
            Step(
                stay=row,
                pieces=own,
                working=working(own, at),
                waiting=waiting(own, at),
                is_bounce=row.pk in bounced,
                agreed=agreed_of(own, agreements.get(row.team_id), at),
            )
            for row, own in zip(rows, pieces, strict=True)
        ]
    )


def agreed_of(
    pieces: Sequence[Piece], agreement: Agreement | None, at: datetime
) -> OperationalReading | None:
    """How one stay stands against its team's agreement. What is solved is nobody's
    time any more."""
    spells = [
        Spell(piece.start, piece.end, piece.hold not in STANDS_STILL)
        for piece in pieces
        if piece.doing is not Doing.CONFIRM
    ]
    if agreement is None or not spells:
        return None
    amount = agreement.target.amount
    return read_operational(amount, agreement.schedule, spells, at)
