"""Whom to ask for a move: people who work in a team or desk that still exists."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership, Role, Team, User
from incidents.models import Incident
from incidents.moves import who
from tests.incidents import stories
from tests.people import Cast

TEAMS = [who.owner_or_lead, who.team_lead, who.team_members]
DESKS = [who.desk_members, who.desk_leads, who.commanders, who.holders]
Asked = Callable[[Incident], Any]


def end(team: Team) -> None:
    Team.objects.filter(pk=team.pk).update(is_active=False, is_default_desk=False)


@pytest.mark.parametrize("asked", [*TEAMS, *DESKS])
def test_a_lead_is_asked_while_the_team_exists(asked: Asked, cast: Cast) -> None:
    incident = stories.closed(cast)
    assert cast.lea in asked(incident)
    end(cast.desk)
    assert cast.lea not in asked(incident)


@pytest.mark.parametrize("asked", [who.team_members, who.desk_members, who.holders])
def test_so_is_a_member(asked: Asked, cast: Cast) -> None:
    incident = stories.closed(cast)
    assert cast.bo in asked(incident)
    end(cast.desk)
    assert cast.bo not in asked(incident)


def test_an_active_team_elsewhere_does_not_count(cast: Cast) -> None:
    """Bo works in a team that exists, but it is not the one that holds it."""
    Membership.objects.create(user=cast.bo, team=cast.network)
    incident = stories.closed(cast)
    end(cast.desk)
    assert cast.bo not in who.team_members(incident)


def test_a_commander_of_a_desk_that_is_no_more_is_not_asked(cast: Cast) -> None:
    system = User.objects.system()
    cast.bo.role_grants.create(role=Role.INCIDENT_COMMANDER, granted_by=system)
    incident = stories.closed(cast)
    assert cast.bo in who.commanders(incident)
    end(cast.desk)
    assert cast.bo not in who.commanders(incident)
