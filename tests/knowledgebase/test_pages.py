"""Articles on their pages: read, searched, written, compared."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalogue.models import Category, Service
from knowledgebase import services
from knowledgebase.codes import LONGEST_TEXT
from knowledgebase.differences import between
from knowledgebase.models import Article, ArticleVersion
from tests.database import sql
from tests.knowledgebase import stories
from tests.people import Cast

LIST = "/knowledge/"


@pytest.fixture
def editor(cast: Cast) -> User:
    return stories.make_editor()


def page(user: User, path: str, **query: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path, query).content.decode()


def of(article: Article, name: str, *more: Any) -> str:
    return reverse(f"knowledge:{name}", args=[article.slug, *more])


def typed(article: Article, **changes: Any) -> dict[str, Any]:
    return {
        "kind": article.kind,
        "version": article.version,
        "title": "Label printer prints blank labels",
        "audience": "everyone",
        "symptom": "Blank.",
        "workaround_reporters": "Off and on.",
        "fix_status": "unknown",
        "signatures": "E102",
        **changes,
    }


def test_reporters_read_what_helps_and_agents_also_why(
    cast: Cast, editor: User
) -> None:
    article = stories.published(cast, editor)
    path = article.get_absolute_url()
    for_ann, for_bo = page(cast.ann, path), page(cast.bo, path)
    for words in ("What you notice", "Switch the printer off", "E102"):
        assert words in for_ann
        assert words in for_bo
    for words in ("lpadmin", "The driver forgets", "Owner", "Write a new version"):
        assert words not in for_ann
        assert words in for_bo


def test_markdown_of_an_article_is_rendered_and_its_html_is_not(
    cast: Cast, editor: User
) -> None:
    content = stories.known_error(symptom="*Blank* <script>alert(1)</script>")
    article = stories.published(cast, editor, content=content)
    text = page(cast.ann, article.get_absolute_url())
    assert "<em>Blank</em> &lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_search_shows_where_the_words_stand(cast: Cast, editor: User) -> None:
    stories.published(cast, editor)
    text = page(cast.ann, LIST, q="blank switches")
    assert "<mark>Switch</mark> the printer off" in text
    assert "1 article" in text


@pytest.mark.parametrize("words", ["e102", "E102", "labels printed", '"blank labels"'])
def test_codes_stems_and_phrases_are_found(
    cast: Cast, editor: User, words: str
) -> None:
    article = stories.published(cast, editor)
    assert (
        Article.objects.visible_to(cast.ann).matching(words, cast.ann).get() == article
    )


def test_the_title_counts_more_than_the_text(cast: Cast, editor: User) -> None:
    stories.published(
        cast, editor, content=stories.known_error(title="Other", symptom="The fax.")
    )
    best = stories.published(
        cast, editor, content=stories.known_error(title="The fax", symptom="Blank.")
    )
    found = Article.objects.visible_to(cast.ann).matching("fax", cast.ann)
    assert found.first() == best
    assert found.count() == 2


@pytest.mark.parametrize(
    "words", ["' & | ! :*", "a" * 151, "\\", "<script>", "((", '"']
)
def test_odd_searches_find_nothing_and_break_nothing(cast: Cast, words: str) -> None:
    client = Client()
    client.force_login(cast.ann)
    assert (
        client.get(LIST, {"q": words, "state": "x", "service": "y"}).status_code == 200
    )


def test_nothing_found_says_what_to_do(cast: Cast, editor: User) -> None:
    assert "Nothing found for “coffee”" in page(cast.ann, LIST, q="coffee")
    assert reverse("incidents:report") in page(cast.ann, LIST, q="coffee")
    assert "Nothing is written down yet" in page(cast.ann, LIST)
    assert "No article is like that" in page(cast.bo, LIST, kind="faq")


def test_filters_narrow_the_list(cast: Cast, editor: User) -> None:
    printing = Service.objects.create(name="Printing")
    hardware = Category.objects.create(name="Hardware")
    below = Category.objects.create(name="Printer", parent=hardware)
    article = stories.published(
        cast,
        editor,
        content=stories.known_error(services=[printing], categories=[below]),
    )
    stories.published(cast, editor, content=stories.known_error(title="Other"))
    stories.grow_stale(article)
    queries: list[dict[str, Any]] = [
        {"service": printing.pk},
        {"category": hardware.pk},
        {"stale": "yes"},
        {"service": printing.pk, "kind": "known_error", "audience": "everyone"},
    ]
    for query in queries:
        client = Client()
        client.force_login(cast.bo)
        rows = client.get(LIST, query).context["rows"]
        assert [row["article"] for row in rows] == [article], query


def test_an_article_is_written_on_its_page(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bo)
    start = reverse("knowledge:draft")
    assert "What do you want to write down?" in client.get(start).content.decode()
    given = {"kind": "faq", "title": "Why?", "audience": "staff", "body": "Because."}
    response = client.post(start, given)
    article = Article.objects.get()
    assert response["Location"] == article.get_absolute_url() == "/knowledge/why/"
    wrong = client.post(start, {**given, "title": ""})
    assert wrong.status_code == 200
    assert "Because." in wrong.content.decode()


def test_a_preview_without_a_script_keeps_what_was_typed(cast: Cast) -> None:
    article = stories.drafted(cast)
    client = Client()
    client.force_login(cast.bo)
    given = typed(article, symptom="Typed **just now**", preview="1")
    text = client.post(of(article, "edit"), given).content.decode()
    assert "Typed <strong>just now</strong>" in text
    assert "Typed **just now**</textarea>" in text
    assert Article.objects.get().version == article.version


def test_a_preview_is_a_fragment_and_bounded(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bo)
    given = {"kind": "faq", "title": "x", "body": "*y*" + "x" * LONGEST_TEXT + "END"}
    text = client.post(reverse("knowledge:preview"), given).content.decode()
    assert "<em>y</em>" in text
    assert "END" not in text
    assert "<html" not in text
    assert client.post(reverse("knowledge:preview"), {"kind": "z"}).status_code == 400


def test_a_stale_save_is_answered_with_everything_that_was_typed(
    cast: Cast, editor: User
) -> None:
    article = stories.drafted(cast)
    services.save_draft(
        article.pk,
        by=editor,
        expected_version=None,
        content=stories.known_error(cause="Saved by Kim."),
    )
    client = Client()
    client.force_login(cast.bo)
    mine = typed(article, cause="Typed by Bo.", title="")
    response = client.post(of(article, "edit"), mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Typed by Bo.</textarea>" in text
    assert "Kim" in text
    assert "removed" in text
    again = response.context["form"]
    assert again.initial["version"] == Article.objects.get().version
    mine |= {"version": again.initial["version"], "title": "Mine"}
    assert client.post(of(article, "edit"), mine).status_code == 302
    assert Article.objects.get().title == "Mine"


def test_what_was_typed_too_late_is_there_to_copy(cast: Cast) -> None:
    article = stories.drafted(cast)
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    client = Client()
    client.force_login(cast.bo)
    response = client.post(of(article, "edit"), typed(article, cause="Typed by Bo."))
    assert response.status_code == 409
    assert "Typed by Bo.</textarea>" in response.content.decode()


def test_a_refusal_says_who_can(cast: Cast, editor: User) -> None:
    article = stories.submitted(cast, by=editor)
    client = Client()
    client.force_login(editor)
    response = client.post(of(article, "publish"), {"version": article.version})
    assert response.status_code == 403
    assert "not one who wrote some of it" in response.content.decode()


def test_what_changed_is_marked_with_words(cast: Cast, editor: User) -> None:
    article = stories.rewritten(cast, editor, cause="The driver loses its paper size.")
    text = page(cast.bo, of(article, "versions"))
    assert "What changed from version 1 to 2" in text
    assert "removed: </span>forgets" in text
    assert "added: </span>loses" in text
    assert "symptom" not in text.partition("What changed")[2].lower()


def test_differences_put_together_are_the_two_texts() -> None:
    before = "One line\nand another one\n\nthe end"
    after = "One line\nand yet another\nnew\nthe end."
    pieces = list(between(before, after))
    old = "".join(piece.text for piece in pieces if piece.kind != "added")
    new = "".join(piece.text for piece in pieces if piece.kind != "removed")
    assert (old, new) == (before, after)


def test_editors_see_what_waits_and_what_is_stale(cast: Cast, editor: User) -> None:
    article = stories.published(cast, editor)
    stories.grow_stale(article)
    stories.submitted(cast, content=stories.known_error(title="Waiting one"))
    stories.drafted(cast, content=stories.known_error(title="Drafted one"))
    text = page(editor, reverse("knowledge:reviews"))
    for words in ("Waiting one", "Drafted one", "Label printer prints blank labels"):
        assert words in text
    assert "Be careful with what it says" in page(cast.bo, article.get_absolute_url())
    assert "Be careful" not in page(cast.ann, article.get_absolute_url())


def shelf_of(count: int, cast: Cast, editor: User) -> None:
    for number in range(count):
        content = stories.known_error(title=f"Printer number {number}")
        stories.published(cast, editor, content=content)


@pytest.mark.parametrize("query", [{}, {"q": "printer"}, {"state": "all"}])
def test_a_longer_list_costs_no_more_statements(
    cast: Cast, editor: User, query: dict[str, str]
) -> None:
    client = Client()
    client.force_login(cast.bo)
    counts = []
    for more in (2, 6):
        shelf_of(more, cast, editor)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(LIST, query)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_a_search_reads_what_it_finds_and_not_the_whole_shelf(
    cast: Cast, editor: User
) -> None:
    """By the plan that PostgreSQL used: rows read, whatever the machine."""
    stories.published(cast, editor, content=stories.known_error(title="The fax"))
    fill_shelf(cast, 3000)
    found = Article.objects.visible_to(cast.ann).matching("fax", cast.ann)
    sql("ANALYZE knowledgebase_articleversion, knowledgebase_article")
    plan = found.explain(analyze=True, format="json")
    assert most_rows(plan) <= 50, plan


def fill_shelf(cast: Cast, count: int) -> None:
    """Published articles by the thousand, past all guards."""
    connection.check_constraints()
    for table in ("article", "articleversion"):
        sql(f"ALTER TABLE knowledgebase_{table} DISABLE TRIGGER USER")
    start = 1_000_000
    numbers = range(start, start + count)
    Article.objects.bulk_create(
        Article(
            pk=pk,
            kind="faq",
            title=f"Question {pk}",
            audience="everyone",
            slug=f"question-{pk}",
            owner=cast.bo,
            status="published",
            review_by="2030-01-01",
            current_id=pk,
        )
        for pk in numbers
    )
    ArticleVersion.objects.bulk_create(
        ArticleVersion(
            pk=pk,
            article_id=pk,
            number=1,
            state="published",
            drafted_by=cast.bo,
            seq=1,
            title=f"Question {pk}",
            audience="everyone",
            body=f"Some answer about topic{pk % 700} and word{pk % 90}.",
        )
        for pk in numbers
    )


def most_rows(plan: str) -> float:
    """The most rows that any step of the plan read, those it threw away included."""
    return max(_rows_of(json.loads(plan)[0]["Plan"]))


def _rows_of(step: dict[str, Any]) -> list[float]:
    thrown = step.get("Rows Removed by Filter", 0) + step.get(
        "Rows Removed by Index Recheck", 0
    )
    own = (step["Actual Rows"] + thrown) * step["Actual Loops"]
    below = [row for part in step.get("Plans", []) for row in _rows_of(part)]
    return [own, *below]
