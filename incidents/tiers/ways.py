"""Where a ticket can go from the team that has it: up, and back down."""

from typing import Final

from django.db.models import Q, QuerySet

from accounts.models import Team
from incidents.codes import SOLVED_BY, TIER_1
from incidents.models import Incident

HIGHEST_TIER: Final = 3


def teams_above(incident: Incident) -> QuerySet[Team]:
    """Teams that it may be escalated to: of the next tier, and the team that has it
    escalates to them. A major incident may also skip a tier."""
    return teams_above_of(incident.team, is_major=incident.is_major)


def teams_above_of(team: Team, *, is_major: bool) -> QuerySet[Team]:
    next_tier = Q(tier=team.tier + 1, paths_down__from_team=team.pk)
    above = next_tier | Q(tier__gt=team.tier + 1) if is_major else next_tier
    found: QuerySet[Team] = Team.objects.active().filter(above).distinct()
    return found


def sender_of(incident: Incident) -> Team | None:
    """The team of a lower tier that it came from; ``None`` where there is none."""
    stay = (
        incident.stays.filter(tier__lt=incident.team.tier)
        .exclude(why__in=SOLVED_BY)
        .select_related("team")
        .order_by("-entered_seq")
        .first()
    )
    return stay.team if stay else None


def sees_what_it_gets(team: Team) -> bool:
    """Of tier 1 only desks do."""
    return team.tier > TIER_1 or team.is_service_desk
