"""Triage: the severity that follows, and taking it in the same breath."""

from accounts.models import Team
from tests.incidents import stories
from tests.incidents.ticket.cases import CASES, TRIAGE, answers, at
from tests.incidents.ticket.conftest import As, words
from tests.people import Cast


def test_triage_says_what_severity_the_answers_make(window: As, cast: Cast) -> None:
    incident = stories.reported(cast)
    client, case = window("bo"), CASES[0]
    sent = answers(case, cast, TRIAGE, incident.version)
    wrong = client.post(at(case, incident), {**sent, "service": ""})
    assert "What you chose makes it SEV2." in words(wrong)
    right = client.post(at(case, incident), sent, follow=True)
    assert f"{incident.reference} is triaged: SEV2." in words(right)


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
