"""What may be done next, and for what may not: why, who can, and whom to ask.

The desk's page shows these offers; the pages of a refusal (403, 409) explain with
the same words. Rules are not made here: permissions and life cycle are asked.
"""

from datetime import datetime

from accounts.models import User
from activity.refusals import Conflict, NotAllowed
from incidents.models import Incident
from incidents.moves.table import BY_NAME, MOVES, Move, Offer
from incidents.moves.why import wrong_state

__all__ = [
    "BY_NAME",
    "MOVES",
    "Move",
    "Offer",
    "check",
    "is_possible",
    "offers",
    "wrong_state",
]


def offers(incident: Incident, user: User, at: datetime) -> list[Offer]:
    """Every move worth mentioning just now, the allowed ones first."""
    shown = [move for move in MOVES if incident.status in move.shown]
    found = [
        move.offer(incident, user, at)
        for move in shown
        if not move.is_rare or not move.blocked(incident, user, at)
    ]
    return sorted(found, key=lambda offer: not offer.is_allowed)


def check(incident: Incident, name: str, user: User, at: datetime) -> None:
    """Raise ``Conflict`` or ``NotAllowed`` where the move could not be made now.

    For pages that ask before they act; the services ask again.
    """
    move = BY_NAME[name]
    if incident.status not in move.shown:
        raise Conflict(incident, move=name, why=wrong_state(incident))
    if not move.permitted(incident, user):
        raise NotAllowed(incident, move=name)
    why = move.blocked(incident, user, at)
    if why:
        raise Conflict(incident, move=name, why=why)


def is_possible(incident: Incident, name: str, user: User, at: datetime) -> bool:
    try:
        check(incident, name, user, at)
    except (Conflict, NotAllowed):
        return False
    return True
