"""Moves that one press makes: never by looking, never over news."""

import pytest
from django.urls import reverse

from incidents import services
from incidents.models import Incident
from incidents.views.move_pages import PRESSES
from tests.incidents import stories
from tests.incidents.ticket.cases import Story, overtake
from tests.incidents.ticket.conftest import As, words
from tests.incidents.told import announced
from tests.people import Cast


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_is_never_a_look(name: str, window: As, cast: Cast) -> None:
    incident = stories.triaged(cast)
    address = reverse(f"incidents:{name}", args=[incident.pk])
    assert window("bo").get(address).status_code == 405
    assert stories.again(incident).version == incident.version


def attended(cast: Cast) -> Incident:
    incident = stories.triaged(cast)
    services.call_attention(
        incident.pk, by=cast.bo, expected_version=None, reason="The board waits."
    )
    return stories.again(incident)


PRESSED: dict[str, tuple[Story, str, str]] = {
    "take": (stories.triaged, "bo", "in_progress"),
    "start": (stories.triaged, "lea", "in_progress"),
    "resume": (stories.on_hold, "bo", "in_progress"),
    "remind": (stories.reminded, "bo", "resolved"),
    "close": (stories.confirmed, "bo", "closed"),
    "end_attention": (attended, "lea", "assigned"),
    "end_announcement": (announced, "cy", "in_progress"),
    "watch": (stories.triaged, "bo", "assigned"),
    "unwatch": (stories.triaged, "bo", "assigned"),
}


def ready(name: str, cast: Cast) -> Incident:
    incident = PRESSED[name][0](cast)
    if name == "start":
        services.assign_incident(
            incident.pk, by=cast.lea, expected_version=None, to=cast.bo
        )
    if name == "unwatch":
        services.watch_incident(incident.pk, by=cast.bo)
    return stories.again(incident)


@pytest.mark.parametrize("name", PRESSES)
def test_one_press_does_it(name: str, window: As, cast: Cast) -> None:
    incident = ready(name, cast)
    _story, by, status = PRESSED[name]
    response = window(by).post(
        reverse(f"incidents:{name}", args=[incident.pk]), {"version": incident.version}
    )
    assert response.status_code == 302
    after = stories.again(incident)
    assert (after.status, after.version) == (status, incident.version + 1)


@pytest.mark.parametrize("name", ["take", "start", "resume", "remind", "close"])
def test_a_stale_press_asks_first(name: str, window: As, cast: Cast) -> None:
    incident = ready(name, cast)
    overtake(incident, cast)
    _story, by, _status = PRESSED[name]
    address = reverse(f"incidents:{name}", args=[incident.pk])
    response = window(by).post(address, {"version": incident.version})
    assert response.status_code == 409
    assert "I looked at it too." in words(response)
    again = window(by).post(address, {"version": incident.version + 1})
    assert again.status_code == 302


@pytest.mark.parametrize("version", ["", "none", "-1", "1.5"])
def test_a_press_without_a_version_is_not_understood(
    version: str, window: As, cast: Cast
) -> None:
    incident = stories.triaged(cast)
    address = reverse("incidents:take", args=[incident.pk])
    assert window("bo").post(address, {"version": version}).status_code == 400
    assert stories.again(incident).owner is None


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/queue/?v=mine", "/queue/?v=mine"),
        ("https://evil.example/", ""),
        ("//evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("/\\evil.example/", ""),
    ],
)
def test_the_way_back_leads_to_places_of_ours_only(
    wanted: str, reached: str, window: As, cast: Cast
) -> None:
    incident = stories.triaged(cast)
    response = window("bo").post(
        reverse("incidents:take", args=[incident.pk]),
        {"version": incident.version, "next": wanted},
    )
    assert response["Location"] == (reached or incident.get_absolute_url())
