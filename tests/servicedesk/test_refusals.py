"""Every refusal has its answer: 403, 404, 409, and never a bare 500."""

import pytest
from django.test import Client

from activity.models import Event
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe, start_probe

pytestmark = pytest.mark.urls("tests.probe.urls")


@pytest.fixture
def bo(cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.bo)
    return client


@pytest.fixture
def probe(cast: Cast) -> Probe:
    return open_probe(by=cast.bo)


def test_a_move_that_is_possible_is_made(bo: Client, probe: Probe) -> None:
    response = bo.post(f"/probe/{probe.pk}/start/", {"version": 1})
    assert response.status_code == 200


def test_a_stale_page_is_told_409(cast: Cast, bo: Client, probe: Probe) -> None:
    start_probe(probe.pk, by=cast.cy)
    response = bo.post(f"/probe/{probe.pk}/start/", {"version": 1})
    assert response.status_code == 409
    assert b"Somebody else changed this a moment ago" in response.content


def test_a_move_that_is_no_longer_possible_is_told_409(
    cast: Cast, bo: Client, probe: Probe
) -> None:
    start_probe(probe.pk, by=cast.cy)
    response = bo.post(f"/probe/{probe.pk}/start/", {"version": 2})
    assert response.status_code == 409
    assert b"no longer possible" in response.content


def test_what_the_database_refuses_is_told_409_in_words(
    bo: Client, probe: Probe
) -> None:
    response = bo.post(f"/probe/{probe.pk}/bypass/")
    assert response.status_code == 409
    assert b"Records are never deleted" in response.content
    assert b"This is not possible" in response.content
    assert b"Somebody was faster" not in response.content
    assert Probe.objects.filter(pk=probe.pk).exists()


def test_who_may_not_is_told_403(bo: Client) -> None:
    response = bo.get("/probe/refuse/")
    assert response.status_code == 403


def test_what_does_not_exist_is_told_404(bo: Client) -> None:
    assert bo.get("/no/such/page/").status_code == 404


def test_a_fault_of_ours_names_its_reference(bo: Client) -> None:
    response = bo.get("/probe/fail/")
    assert response.status_code == 500
    assert response["X-Request-ID"].encode() in response.content


def test_a_request_and_its_events_have_one_name(bo: Client, probe: Probe) -> None:
    response = bo.post(f"/probe/{probe.pk}/start/", {"version": 1})
    event = Event.objects.about(probe).last()
    assert event is not None
    assert event.request_id == response["X-Request-ID"]


def test_a_request_does_not_name_itself(bo: Client) -> None:
    """Or anybody could put their own words into logs and history."""
    response = bo.get("/", headers={"x-request-id": "mine"})
    assert response["X-Request-ID"] != "mine"
