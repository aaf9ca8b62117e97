"""Triage: the severity that follows, and taking it in the same breath."""

import json
import re
from html import unescape
from typing import Any

from accounts.models import Team
from incidents import services
from incidents.models import Attachment, Incident, SeverityRule
from tests.incidents import stories
from tests.incidents.ticket.cases import CASES, TRIAGE, answers, at
from tests.incidents.ticket.conftest import As, words
from tests.people import Cast


def test_triage_says_what_severity_the_answers_make(window: As, cast: Cast) -> None:
    incident = stories.reported(cast)
    client, case = window("bo"), CASES[0]
    sent = answers(case, cast, TRIAGE, incident.version)
    wrong = client.post(at(case, incident), {**sent, "service": ""})
    assert spoken(wrong) == "Impact and urgency make it SEV2."
    right = client.post(at(case, incident), sent, follow=True)
    assert f"{incident.reference} is triaged: SEV2." in words(right)


def spoken(response: Any) -> str:
    """What the live region below impact and urgency says."""
    return _live(response)[1]


def by_answers(response: Any) -> Any:
    """What it would say for every pair of answers."""
    return json.loads(unescape(_live(response)[0]))


def _live(response: Any) -> tuple[str, str]:
    found = re.findall(
        r'<strong aria-live="polite" data-severities="([^"]*)">([^<]*)</strong>',
        words(response),
    )
    assert len(found) == 1
    return str(found[0][0]), str(found[0][1])


def test_the_severity_of_every_answer_is_on_the_page(window: As, cast: Cast) -> None:
    incident = stories.reported(cast, impact=3, urgency=1)
    SeverityRule.objects.filter(impact=2, urgency=3).update(severity=1)
    shown = window("bo").get(at(CASES[0], incident))
    assert spoken(shown) == "Impact and urgency make it SEV3."
    assert by_answers(shown)["2"]["3"] == "Impact and urgency make it SEV1."
    assert sum(len(row) for row in by_answers(shown).values()) == 9
    assert "js/severity.js" in words(shown)


def test_classifying_again_says_that_a_severity_by_hand_stays(
    window: As, cast: Cast
) -> None:
    incident = stories.triaged(cast)
    client, case = window("bo"), CASES[1]
    assert spoken(client.get(at(case, incident))) == "Impact and urgency make it SEV4."
    services.override_severity(
        incident.pk, by=cast.bo, expected_version=None, severity=1, reason="The board."
    )
    told = by_answers(client.get(at(case, incident)))["1"]["2"]
    assert told.startswith("Impact and urgency make it SEV2, but somebody set SEV1")


def test_triage_shows_the_files_of_the_report_and_no_others(
    window: As, cast: Cast
) -> None:
    incident = stories.reported(cast)
    first = file_of(incident, cast, seq=1, name="blank-page.png")
    file_of(incident, cast, seq=2, name="later.png")
    shown = words(window("bo").get(at(CASES[0], incident)))
    assert f'<a href="/files/{first.pk}/">blank-page.png</a>' in shown
    assert "later.png" not in shown


def file_of(incident: Incident, cast: Cast, *, seq: int, name: str) -> Attachment:
    return Attachment.objects.create(
        incident=incident,
        seq=seq,
        file="none",
        name=name,
        content_type="image/png",
        size=2048,
        sha256="0" * 64,
        uploaded_by=cast.ann,
        uploaded_at="2026-11-21T09:00:00Z",
    )


def test_triage_and_take_is_one_press(window: As, cast: Cast) -> None:
    incident = stories.reported(cast)
    sent = answers(CASES[0], cast, {**TRIAGE}, incident.version)
    window("bo").post(at(CASES[0], incident), {**sent, "then": "take"})
    after = stories.again(incident)
    assert (after.status, after.owner) == ("in_progress", cast.bo)


def test_who_cannot_take_it_there_has_not_triaged_it_either(
    window: As, cast: Cast
) -> None:
    north = Team.objects.create(name="North desk", tier=1, is_service_desk=True)
    incident = stories.reported(cast)
    sent = answers(CASES[0], cast, {**TRIAGE}, incident.version)
    response = window("bo").post(
        at(CASES[0], incident), {**sent, "team": north.pk, "then": "take"}
    )
    assert "only in a team of yours" in words(response)
    assert stories.again(incident).status == "new"
