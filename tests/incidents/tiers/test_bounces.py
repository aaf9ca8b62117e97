"""What came back is the same wherever it is said: counted, marked, listed."""

from collections.abc import Callable

import pytest

from accounts.models import Team
from incidents import services
from incidents.models import Incident, TierStay
from incidents.replay.step import TeamName
from incidents.shifts import conditions
from incidents.tiers.bounces import bounces_of
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.incidents.services.facts import member_of, second_desk
from tests.people import Cast


def handed_back_to_a_desk_that_never_had_it(cast: Cast) -> Incident:
    """Its own desk is no more: the one that receives the reports now gets it."""
    incident = stories.escalated(cast)
    new = Team.objects.create(name="New desk", tier=1, is_service_desk=True)
    Team.objects.filter(pk=cast.desk.pk).update(is_active=False, is_default_desk=False)
    Team.objects.filter(pk=new.pk).update(is_default_desk=True)
    return stories.handed_back(cast, of=incident)


def escalated_again(cast: Cast) -> Incident:
    return stories.escalated(cast, of=stories.handed_back(cast))


def transferred_to_and_fro(cast: Cast) -> Incident:
    other = second_desk()
    incident = stories.triaged(cast)
    for by, team in ((cast.bo, other), (member_of(other), cast.desk)):
        services.transfer_incident(
            incident.pk, by=by, expected_version=None, team=team, reason="Yours."
        )
    return incident


def triaged_elsewhere(cast: Cast) -> Incident:
    return stories.triaged(cast, team=second_desk())


def solved_above(cast: Cast) -> Incident:
    work = stories.in_progress(cast, owner=cast.ned, of=stories.escalated(cast))
    return stories.resolved(cast, of=work)


def rejected(cast: Cast) -> Incident:
    incident = solved_above(cast)
    services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
    return incident


def reopened(cast: Cast) -> Incident:
    incident = stories.closed(cast)
    services.reopen_incident(incident.pk, by=cast.ann, complaint="Blank again.")
    return incident


def back_in_another_system(cast: Cast) -> Incident:
    number = imported.in_progress(cast).imported.number
    for name in ("Network", cast.desk.name):
        tier = 2 if name == "Network" else 1
        incident = imported.replayed(
            cast, imported.ACTIVE, number=number, team=TeamName(name, tier)
        )
    return incident


STORIES: dict[Callable[[Cast], Incident], tuple[int, bool]] = {
    stories.reported: (0, False),
    triaged_elsewhere: (0, False),
    stories.escalated: (0, False),
    handed_back_to_a_desk_that_never_had_it: (0, False),
    stories.handed_back: (1, True),
    escalated_again: (2, True),
    transferred_to_and_fro: (1, True),
    solved_above: (0, False),
    rejected: (1, True),
    reopened: (1, True),
    stories.cancelled: (0, False),
    back_in_another_system: (1, True),
}


@pytest.mark.parametrize("story", STORIES)
def test_all_who_ask_agree(cast: Cast, story: Callable[[Cast], Incident]) -> None:
    """How often it came back, in which stays, and whether it is here for that."""
    count, is_back = STORIES[story]
    escalated_again(cast)  # Another one, which says nothing of this one.
    incident = story(cast)
    found = bounces_of(incident.stays.all())
    assert len(found) == count
    back = Incident.objects.filter(conditions.came_back(), pk=incident.pk)
    assert back.exists() is is_back
    assert list(TierStay.objects.bounces().filter(incident=incident)) == list(found)
