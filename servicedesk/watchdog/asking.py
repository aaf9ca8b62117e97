"""How a check asks the database, and what it answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from activity.models import Check, Finding

NAMED = 20
COUNTED = 10_000

Answer = Callable[[datetime], Finding]


def rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def well(name: str, **detail: Any) -> Finding:
    return Finding(name, Check.State.OK, detail)


def bad(name: str, **detail: Any) -> Finding:
    return Finding(name, Check.State.BAD, detail)


def none_or_bad(name: str, count: int, **detail: Any) -> Finding:
    """All is well while there is none of it."""
    return bad(name, count=count, **detail) if count else well(name)


def text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
