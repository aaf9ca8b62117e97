"""What may have happened to an incident between two shifts, as conditions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from activity.models import Event
from incidents import figures
from incidents.codes import HoldReason, Status
from incidents.events import ASIDES, Kind

AT_RISK: Final = timedelta(hours=2)
NEXT_SHIFT: Final = timedelta(hours=8)
CAME_BACK: Final = (Kind.REJECT, Kind.REOPEN)
CAME: Final = (Kind.TRANSFER,)
ARRIVALS: Final = (*CAME, *CAME_BACK, Kind.REPORT, Kind.TRIAGE, Kind.RESOLVE)
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


def hold_ends(at: datetime) -> Q:
    """It goes on by itself within the next eight hours."""
    return Q(status=Status.ON_HOLD, hold_until__lte=at + NEXT_SHIFT)


def came_back() -> Q:
    """Open, and the last time that it came to its team it came back."""
    later = Event.objects.filter(
        subject_type="incident",
        subject_id=OuterRef("subject_id"),
        kind__in=ARRIVALS,
        seq__gt=OuterRef("seq"),
    )
    back = _events().filter(kind__in=CAME_BACK)
    return figures.IS_OPEN & Q(Exists(back.filter(~Exists(later))))


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


def _events() -> Any:
    return Event.objects.filter(subject_type="incident", subject_id=OuterRef("pk"))
