"""What a look for due timers reads, however many wait: next to nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from activity.services.timers import BATCH, START, _due, sweep_batch
from tests.database import sql

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARMED: Final = 200_000
DUE: Final = 100
# The way down an index of 200,000 entries is three pages, and there is one leaf more.
FEW_PAGES: Final = 8
# For each timer that is met: its place among those of its record, and the row itself.
PAGES_A_TIMER: Final = 8

ARM = """
INSERT INTO activity_timer (subject_type, subject_id, kind, step, generation,
    wanted_at, due_at, state, finished_at, tries, error)
SELECT 'probe', n / %(each)s, 'probe.storm', n, 0, at, at, 'armed', NULL, 0, ''
FROM (SELECT n, %(from)s + (n || ' ms')::interval AS at
      FROM generate_series(%(first)s, %(last)s) AS n) AS one
"""


class Cost(NamedTuple):
    """What PostgreSQL did for one statement."""

    rows: int  # read from the table and its indexes
    pages: int  # of tables and indexes, in memory or not
    sequential: bool  # whether the table was read from one end to the other


@pytest.fixture
def waiting(db: None) -> None:
    """200,000 timers wait for their time, four of each record."""
    arm(NOON + timedelta(hours=1), first=4, count=ARMED, each=4)


def arm(due_at: datetime, *, first: int, count: int, each: int) -> None:
    """So many timers, one a millisecond, and PostgreSQL knows how they lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            ARM,
            {
                "from": due_at,
                "first": first,
                "last": first + count - 1,
                "each": each,
            },
        )
    sql("ANALYZE activity_timer")


def cost_of_a_look(at: datetime = NOON) -> Cost:
    """Of the very statement with which ``sweep_batch`` looks for due timers."""
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        list(_due(at, START).select_for_update(skip_locked=True)[:BATCH])
    with CaptureQueriesContext(connection) as swept, transaction.atomic():
        sweep_batch(at=at)
        transaction.set_rollback(True)
    (statement,) = [one["sql"] for one in asked if "activity_timer" in one["sql"]]
    assert statement in [one["sql"] for one in swept]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        (answer,) = cursor.fetchone()
        transaction.set_rollback(True)
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return _cost(plan)


def _cost(plan: dict[str, Any]) -> Cost:
    scans = [node for node in _nodes(plan) if "Relation Name" in node]
    return Cost(
        rows=sum(_rows(node) for node in scans),
        pages=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        sequential=any(node["Node Type"] == "Seq Scan" for node in scans),
    )


def _rows(node: dict[str, Any]) -> int:
    """Those that came of it, and those that were read for nothing."""
    removed = node.get("Rows Removed by Filter", 0)
    return round((node["Actual Rows"] + removed) * node["Actual Loops"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def test_a_look_reads_only_what_it_takes(waiting: None) -> None:
    """Nothing, or the fifty of a hundred that are due, each of another record; and a
    look that reads everything would be seen."""
    empty = cost_of_a_look()
    arm(NOON - timedelta(hours=1), first=ARMED * 2, count=DUE, each=1)
    busy = cost_of_a_look()
    print(f"\n{ARMED:,} wait, none is due: {empty}")  # noqa: T201 - the figures to
    print(f"{ARMED:,} wait, {DUE} are due: {busy}")  # noqa: T201 - report
    assert not empty.sequential
    assert not busy.sequential
    assert empty.rows == 0
    assert empty.pages <= FEW_PAGES
    assert busy.rows <= 2 * BATCH
    assert busy.pages <= FEW_PAGES + PAGES_A_TIMER * BATCH
    sql("DROP INDEX timer_due")
    naive = cost_of_a_look()
    assert naive.pages > 10 * FEW_PAGES
