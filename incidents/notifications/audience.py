"""Who is concerned, with one query for each side; nobody who may not see it."""

from collections.abc import Iterable

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)

from accounts.models import Membership, Role, RoleGrant, Team, User
from incidents.models import Incident, Share, Watch


def readers(incident: Incident) -> QuerySet[User]:
    """Who may read the public part: reporter, confirmer, colleagues it is shared
    with."""
    shares = Share.objects.filter(incident=incident, user=OuterRef("pk"))
    principals = Q(pk__in={incident.reporter_id, incident.confirmer_id})
    return (
        User.objects.people()
        .active()
        .filter(principals | Exists(shares))
        .order_by("pk")
    )


def colleagues(incident: Incident, pks: set[int]) -> QuerySet[User]:
    """Those of ``pks``, the lead of the owning team and the watchers who may see
    the whole incident. ``is_lead``, ``is_watcher`` and ``is_member`` (of the owning
    team) are set on each."""
    watches = Watch.objects.filter(incident=incident, user=OuterRef("pk"))
    leads = Team.objects.filter(pk=incident.team_id, lead=OuterRef("pk"))
    members = Membership.objects.filter(team=incident.team_id, user=OuterRef("pk"))
    return (
        User.objects.people()
        .active()
        .annotate(
            is_watcher=Exists(watches),
            is_lead=Exists(leads),
            is_member=Exists(members),
        )
        .filter(Q(pk__in=pks) | Q(is_watcher=True) | Q(is_lead=True))
        .filter(may_see(incident))
        .order_by("pk")
    )


def called(incident: Incident, pks: Iterable[int]) -> QuerySet[User]:
    """Those of ``pks``; ``sees`` is set on each: whether they see the ticket itself."""
    sees = ExpressionWrapper(may_see(incident), output_field=BooleanField())
    people = User.objects.people().active().filter(pk__in=list(pks))
    return people.annotate(sees=sees).order_by("pk")


def may_see(incident: Incident) -> Q:
    """``IncidentQuerySet.visible_to``, asked the other way round: which people may
    see this one. A test keeps the two in step."""
    holds = Q(pk=incident.team_id) | Q(holdings__incident=incident)
    own = Q(memberships__user=OuterRef("pk")) | Q(lead=OuterRef("pk"))
    teams = Team.objects.active().filter(own)
    seeing = teams.filter(Q(is_service_desk=True) | (Q(tier__gt=1) & holds))
    found = Q(Exists(seeing))
    if incident.is_major:
        commanding = RoleGrant.objects.filter(
            role=Role.INCIDENT_COMMANDER, user=OuterRef("pk")
        )
        found |= Q(Exists(commanding))
    return found
