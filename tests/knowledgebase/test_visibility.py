"""Who reads what: no list, page, search, count or redirect says more.

Each word that somebody must not read is a canary; every address of the knowledge base
is fetched by everybody, and no answer may hold a word that is not theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from knowledgebase import services
from knowledgebase.models import (
    Article,
    ArticleImage,
    ArticleVersion,
    Feedback,
    Review,
)
from tests.knowledgebase import stories
from tests.people import Cast, make_user
from tests.test_permissions import ALL_ROUTES

# Who reads what, by canary: the word stands in one place alone.
EVERYONE = {"ann", "zed", "bo", "cy", "lea", "ned", "ute", "max", "ida", "pam", "kim"}
STAFF = EVERYONE - {"ann", "zed"}
AGENTS = {"bo", "cy", "lea", "ned", "ute", "kim"}
WRITER = {"bo", "kim"}
READERS: dict[str, set[str]] = {
    "canaryeveryone": EVERYONE,
    "canarysymptom": EVERYONE,
    "canaryforreporters": EVERYONE,
    "canarycause": AGENTS,
    "canaryforagents": AGENTS,
    "canarystaff": STAFF,
    "canaryagents": AGENTS,
    "canarydraft": WRITER,
    "canaryreview": WRITER,
    "canarynext": WRITER,
    "canaryretired": {"kim"},
    "canarynarrow": AGENTS,
    "canarydiscarded": WRITER,
    "canaryreason": WRITER,
    "canarycomplaint": WRITER | {"cy"},
}


@dataclass
class Shelf:
    """Articles in every state, and everybody who looks."""

    people: dict[str, User]
    articles: dict[str, Article] = field(default_factory=dict)


def known(word: str, **changes: Any) -> Any:
    return stories.known_error(title=f"Printer {word}", **changes)


@pytest.fixture
def shelf(cast: Cast) -> Shelf:
    kim = stories.make_editor()
    pam = make_user("Pam Poe")
    pam.role_grants.create(role=Role.PROBLEM_MANAGER, granted_by=User.objects.system())
    names = EVERYONE - {"kim", "pam"}
    found = Shelf(
        {**{name: getattr(cast, name) for name in names}, "kim": kim, "pam": pam}
    )
    _fill(found, cast, kim)
    return found


def _fill(shelf: Shelf, cast: Cast, kim: User) -> None:
    shelf.articles = {
        "everyone": stories.published(
            cast,
            kim,
            content=known(
                "canaryeveryone",
                symptom="Labels show canarysymptom.",
                cause="It is canarycause.",
                workaround_agents="Agents do canaryforagents.",
                workaround_reporters="Reporters do canaryforreporters.",
            ),
        ),
        "staff": stories.published(
            cast, kim, content=known("canarystaff", audience="staff")
        ),
        "agents": stories.published(
            cast, kim, content=known("canaryagents", audience="agents")
        ),
        "draft": stories.drafted(cast, content=known("canarydraft")),
        "review": _sent_back_and_again(cast, kim),
        "next": _with_next(cast, kim),
        "retired": stories.retired(cast, kim, content=known("canaryretired")),
        "narrow": _widened(cast, kim),
        "discarded": _discarded(cast, kim),
    }

    services.give_feedback(
        shelf.articles["everyone"].pk,
        by=cast.cy,
        number=1,
        helped=False,
        reason="wrong",
        words="It says canarycomplaint.",
    )
    stories.image_of(cast.bo, alt="A switch")


def _sent_back_and_again(cast: Cast, kim: User) -> Article:
    article = stories.submitted(cast, content=known("canaryreview"))
    given: dict[str, Any] = {"expected_version": None}
    services.send_back(article.pk, by=kim, reason="Say canaryreason.", **given)
    return article


def _with_next(cast: Cast, kim: User) -> Article:
    article = stories.published(cast, kim, content=known("next"))
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    content = known("canarynext", audience="everyone")
    return services.save_draft(
        article.pk, by=cast.bo, expected_version=None, content=content
    )


def _widened(cast: Cast, kim: User) -> Article:
    """What was for agents only, and is for everyone in other words."""
    article = stories.published(
        cast, kim, content=known("canarynarrow", audience="agents")
    )
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    services.save_draft(
        article.pk, by=cast.bo, expected_version=None, content=known("wide")
    )
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    return services.publish_article(article.pk, by=kim, expected_version=None)


def _discarded(cast: Cast, kim: User) -> Article:
    article = stories.published(cast, kim, content=known("kept"))
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    services.save_draft(
        article.pk, by=cast.bo, expected_version=None, content=known("canarydiscarded")
    )
    return services.discard_draft(article.pk, by=cast.bo, expected_version=None)


def addresses(shelf: Shelf) -> Iterator[str]:
    """Every page of the knowledge base about every article, and every search."""
    for route, parameters in ALL_ROUTES.items():
        if route.startswith("knowledge:"):
            yield from _of_route(route, parameters, shelf)
    start = reverse("knowledge:articles")
    queries = [f"q={word}" for word in READERS]
    queries += [f"q=printer&state={state}" for state in ("all", "draft", "in_review")]
    queries += ["audience=agents", "audience=staff", "stale=yes", "state=retired"]
    for query in queries:
        yield f"{start}?{query}"


def _numbers(route: str) -> list[int]:
    model = ArticleImage if route == "knowledge:image" else Feedback
    return list(model._default_manager.values_list("pk", flat=True))


def _of_route(route: str, parameters: Any, shelf: Shelf) -> Iterator[str]:
    if "pk" in parameters:
        for pk in _numbers(route):
            yield reverse(route, args=[pk])
        return
    if "slug" not in parameters:
        yield reverse(route)
        return
    for article in shelf.articles.values():
        for number in (1, 2) if "number" in parameters else (0,):
            args = {"slug": article.slug, "number": number}
            yield reverse(route, kwargs={name: args[name] for name in parameters})


def said_by(response: Any) -> str:
    """Of an image, nothing that could be read."""
    body = b"".join(response) if response.streaming else response.content
    return body.decode(errors="replace")


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_nobody_reads_a_word_that_is_not_theirs(shelf: Shelf, name: str) -> None:
    client = Client()
    client.force_login(shelf.people[name])
    hidden = {word for word, readers in READERS.items() if name not in readers}
    seen = set()
    for path in addresses(shelf):
        response = client.get(path)
        asked = path.partition("?q=")[2].partition("&")[0]
        text = said_by(response) + response.headers.get("Location", "")
        for word in READERS:
            # Their own word comes back in the box, in the title of nothing found,
            # and nowhere else; the address of a 404 is theirs as well.
            if word in text and word != asked and response.status_code != 404:
                seen.add(word)
    assert seen & hidden == set()
    assert seen >= {word for word in READERS if name in READERS[word]}


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_a_search_finds_what_one_may_read_and_nothing_else(
    shelf: Shelf, name: str
) -> None:
    user = shelf.people[name]
    for word, readers in READERS.items():
        found = Article.objects.visible_to(user).matching(word, user)
        searchable = word not in {
            "canaryretired",
            "canarynarrow",
            "canarydiscarded",
            "canaryreason",
            "canarycomplaint",
        }
        assert found.exists() == (searchable and name in readers), word


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_counts_are_of_what_one_may_read(shelf: Shelf, name: str) -> None:
    client = Client()
    client.force_login(shelf.people[name])
    titles = {"everyone", "next", "narrow", "discarded"}
    titles |= {"staff"} if name in STAFF else set()
    titles |= {"agents"} if name in AGENTS else set()
    page = client.get(reverse("knowledge:articles")).context["page_obj"]
    assert page.paginator.count == len(titles)


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_what_one_may_not_see_is_as_missing_as_what_is_not_there(
    shelf: Shelf, name: str
) -> None:
    client = Client()
    client.force_login(shelf.people[name])
    for key, readers in (
        ("staff", STAFF),
        ("agents", AGENTS),
        ("draft", WRITER),
        ("review", WRITER),
        ("retired", {"kim"}),
    ):
        path = reverse("knowledge:article", args=[shelf.articles[key].slug])
        status = client.get(path).status_code
        assert status == (200 if name in readers else 404), key


def test_an_old_address_leads_only_those_who_may_read(shelf: Shelf, cast: Cast) -> None:
    article = shelf.articles["agents"]
    old = article.slug
    services.rename_article(
        article.pk, by=shelf.people["kim"], expected_version=None, slug="canaryrenamed"
    )
    path = reverse("knowledge:article", args=[old])
    client = Client()
    client.force_login(cast.bo)
    assert client.get(path)["Location"] == "/knowledge/canaryrenamed/"
    for stranger in (cast.ann, cast.max):
        client.force_login(stranger)
        response = client.get(path)
        assert response.status_code == 404
        assert "canaryrenamed" not in response.content.decode()


def test_a_retired_article_is_never_found_not_even_by_editors(shelf: Shelf) -> None:
    kim = shelf.people["kim"]
    seen = Article.objects.visible_to(kim)
    assert not seen.matching("canaryretired", kim).exists()
    client = Client()
    client.force_login(kim)
    start = reverse("knowledge:articles")
    for query in ("", "?state=all", "?q=canaryretired&state=retired"):
        assert not [
            row
            for row in client.get(f"{start}{query}").context["rows"]
            if row["article"].status == "retired"
        ]
    assert len(client.get(f"{start}?state=retired").context["rows"]) == 1


def test_who_leaves_the_desk_loses_what_they_were_writing(
    shelf: Shelf, cast: Cast
) -> None:
    cast.bo.memberships.all().delete()
    bo = User.objects.get(pk=cast.bo.pk)
    assert (
        not Article.objects.visible_to(bo)
        .filter(open__drafted_by=bo)
        .filter(status="draft")
    )
    article = shelf.articles["next"]
    assert (
        not ArticleVersion.objects.filter(article=article)
        .visible_to(bo)
        .filter(number=2)
    )


@pytest.mark.parametrize("name", ["max", "ida"])
def test_admin_shows_articles_without_a_word_of_them(shelf: Shelf, name: str) -> None:
    client = Client()
    client.force_login(shelf.people[name])
    paths = [
        reverse(f"admin:knowledgebase_{model._meta.model_name}_{page}", args=args)
        for model in (Article, Review)
        for page, args in (
            ("changelist", []),
            ("change", [model._default_manager.order_by("pk")[0].pk]),
        )
    ]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        text = response.content.decode()
        assert "KB-" in text
        assert not [word for word in (*READERS, "Printer") if word in text]
