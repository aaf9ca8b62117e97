"""One box finds tickets, articles and people, in the words that people use."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents import services
from incidents.models import Words
from incidents.searching import incidents_saying
from knowledgebase import services as articles_do
from knowledgebase.models import Article, Word
from tests.database import sql, without
from tests.incidents import stories
from tests.knowledgebase import stories as articles
from tests.people import Cast

SEARCH = "/search/"


@pytest.fixture
def editor(cast: Cast) -> User:
    return articles.make_editor()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def groups(user: User, words: str) -> dict[str, str]:
    """What is found, kind by kind, as it is counted on the page."""
    found = client_of(user).get(SEARCH, {"q": words}).context["groups"]
    return {group.code: group.count for group in found}


def page(user: User, words: str, **more: str) -> str:
    return client_of(user).get(SEARCH, {"q": words} | more).content.decode()


def said(user: User, words: str) -> list[Article]:
    within = Article.objects.visible_to(user)
    return list(within.matching(words, user))


# --- languages --------------------------------------------------------------------

GERMAN = {
    "title": "Etikettendrucker druckt leere Blätter",
    "symptom": "Die Etiketten bleiben weiß, Meldungen erscheinen keine.",
    "workaround_reporters": "Den Drucker aus- und wieder einschalten.",
    "signatures": ["E102"],
}


@pytest.mark.parametrize(
    "words",
    [
        "Etikettendruckern",
        "druckte leeres Blatt",
        "weisse Etikett",
        "Meldung",
        "einschalten drucker",
        '"leere Blätter"',
        "the Etiketten",
    ],
)
def test_german_words_are_found_by_their_stems(
    cast: Cast, editor: User, words: str
) -> None:
    content = articles.known_error(**GERMAN)
    article = articles.published(cast, editor, content=content)
    assert said(cast.ann, words) == [article]


def test_a_report_in_german_is_found_by_who_wrote_it(cast: Cast) -> None:
    incident = stories.reported(
        cast, title="Drucker druckt nicht", description="Alle Seiten bleiben leer."
    )
    for words in ("Druckern druckt", "leeren Seite"):
        assert incidents_saying(words, user=cast.ann).numbers == [incident.pk]


def test_what_is_left_out_is_left_out_with_every_ending(
    cast: Cast, editor: User
) -> None:
    articles.published(cast, editor)
    assert said(cast.ann, "printer")
    assert not said(cast.ann, "printer -printed")
    assert not said(cast.ann, "-printer")


# --- order ------------------------------------------------------------------------


def test_an_error_code_goes_before_words(cast: Cast, editor: User) -> None:
    content = articles.how_to(title="Error E200 of the fax", body="E200 is harmless.")
    wordy = articles_do.draft_article(by=cast.bo, kind="how_to", content=content)
    articles_do.submit_for_review(wordy.pk, by=cast.bo, expected_version=None)
    articles_do.publish_article(wordy.pk, by=editor, expected_version=None)
    content = articles.known_error(title="Paper", signatures=["E200"])
    coded = articles.published(cast, editor, content=content)
    assert [one.pk for one in said(cast.ann, "e200")] == [coded.pk, wordy.pk]
    assert said(cast.ann, "error E200,")[0].pk == coded.pk


def test_a_subject_counts_more_than_the_report(cast: Cast) -> None:
    stories.reported(cast, title="Other", description="The fax is silent.")
    best = stories.reported(cast, title="The fax", description="It is silent.")
    found = incidents_saying("fax", user=cast.bo).numbers
    assert [found[0], len(found)] == [best.pk, 2]


# --- misspelt words ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["ann", "bo", "zed"])
def test_a_misspelt_word_still_finds_and_says_so(
    cast: Cast, editor: User, name: str
) -> None:
    articles.published(cast, editor)
    text = page(getattr(cast, name), "pritner blank")
    assert "Nothing for “pritner blank”. Showing results for words like it" in text
    assert "<strong>printer blank</strong>" in text
    assert "Label printer prints blank labels" in text
    listed = client_of(cast.ann).get(reverse("knowledge:articles"), {"q": "pritner"})
    assert "Nothing for “pritner”." in listed.content.decode()
    assert "<mark>printer</mark>" in listed.content.decode()


def test_a_misspelt_word_finds_a_subject_that_no_article_helps_with(
    cast: Cast,
) -> None:
    incident = stories.reported(cast, title="Coffee machine overflows")
    found = incidents_saying("overfolws", user=cast.bo)
    assert [found.numbers, found.instead] == [[incident.pk], "overflows"]
    assert not incidents_saying("overfolws", user=cast.zed).numbers


def test_what_is_right_is_not_corrected(cast: Cast, editor: User) -> None:
    articles.published(cast, editor)
    assert "Showing results" not in page(cast.ann, "printer")
    assert groups(cast.ann, "printer unheardof") == {}
    for words in ("12345", "pr", "-pritner", "E1O2"):
        assert groups(cast.ann, words) == {}, words


def test_nobody_is_led_to_a_word_that_only_agents_read(
    cast: Cast, editor: User
) -> None:
    articles.published(cast, editor)  # Its cause says "forgets".
    assert groups(cast.bo, "fogrets") == {"articles": "1"}
    assert groups(cast.ann, "fogrets") == {}


# --- the words that are known -----------------------------------------------------


def counts(word: str) -> list[tuple[int, int, int]]:
    known = Word.objects.filter(pk=word)
    return list(known.values_list("for_everyone", "for_staff", "for_agents"))


def test_words_come_and_go_with_what_is_published(cast: Cast, editor: User) -> None:
    content = articles.known_error(audience="staff")
    articles.submitted(cast, content=content)
    assert counts("printer") == []
    article = articles.published(cast, editor)
    assert counts("printer") == [(1, 1, 1)]
    assert counts("forgets") == [(0, 0, 1)]
    second = articles.published(cast, editor, content=content)
    assert counts("printer") == [(1, 2, 2)]
    articles_do.retire_article(
        article.pk, by=editor, expected_version=None, reason="Gone."
    )
    assert counts("printer") == [(0, 1, 1)]
    articles_do.new_version(second.pk, by=cast.bo, expected_version=None)
    given: dict[str, Any] = {"by": cast.bo, "expected_version": None}
    plotter = articles.known_error(title="Plotter", cause="", symptom="It stops.")
    articles_do.save_draft(second.pk, content=plotter, **given)
    articles_do.submit_for_review(second.pk, **given)
    assert counts("plotter") == []
    articles_do.publish_article(second.pk, by=editor, expected_version=None)
    assert counts("plotter") == [(1, 1, 1)]
    assert counts("forgets") == []


def test_without_the_trigger_a_retired_word_would_stay(
    cast: Cast, editor: User
) -> None:
    article = articles.published(cast, editor)
    without("knowledgebase_articleversion.article_words_follow")
    articles_do.retire_article(
        article.pk, by=editor, expected_version=None, reason="Gone."
    )
    assert counts("printer") == [(1, 1, 1)]


def test_words_of_a_ticket_follow_it_whoever_changes_it(cast: Cast) -> None:
    incident = stories.reported(cast, title="The fax", description="It is silent.")
    assert Words.objects.get().title == "The fax"
    without("incidents_incident.incident_agrees_on_update")
    sql("UPDATE incidents_incident SET title = 'The plotter'")
    assert incidents_saying("plotter", user=cast.bo).numbers == [incident.pk]
    assert not incidents_saying("fax", user=cast.bo).numbers


# --- numbers ----------------------------------------------------------------------


@pytest.mark.parametrize("form", ["INC-{:05d}", "inc {}", "{}", "#{}", "# {}", "inc{}"])
def test_a_number_leads_to_its_ticket(cast: Cast, form: str) -> None:
    incident = stories.reported(cast)
    words = form.format(incident.pk)
    for user, place in (
        (cast.bo, incident.get_absolute_url()),
        (cast.ann, incident.reporter_url()),
    ):
        for ask in (client_of(user).get, client_of(user).post):
            assert ask(SEARCH, {"q": words})["Location"] == place
    assert groups(cast.zed, words) == {}


@pytest.mark.parametrize("form", ["KB-{:05d}", "kb {}", "kb{}"])
def test_a_number_leads_to_its_article(cast: Cast, editor: User, form: str) -> None:
    article = articles.published(cast, editor)
    response = client_of(cast.ann).get(SEARCH, {"q": form.format(article.pk)})
    assert response["Location"] == article.get_absolute_url()


def test_a_resolver_is_led_to_the_page_that_is_theirs(cast: Cast) -> None:
    own = stories.reported(cast, by=cast.ned, title="My own chair")
    client = client_of(cast.ned)
    assert client.get(SEARCH, {"q": own.reference})["Location"] == own.reporter_url()
    assert own.reporter_url() in page(cast.ned, "chair")
    held = stories.reported(cast, title="Their chair")
    held.holdings.create(team=cast.network)
    assert held.get_absolute_url() in page(cast.ned, "chair")


# --- the page ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ann", "bo", "ned", "max", "ida", "zed"])
@pytest.mark.parametrize(
    "words",
    [
        "' & | ! :*",
        "\\",
        "((",
        '"',
        "%",
        "-",
        "--",
        "<b>x</b>",
        "é" * 150,
        "😀",
        "0",
        "a",
    ],
)
def test_odd_words_break_nothing(cast: Cast, name: str, words: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(SEARCH, {"q": words}).status_code == 200
    assert client.post(SEARCH, {"q": words}, follow=True).status_code == 200


def test_what_cannot_be_searched_is_said_and_kept(cast: Cast) -> None:
    client = client_of(cast.ann)
    for ask in (client.get, client.post):
        text = ask(SEARCH, {"q": "x" * 151}).content.decode()
        assert "Use at most 150 characters." in text
        assert "x" * 151 in text
    assert client.post(SEARCH, {"q": "a\0b"}).status_code == 200
    assert client.get(f"{SEARCH}?q=a%00b").status_code == 400
    assert client.post(SEARCH, {"q": "  "})["Location"] == SEARCH
    assert client.get(SEARCH).status_code == 200


def test_people_are_found_by_those_who_may_see_them(cast: Cast) -> None:
    assert "ann@example.org" in page(cast.bo, "arch ann")
    assert groups(cast.ned, "ann@example") == {"people": "1"}
    assert reverse("admin:accounts_user_change", args=[cast.ann.pk]) in page(
        cast.ida, "archer"
    )
    for user in (cast.ann, cast.zed, cast.max):
        assert groups(user, "archer") == {}


def test_the_words_are_marked_in_what_is_found(cast: Cast) -> None:
    stories.reported(cast, title="Printer <b>_x_</b>", description="No prints at all.")
    text = page(cast.bo, "printer")
    assert "<mark>Printer</mark> &lt;b&gt;_x_&lt;/b&gt;" in text
    assert "No <mark>prints</mark> at all." in page(cast.ann, "print")


def test_more_than_a_few_have_a_list_of_their_own(cast: Cast) -> None:
    for number in range(8):
        stories.reported(cast, title=f"Printer on floor {number}")
    text = page(cast.bo, "printer")
    assert text.count("Printer</mark> on floor") == 6
    assert "q=printer&amp;in=tickets" in text
    text = page(cast.bo, "printer", **{"in": "tickets"})
    assert text.count("Printer</mark> on floor") == 8
    assert (
        client_of(cast.bo).get(SEARCH, {"q": "printer", "in": "x"}).status_code == 200
    )


def test_nothing_found_says_what_to_do(cast: Cast) -> None:
    text = page(cast.ann, "coffee")
    assert "Nothing found for “coffee”" in text
    for name in ("incidents:report", "help"):
        assert f'href="{reverse(name)}"' in text
    assert reverse("incidents:contact") in page(cast.bo, "coffee")


def test_what_a_colleague_writes_inside_is_not_found(cast: Cast) -> None:
    incident = stories.in_progress(cast, title="Printer", description="Silent.")
    by: dict[str, Any] = {"by": cast.bo, "expected_version": None}
    services.add_note(incident.pk, text="Gremlins everywhere", **by)
    for user in (cast.ann, cast.bo):
        assert groups(user, "gremlins") == {}
