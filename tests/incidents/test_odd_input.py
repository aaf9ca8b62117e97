"""Input that once broke a page, or lost what somebody wrote."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Team
from incidents import services
from incidents.models import Incident
from tests.incidents import stories
from tests.people import Cast

DIGITS = "9" * 5000


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("until", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_no_date_takes_the_queue_down(until: str, cast: Cast) -> None:
    cast.bo.time_zone = "America/Los_Angeles"
    cast.bo.save()
    incident = stories.in_progress(cast)
    desk = client_of(cast.bo)
    hold = {"version": incident.version, "reason": "scheduled", "until": until}
    page = desk.post(f"/tickets/{incident.pk}/hold/", hold)
    assert page.status_code == 200
    assert "Enter a day and a time" in page.text
    assert desk.get("/queue/?v=all").status_code == 200


def test_a_service_refuses_such_a_date_too(cast: Cast) -> None:
    incident = stories.in_progress(cast)
    with pytest.raises(ValidationError):
        services.hold_incident(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            reason="scheduled",
            until=datetime(9999, 12, 31, tzinfo=UTC),
        )


def test_endless_numbers_are_no_numbers(cast: Cast) -> None:
    incident = stories.resolved(cast)
    ann, bo = client_of(cast.ann), client_of(cast.bo)
    assert ann.post("/report/", {"kept": DIGITS}).status_code == 200
    stale = {"resolution": 10**9, "version": DIGITS}
    assert ann.post(f"/my/{incident.pk}/confirm/", stale).status_code == 409
    link = {"link": DIGITS, "version": incident.version}
    assert bo.post(f"/tickets/{incident.pk}/unlink/", link).status_code == 400


def test_a_report_arrives_without_a_default_desk(cast: Cast) -> None:
    Team.objects.filter(pk=cast.desk.pk).update(is_default_desk=False)
    assert stories.reported(cast).team == cast.desk


def test_without_any_desk_the_words_stay(cast: Cast) -> None:
    Team.objects.filter(pk=cast.desk.pk).update(is_default_desk=False, is_active=False)
    form = {
        "description": "Nothing works here.",
        "impact": 3,
        "urgency": 2,
        "submission": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    }
    page = client_of(cast.ann).post("/report/", form)
    assert page.status_code == 200
    assert "No service desk is at work here." in page.text
    assert "Nothing works here." in page.text


def test_an_odd_way_on_leads_home(cast: Cast) -> None:
    incident = stories.resolved(cast)
    answer = {
        "incident": incident.pk,
        "resolution": incident.resolution_id,
        "answer": "yes",
        "next": "x",
    }
    response = client_of(cast.ann).post("/asked/", answer)
    assert response["Location"] == "/"
    assert stories.again(incident).is_confirmed


def test_a_message_pressed_twice_is_written_once(cast: Cast) -> None:
    incident = stories.in_progress(cast)
    for _press in range(2):
        services.answer_desk(incident.pk, by=cast.ann, message="Any news?")
    assert stories.again(incident).version == incident.version + 1


def test_a_follow_up_sent_twice_is_one(cast: Cast) -> None:
    incident = stories.closed(cast)
    submission = uuid4()
    for _press in range(2):
        services.follow_up_incident(
            incident.pk, by=cast.ann, description="Again.", submission=submission
        )
    assert Incident.objects.count() == 2


@pytest.mark.parametrize("name", ["max", "ida"])
def test_who_reads_figures_gets_no_words_by_a_back_door(name: str, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    colleague = getattr(cast, name)
    with pytest.raises(ValidationError):
        services.share_incident(incident.pk, by=cast.ann, email=colleague.email)
    cast.ann.is_active = False
    cast.ann.save()
    with pytest.raises(ValidationError):
        services.name_successor(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            successor=colleague,
            reason="She left.",
        )
