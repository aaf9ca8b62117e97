"""What the desk counts about itself.

Every figure is a condition, and the filters of the queue ask the very same one: a
number and the list behind it cannot differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Membership, User
from activity.models import Event
from incidents.codes import (
    OPEN,
    CancelReason,
    ClosureBasis,
    HoldReason,
    Severity,
    Status,
)
from incidents.events import Kind
from incidents.ladders.listed import unanswered_calls
from incidents.models import Clock, Incident
from incidents.querysets import IncidentQuerySet, reminders, since_solved
from incidents.silence import REMINDERS_BEFORE_WAIVER, long_silence
from sla.codes import State

RECENT_DAYS: Final = 30
SOON: Final = timedelta(hours=4)
LONG_HOLD: Final = timedelta(days=1)
FEWEST_FOR_A_SHARE: Final = 5
# Days from, days to; the last one has no end.
Ages = tuple[tuple[int, int | None], ...]
AGES: Final[Ages] = ((0, 1), (1, 3), (3, 7), (7, None))
SILENCES: Final[Ages] = ((0, 1), (1, 3), (3, 5), (5, None))

IS_OPEN: Final = Q(status__in=OPEN)
AWAITS_REPORTER: Final = Q(
    status=Status.ON_HOLD, hold_reason=HoldReason.AWAITING_REPORTER
)
UNANSWERED: Final = Q(
    status=Status.RESOLVED, confirmed_at=None, resolution__waiver__isnull=True
)
READY_TO_CLOSE: Final = Q(status=Status.RESOLVED) & (
    Q(confirmed_at__isnull=False) | Q(resolution__waiver__isnull=False)
)
CONFIRMED_BASES: Final = (ClosureBasis.CONFIRMED, ClosureBasis.CALL)
CLOSED_BY_DESK: Final = Q(closure_basis__in=(*CONFIRMED_BASES, ClosureBasis.WAIVED))
REALLY_CONFIRMED: Final = Q(closure_basis__in=CONFIRMED_BASES)
CALLED_AND_CLOSED_BY_ONE: Final = Q(
    closure_basis=ClosureBasis.CALL,
    resolution__confirmation__recorded_by=F("closed_by"),
)


NEEDS_ATTENTION: Final = IS_OPEN & Q(attention__gt=0)


def told_in_vain() -> Q:
    """Open; a rung of its ladder told somebody, and nobody has answered since."""
    return IS_OPEN & Q(Exists(unanswered_calls()))


def ended_since(moment: datetime) -> Q:
    """Closed or cancelled after it; imported history keeps its own times."""
    return Q(closed_at__gte=moment) | Q(cancelled_at__gte=moment)


def older(field: str, days: tuple[int, int | None], at: datetime) -> Q:
    """The moment in ``field`` lies between so many days before ``at``."""
    first, last = days
    condition = Q(**{f"{field}__lte": at - timedelta(days=first)})
    if last is not None:
        condition &= Q(**{f"{field}__gt": at - timedelta(days=last)})
    return condition


def open_for(days: tuple[int, int | None], at: datetime) -> Q:
    return IS_OPEN & older("reported_at", days, at)


def silent_for(days: tuple[int, int | None], at: datetime) -> Q:
    """Resolved that long ago, and the confirmer has not said anything."""
    return UNANSWERED & older("resolved_at", days, at)


def held_long(at: datetime) -> Q:
    """On hold, and put there more than a day ago."""
    lately = _events(Kind.HOLD).filter(at__gt=at - LONG_HOLD)
    return Q(status=Status.ON_HOLD) & ~Q(Exists(lately))


def overdue(at: datetime) -> Q:
    """A running clock is past due."""
    return Q(due_at__lt=at)


def due_soon(at: datetime) -> Q:
    """Nothing is overdue, and a promise is due within the next hours."""
    return Q(due_at__gte=at, due_at__lte=at + SOON)


def missed(at: datetime) -> Q:
    """A promise was missed, whether its clock has ended or not."""
    since = Q(breached_at__isnull=False) | Q(state=State.RUNNING, due_at__lt=at)
    return Q(Exists(_clocks().filter(since)))


def paused() -> Q:
    """A clock waits, and something is promised by it."""
    waits = _clocks().filter(state=State.PAUSED, target__isnull=False)
    return Q(Exists(waits))


def triaged_since(moment: datetime) -> Q:
    return Q(Exists(_events(Kind.TRIAGE).filter(at__gte=moment)))


def changed_after_triage() -> Q:
    """Somebody classified it again, or set its severity by hand."""
    return Q(Exists(_events(Kind.RECLASSIFY, Kind.OVERRIDE)))


def waivable(at: datetime) -> Q:
    """Three reminders and five working days without an answer, both of the present
    confirmer, as ``silence.waiver_is_early`` asks."""
    asked = (
        reminders()
        .values("subject_id")
        .annotate(n=Count("pk"))
        .filter(n__gte=REMINDERS_BEFORE_WAIVER)
    )
    long_ago = long_silence(at)
    named_lately = since_solved(Kind.SUCCEED).filter(at__gt=long_ago)
    silent = Q(resolved_at__lte=long_ago) & ~Q(Exists(named_lately))
    return UNANSWERED & silent & Q(Exists(asked))


def _clocks() -> QuerySet[Clock]:
    return Clock.objects.filter(incident=OuterRef("pk")).order_by()


def _events(*kinds: str) -> QuerySet[Event]:
    found: QuerySet[Event] = Event.objects.filter(
        subject_type="incident", subject_id=OuterRef("pk"), kind__in=kinds
    )
    return found


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; a per cent of few says nothing, so there is none."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded, but 100 means all and 0 means none."""
        if self.whole < FEWEST_FOR_A_SHARE:
            return None
        if self.part in (0, self.whole):
            return 100 if self.part else 0
        return min(max(round(self.part * 100 / self.whole), 1), 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """What the desk closed and cancelled in a period. One person's calls are among
    the calls."""

    all: Share
    confirmed: Share
    by_confirmer: Share
    by_call: Share
    by_one_person: Share
    waived: Share
    cancelled: int
    cancelled_as: Mapping[str, int]


def closures(incidents: IncidentQuerySet, since: datetime) -> Closures:
    """On what ground incidents ended since then. One query."""
    found = incidents.filter(ended_since(since)).aggregate(
        whole=_count(CLOSED_BY_DESK),
        confirmed=_count(REALLY_CONFIRMED),
        by_confirmer=_count(Q(closure_basis=ClosureBasis.CONFIRMED)),
        by_call=_count(Q(closure_basis=ClosureBasis.CALL)),
        by_one_person=_count(CALLED_AND_CLOSED_BY_ONE),
        waived=_count(Q(closure_basis=ClosureBasis.WAIVED)),
        cancelled=_count(Q(status=Status.CANCELLED)),
        **{f"as_{code}": _count(Q(cancel_reason=code)) for code in CancelReason},
    )
    whole = found["whole"]
    return Closures(
        all=Share(whole, whole),
        **{
            name: Share(found[name], found["by_call"] if "one" in name else whole)
            for name in (
                "confirmed",
                "by_confirmer",
                "by_call",
                "by_one_person",
                "waived",
            )
        },
        cancelled=found["cancelled"],
        cancelled_as={str(code): found[f"as_{code}"] for code in CancelReason},
    )


def open_by_severity(
    incidents: IncidentQuerySet, at: datetime
) -> list[tuple[int, list[int]]]:
    """For each severity how many are open, by ``AGES``. One query."""
    counts = {f"age_{n}": _count(older("reported_at", d, at)) for n, d in _each(AGES)}
    rows = incidents.filter(IS_OPEN).order_by().values("severity").annotate(**counts)
    found = {row["severity"]: [row[name] for name in counts] for row in rows}
    return [(int(level), found.get(int(level), [0] * len(AGES))) for level in Severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """What somebody should look at; ``silent`` by ``SILENCES``."""

    called: int
    overdue: int
    due_soon: int
    unowned: int
    held_long: int
    waivable: int
    silent: list[int]


def attention(incidents: IncidentQuerySet, at: datetime) -> Attention:
    """Counts over all that has not ended. One query."""
    counts = {f"silent_{n}": _count(silent_for(d, at)) for n, d in _each(SILENCES)}
    found = incidents.filter(IS_OPEN | Q(status=Status.RESOLVED)).aggregate(
        called=_count(told_in_vain()),
        overdue=_count(overdue(at)),
        due_soon=_count(due_soon(at)),
        unowned=_count(IS_OPEN & Q(owner=None)),
        held_long=_count(held_long(at)),
        waivable=_count(waivable(at)),
        **counts,
    )
    return Attention(
        called=found["called"],
        overdue=found["overdue"],
        due_soon=found["due_soon"],
        unowned=found["unowned"],
        held_long=found["held_long"],
        waivable=found["waivable"],
        silent=[found[name] for name in counts],
    )


def changed(incidents: IncidentQuerySet, since: datetime) -> Share:
    """Of those triaged since then, how many were classified again. One query."""
    found = incidents.filter(triaged_since(since)).aggregate(
        whole=Count("pk"), part=_count(changed_after_triage())
    )
    return Share(found["part"], found["whole"])


def people_of(
    teams: Iterable[int], at: datetime, incidents: IncidentQuerySet | None = None
) -> QuerySet[User]:
    """Members and leads of these teams, by name: ``open_count`` says how many open ones
    of ``incidents`` (all, without) each has; ``away_until`` is set while they are away.
    """
    counted = Incident.objects.all() if incidents is None else incidents
    owned = (
        counted.open()
        .filter(owner=OuterRef("pk"))
        .order_by()
        .values("owner")
        .annotate(n=Count("pk"))
        .values("n")
    )
    away = (
        Membership.objects.filter(
            user=OuterRef("pk"), team__in=teams, away_until__gt=at
        )
        .order_by()
        .values("user")
        .annotate(until=Max("away_until"))
        .values("until")
    )
    here = Q(memberships__team__in=teams) | Q(led_teams__in=teams)
    found: QuerySet[User] = (
        User.objects.people()
        .active()
        .filter(here)
        .annotate(open_count=Coalesce(Subquery(owned), 0), away_until=Subquery(away))
        .order_by("name", "pk")
        .distinct()
    )
    return found


def _count(condition: Q) -> Count:
    return Count("pk", filter=condition)


def _each(ages: Ages) -> Iterable[tuple[int, Any]]:
    return enumerate(ages)
