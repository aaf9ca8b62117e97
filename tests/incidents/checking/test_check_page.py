"""The page of the check: decided on with the keyboard alone, nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.forms.checking import seal
from incidents.models import Incident, KnownErrorCheck
from incidents.services.checking import candidates_for
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.incidents.checking.asked import BLANK, check, refused
from tests.incidents.using.known import known, retire, rewrite, use
from tests.people import Cast


@pytest.fixture
def version(cast: Cast) -> ArticleVersion:
    return known(cast)


@pytest.fixture
def incident(cast: Cast, version: ArticleVersion) -> Incident:
    return stories.in_progress(cast, **BLANK)


@pytest.fixture
def bo(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bo)
    return client


def address(incident: Incident) -> str:
    return reverse("incidents:check_known_errors", args=[incident.pk])


def form(incident: Incident, *versions: ArticleVersion, **answers: str) -> Any:
    """What the page sends: ``decided=...`` is about every version."""
    found = stories.again(incident)
    given: dict[str, Any] = {
        "version": found.version,
        "shown": seal(found, [one.pk for one in versions]),
    }
    return given | {
        f"{name}_{one.pk}": value for one in versions for name, value in answers.items()
    }


def words(response: Any) -> str:
    return str(response.content.decode())


def test_it_shows_each_with_its_reason_and_what_it_says(
    bo: Client, incident: Incident, version: ArticleVersion
) -> None:
    shown = words(bo.get(address(incident)))
    assert version.title in shown
    assert "E102" in shown
    assert "lpadmin" in shown
    assert "Switch the printer off and on again." in shown


def test_refusing_leads_back_to_the_ticket_which_says_so(
    bo: Client, incident: Incident, version: ArticleVersion
) -> None:
    given = form(incident, version, decided="refused", refusal="not_safe", word="Hot.")
    answer = bo.post(address(incident), given, follow=True)
    assert answer.redirect_chain[-1][0] == incident.get_absolute_url()
    shown = words(answer)
    assert "Your decisions are on record." in shown
    assert "used: 0, not used: 1" in shown
    assert "Hot." in shown


def test_using_is_one_choice_and_one_press(
    bo: Client, incident: Incident, version: ArticleVersion
) -> None:
    bo.post(address(incident), form(incident, version, decided="used"))
    assert KnownErrorCheck.objects.get().candidates.get().use is not None


def test_what_was_used_already_is_chosen_beforehand(
    bo: Client, cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    use(incident, version, by=cast.bo)
    shown = words(bo.get(address(incident)))
    assert "Told the reporter," in shown
    assert 'value="used"' in shown
    assert "checked" in shown.split('value="used"')[1][:120]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Say whether you use it."),
        ({"decided": "perhaps"}, "Select a valid choice"),
        ({"decided": "refused"}, "Say why you do not use it."),
        ({"decided": "refused", "refusal": "lazy"}, "Select a valid choice"),
    ],
)
def test_what_is_not_decided_is_asked_again_with_what_was_typed(
    bo: Client,
    incident: Incident,
    version: ArticleVersion,
    answers: dict[str, str],
    sentence: str,
) -> None:
    given = form(incident, version, word="Kept words.", **answers)
    answer = bo.post(address(incident), given)
    assert answer.status_code == 200
    assert sentence in words(answer)
    assert "Kept words." in words(answer)
    assert not KnownErrorCheck.objects.exists()


def test_other_candidates_are_shown_and_decisions_kept(
    bo: Client, cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    given = form(incident, version, decided="refused", refusal="not_safe", word="Hot.")
    other = known(cast, title="Labels blank after the update, E102")
    answer = bo.post(address(incident), given)
    shown = words(answer)
    assert answer.status_code == 200
    assert "Other known errors are suggested by now" in shown
    assert other.title in shown
    assert "Hot." in shown
    assert not KnownErrorCheck.objects.exists()
    seen = [one.version for one in candidates_for(incident, cast.bo)]
    answered = form(incident, *seen, decided="refused", refusal="not_safe")
    assert bo.post(address(incident), answered).status_code == 302


def test_an_older_version_is_not_decided_on(
    bo: Client, cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    given = form(incident, version, decided="used")
    rewrite(cast, version, symptom="Labels come out blank, E102.")
    assert "Other known errors" in words(bo.post(address(incident), given))
    assert not KnownErrorCheck.objects.exists()


@pytest.mark.parametrize("shown", ["", "x", "forged:sealed:no", "\x00", "é" * 500])
def test_what_we_never_showed_is_not_decided_on(
    bo: Client, incident: Incident, version: ArticleVersion, shown: str
) -> None:
    given = form(incident, version, decided="used") | {"shown": shown}
    answer = bo.post(address(incident), given)
    assert answer.status_code == 200
    assert not KnownErrorCheck.objects.exists()


def test_what_was_shown_of_another_ticket_does_not_count(
    bo: Client, cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    other = stories.in_progress(cast, **BLANK)
    given = form(incident, version, decided="used")
    given["shown"] = seal(other, [version.pk])
    bo.post(address(incident), given)
    assert not KnownErrorCheck.objects.exists()


def test_that_nothing_was_found_is_one_press(
    bo: Client, incident: Incident, version: ArticleVersion
) -> None:
    retire(version)
    assert "Record that nothing was found" in words(bo.get(address(incident)))
    shown = words(bo.post(address(incident), form(incident), follow=True))
    assert "no known error was found" in shown


def test_a_stale_page_is_told_what_changed_and_keeps_the_words(
    bo: Client, cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    given = form(incident, version, decided="refused", refusal="not_safe", word="Hot.")
    check(incident, by=cast.cy, decisions={version.pk: refused()})
    answer = bo.post(address(incident), given)
    assert answer.status_code == 409
    assert "Cy Cole checked for known errors" in words(answer)
    assert "Hot." in words(answer)


@pytest.mark.parametrize("who", ["ann", "zed", "max", "ida", "ned"])
def test_to_who_does_not_see_the_ticket_it_is_missing(
    client: Client, cast: Cast, incident: Incident, who: str
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(incident)).status_code == 404
    assert client.post(address(incident), {"version": 1}).status_code == 404


def test_who_held_it_once_reads_but_does_not_check(
    client: Client, cast: Cast, incident: Incident
) -> None:
    incident.holdings.create(team=cast.network)
    client.force_login(cast.ned)
    answer = client.get(address(incident))
    assert answer.status_code == 403
    assert "Only the service desk and the team that holds it." in words(answer)


def test_the_page_costs_the_same_for_three_as_for_one(
    bo: Client, cast: Cast, incident: Incident, django_assert_max_num_queries: Any
) -> None:
    for number in range(2):
        known(cast, title=f"Label printer prints blank labels {number}")
    bo.get(address(incident))  # The index is made once.
    with django_assert_max_num_queries(17):
        shown = words(bo.get(address(incident)))
    assert shown.count('class="panel check-candidate"') == 3
