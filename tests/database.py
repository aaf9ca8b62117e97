"""Straight at PostgreSQL, past everything in Python."""

from typing import Any

from django.db import OperationalError, connection

# Django writes these after every migration, and nobody else ever does.
KEPT = {"django_content_type", "auth_permission"}


def sql(statement: str, *values: Any) -> None:
    """Execute one statement; ``%s`` marks take the values."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def without(*guards: str) -> None:
    """Switch guards off, each as ``table.trigger``, until the test is undone."""
    # What is still deferred has to speak first: PostgreSQL alters no table before.
    connection.check_constraints()
    sql("SET CONSTRAINTS ALL DEFERRED")
    for guard in guards:
        table, trigger = guard.split(".")
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


def empty_tables() -> None:
    """Django's flush without its dearest half: it never changes what Django wrote.

    Only tables with rows are emptied, and whatever refers to them.
    """
    tables = connection.introspection.django_table_names(
        only_existing=True, include_views=False
    )
    quoted = [connection.ops.quote_name(table) for table in {*tables} - KEPT]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"
                for table in quoted
            )
        )
        filled = [table for (table,) in cursor.fetchall()]
    if filled:
        _truncate(filled)


def _truncate(filled: list[str]) -> None:
    """A page that nobody waits for any more may still be read just then: PostgreSQL
    ends one of the two, and the other goes on."""
    for tries_left in reversed(range(5)):
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
        except OperationalError:
            if not tries_left:
                raise
        else:
            return
