"""The pages of moves say what they do to the promises, before anything is saved."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from activity import clock
from activity.models import Event
from incidents import services
from incidents.clocks.foretelling import when
from incidents.models import Clock, Incident
from incidents.views.move_pages import PAGES
from sla.codes import Metric
from tests.incidents import stories
from tests.incidents.ticket.cases import CASES, TEXT, Case, answers, at, named, overtake
from tests.incidents.ticket.conftest import As, words
from tests.people import Cast

TITLE = "What this does to the promises"
PLANNED = [case for case in CASES if PAGES[case.move].plan]
OTHERS = [case for case in CASES if not PAGES[case.move].plan]
BY_MOVE = {case.move: case for case in CASES}


def region(response: Any) -> str:
    """What the region says, as one line of text."""
    shown = words(response)
    if TITLE in shown:
        shown = shown.split(TITLE, 1)[1].split("</section>", 1)[0]
    return " ".join(unescape(strip_tags(shown.replace("<", " <"))).split())


def asked(
    client: Client, case: Case, incident: Incident, sent: Any, *, script: bool
) -> Any:
    headers = {"HX-Request": "true"} if script else {}
    data = {**sent, "preview": "1"}
    return client.post(at(case, incident), data, headers=headers)


def test_these_moves_say_it() -> None:
    assert {case.move for case in PLANNED} == {
        "triage",
        "reclassify",
        "override_severity",
        "hold",
        "transfer",
        "escalate",
        "triage_and_escalate",
        "hand_back",
        "reopen",
    }


@pytest.mark.parametrize("case", PLANNED, ids=named)
def test_it_is_there_at_first_sight(case: Case, window: As, cast: Cast) -> None:
    shown = window(case.by).get(at(case, case.story(cast)))
    assert TITLE in words(shown)
    assert re.search(r"Resolution .*[Dd]ue ", region(shown))
    assert "Show what it does" in words(shown)


@pytest.mark.parametrize("case", OTHERS, ids=named)
def test_other_moves_say_nothing_of_it(case: Case, window: As, cast: Cast) -> None:
    shown = words(window(case.by).get(at(case, case.story(cast))))
    assert TITLE not in shown
    assert "htmx" not in shown.split("</head>")[1]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("case", PLANNED, ids=named)
def test_asking_changes_nothing(
    case: Case, script: bool, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    client = window(case.by)
    events, rows = Event.objects.count(), list(Clock.objects.values().order_by("pk"))
    with CaptureQueriesContext(connection) as caught:
        response = asked(client, case, incident, sent, script=script)
    assert response.status_code == 200
    statements = [one["sql"] for one in caught.captured_queries]
    assert not [one for one in statements if re.match("INSERT|UPDATE|DELETE", one)]
    assert (Event.objects.count(), stories.again(incident).version) == (
        events,
        incident.version,
    )
    assert list(Clock.objects.values().order_by("pk")) == rows


@pytest.mark.parametrize("case", PLANNED, ids=named)
def test_without_scripts_all_that_was_typed_is_kept(
    case: Case, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    shown = words(asked(window(case.by), case, incident, sent, script=False))
    assert "There is a problem" not in shown
    assert f'name="version" value="{incident.version}"' in shown
    if TEXT in map(str, sent.values()):
        assert "&lt;b&gt;the drum&lt;/b&gt;" in shown
    assert "Not answered yet" not in shown


@pytest.mark.parametrize("case", PLANNED, ids=named)
def test_with_scripts_only_the_region_is_sent(
    case: Case, window: As, cast: Cast
) -> None:
    """Nothing in it takes the focus, so it may be swapped at any time."""
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    shown = words(asked(window(case.by), case, incident, sent, script=True))
    assert "Resolution" in shown
    assert "<html" not in shown
    assert not re.search(r"<(a|button|input|select|textarea|summary)\b", shown)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("case", PLANNED, ids=named)
def test_who_may_not_make_the_move_may_not_ask(
    case: Case, script: bool, window: As, cast: Cast
) -> None:
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    for name in {"zed", "ann", "max", "ida", "ned"} - {case.by}:
        found = asked(window(name), case, incident, sent, script=script)
        assert found.status_code == 404, name
    incident.holdings.get_or_create(team=cast.network)
    found = asked(window(case.other), case, incident, sent, script=script)
    assert found.status_code == 403


@pytest.mark.parametrize("case", PLANNED, ids=named)
def test_in_the_wrong_state_nobody_may_ask(case: Case, window: As, cast: Cast) -> None:
    assert case.wrong
    incident = case.wrong(cast)
    sent = {"version": incident.version, **case.given, "team": cast.desk.pk}
    found = asked(window(case.by), case, incident, sent, script=True)
    assert found.status_code == 409


@pytest.mark.parametrize("case", PLANNED, ids=named)
def test_what_changed_meanwhile_is_told_first(
    case: Case, window: As, cast: Cast
) -> None:
    """Going on from there makes the move, it does not ask once more."""
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    overtake(incident, cast)
    found = asked(window(case.by), case, incident, sent, script=False)
    assert found.status_code == 409
    assert "What changed since" in words(found)
    assert 'name="preview"' not in words(found)


@pytest.mark.parametrize(
    "move", ["triage", "triage_and_escalate", "reclassify", "override_severity"]
)
def test_what_it_says_is_what_happens(move: str, window: As, cast: Cast) -> None:
    case = BY_MOVE[move]
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version)
    client, moment = window(case.by), clock.now()
    said = region(asked(client, case, incident, sent, script=True))
    client.post(at(case, incident), sent)
    due_at = incident.clocks.get(metric=Metric.RESOLUTION).due_at
    assert due_at
    assert f"→ {when(due_at, moment)} (" in said


def test_triage_says_what_taking_adds(window: As, cast: Cast) -> None:
    shown = window("bo").get(at(BY_MOVE["triage"], stories.reported(cast)))
    assert "If you take it as well: kept, " in region(shown)


def test_what_is_set_by_hand_counts_here_as_well(window: As, cast: Cast) -> None:
    case = BY_MOVE["reclassify"]
    incident = stories.triaged(cast)
    services.override_severity(
        incident.pk, by=cast.bo, expected_version=None, severity=1, reason="Board."
    )
    incident = stories.again(incident)
    sent = answers(case, cast, case.given, incident.version)
    said = region(asked(window("bo"), case, incident, sent, script=True))
    assert "Policy SEV1, as before" in said


@pytest.mark.parametrize(
    ("move", "left_out", "missing"),
    [
        (
            "triage",
            {"service": "", "impact": ""},
            "“Service”, “Impact: who is affected?”",
        ),
        ("triage", {"service": "x", "category": "9" * 30}, "“Service”"),
        ("reclassify", {"urgency": "9"}, "“Urgency: how much does it stop them?”"),
        ("override_severity", {"severity": "9"}, "“Severity”"),
        ("hold", {"reason": ""}, "“What it waits for”"),
        ("hold", {"until": "soon"}, "“Another time”"),
        ("transfer", {"team": ""}, "“Team”"),
        ("triage_and_escalate", {"impact": ""}, "“Impact: who is affected?”"),
    ],
)
def test_what_is_missing_is_named_and_the_rest_is_said(
    move: str, left_out: dict[str, str], missing: str, window: As, cast: Cast
) -> None:
    case = BY_MOVE[move]
    incident = case.story(cast)
    sent = answers(case, cast, case.given, incident.version) | left_out
    found = asked(window(case.by), case, incident, sent, script=True)
    assert f"Not answered yet: {missing}." in region(found)
    assert "Resolution" in region(found)
    page = asked(window(case.by), case, incident, sent, script=False)
    assert "There is a problem" not in words(page)


def test_without_a_reason_a_hold_says_only_how_it_stands(
    window: As, cast: Cast
) -> None:
    shown = window("bo").get(at(BY_MOVE["hold"], stories.in_progress(cast)))
    assert " as it stands" in region(shown)
    assert "Paused" not in region(shown)


@pytest.mark.parametrize(("hours", "again"), [(30, True), (-30, False)])
def test_a_hold_is_due_again_only_where_it_ends_later(
    hours: int, again: bool, window: As, cast: Cast
) -> None:
    case = BY_MOVE["hold"]
    incident = case.story(cast)
    until = (clock.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
    given = {"reason": "awaiting_supplier", "until": until}
    sent = answers(case, cast, given, incident.version)
    said = region(asked(window("bo"), case, incident, sent, script=True))
    assert "Paused while it waits for a supplier" in said
    assert ("due again" in said) == again


def test_looking_ahead_takes_few_questions(
    window: As, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    """However much happened."""
    incident = stories.in_progress(cast)
    for _ in range(20):
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="We look."
        )
    incident = stories.again(incident)
    for move, most in (("reclassify", 40), ("hold", 25), ("override_severity", 30)):
        case = BY_MOVE[move]
        sent = answers(case, cast, case.given, incident.version)
        client = window("bo")
        with django_assert_max_num_queries(most):
            asked(client, case, incident, sent, script=True)
