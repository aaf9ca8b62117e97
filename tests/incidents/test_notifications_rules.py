"""What is true of all letters: complete, discreet, and cheap."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Team, User
from activity import clock
from activity.models import Event
from incidents import services
from incidents.codes import HoldReason
from incidents.events import Kind
from incidents.models import Incident
from incidents.notifications import SILENT, TOLD
from incidents.notifications.audience import may_see
from incidents.notifications.listeners import listener_of
from tests.incidents import stories
from tests.incidents.letters import post
from tests.people import Cast, make_user

SECRET = "canary"
MOST_QUERIES = 5


def test_every_kind_is_told_or_silent_for_a_reason() -> None:
    assert set(TOLD) | set(SILENT) == set(Kind.values)
    assert not set(TOLD) & set(SILENT)
    assert all(SILENT.values())


def whole_story(cast: Cast) -> Incident:
    """Every move with an internal text beside it, to the end and back."""
    Team.objects.filter(pk=cast.desk.pk).update(name="Canary crew")
    for user in (cast.ann, cast.zed):
        User.objects.filter(pk=user.pk).update(time_zone="Europe/Paris")
    one = stories.triaged(cast, title="Blank pages")
    pk: int = one.pk
    late: dict[str, Any] = {"expected_version": None}
    services.share_incident(pk, by=cast.ann, email=cast.zed.email)
    services.assign_incident(pk, by=cast.lea, to=cast.bo, **late)
    services.start_incident(pk, by=cast.bo, **late)
    services.add_note(pk, by=cast.bo, text=SECRET, **late)
    services.ask_colleague(pk, by=cast.bo, to=cast.lea, move="cancel", message=SECRET)
    services.override_severity(pk, by=cast.bo, severity=1, reason=SECRET, **late)
    services.declare_major(pk, by=cast.lea, reason=SECRET, **late)
    stories.on_hold(cast, of=stories.again(one))
    services.resume_incident(pk, by=cast.bo, **late)
    services.hold_incident(
        pk,
        by=cast.bo,
        reason=HoldReason.AWAITING_SUPPLIER,
        until=clock.now() + timedelta(days=1),
        explanation=SECRET,
        **late,
    )
    services.resume_incident(pk, by=cast.bo, **late)
    solution = stories.solution(verification=SECRET)
    services.resolve_incident(pk, by=cast.bo, solution=solution, **late)
    services.record_call(pk, by=cast.bo, account=SECRET, **late)
    services.reject_resolution(pk, by=cast.cy, complaint="Blank.")
    services.start_incident(pk, by=cast.bo, **late)
    services.resolve_incident(pk, by=cast.bo, solution=solution, **late)
    stories.confirmed(cast, of=stories.again(one))
    stories.closed(cast, of=stories.again(one))
    services.reopen_incident(pk, by=cast.cy, complaint="Blank again.")
    services.cancel_incident(
        pk, by=cast.lea, reason="not_a_fault", explanation="Out of paper."
    )
    return stories.again(one)


def test_nothing_internal_ever_reaches_reporter_or_sharer(cast: Cast) -> None:
    incident = whole_story(cast)
    outside = [one for one in post(incident) if one.to in (cast.ann, cast.zed)]
    assert {one.to for one in outside} == {cast.ann, cast.zed}
    assert len(outside) > 10
    for one in outside:
        for part in (one.subject, one.text, one.html):
            assert SECRET not in part.lower(), one.subject
            assert "SEV" not in part, one.subject
            assert "/tickets/" not in part, one.subject


def test_no_letter_promises_to_close_by_itself_or_takes_replies(cast: Cast) -> None:
    for one in post(whole_story(cast)):
        assert "Reply to this" not in one.text
        assert "automatic" not in one.text
        assert "we close it on" not in one.text.lower()


def test_every_letter_carries_reference_and_a_way_in_both_forms(
    cast: Cast, settings: Any
) -> None:
    incident = whole_story(cast)
    for one in post(incident):
        assert one.subject.endswith(f"[{incident.reference}]")
        for body in (one.text, one.html):
            assert incident.reference in body
            assert settings.SITE_URL in body
        assert "  \n" not in one.text
        assert "\n\n\n" not in one.text
        assert "&#x27;" not in one.text


def test_a_crowd_of_followers_costs_no_more_queries(cast: Cast) -> None:
    """Each event asks the same few questions, whoever listens."""
    incident = whole_story(cast)
    for number in range(8):
        incident.watches.create(user=_agent(cast, number))
        other = make_user(f"Colleague{number}")
        incident.shares.create(user=other, shared_by=cast.ann)
    events = list(Event.objects.about(incident).select_related("actor"))
    told = 0
    for event in events:
        if event.kind in TOLD:
            fresh = stories.again(incident)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                told += len(list(listener_of(TOLD[event.kind])(event, fresh)))
            assert len(asked) <= MOST_QUERIES, event.kind
    assert told > 100


def _agent(cast: Cast, number: int) -> User:
    user = make_user(f"Agent{number}")
    cast.desk.memberships.create(user=user)
    return user


@pytest.mark.parametrize("situation", ["desk", "held", "owned", "major", "closed_team"])
def test_who_may_see_is_who_sees(situation: str, cast: Cast) -> None:
    """The two ways to ask: which incidents for a person, which people for an
    incident."""
    commander = make_user("Commander")
    commander.role_grants.create(
        role=Role.INCIDENT_COMMANDER, granted_by=User.objects.system()
    )
    cast.network.lead = cast.max
    cast.network.save()
    incident = stories.triaged(cast)
    if situation in {"held", "closed_team"}:
        incident.holdings.create(team=cast.network)
    if situation == "owned":
        stories.escalated(cast, of=incident)
    if situation == "closed_team":
        Team.objects.filter(pk=cast.network.pk).update(is_active=False)
    if situation == "major":
        services.declare_major(
            incident.pk, by=cast.lea, expected_version=None, reason="Many."
        )
    incident = stories.again(incident)
    people = User.objects.people().active()
    asked = {user.name for user in people.filter(may_see(incident))}
    seeing = {
        user.name
        for user in people
        if Incident.objects.visible_to(user).filter(pk=incident.pk).exists()
    }
    assert asked == seeing
    assert {"Bo Berg", "Lea Lund"} <= asked
    assert "Zed Zorn" not in asked
