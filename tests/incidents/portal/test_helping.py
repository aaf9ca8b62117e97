"""Help before a report is sent: offered, never in the way; nothing typed is kept."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from incidents.models import Attachment, Deflection, Incident
from knowledgebase.codes import Audience
from knowledgebase.models import Article, ArticleVersion
from knowledgebase.services import retire_article
from tests.incidents import stories
from tests.incidents.portal.browsing import ClientOf, picture, report_form, text_of
from tests.incidents.told import (
    HEADLINE,
    NOTICE,
    announced,
    announcement_of,
    joined,
)
from tests.knowledgebase import stories as articles
from tests.people import Cast

TYPED = "The label printer prints blank labels since this morning."
HTMX = {"HTTP_HX_REQUEST": "true"}
AGENTS = "canarydriver"


@pytest.fixture(autouse=True)
def nobody_asked_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def article(cast: Cast) -> Article:
    content = articles.known_error(workaround_agents=f"Set the {AGENTS} by hand.")
    return articles.published(cast, articles.make_editor(), content=content)


@pytest.fixture
def version(article: Article) -> ArticleVersion:
    assert article.current is not None
    return article.current


@pytest.fixture
def ann(client_of: ClientOf, cast: Cast) -> Client:
    return client_of(cast.ann)


@pytest.fixture
def zed(client_of: ClientOf, cast: Cast) -> Client:
    return client_of(cast.zed)


def look(client: Client, text: str, **more: Any) -> Any:
    return client.post("/report/look/", {"description": text, **more}, **HTMX)  # type: ignore[arg-type]


def solve(client: Client, version: ArticleVersion, **more: Any) -> Any:
    return client.post("/report/solved/", report_form(version=version.pk, **more))


# --- while they type ----------------------------------------------------------------


def test_what_may_help_is_offered_while_they_type(
    ann: Client, article: Article
) -> None:
    response = look(ann, TYPED)
    shown = text_of(response)
    assert "Label printer prints blank labels" in shown
    assert "Switch the printer off and on again." in shown
    assert "This solved it" in shown
    assert "1 thing that may help is listed below the text." in shown
    assert "<html" not in shown


def test_reporters_are_not_told_what_agents_do(
    ann: Client, client_of: ClientOf, cast: Cast, article: Article
) -> None:
    """Neither shown nor found by it; agents who report are reporters, too."""
    assert AGENTS not in text_of(look(ann, TYPED))
    assert text_of(look(ann, f"The {AGENTS} is wrong")) == text_of(
        look(ann, "The zzzzzzzzzzzz is wrong")
    )
    assert AGENTS not in text_of(look(client_of(cast.bo), TYPED))


@pytest.mark.parametrize("audience", [Audience.STAFF, Audience.AGENTS])
def test_articles_for_others_are_as_missing_as_none(
    ann: Client, cast: Cast, audience: str
) -> None:
    content = articles.known_error(audience=audience)
    articles.published(cast, articles.make_editor(), content=content)
    assert text_of(look(ann, TYPED)) == text_of(look(ann, "Nothing of the kind at all"))


def test_what_is_retired_is_never_offered(ann: Client, article: Article) -> None:
    editor = article.current.reviews.get().by  # type: ignore[union-attr]
    retire_article(article.pk, by=editor, expected_version=None, reason="It is gone.")
    assert "Label printer" not in text_of(look(ann, TYPED))


@pytest.mark.parametrize(
    "text", ["", "  ", "help", "\0\0", "x" * 20_000, "'; --", "%s"]
)
def test_odd_words_find_nothing_and_break_nothing(
    ann: Client, article: Article, text: str
) -> None:
    response = look(ann, text, shown="a1")
    assert response.status_code == 200
    assert "help-found" not in text_of(response)
    assert look(ann, text).status_code == 204


def test_the_same_again_changes_nothing_on_the_page(
    ann: Client, version: ArticleVersion
) -> None:
    """Nobody is told twice, and what they unfolded stays unfolded."""
    assert look(ann, TYPED, shown=f"a{version.pk}").status_code == 204


def test_who_asks_very_often_waits_but_may_always_send(
    ann: Client, article: Article
) -> None:
    answers = [look(ann, f"{TYPED} {number}").status_code for number in range(61)]
    assert answers == [200] * 60 + [204]
    page = ann.post("/report/look/", report_form(description=TYPED))
    assert "Wait a minute" in text_of(page)
    assert TYPED in text_of(page)
    assert ann.post("/report/", report_form()).status_code == 302


def test_no_word_of_it_stands_in_an_address(ann: Client) -> None:
    page = text_of(ann.get("/report/"))
    assert "hx-get" not in page
    assert 'hx-post="/report/look/"' in page
    assert ann.get("/report/look/").status_code == 405


def test_looking_costs_the_same_however_much_there_is(
    cast: Cast, article: Article, django_assert_max_num_queries: Any
) -> None:
    """Who reported none of it. Most statements count how often they asked."""
    zed = Client()
    zed.force_login(cast.zed)
    editor = articles.make_editor("Kay Kerr")
    for number in range(4):
        content = articles.known_error(title=f"Label printer {number} prints blank")
        articles.published(cast, editor, content=content)
        announced(cast, title=f"Label printer {number} prints blank labels")
    look(zed, TYPED)
    with django_assert_max_num_queries(19):
        shown = text_of(look(zed, TYPED + " Again."))
    assert shown.count("This solved it") == 3
    assert shown.count("Me too") == 3


# --- without a script ---------------------------------------------------------------


def test_without_a_script_one_button_looks_first(ann: Client, article: Article) -> None:
    form = report_form(description=TYPED, files=[picture("label.png")])
    page = text_of(ann.post("/report/look/", form))
    assert "<h1>Report a problem</h1>" in page
    assert "Switch the printer off and on again." in page
    assert TYPED in page
    assert "label.png" in page
    assert 'value="2" required' not in page
    assert Attachment.objects.get().incident is None
    assert not Incident.objects.exists()


def test_nothing_found_is_said_there(ann: Client) -> None:
    page = text_of(ann.post("/report/look/", report_form(description="Odd noises")))
    assert "Nothing found that may help. Send your report." in page


def test_sending_never_takes_a_step_more(ann: Client, article: Article) -> None:
    response = ann.post("/report/", report_form(description=TYPED))
    assert response.status_code == 302
    assert Incident.objects.get().description == TYPED


# --- this solved it -----------------------------------------------------------------


def test_this_solved_it_is_counted_and_nothing_is_sent(
    ann: Client, cast: Cast, version: ArticleVersion
) -> None:
    page = text_of(solve(ann, version, description=TYPED))
    assert "Good. Nothing was sent." in page
    row = Deflection.objects.get()
    assert (row.by, row.version, row.letters) == (cast.ann, version, len(TYPED))
    assert not Incident.objects.exists()


def test_of_what_was_typed_nothing_is_kept(
    ann: Client, version: ArticleVersion
) -> None:
    solve(ann, version, description=f"{TYPED} My secret.")
    row = Deflection.objects.values().get()
    assert "secret" not in str(row)


def test_pressed_twice_it_counts_once(ann: Client, version: ArticleVersion) -> None:
    submission = str(uuid4())
    for _press in range(2):
        page = text_of(solve(ann, version, submission=submission))
        assert "Good. Nothing was sent." in page
    assert Deflection.objects.count() == 1


@pytest.mark.parametrize("pk", ["", "0", "-1", "x", "999999", str(2**64), "\0"])
def test_by_no_article_it_is_not_solved(ann: Client, pk: str) -> None:
    response = ann.post("/report/solved/", report_form(version=pk))
    assert response.status_code == 404
    assert not Deflection.objects.exists()


def test_what_somebody_cannot_read_did_not_help_them(ann: Client, cast: Cast) -> None:
    content = articles.known_error(audience=Audience.AGENTS)
    article = articles.published(cast, articles.make_editor(), content=content)
    draft = articles.drafted(cast)
    for found in (article.current, draft.open):
        assert found is not None
        assert solve(ann, found).status_code == 404
    assert not Deflection.objects.exists()


def test_nobody_counts_it_by_the_dozen(ann: Client, version: ArticleVersion) -> None:
    for _press in range(21):
        page = text_of(solve(ann, version))
    assert "Wait a minute" in page
    assert Deflection.objects.count() == 20


def test_it_did_not_help_after_all(ann: Client, version: ArticleVersion) -> None:
    """Back at the form with the words, the answers and the files."""
    form = report_form(version=version.pk, files=[picture("label.png")])
    solved = text_of(ann.post("/report/solved/", form | {"description": "A <b>\n\nB"}))
    kept = Attachment.objects.get().pk
    assert f'name="kept" value="{kept}"' in solved
    assert "A &lt;b&gt;\n\nB" in solved
    back = form | {"deflection": Deflection.objects.get().pk, "kept": kept}
    del back["files"]
    page = text_of(ann.post("/report/solved/take-back/", back | {"description": "A B"}))
    assert "A B" in page
    assert "label.png" in page
    assert form["submission"] in page
    row = Deflection.objects.get()
    assert row.taken_back_at is not None
    assert not Deflection.objects.standing().exists()
    again = ann.post("/report/solved/take-back/", back)
    assert again.status_code == 200
    assert Deflection.objects.get().taken_back_at == row.taken_back_at


def test_another_s_is_not_taken_back(
    ann: Client, zed: Client, version: ArticleVersion
) -> None:
    solve(ann, version)
    form = {"deflection": Deflection.objects.get().pk}
    assert zed.post("/report/solved/take-back/", form).status_code == 404
    assert Deflection.objects.standing().count() == 1


# --- me too -------------------------------------------------------------------------


def test_what_is_announced_is_offered_while_they_type(zed: Client, cast: Cast) -> None:
    master = announced(cast, title="Nothing prints", description="canarywords of Ann")
    shown = text_of(look(zed, "I cannot print anything"))
    assert "Nothing prints" in shown
    assert NOTICE in shown
    assert "1 report" in shown
    assert master.reference not in shown
    assert "canarywords" not in shown
    assert "canarywords" not in text_of(look(zed, "canarywords are here"))


def test_one_tap_makes_a_report_with_what_was_typed(zed: Client, cast: Cast) -> None:
    master = announced(cast)
    form = report_form(
        announcement=announcement_of(master).pk,
        description="Mine is yellow.",
        files=[picture("yellow.png")],
    )
    response = zed.post("/report/me-too/", form)
    part = Incident.objects.parts_of(master).get()
    assert response["Location"] == f"/my/{part.pk}/received/"
    assert (part.description, part.urgency, part.impact) == ("Mine is yellow.", 2, 3)
    assert part.attachments.count() == 1
    page = text_of(zed.get(response["Location"]))
    assert part.reference in page
    assert "Anything different for you?" in page
    assert HEADLINE in page
    assert master.reference not in page


def test_from_the_start_page_it_is_one_tap_and_the_same_the_next_time(
    zed: Client, cast: Cast
) -> None:
    master = announced(cast)
    home = text_of(zed.get("/"))
    assert HEADLINE in home
    assert "Me too" in home
    form = {"announcement": announcement_of(master).pk}
    first, second = (zed.post("/report/me-too/", form) for _press in range(2))
    assert first["Location"] == second["Location"]
    assert Incident.objects.parts_of(master).count() == 1
    again = text_of(zed.get("/"))
    assert "Open your report of it" in again
    assert "Me too" not in again
    assert "2 reports" in again


def test_words_typed_after_the_first_press_become_a_message(
    zed: Client, cast: Cast
) -> None:
    master = announced(cast)
    part = joined(master, by=cast.zed)
    form = report_form(
        announcement=announcement_of(master).pk, description="And it smells."
    )
    page = text_of(zed.post("/report/me-too/", form))
    assert "And it smells." in page
    assert f'action="/my/{part.pk}/message/"' in page
    assert Incident.objects.count() == 2


def test_what_is_over_is_said_and_the_words_are_kept(zed: Client, cast: Cast) -> None:
    master = announced(cast)
    form = report_form(announcement=announcement_of(master).pk)
    stories.resolved(cast, of=master)
    page = text_of(zed.post("/report/me-too/", form))
    assert "not announced any more" in page
    assert form["description"] in page
    assert Incident.objects.count() == 1
    assert HEADLINE not in text_of(zed.get("/"))


@pytest.mark.parametrize("pk", ["", "0", "x", "999999", str(2**64)])
def test_of_nothing_announced_there_is_no_me_too(zed: Client, pk: str) -> None:
    assert zed.post("/report/me-too/", {"announcement": pk}).status_code == 404


def test_too_many_words_come_back_whole(zed: Client, cast: Cast) -> None:
    master = announced(cast)
    words = "It is blank. " * 1000
    form = report_form(announcement=announcement_of(master).pk, description=words)
    page = text_of(zed.post("/report/me-too/", form))
    assert "Shorten this to 10000 characters" in page
    assert words.strip() in page
    assert Incident.objects.count() == 1


def test_the_report_of_one_says_that_others_have_it_too(
    zed: Client, ann: Client, cast: Cast
) -> None:
    master = announced(cast)
    part = joined(master, by=cast.zed)
    assert f"Others have this too: “{HEADLINE}”." in text_of(zed.get(f"/my/{part.pk}/"))
    assert zed.get(f"/my/{master.pk}/").status_code == 404
    assert ann.get(f"/my/{part.pk}/").status_code == 404


def test_the_desk_sees_both_ways(client_of: ClientOf, cast: Cast) -> None:
    master = announced(cast)
    part = joined(master, by=cast.zed)
    bo = client_of(cast.bo)
    page = text_of(bo.get(f"/tickets/{master.pk}/"))
    assert "Reports that are part of it" in page
    assert f"{part.reference}</span> Zed Zorn" in page
    assert f"part of {master.reference}" in text_of(bo.get("/queue/?v=all"))
    assert "part of INC" not in text_of(client_of(cast.ned).get("/queue/?v=all"))


def test_resolving_offers_and_tells_what_became_of_the_parts(
    client_of: ClientOf, cast: Cast
) -> None:
    master = announced(cast)
    mine, hers = joined(master, by=cast.zed), joined(master, by=cast.ute)
    stories.in_progress(cast, owner=cast.cy, of=stories.triaged(cast, of=hers))
    bo = client_of(cast.bo)
    path = f"/tickets/{master.pk}/resolve/"
    assert "Also resolve the 2 open reports that are part of it" in text_of(
        bo.get(path)
    )
    form = {
        "version": stories.again(master).version,
        "code": "fixed",
        "text": "New drum.",
        "verification": "It prints.",
    }
    page = text_of(bo.post(path, form | {"with_parts": "on"}, follow=True))
    assert "1 report that is part of it is resolved as well." in page
    assert f"{hers.reference} stays open: Cy Cole works on it." in page
    assert stories.again(mine).status == "resolved"
    left = text_of(bo.post(f"/tickets/{master.pk}/resolve-parts/", follow=True))
    assert f"{hers.reference} stays open" in left


def test_without_the_tick_the_parts_stay_open(client_of: ClientOf, cast: Cast) -> None:
    master = announced(cast)
    part = joined(master, by=cast.zed)
    form = {
        "version": stories.again(master).version,
        "code": "fixed",
        "text": "New drum.",
        "verification": "It prints.",
    }
    bo = client_of(cast.bo)
    page = text_of(bo.post(f"/tickets/{master.pk}/resolve/", form, follow=True))
    assert stories.again(master).status == "resolved"
    assert stories.again(part).status == "new"
    assert "Resolve the open one too" in page


def test_nobody_is_offered_parts_that_are_not_there(
    client_of: ClientOf, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    page = text_of(client_of(cast.bo).get(f"/tickets/{incident.pk}/resolve/"))
    assert "part of it" not in page
