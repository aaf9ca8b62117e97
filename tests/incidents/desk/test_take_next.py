"""Take next: the most urgent one that nobody owns, claimed and opened."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from incidents.models import Incident
from tests.incidents import stories
from tests.people import Cast

TAKE_NEXT = reverse("incidents:take_next")


@pytest.fixture
def bo(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bo)
    return client


def test_new_one_opens_where_it_is_triaged(bo: Client, cast: Cast) -> None:
    stories.reported(cast)
    urgent = stories.reported(cast, impact=1, urgency=1)
    answer = bo.post(TAKE_NEXT)
    assert answer["Location"] == reverse("incidents:triage", args=[urgent.pk])
    assert Incident.objects.get(pk=urgent.pk).owner == cast.bo


def test_triaged_one_opens_its_page_in_progress(bo: Client, cast: Cast) -> None:
    incident = stories.triaged(cast)
    answer = bo.post(TAKE_NEXT)
    assert answer["Location"] == reverse("incidents:ticket", args=[incident.pk])
    assert Incident.objects.get(pk=incident.pk).status == "in_progress"


def test_next_of_a_resolver_is_of_their_team(client: Client, cast: Cast) -> None:
    stories.reported(cast)
    client.force_login(cast.ned)
    assert "Location" in client.post(TAKE_NEXT)
    assert not Incident.objects.filter(owner=cast.ned).exists()


def test_nothing_to_take_is_said(bo: Client, cast: Cast) -> None:
    answer = bo.post(TAKE_NEXT)
    assert answer["Location"] == f"{reverse('incidents:queue')}?v=teams"
    (message,) = get_messages(answer.wsgi_request)
    assert "Nothing waits" in str(message)


def test_looking_takes_nothing(bo: Client, cast: Cast) -> None:
    stories.reported(cast)
    assert bo.get(TAKE_NEXT).status_code == 405
    assert not Incident.objects.exclude(owner=None).exists()


@pytest.mark.parametrize("name", ["ann", "zed", "max", "ida"])
def test_only_those_who_work_on_tickets_take(
    name: str, client: Client, cast: Cast
) -> None:
    stories.reported(cast)
    client.force_login(getattr(cast, name))
    assert client.post(TAKE_NEXT).status_code == 403
    assert not Incident.objects.exclude(owner=None).exists()
