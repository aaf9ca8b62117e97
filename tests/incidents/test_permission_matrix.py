"""Who gets what from every address of incidents, whatever an incident is to them.

``tests/permissions_incidents.toml`` is the table.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident
from tests.incidents.relations import NO_SUCH, Places, Standpoint
from tests.people import Cast
from tests.test_permissions import ALL_ROUTES, ROLES, answer, holder_of

TABLE = Path(__file__).parent.parent / "permissions_incidents.toml"
DATA = tomllib.loads(TABLE.read_text())
ROWS: dict[str, dict[str, Any]] = {row["route"]: row for row in DATA["row"]}
ROUTES = [route for route in ALL_ROUTES if route.startswith("incidents:")]
KINDS: dict[str, dict[str, Any]] = DATA["kind"]
METHODS = ("get", "post")
Cell = tuple[str, str, str]  # route, relation, method
OF_ONE_REQUEST = {"X-Request-ID", "Date", "Set-Cookie"}
SECRETS = re.compile(r"[A-Za-z0-9+/_=-]{22,}")  # nonces, tokens, ids of requests


def numbers_in(path: str) -> list[str]:
    """An address, and the references it may be about."""
    ids = [word for word in path.split("/") if word.isdecimal()]
    return [path, *(f"INC-{int(pk):05d}" for pk in ids)]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and what of it must not tell a hidden record from none."""

    answer: object
    likeness: tuple[dict[str, str], str]

    @classmethod
    def of(cls, response: Any, path: str) -> "Reply":
        headers = {
            name: SECRETS.sub("", value)
            for name, value in response.headers.items()
            if name not in OF_ONE_REQUEST
        }
        text = "" if response.streaming else response.content.decode()
        if response.status_code == 404:
            assert not [one for one in numbers_in(path) if one in text]
        return cls(answer(response), (headers, SECRETS.sub("", text)))


def expected(row: dict[str, Any], method: str, role: str, relation: str) -> object:
    """The word of the table for one cell."""
    kind = KINDS[row["kind"]]
    if role in {"anonymous", "left"}:
        return kind.get("anonymous", "login")
    words = kind[method] | row.get(method, {})
    if "everyone" in words:
        return words["everyone"]
    if not is_among(kind["sees"] + row["may"], role, relation):
        return 404
    return words.get("everyone_who_sees") or _of_who_sees(row, words, role, relation)


def _of_who_sees(
    row: dict[str, Any], words: dict[str, Any], role: str, relation: str
) -> object:
    if is_among(row.get("late", []), role, relation):
        return 409
    return words["may"] if is_among(row["may"], role, relation) else 403


def is_among(names: list[str], role: str, relation: str) -> bool:
    """Nobody is anything to a missing one."""
    found = {f"{role}.{relation}", role, f"*.{relation}", "*"}
    return relation != "missing" and not found.isdisjoint(names)


def test_every_route_has_its_row() -> None:
    assert set(ROWS) == set(ROUTES)


@pytest.fixture
def places(cast: Cast) -> Places:
    return Places(cast)


def person_of(role: str, cast: Cast) -> User | None:
    name = ROLES[role]
    if name is None:
        return None
    person: User = getattr(cast, name, None) or holder_of(role)
    if role == "left":
        person = holder_of("manager")
    return person


def client_for(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def standpoint(role: str, places: Places) -> Standpoint:
    return Standpoint(places, person_of(role, places.cast))


@pytest.fixture
def client(role: str, standpoint: Standpoint) -> Client:
    client = client_for(standpoint.person)
    if role == "left" and standpoint.person is not None:
        User.objects.filter(pk=standpoint.person.pk).update(is_active=False)
        standpoint.person.is_active = False
    return client


def cells(role: str, standpoint: Standpoint) -> Iterator[Cell]:
    """One cell of each that differ: who asks by the wrong method is told so before
    anybody looks at the incident."""
    for route in ROUTES:
        for method in METHODS:
            one = "pk" not in ALL_ROUTES[route] or method_is_wrong(route, method)
            for relation in ["foreign"] if one else standpoint.relations:
                if relation != "major" or majors_matter(route, role):
                    yield route, relation, method


def majors_matter(route: str, role: str) -> bool:
    """To a desk that sees all a major incident is like any foreign one, unless the
    row says otherwise."""
    row = ROWS[route]
    names = row["may"] + row.get("late", [])
    return role not in {"agent", "lead"} or f"{role}.major" in names


def method_is_wrong(route: str, method: str) -> bool:
    return "everyone" in KINDS[ROWS[route]["kind"]][method]


@dataclass
class Asker:
    """One person at one address, related to it in one way."""

    role: str
    standpoint: Standpoint
    client: Client

    def address(self, route: str, relation: str) -> str:
        parameters = ALL_ROUTES[route]
        if "token" in parameters:
            return reverse(route, kwargs={"token": "no-such-token"})
        if "slug" in parameters:
            return reverse(route, kwargs={"slug": self.standpoint.places.article})
        if "pk" not in parameters:
            return reverse(route)
        return reverse(route, kwargs={"pk": self._pk(route, relation)})

    def _pk(self, route: str, relation: str) -> int:
        if relation == "missing":
            return NO_SUCH
        if ROWS[route].get("about") == "file":
            return self.standpoint.file(relation).pk
        return self._incident(route, relation).pk

    def _incident(self, route: str, relation: str) -> Incident:
        """In the state of the row; where nobody looks at it, in any."""
        words = {expected(ROWS[route], one, self.role, relation) for one in METHODS}
        is_seen = not words <= {404, 405, "login"}
        state = ROWS[route]["state"] if is_seen else "in_progress"
        return self.standpoint.incident(relation, state)

    def _form(self, route: str, relation: str) -> dict[str, Any]:
        """An empty one, as a page of ours would send it; about no article either."""
        if relation == "missing" or "state" not in ROWS[route]:
            return {"version": NO_SUCH}
        incident = self._incident(route, relation)
        return {"version": incident.version, "resolution": incident.resolution_id or 0}

    def ask(self, route: str, relation: str, method: str) -> Reply:
        """What a POST did is undone; one that was refused must have done nothing."""
        path = self.address(route, relation)
        if method == "get":
            return Reply.of(self.client.get(path), path)
        form, before = self._form(route, relation), fingerprint()
        with transaction.atomic():
            reply = Reply.of(self.client.post(path, form), path)
            if reply.answer != "see":
                assert fingerprint() == before, f"{path}: {reply.answer}"
            transaction.set_rollback(True)
        self.client.cookies.pop("messages", None)  # "It is done" of the one before
        return reply


def fingerprint() -> list[Any]:
    """What no refused request may change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM activity_event),"
            " (SELECT count(*) FROM activity_delivery),"
            " (SELECT count(*) FROM incidents_attachment),"
            " (SELECT sum(hashtext(i::text)) FROM incidents_incident i)"
        )
        return list(cursor.fetchone())


def difference(one: Any, other: Any) -> list[str]:
    """The lines that tell two answers apart."""
    texts = (json.dumps(headers) + "\n" + text for headers, text in (one, other))
    lines = ndiff(*(text.splitlines() for text in texts))
    return [line for line in lines if line[0] in "+-"][:6]


def test_everybody_gets_what_the_table_says(
    role: str, standpoint: Standpoint, client: Client
) -> None:
    """And what they do not see answers as what does not exist."""
    asker = Asker(role, standpoint, client)
    replies = {cell: asker.ask(*cell) for cell in cells(role, standpoint)}
    wrong = []
    for (route, relation, method), reply in replies.items():
        wanted = expected(ROWS[route], method, role, relation)
        if reply.answer != wanted:
            wrong.append(f"{method} {route}, {relation}: {reply.answer}, not {wanted}")
        if wanted == 404 and relation == "foreign":
            missing = replies.get((route, "missing", method), reply)
            if reply.likeness != missing.likeness:
                unlike = difference(missing.likeness, reply.likeness)
                wrong.append(f"{method} {route}: foreign is not like missing: {unlike}")
    assert not wrong, "\n".join(wrong)
