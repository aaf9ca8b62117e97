"""A rehearsal of a ladder tells of past tickets by the function that tells for real,
and writes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from activity import clock
from activity.models import Event
from incidents import services
from incidents.events import Kind
from incidents.ladders.rehearsing import Rehearsal, rehearse, rehearse_draft
from incidents.models import Incident
from sla.models import PolicyVersion, Rung
from tests.incidents import stories
from tests.incidents.ladders.climbs import answered, ladder, minutes, staff, swept
from tests.incidents.services.facts import member_of, second_desk
from tests.people import Cast
from tests.sla.settings_cast import draft_policy, in_days

Told = list[tuple[int, Any, list[int]]]


@pytest.fixture
def version(cast: Cast) -> PolicyVersion:
    staff(cast)
    return ladder()


def really(incident: Incident) -> Told:
    """What stands in its history; without the timer's own numbers."""
    rungs = Event.objects.about(incident).filter(kind=Kind.RUNG)
    own = {"timer", "step", "due"}
    return [
        (
            event.data["rung"],
            event.at,
            {k: v for k, v in event.data.items() if k not in own},  # type: ignore[misc]
        )
        for event in rungs
    ]


def rehearsed(rehearsal: Rehearsal) -> Told:
    return [
        (one.data["rung"], one.at, dict(one.data))  # type: ignore[misc]
        for one in rehearsal.tellings
    ]


def sweep_to_the_end(incident: Incident) -> None:
    """Each rung in its very moment."""
    while (due := stories.again(incident).rung_at) is not None:
        swept((due - minutes(0)) / timedelta(minutes=1))


def unanswered(cast: Cast) -> Incident:
    incident = answered(cast)
    sweep_to_the_end(incident)
    return incident


def eventful(cast: Cast) -> Incident:
    """Asked for, answered, escalated, handed back, solved, refused, missed."""
    incident = answered(cast)
    act: dict[str, Any] = {"expected_version": None}
    with clock.frozen_at(minutes(10)):
        services.call_attention(incident.pk, by=cast.bo, reason="Now.", **act)
    swept(10)
    with clock.frozen_at(minutes(12)):
        services.acknowledge_attention(incident.pk, by=cast.lea)
    with clock.frozen_at(minutes(20)):
        stories.escalated(cast, of=stories.again(incident))
    with clock.frozen_at(minutes(30)):
        services.take_incident(incident.pk, by=cast.ned, **act)
        services.urge(incident.pk, by=cast.ann, reason="Pay day.")
    swept(30)
    with clock.frozen_at(minutes(40)):
        stories.handed_back(cast, of=stories.again(incident))
    with clock.frozen_at(minutes(50)):
        services.take_incident(incident.pk, by=cast.cy, **act)
        stories.resolved(cast, of=stories.again(incident))
    with clock.frozen_at(minutes(60)):
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still.")
    sweep_to_the_end(incident)
    return incident


def passed_on(cast: Cast) -> Incident:
    """Another desk gets it, so nobody answers for it at that desk yet when its reporter
    urges; who solved it is away when it comes back, so nobody owns it."""
    ladder(
        {"trigger": "complaint", "tells": "desk_owner"},
        {"trigger": "resolution_percent", "percent": 75, "tells": "owner"},
        {"trigger": "breach", "tells": "team_manager"},
    )
    act: dict[str, Any] = {"expected_version": None}
    incident, other = answered(cast), second_desk()
    eve = member_of(other)
    with clock.frozen_at(minutes(20)):
        services.transfer_incident(
            incident.pk, by=cast.bo, team=other, reason="Theirs.", **act
        )
    with clock.frozen_at(minutes(30)):
        services.urge(incident.pk, by=cast.ann, reason="Pay day.")
    swept(30)
    with clock.frozen_at(minutes(50)):
        services.take_incident(incident.pk, by=eve, **act)
        stories.resolved(cast, of=stories.again(incident))
    Membership.objects.filter(user=eve).update(away_until=clock.now())
    with clock.frozen_at(minutes(60)):
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still.")
    sweep_to_the_end(incident)
    return incident


def solved(incident: Incident, cast: Cast, at: float = 900) -> Incident:
    with clock.frozen_at(minutes(at)):
        return stories.resolved(cast, of=stories.again(incident))


@pytest.mark.parametrize("story", [unanswered, eventful, passed_on])
def test_a_rehearsal_of_what_held_tells_what_was_told(
    cast: Cast, version: PolicyVersion, story: Any
) -> None:
    incident = story(cast)
    assert len(really(incident)) >= 3
    found = rehearse([stories.again(incident)], at=minutes(2000))
    assert rehearsed(found) == really(incident)


def next_draft(version: PolicyVersion, *rungs: dict[str, Any]) -> PolicyVersion:
    draft = draft_policy(
        version.policy,
        effective_from=in_days(1),
        response_target=30,
        resolution_target=240,
    )
    for position, rung in enumerate(rungs, 1):
        given = {"acknowledge_within": 15, "position": position, **rung}
        Rung.objects.create(version=draft, **given)
    return draft


def test_a_draft_is_rehearsed_on_what_its_policy_promised(
    cast: Cast, version: PolicyVersion
) -> None:
    solved(unanswered(cast), cast)
    open_still = answered(cast, at=1000)
    draft = next_draft(
        version,
        {"trigger": "resolution_percent", "percent": 50, "tells": "desk_lead"},
        {"trigger": "unacknowledged", "tells": "team_manager"},
    )
    found = rehearse_draft(draft, at=minutes(2000))
    assert open_still not in found.tickets
    assert [(one.data["rung"], one.at) for one in found.tellings] == [
        (1, minutes(120)),
        (2, minutes(135)),
    ]
    assert found.people == {cast.lea: 1, cast.max: 1}
    assert found.was_told == 3


def test_whoever_answered_then_answers_to_the_draft(
    cast: Cast, version: PolicyVersion
) -> None:
    incident = answered(cast)
    swept(180)
    with clock.frozen_at(minutes(190)):
        services.acknowledge_attention(incident.pk, by=cast.lea)
    solved(incident, cast)
    share = {"trigger": "resolution_percent", "tells": "desk_lead"}
    later = [{**share, "percent": percent} for percent in (50, 85)]
    found = rehearse_draft(next_draft(version, *later), at=minutes(2000))
    assert [one.data["rung"] for one in found.tellings] == [1]


def test_a_rehearsal_writes_nothing_and_asks_little(
    cast: Cast, version: PolicyVersion
) -> None:
    draft = next_draft(version, {"trigger": "breach", "tells": "commander"})
    counts = []
    for _ in range(2):
        solved(unanswered(cast), cast)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rehearse_draft(draft, at=minutes(2000))
        statements = [query["sql"] for query in queries.captured_queries]
        assert all(statement.startswith("SELECT") for statement in statements)
        assert not any("FOR UPDATE" in statement for statement in statements)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def page_of(user: Any, draft: PolicyVersion) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("admin:incidents_policy_rehearsal", args=[draft.pk]))


def test_the_page_says_numbers_times_and_people_and_no_words(
    cast: Cast, version: PolicyVersion
) -> None:
    incident = solved(unanswered(cast), cast)
    draft = next_draft(version, {"trigger": "breach", "tells": "team_lead"})
    shown = page_of(cast.max, draft)
    page = shown.content.decode()
    assert (
        "Past tickets: 1. Told by this ladder: 1 rungs, to people: 1. Really told: 3."
        in page
    )
    for words in (incident.reference, "The resolution is late since", "Lea Lund"):
        assert words in page
    for secret in (incident.title, incident.description):
        assert secret not in page


def test_only_who_writes_drafts_rehearses(cast: Cast, version: PolicyVersion) -> None:
    draft = next_draft(version, {"trigger": "breach", "tells": "team_lead"})
    assert page_of(cast.ida, draft).status_code == 200
    for other in (cast.bo, cast.lea, cast.ann):
        assert page_of(other, draft).status_code in {302, 403}
    assert page_of(cast.max, version).status_code == 404


def test_a_draft_that_cannot_be_published_is_not_rehearsed(
    cast: Cast, version: PolicyVersion
) -> None:
    draft = next_draft(version, {"trigger": "unacknowledged", "tells": "team_lead"})
    assert "cannot be published" in page_of(cast.max, draft).content.decode()
