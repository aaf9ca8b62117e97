"""How articles do: counted rightly, shown to whom it concerns, the worst first."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from incidents import services as incidents
from incidents.models import KnownErrorUse
from knowledgebase.models import Article
from servicedesk.knowledge_health.figures import Health, healths
from servicedesk.knowledge_health.orders import KEYS, in_order
from servicedesk.knowledge_health.sheets import harmless
from tests.incidents.using import known
from tests.knowledgebase import stories as articles
from tests.people import Cast
from tests.servicedesk.knowledge_health import scenes
from tests.servicedesk.knowledge_health.recount import NAMES, recount

LIST = "/knowledge/health/"


@pytest.fixture
def shelf(cast: Cast) -> dict[str, Article]:
    return scenes.a_shelf(cast)


def page(user: User, path: str = LIST, **query: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path, query).content.decode()


def rows_of(article: Article) -> str:
    return reverse("knowledge_health:article", args=[article.slug])


def figures(article: Article, *, only_current: bool = False) -> dict[str, Any]:
    (health,) = healths(
        Article.objects.filter(pk=article.pk), only_current=only_current
    )
    return {name: getattr(health, name) for name in NAMES}


def test_the_figures_are_what_counting_by_hand_gives(
    shelf: dict[str, Article],
) -> None:
    for article in shelf.values():
        assert figures(article) == recount(article)
    bad = figures(shelf["bad"])
    assert bad == {
        "uses": 4,
        "worked": 1,
        "partly": 0,
        "failed": 3,
        "came_back": 1,
        "solved": 0,
        "helped": 0,
        "did_not_help": 2,
        "waiting": 1,
    }


def test_what_needed_no_ticket_is_counted_when_it_held(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    for by, at in ((cast.zed, long_ago), (cast.ute, long_ago), (cast.cy, None)):
        made = incidents.record_deflection(
            known.current(shelf["bad"].pk).pk,
            by=by,
            submission=uuid4(),
            letters=9,
            at=at,
        )
    incidents.take_back_deflection(made.pk, by=cast.cy)
    article = shelf["bad"]
    assert figures(article)["solved"] == recount(article)["solved"] == 2
    shown = page(cast.bo, rows_of(article))
    assert "Where no ticket was needed" in shown
    assert "Ute Ull" not in shown


def test_the_current_version_can_be_counted_alone(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    known.rewrite(cast, known.current(shelf["bad"].pk), title="Bad one")
    scenes.used(cast, shelf["bad"], "worked")
    scenes.say(shelf["bad"], cast.ann, helped=True)
    article = Article.objects.get(pk=shelf["bad"].pk)
    assert figures(article, only_current=True) == recount(article, version=2)
    assert figures(article, only_current=True)["uses"] == 1
    assert figures(article) == recount(article)
    shown = page(cast.bo, rows_of(article), of="current")
    assert "1 of 1" in shown


def test_the_worst_comes_first_and_one_failure_is_not_the_worst(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    """By the bare share the one that failed once came before."""
    scenes.used(cast, shelf["idle"], "failed")
    scenes.used(cast, shelf["bad"], *["failed"] * 6)
    rows = healths(Article.objects.published(), only_current=False)
    found = [row.article.title for row in in_order(rows, "")]
    assert found[:2] == ["Bad one", "Idle one"]
    best = [row.article.title for row in in_order(rows, "-success")]
    assert best[0] == "Good one"
    assert in_order(rows, "nonsense") == in_order(rows, "")


def test_every_column_sorts_both_ways(cast: Cast, shelf: dict[str, Article]) -> None:
    rows = healths(Article.objects.published(), only_current=False)
    for sort, key in KEYS.items():
        up, down = (page(cast.bo, sort=order) for order in (sort, f"-{sort}"))
        assert 'aria-sort="ascending"' in up
        assert 'aria-sort="descending"' in down
        values = [key(row) for row in in_order(rows, sort)]
        assert values == sorted(values)
        assert len(values) == len(shelf)


def test_writers_see_their_own_and_editors_all(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    editor = known.editor()
    assert "Bad one" in page(cast.bo)
    assert "Bad one" in page(editor)
    assert "You own no published article" in page(cast.cy)
    client = Client()
    for outsider in (cast.ann, cast.zed, cast.ida):
        client.force_login(outsider)
        assert client.get(LIST).status_code == 403
        assert client.get(rows_of(shelf["bad"])).status_code == 403
        assert client.get(reverse("knowledge_health:export")).status_code == 403
    client.force_login(cast.cy)
    assert client.get(rows_of(shelf["bad"])).status_code == 404


def test_managers_see_figures_and_no_words_of_tickets_or_readers(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    shown = page(cast.max)
    assert "Bad one" in shown
    assert "Inside one" not in shown
    rows = page(cast.max, rows_of(shelf["bad"]))
    assert "4 uses are in tickets that are not yours to see." in rows
    assert "It is out of date" in rows
    for words in ("INC-", "Words of a reader", "Ann Archer", "Clearer now"):
        assert words not in rows
    client = Client()
    client.force_login(cast.max)
    assert client.get(rows_of(shelf["inside"])).status_code == 404


def test_editors_who_work_on_no_ticket_see_no_ticket(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    shown = page(known.editor(), rows_of(shelf["bad"]))
    assert "INC-" not in shown
    assert "4 uses are in tickets" in shown
    assert "Words of a reader." in shown


def test_each_number_leads_to_its_rows(cast: Cast, shelf: dict[str, Article]) -> None:
    path = rows_of(shelf["bad"])
    assert f'href="{path}?uses=failed#uses"' in page(cast.bo)
    uses = KnownErrorUse.objects.filter(version__article=shelf["bad"])
    references = [use.incident.reference for use in uses]
    everything = page(cast.bo, path)
    assert all(reference in everything for reference in references)
    for which, count in (("failed", 3), ("worked", 1), ("partly", 0), ("back", 1)):
        shown = page(cast.bo, path, uses=which)
        assert sum(reference in shown for reference in references) == count
    assert "INC-" in page(cast.bo, path, uses="nonsense", page="x", votes="x")


def test_the_owner_sees_the_figures_on_the_article_and_others_do_not(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    path = shelf["bad"].get_absolute_url()
    assert "How it does" in page(cast.bo, path)
    assert "1 of 4" in page(known.editor(), path)
    for other in (cast.ann, cast.cy, cast.max):
        assert "How it does" not in page(other, path)


def test_filters_narrow_it_down_and_nonsense_changes_nothing(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    editor = known.editor()
    assert "Bad one" in page(editor, kind="known_error", owner=str(cast.bo.pk))
    assert "No article is like that" in page(editor, kind="faq")
    assert "Bad one" in page(editor, kind="x", owner="y", of="z", page="q")


def test_the_file_holds_the_same_rows_in_the_same_order(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    client = Client()
    client.force_login(cast.bo)
    response = client.get(reverse("knowledge_health:export"), {"sort": "-uses"})
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == [
        "Good one",
        "Bad one",
        "Inside one",
        "Idle one",
    ]
    assert lines[2][4:9] == ["4", "1", "0", "3", "0"]
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_in_the_file_is_run(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(-3) == -3


def test_what_is_overdue_says_by_how_long(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    past = timezone.localdate() - timedelta(days=9)
    Article.objects.filter(pk=shelf["bad"].pk).update(review_by=past)
    assert "9 days overdue" in page(cast.bo)


def test_ten_times_the_articles_cost_no_statement_more(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    client = Client()
    client.force_login(cast.bo)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for number in range(12):
        article = articles.published(
            cast,
            known.editor(),
            content=articles.known_error(title=f"More {number}"),
        )
        scenes.say(article, cast.ann)
    scenes.used(cast, article, "worked", "failed")
    assert cost() == few


def test_nobody_votes_twice_in_the_figures(
    cast: Cast, shelf: dict[str, Article]
) -> None:
    for helped in (True, False, True):
        scenes.say(shelf["idle"], cast.ann, helped=helped)
    assert figures(shelf["idle"])["helped"] == 1
    assert figures(shelf["idle"])["did_not_help"] == 0


def test_an_article_nobody_used_has_no_rate(shelf: dict[str, Article]) -> None:
    health = Health(shelf["idle"])
    assert health.success.value is None
    assert health.unknown == 0
