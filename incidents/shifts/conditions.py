"""What may have happened to an incident between two shifts, as conditions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from activity.models import Event
from incidents import figures
from incidents.codes import COMES_BACK_BY, HoldReason, Status, Why
from incidents.events import ASIDES, Kind
from incidents.models import TierStay

AT_RISK: Final = timedelta(hours=2)
NEXT_SHIFT: Final = timedelta(hours=8)
# How a team that had it may get it again, and how another gives it away.
CAME_BACK: Final = tuple(Kind(f"incident.{why}") for why in COMES_BACK_BY)
GIVEN: Final = (Kind.ESCALATE, Kind.TRANSFER)
BY_OTHERS: Final = (Why.ESCALATE, Why.TRANSFER)
# By one of these the team that has it got it.
GOT: Final = (Kind.REPORT, Kind.TRIAGE, *GIVEN, *CAME_BACK)
# After one of these the desk has answered what the reporter wrote.
ANSWERS: Final = (Kind.REPLY, Kind.RETELL, Kind.RESOLVE)
# What others do to somebody's ticket without changing it, or before it was theirs.
NO_CHANGE: Final = (*ASIDES, Kind.REPORT, Kind.WATCH, Kind.UNWATCH)


def happened(kinds: Iterable[str], since: datetime, **values: Any) -> Q:
    """One of these events at ``since`` or after it."""
    found = _events().filter(kind__in=kinds, at__gte=since, **values)
    return Q(Exists(found))


def missed(since: datetime, at: datetime) -> Q:
    """Past due now, or missed since then."""
    return figures.overdue(at) | happened([Kind.BREACH], since)


def at_risk(at: datetime) -> Q:
    """The next promise is due within two hours, and none is overdue."""
    return Q(due_at__gte=at, due_at__lte=at + AT_RISK)


def rung_comes(at: datetime) -> Q:
    """Open, and the next rung is told within two hours, or should have been."""
    return figures.IS_OPEN & Q(rung_at__lte=at + AT_RISK)


def hold_ends(at: datetime) -> Q:
    """It goes on by itself within the next eight hours."""
    return Q(status=Status.ON_HOLD, hold_until__lte=at + NEXT_SHIFT)


def came_back(since: datetime | None = None) -> Q:
    """Open, and with its team because it came back to it (a bounce, see
    ``incidents.tiers.bounces``); only since then, where a moment is given."""
    return figures.IS_OPEN & Q(Exists(_stay_since(since).bounces()))


def given_by_others(since: datetime) -> Q:
    """Open, and escalated or transferred to its team since then."""
    given = _stay_since(since).filter(why__in=BY_OTHERS)
    return figures.IS_OPEN & Q(Exists(given))


def answered(since: datetime) -> Q:
    """The reporter wrote since then, and nobody has written back."""
    asked = Q(kind=Kind.HOLD, data__reason=HoldReason.AWAITING_REPORTER)
    later = Event.objects.filter(
        asked | Q(kind__in=ANSWERS),
        subject_type="incident",
        subject_id=OuterRef("subject_id"),
        seq__gt=OuterRef("seq"),
    )
    wrote = _events().filter(kind=Kind.ANSWER, at__gte=since)
    return Q(Exists(wrote.filter(~Exists(later))))


def changed_by_others(user: Any, since: datetime) -> Q:
    """Somebody else did something to it since then; the product itself is nobody."""
    return Q(Exists(acts_of_others(user, since).filter(subject_id=OuterRef("pk"))))


def acts_of_others(user: Any, since: datetime) -> Any:
    """Events of others since then that changed an incident."""
    found = Event.objects.filter(subject_type="incident", at__gte=since)
    return found.exclude(kind__in=NO_CHANGE).filter(
        ~Q(actor=user), actor__is_system=False
    )


def _stay_since(since: datetime | None) -> Any:
    """Where it is now, if it has been there only since then."""
    here = TierStay.objects.open().filter(incident=OuterRef("pk"))
    return here.filter(entered_at__gte=since) if since else here


def _events() -> Any:
    return Event.objects.filter(subject_type="incident", subject_id=OuterRef("pk"))
