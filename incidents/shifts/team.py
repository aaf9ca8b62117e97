"""Who works in a team, who is away, and how much each has of what the team has."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Team, User
from incidents import figures
from incidents.models import Incident


def people_in(team: Team, at: datetime) -> QuerySet[User]:
    """As ``figures.people_of``; counted are the team's own open tickets."""
    return figures.people_of([team.pk], at, Incident.objects.filter(team=team))


def neighbours(team: Team) -> tuple[list[Team], list[Team]]:
    """Active teams that it escalates to, and that it gets work from."""
    return (
        list(team.escalates_to.filter(is_active=True)),
        list(team.escalates_from.filter(is_active=True)),
    )
