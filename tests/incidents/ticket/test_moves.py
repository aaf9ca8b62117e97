"""Every move by its page: made, refused, stale, and shown again with what was typed."""

from typing import Any

import pytest

from accounts.models import Team
from incidents.models import Incident
from incidents.views.move_pages import PAGES
from tests.incidents import stories
from tests.incidents.ticket.cases import (
    CASES,
    NEVER_TOO_LATE,
    TEXT,
    Case,
    answers,
    at,
    named,
    overtake,
)
from tests.incidents.ticket.conftest import As, words
from tests.people import Cast


def test_every_page_has_its_case() -> None:
    assert {case.move for case in CASES} == set(PAGES)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_form_is_shown_and_looking_changes_nothing(
    case: Case, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    response = window(case.by).get(at(case, incident))
    assert response.status_code == 200
    assert stories.again(incident).version == incident.version


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_move_is_made_and_a_sentence_says_so(
    case: Case, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    response = window(case.by).post(at(case, incident), sent, follow=True)
    assert response.redirect_chain, words(response)
    assert 'class="banner good"' in words(response)
    after = stories.again(incident)
    assert after.version > incident.version
    assert after.status == (case.status or incident.status)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_bad_input_is_shown_again_with_what_was_typed(
    case: Case, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    assert case.bad is not None
    sent = answers(case, cast, case.bad, incident.version)
    if case.move in {"triage", "reclassify"}:
        sent |= {"then": ""}
    response = window(case.by).post(at(case, incident), sent)
    assert response.status_code == 200
    shown = words(response)
    assert "There is a problem" in shown
    assert case.typed.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in shown
    assert stories.again(incident).version == incident.version


@pytest.mark.parametrize("case", [c for c in CASES if c.other], ids=named)
def test_who_may_not_is_told_why_and_whom_to_ask(
    case: Case, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    incident.holdings.get_or_create(team=cast.network)
    for response in (
        window(case.other).get(at(case, incident)),
        window(case.other).post(
            at(case, incident), answers(case, cast, case.given, incident.version)
        ),
    ):
        assert response.status_code == 403
        shown = words(response)
        assert "You may not do this" in shown
        assert "Ask somebody who can" in shown
    assert stories.again(incident).status == incident.status


@pytest.mark.parametrize("case", [c for c in CASES if c.wrong], ids=named)
def test_in_the_wrong_state_the_form_is_not_shown(
    case: Case, window: As, cast: Cast
) -> None:
    assert case.wrong is not None
    incident = case.wrong(cast)
    client = window(case.by)
    assert client.get(at(case, incident)).status_code == 409
    sent = answers_in_any_state(case, cast, incident)
    assert client.post(at(case, incident), sent).status_code == 409
    assert stories.again(incident).version == incident.version


def answers_in_any_state(case: Case, cast: Cast, incident: Incident) -> Any:
    if case.move == "transfer":
        Team.objects.create(name="North desk", tier=1, is_service_desk=True)
    return answers(case, cast, case.given, incident.version)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.move not in NEVER_TOO_LATE], ids=named
)
def test_a_stale_page_tells_what_changed_and_keeps_what_was_typed(
    case: Case, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    overtake(incident, cast)
    response = window(case.by).post(at(case, incident), sent)
    assert response.status_code == 409
    shown = words(response)
    assert "What changed since" in shown
    assert "I looked at it too." in shown
    if TEXT in map(str, sent.values()):
        assert "&lt;b&gt;the drum&lt;/b&gt;" in shown
    assert stories.again(incident).version == incident.version + 1


@pytest.mark.parametrize("case", CASES, ids=named)
def test_strangers_are_told_nothing(case: Case, window: As, cast: Cast) -> None:
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    for name in {"zed", "max", "ida", "ned"} - {case.by}:
        client = window(name)
        assert client.get(at(case, incident)).status_code == 404, name
        assert client.post(at(case, incident), sent).status_code == 404, name
