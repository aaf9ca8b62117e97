"""What PostgreSQL reads while a page is made: by the plans it used, whatever the
machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


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
                rows = max(rows_of(cursor.fetchone()[0][0]["Plan"]))
        seen.statements.append((rows, sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def rows_of(step: dict[str, Any]) -> list[float]:
    """Of each step the rows it read, those it threw away included. Entries of an index
    that a bitmap is made of are no rows: those of tests before are still among them."""
    thrown = step.get("Rows Removed by Filter", 0) + step.get(
        "Rows Removed by Index Recheck", 0
    )
    own = (step["Actual Rows"] + thrown) * step["Actual Loops"]
    is_bitmap = step["Node Type"] == "Bitmap Index Scan"
    below = [row for part in step.get("Plans", []) for row in rows_of(part)]
    return [0 if is_bitmap else own, *below]
