"""Who can make a move: the people to ask."""

from django.db.models import Q, QuerySet

from accounts.models import User
from incidents.models import Incident


def owner_or_lead(incident: Incident) -> QuerySet[User]:
    return _active(Q(pk=incident.owner_id) | _leading([incident.team_id]))


def team_lead(incident: Incident) -> QuerySet[User]:
    return _active(_leading([incident.team_id]))


def team_members(incident: Incident) -> QuerySet[User]:
    return _active(_working_in([incident.team_id]))


def desk_members(incident: Incident) -> QuerySet[User]:
    return _active(_working_in([incident.desk_id]))


def desk_leads(incident: Incident) -> QuerySet[User]:
    return _active(Q(led_teams__is_service_desk=True, led_teams__is_active=True))


def the_confirmer(incident: Incident) -> QuerySet[User]:
    return _active(Q(pk=incident.confirmer_id))


def commanders(incident: Incident) -> QuerySet[User]:
    """Who leads a desk, and commanders who can see it."""
    commander = Q(role_grants__role="incident_commander")
    if not incident.is_major:
        commander &= Q(
            memberships__team__is_service_desk=True, memberships__team__is_active=True
        )
    leads = Q(led_teams__is_service_desk=True, led_teams__is_active=True)
    return _active(commander | leads)


def attending(incident: Incident) -> QuerySet[User]:
    """Who leads the team that holds it, or a desk."""
    desks = Q(led_teams__is_service_desk=True, led_teams__is_active=True)
    return _active(desks | _leading([incident.team_id]))


def holders(incident: Incident) -> QuerySet[User]:
    """The desk, and the team that holds it."""
    return _active(_working_in([incident.desk_id, incident.team_id]))


def _working_in(teams: list[int]) -> Q:
    """A team that is no more has nobody to ask."""
    members = Q(memberships__team__in=teams, memberships__team__is_active=True)
    return members | _leading(teams)


def _leading(teams: list[int]) -> Q:
    return Q(led_teams__in=teams, led_teams__is_active=True)


def _active(condition: Q) -> QuerySet[User]:
    found: QuerySet[User] = User.objects.people().active().filter(condition)
    return found.distinct()
