"""Who gets what from every address of the knowledge base, in every state.

``tests/permissions_knowledge.toml`` is the table.
"""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from knowledgebase import services
from knowledgebase.models import Article, Feedback
from tests.knowledgebase import stories
from tests.people import Cast
from tests.test_permissions import ALL_ROUTES, ROLES, answer, holder_of

TABLE = Path(__file__).parent.parent / "permissions_knowledge.toml"
DATA = tomllib.loads(TABLE.read_text())
ROWS: dict[str, dict[str, Any]] = {row["route"]: row for row in DATA["row"]}
SEES: dict[str, list[str]] = DATA["sees"]
ROUTES = [route for route in ALL_ROUTES if route.startswith("knowledge:")]
STATES = list(SEES)
METHODS = ("get", "post")
# What is asked before a GET is answered: these show their form whatever the state.
FORMS = {"send_back", "retire", "hand_over", "rename", "confirm_review"}


def is_among(names: list[str], role: str, state: str) -> bool:
    return not {f"{role}.{state}", f"{role}.*", f"*.{state}", "*"}.isdisjoint(names)


def expected(row: dict[str, Any], method: str, role: str, state: str) -> object:
    """The word of the table for one cell."""
    if role in {"anonymous", "left"}:
        return "login"
    found = row[method]
    if isinstance(found, dict):
        return found.get(role, found["everyone"])
    if found == 405:
        return 405
    sees = not {role, "*"}.isdisjoint(SEES[state])
    if not sees or is_among(row.get("missing", []), role, state):
        return 404
    return _of_who_sees(row, method, role, state)


def _of_who_sees(row: dict[str, Any], method: str, role: str, state: str) -> object:
    if is_among(row["may"], role, state):
        return row[method]
    if is_among(row.get("late", []), role, state):
        is_form = row["route"].partition(":")[2] in FORMS
        return 200 if method == "get" and is_form else 409
    if is_among(row.get("self", []), role, state):
        return 403
    return row.get("else", 403)


@pytest.fixture
def clients(cast: Cast) -> dict[str, Client]:
    found = {}
    for role, name in ROLES.items():
        found[role] = Client(raise_request_exception=False)
        if name is not None:
            found[role].force_login(getattr(cast, name, None) or holder_of(role))
    User.objects.filter(pk=cast.zed.pk).update(is_active=False)
    return found


@pytest.fixture
def articles(cast: Cast, clients: dict[str, Client]) -> dict[str, Article]:
    """One in each state, begun and owned by the agent."""
    editor = stories.make_editor()
    shelf = {
        audience: stories.published(
            cast, editor, content=illustrated(cast, audience=audience)
        )
        for audience in ("everyone", "staff", "agents")
    }
    for article in shelf.values():
        services.give_feedback(
            article.pk, by=cast.lea, number=1, helped=False, reason="wrong"
        )
    shelf["draft"] = stories.drafted(cast, content=illustrated(cast))
    shelf["in_review"] = stories.submitted(cast, content=illustrated(cast))
    shelf["retired"] = stories.retired(cast, editor, content=illustrated(cast))
    return shelf


def illustrated(cast: Cast, **changes: Any) -> services.Content:
    return stories.known_error(body=stories.shown(stories.image_of(cast.bo)), **changes)


def address(route: str, article: Article | None) -> str:
    slug = article.slug if article else "no-such-article"
    names = ALL_ROUTES[route]
    args: dict[str, Any] = {"slug": slug, "number": 1, "pk": part_of(route, article)}
    return reverse(route, kwargs={name: args[name] for name in names})


def part_of(route: str, article: Article | None) -> int:
    """The number of its image, or of what somebody said of it."""
    if article is None:
        return 999_999
    if route == "knowledge:image":
        found: Any = article.images.first()
    else:
        found = Feedback.objects.about_article(article).first()
    return found.pk if found else 999_999


def posted(article: Article | None, cast: Cast) -> dict[str, Any]:
    """What every form of these pages wants, for this article as it is now."""
    content = stories.known_error(title="Another title")
    return {
        "version": article.version if article else 1,
        "kind": "" if article is None else article.kind,
        "number": 1,
        "reason": "Because.",
        "slug": "another-address",
        "to": cast.cy.pk,
        "review_by": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "title": content.title,
        "audience": content.audience,
        "symptom": content.symptom,
        "fix_status": content.fix_status,
    }


def asked(client: Client, method: str, path: str, given: dict[str, Any]) -> object:
    """The answer, with everything undone that it did."""
    with transaction.atomic():
        response: Any = (
            client.get(path) if method == "get" else client.post(path, given)
        )
        found = answer(response)
        transaction.set_rollback(True)
    return found


def test_every_route_has_its_row() -> None:
    assert set(ROWS) == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_every_role_gets_what_the_table_says(
    route: str, cast: Cast, clients: dict[str, Client], articles: dict[str, Article]
) -> None:
    row = ROWS[route]
    wanted, found = {}, {}
    for state in STATES:
        article = articles.get(state)
        given = posted(article, cast)
        if route == "knowledge:handle":
            given |= {"version": 1, "answer": "It is right now."}
        if route == "knowledge:not_helpful":
            given |= {"reason": "wrong"}
        if route in {"knowledge:draft", "knowledge:preview"}:
            given = {"kind": "faq", "title": ""}
        for role, client in clients.items():
            for method in METHODS:
                cell = (role, state, method)
                wanted[cell] = expected(row, method, role, state)
                found[cell] = asked(client, method, address(route, article), given)
    wrong = {cell: got for cell, got in found.items() if got != wanted[cell]}
    assert wrong == {}
