"""What is not yours does not appear: no row, no count, no choice, no hint."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Team
from catalogue.models import Service
from incidents.models import Holding, Incident
from tests.incidents import stories
from tests.incidents.crowd import make_incidents
from tests.people import Cast, make_user

QUEUE = reverse("incidents:queue")
CANARY = "Zanzibar"


@pytest.fixture
def ned(client: Client, cast: Cast) -> Client:
    """Ned resolves for the network team; the rest of the tickets is foreign."""
    client.force_login(cast.ned)
    return client


@pytest.fixture
def foreign(cast: Cast) -> Incident:
    """A ticket whose every word is a canary."""
    team = Team.objects.create(name=f"Team {CANARY}", tier=2)
    owner = make_user(f"Olga {CANARY}")
    Membership.objects.create(user=owner, team=team)
    (incident,) = make_incidents(
        1,
        cast,
        titles=[f"Subject {CANARY}"],
        reporters=[make_user(f"Rita {CANARY}")],
        team=team,
        owner=owner,
        service=Service.objects.create(name=f"Service {CANARY}"),
    )
    return incident


def own(cast: Cast, **fields: Any) -> Incident:
    (incident,) = make_incidents(1, cast, team=cast.network, **fields)
    return incident


@pytest.mark.parametrize("name", ["ann", "zed", "max", "ida"])
def test_queue_is_for_those_who_work_on_tickets(
    name: str, client: Client, cast: Cast
) -> None:
    client.force_login(getattr(cast, name))
    assert client.get(QUEUE).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "",
        "?v=all",
        "?v=unassigned",
        "?v=teams",
        "?v=new",
        "?v=close",
        "?v=ended",
        f"?v=all&q={CANARY}x",
        "?v=all&status=new",
        "?v=all&sort=-updated",
        "?v=all&severity=4&owner=nobody",
    ],
)
def test_foreign_tickets_leave_no_trace(
    address: str, ned: Client, cast: Cast, foreign: Incident
) -> None:
    own(cast)
    page = ned.get(f"{QUEUE}{address}")
    words = page.content.decode().replace(f"{CANARY}x", "")
    assert page.status_code == 200
    assert CANARY not in words
    assert foreign.reference not in words


def test_search_finds_nothing_foreign(
    ned: Client, cast: Cast, foreign: Incident
) -> None:
    page = ned.get(QUEUE, {"v": "all", "q": CANARY})
    assert page.context["total"] == 0
    assert "Olga" not in page.content.decode()
    assert ned.get(QUEUE, {"v": "all", "q": str(foreign.pk)}).status_code == 200


def test_counts_are_of_what_is_seen(ned: Client, cast: Cast, foreign: Incident) -> None:
    own(cast)
    make_incidents(20, cast)
    stories.closed(cast)
    page = ned.get(QUEUE)
    shown = {str(tab.label): tab.count for tab in page.context["tabs"]}
    assert shown["Open in my teams"] == "1"
    assert shown["Unassigned"] == "1"
    assert shown["Ended"] == "0"
    assert "New" not in shown
    assert "To close" not in shown


@pytest.mark.parametrize("name", ["team", "service", "owner"])
def test_foreign_values_are_as_unknown_as_nonsense(
    name: str, ned: Client, cast: Cast, foreign: Incident
) -> None:
    own(cast)
    value = getattr(foreign, f"{name}_id")
    page = ned.get(QUEUE, {"v": "all", name: str(value)})
    (problem,) = page.context["problems"]
    nonsense = ned.get(QUEUE, {"v": "all", name: "424242"})
    assert problem.replace(str(value), "424242") == nonsense.context["problems"][0]
    assert page.context["total"] == nonsense.context["total"] == 1


def test_view_of_the_desk_is_unknown_to_a_resolver(ned: Client, cast: Cast) -> None:
    page = ned.get(QUEUE, {"v": "new"})
    assert page.context["problems"]


def test_team_that_held_it_once_still_finds_it(
    ned: Client, cast: Cast, foreign: Incident
) -> None:
    Holding.objects.create(incident=foreign, team=cast.network)
    page = ned.get(QUEUE, {"v": "all", "team": str(foreign.team_id)})
    assert page.context["total"] == 1


def test_desk_sees_all(client: Client, cast: Cast, foreign: Incident) -> None:
    client.force_login(cast.bo)
    page = client.get(QUEUE, {"v": "all", "owner": str(foreign.owner_id)})
    assert page.context["total"] == 1
    assert CANARY in page.content.decode()


def test_inactive_colleague_can_be_asked_for_while_they_own_something(
    client: Client, cast: Cast
) -> None:
    make_incidents(3, cast)
    cast.bo.is_active = False
    cast.bo.save(update_fields=["is_active"])
    client.force_login(cast.cy)
    assert (
        client.get(QUEUE, {"v": "all", "owner": str(cast.bo.pk)}).context["total"] == 1
    )
