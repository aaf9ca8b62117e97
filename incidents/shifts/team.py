"""Who works in a team, who is away, and how much each has of what the team has."""

from datetime import datetime

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Membership, Team, User
from incidents.models import Incident


def people_in(team: Team, at: datetime) -> QuerySet[User]:
    """Members and the lead by name: ``open_count`` of the team's open tickets, and
    ``away_until`` while they are away."""
    owned = (
        Incident.objects.open()
        .filter(team=team, owner=OuterRef("pk"))
        .order_by()
        .values("owner")
        .annotate(n=Count("pk"))
        .values("n")
    )
    away = (
        Membership.objects.filter(user=OuterRef("pk"), team=team, away_until__gt=at)
        .order_by()
        .values("user")
        .annotate(until=Max("away_until"))
        .values("until")
    )
    here = Q(memberships__team=team) | Q(led_teams=team)
    found: QuerySet[User] = (
        User.objects.people()
        .active()
        .filter(here)
        .annotate(open_count=Coalesce(Subquery(owned), 0), away_until=Subquery(away))
        .order_by("name", "pk")
        .distinct()
    )
    return found


def neighbours(team: Team) -> tuple[list[Team], list[Team]]:
    """Active teams that it escalates to, and that it gets work from."""
    return (
        list(team.escalates_to.filter(is_active=True)),
        list(team.escalates_from.filter(is_active=True)),
    )
