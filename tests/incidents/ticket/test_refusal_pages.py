"""A refusal says why, what changed and whom to ask, and tells nobody a secret."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import RequestFactory

from activity.refusals import Conflict, NotAllowed
from incidents import services
from incidents.models import Incident
from servicedesk.middleware import refusals
from tests.incidents import stories
from tests.incidents.ticket.conftest import As, address, words
from tests.people import Cast

CANARY = "canary-7781"
TYPED = "It smells of <i>smoke</i>."
TYPED_SHOWN = "It smells of &lt;i&gt;smoke&lt;/i&gt;."


def answered(path: str, by: Any, error: Exception, data: dict[str, Any]) -> Any:
    """What the middleware says to a view of this address that raised ``error``."""
    request = RequestFactory().post(path, data)
    request.user = by
    request.resolver_match = None
    return refusals(lambda _request: HttpResponse()).process_exception(request, error)


@pytest.fixture
def busy(cast: Cast) -> Incident:
    """An internal note with a canary and a public reply came after version 3."""
    incident = stories.in_progress(cast)
    services.add_note(incident.pk, by=cast.cy, expected_version=None, text=CANARY)
    services.reply_to_reporter(
        incident.pk, by=cast.bo, expected_version=None, message="We look into it."
    )
    return stories.again(incident)


def test_the_reporter_learns_of_public_changes_only(cast: Cast, busy: Incident) -> None:
    response = answered(
        busy.reporter_url() + "message/",
        cast.ann,
        Conflict(busy, move="answer"),
        {"version": "3", "message": TYPED},
    )
    assert response.status_code == 409
    shown = words(response)
    assert "We look into it." in shown
    assert CANARY not in shown
    assert "SEV" not in shown
    assert "internal note" not in shown
    assert "/tickets/" not in shown
    assert TYPED_SHOWN in shown


def test_an_agent_on_the_page_of_their_own_report_is_a_reporter_there(
    cast: Cast, busy: Incident
) -> None:
    services.share_incident(busy.pk, by=cast.ann, email=cast.bo.email)
    error = Conflict(busy, move="answer")
    sent = {"version": "3", "message": TYPED}
    theirs = answered(busy.reporter_url(), cast.bo, error, sent)
    desks = answered(busy.get_absolute_url(), cast.bo, error, sent)
    assert CANARY not in words(theirs)
    assert CANARY in words(desks)


@pytest.mark.parametrize("place", ["get_absolute_url", "reporter_url"])
@pytest.mark.parametrize("error", [Conflict, NotAllowed])
def test_who_may_not_see_it_gets_a_plain_answer(
    cast: Cast, busy: Incident, error: Any, place: str
) -> None:
    path = getattr(busy, place)()
    response = answered(path, cast.zed, error(busy, move="resolve"), {"version": "1"})
    shown = words(response) if response else ""
    assert busy.title not in shown
    assert busy.reference not in shown
    assert CANARY not in shown


def test_the_reporter_is_not_told_who_works_where(cast: Cast, busy: Incident) -> None:
    response = answered(
        busy.reporter_url(), cast.ann, NotAllowed(busy, move="works_again"), {}
    )
    assert response.status_code == 403
    shown = words(response)
    assert "Only the person who confirms says so." in shown
    assert cast.lea.name not in shown
    assert "Ask somebody who can" not in shown


def test_input_that_no_form_caught_is_told_in_words(cast: Cast) -> None:
    error = ValidationError(["Choose another day.", "Say why."])
    response = answered("/tickets/1/", cast.bo, error, {})
    assert response.status_code == 400
    assert "Choose another day. Say why." in words(response)


def test_another_fault_is_none_of_its_business(cast: Cast) -> None:
    assert answered("/tickets/1/", cast.bo, ZeroDivisionError(), {}) is None


def test_hidden_answers_are_carried_and_tokens_are_not(
    window: As, cast: Cast, busy: Incident
) -> None:
    sent = {
        "code": "workaround",
        "text": TYPED,
        "verification": "Ann printed.",
        "version": "3",
        "csrfmiddlewaretoken": "old-token",
        "next": "/queue/",
    }
    shown = words(window("bo").post(address("resolve", busy), sent))
    assert 'name="code" value="workaround"' in shown
    assert 'name="next" value="/queue/"' in shown
    assert f'name="version" value="{busy.version}"' in shown
    assert "old-token" not in shown
    assert TYPED_SHOWN in shown
    assert "Resolve anyway" in shown


def test_what_the_page_sends_again_is_accepted(
    window: As, cast: Cast, busy: Incident
) -> None:
    sent = {"code": "fixed", "text": TYPED, "verification": "Ann printed."}
    again = {**sent, "version": busy.version}
    assert window("bo").post(address("resolve", busy), again).status_code == 302


def test_keep_editing_shows_the_form_with_what_was_typed(
    window: As, cast: Cast, busy: Incident
) -> None:
    sent = {"code": "fixed", "text": TYPED, "verification": "", "edit": "1"}
    response = window("bo").post(
        address("resolve", busy), {**sent, "version": busy.version}
    )
    assert response.status_code == 200
    shown = words(response)
    assert TYPED_SHOWN in shown
    assert "There is a problem" not in shown
    assert stories.again(busy).version == busy.version


def test_a_hostile_version_is_not_understood(
    window: As, cast: Cast, busy: Incident
) -> None:
    for version in ("<b>", "-1", "9" * 40, "٣"):
        sent = {"account": TYPED, "version": version}
        response = window("bo").post(address("record_call", busy), sent)
        assert response.status_code in {400, 409}, version


def test_asking_somebody_who_can_reaches_them(
    window: As, cast: Cast, busy: Incident
) -> None:
    refused = window("cy").get(address("resolve", busy))
    assert refused.status_code == 403
    assert f'value="{cast.bo.pk}"' in words(refused)
    sent = {"move": "resolve", "to": cast.bo.pk, "message": "Could you resolve it?"}
    response = window("cy").post(address("ask", busy), sent, follow=True)
    assert "Your question is sent." in words(response)
    assert "Cy Cole asked Bo Berg to act" in words(response)


def test_nobody_asks_one_who_cannot(window: As, cast: Cast, busy: Incident) -> None:
    sent = {"move": "resolve", "to": cast.zed.pk, "message": "Could you?"}
    response = window("cy").post(address("ask", busy), sent)
    assert response.status_code == 200
    assert "There is a problem" in words(response)
    assert stories.again(busy).version == busy.version
