"""What PostgreSQL reads while a page is made: by the plans it used, whatever the
machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tests.knowledgebase.test_pages import most_rows


@dataclass
class Seen:
    """Each statement with the most rows that any step of its plan read."""

    statements: list[tuple[float, str]] = field(default_factory=list)

    @property
    def most(self) -> tuple[float, str]:
        return max(self.statements)


@contextmanager
def plans_seen() -> Iterator[Seen]:
    """Each SELECT is explained where and when it runs, with the settings of then."""
    seen = Seen()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        rows = 0.0
        if sql.startswith("SELECT") and "set_config" not in sql:
            with connection.cursor().cursor as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
                rows = most_rows(json.dumps(cursor.fetchone()[0]))
        seen.statements.append((rows, sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen
