"""The permission matrix: every route, every role, both methods.

``permissions.toml`` is the table; this walks the URLconf beside it.
"""

import fnmatch
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from accounts.models import User
from activity.services import heartbeats
from catalogue.models import Category, Location, Service
from tests.people import Cast, make_user

ENTRY = 77
TABLE = Path(__file__).with_name("permissions.toml")
ROWS: list[dict[str, Any]] = tomllib.loads(TABLE.read_text())["row"]
ROLES = {
    "anonymous": None,
    "left": "zed",
    "reporter": "ann",
    "problem_manager": "problem_manager",
    "knowledge_editor": "knowledge_editor",
    "incident_commander": "incident_commander",
    "agent": "bo",
    "lead": "lea",
    "resolver": "ned",
    "manager": "max",
    "administrator": "ida",
}


def routes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every named route of the product, with the parameters its address takes."""
    yield from _walk(get_resolver("servicedesk.urls"), "")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, space)
        elif isinstance(entry, URLPattern):
            name = entry.name or str(entry.pattern)
            yield f"{prefix}{name}", _parameters(entry)


def _parameters(entry: URLPattern) -> dict[str, Any]:
    if isinstance(entry.pattern, RegexPattern):
        return dict.fromkeys(entry.pattern.regex.groupindex)
    return dict(entry.pattern.converters)


ALL_ROUTES = dict(routes())
# Those of incidents stand in a table of their own, where relations count as well:
# tests/incidents/test_permission_matrix.py. So do those of articles, where their state
# does: tests/knowledgebase/test_permission_matrix.py.
ELSEWHERE = ("incidents:", "knowledge:")
OWN_ROUTES = [route for route in ALL_ROUTES if not route.startswith(ELSEWHERE)]
UNNAMED = {
    "admin:<path:object_id>/": "/admin/accounts/team/1/",
    "admin:(?P<url>.*)$": "/admin/no/such/page/",
}


def row_for(route: str) -> dict[str, Any]:
    for row in ROWS:
        if fnmatch.fnmatch(route, row["route"]):
            return row
    raise LookupError(f"{route} has no row in {TABLE.name}")


def expected(row: dict[str, Any], method: str, role: str) -> object:
    answers = row[method]
    if role in {"anonymous", "left"}:
        return answers["anonymous"]
    return answers.get(role, answers["everyone"])


def address(route: str, row: dict[str, Any], cast: Cast) -> str:
    objects = {
        "user_pk": cast.zed.pk,
        "team_pk": cast.network.pk,
        "entry_pk": ENTRY,
        "missing_pk": 10**9,
    }
    if route in UNNAMED:
        return UNNAMED[route]
    args = {
        name: objects.get(str(value), value)
        for name, value in row.get("args", {}).items()
        if name in ALL_ROUTES[route] or name == "app_label"
    }
    return reverse(route, kwargs=args)


def answer(response: HttpResponse) -> object:
    if response.status_code == 302:
        to_login = response["Location"].startswith(
            ("/accounts/login/", "/admin/login/")
        )
        return "login" if to_login else "see"
    return response.status_code


@pytest.fixture
def client_of(cast: Cast) -> dict[str, Client]:
    heartbeats.beat(heartbeats.WORKER)
    for model in (Service, Category, Location):
        model.objects.create(pk=ENTRY, name="One")
    clients = {}
    for role, name in ROLES.items():
        clients[role] = Client(raise_request_exception=False)
        if name is not None:
            clients[role].force_login(getattr(cast, name, None) or holder_of(role))
    User.objects.filter(pk=cast.zed.pk).update(is_active=False)
    return clients


def holder_of(role: str) -> User:
    """Somebody with one granted role and nothing else."""
    user = make_user(role)
    user.role_grants.create(role=role, granted_by=User.objects.system())
    return user


def test_every_route_has_a_row() -> None:
    for route in OWN_ROUTES:
        row_for(route)


def test_every_row_has_a_route() -> None:
    used = [row_for(route)["route"] for route in OWN_ROUTES]
    assert {row["route"] for row in ROWS} == set(used)


@pytest.mark.parametrize("route", OWN_ROUTES)
def test_every_role_gets_what_the_table_says(
    route: str, cast: Cast, client_of: dict[str, Client]
) -> None:
    row = row_for(route)
    path = address(route, row, cast)
    wanted, found = {}, {}
    for role, client in client_of.items():
        for method in ("get", "post"):
            wanted[role, method] = expected(row, method, role)
            found[role, method] = answer(getattr(client, method)(path))
    assert found == wanted, path
