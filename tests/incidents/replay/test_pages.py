"""What was brought in is shown as what it is, on every page, and nothing is made up."""

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Incident
from tests.incidents.replay import imported, whole
from tests.people import Cast

STATES = imported.EVERY_STATE


def page(user: object, address: str) -> str:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_pages(cast: Cast, state: str) -> None:
    incident = STATES[state](cast)
    ticket = page(cast.bo, f"{incident.get_absolute_url()}?show=changes")
    assert incident.imported.number in ticket
    assert "brought in from ServiceNow" in ticket
    assert "in the other system" in ticket
    assert "before it came to this service desk" in page(
        cast.ann, incident.reporter_url()
    )
    page(cast.ann, reverse("incidents:my_reports"))
    page(cast.bo, f"{reverse('incidents:queue')}?v=all")
    page(cast.lea, reverse("incidents:lead"))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("closed", "solved in another system, not asked here"),
        ("closed_unsolved", "closed in another system, not asked here"),
        ("resolved", "solved in another system, not asked here"),
        ("cancelled", "in another system"),
    ],
)
def test_nobody_is_said_to_have_been_asked(cast: Cast, state: str, words: str) -> None:
    ticket = page(cast.bo, STATES[state](cast).get_absolute_url())
    assert words in ticket
    assert "asked once" not in ticket


def test_an_unknown_reason_is_not_invented(cast: Cast) -> None:
    told = page(cast.ann, imported.cancelled(cast).reporter_url())
    assert "It was cancelled before it came to this service desk." in told
    assert "do not need this any more" not in told


def test_the_number_of_the_other_system_opens_the_ticket(cast: Cast) -> None:
    incident = imported.closed(cast, number="INC0009999")
    client = Client()
    client.force_login(cast.bo)
    for typed in ("INC0009999", "inc0009999 "):
        response = client.get(reverse("incidents:queue"), {"q": typed})
        assert response["Location"] == incident.get_absolute_url()


def test_a_number_there_is_not_taken_for_one_of_ours(cast: Cast) -> None:
    """INC0000042 of the other system is not our INC-00042."""
    incident = imported.closed(cast)
    other = imported.closed(cast, number=f"INC{incident.pk:07d}")
    client = Client()
    client.force_login(cast.bo)
    asked = {"q": other.imported.number}
    response = client.get(reverse("incidents:queue"), asked)
    assert response["Location"] == other.get_absolute_url()


def test_who_may_not_see_it_does_not_find_it_by_its_number(cast: Cast) -> None:
    imported.closed(cast, number="INC0009999")
    client = Client()
    client.force_login(cast.ned)
    response = client.get(reverse("incidents:queue"), {"q": "INC0009999"})
    assert response.status_code == 200
    assert "Category 40" not in response.content.decode()


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/queue/?v=all", 12),
        ("/queue/?v=all&q=Category", 12),
        ("/queue/?q=INC0000060", 12),
        ("ticket", 20),
        ("my", 11),
        ("/my/", 8),
    ],
)
def test_pages_ask_no_more_on_a_replayed_desk(
    cast: Cast, address: str, most: int, django_assert_max_num_queries: object
) -> None:
    """The limits are those of a desk of 50 tickets."""
    whole.bring_in(whole.DATA / "servicenow.csv")
    longest = Incident.objects.order_by("-version")[0]
    reporter = longest.reporter
    type(reporter).objects.filter(pk=reporter.pk).update(is_active=True)
    reporter.refresh_from_db()
    user = reporter if address in {"my", "/my/"} else cast.bo
    named = {"ticket": longest.get_absolute_url(), "my": longest.reporter_url()}
    client = Client()
    client.force_login(user)
    client.get(named.get(address, address))
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        response = client.get(named.get(address, address))
    assert response.status_code in {200, 302}
