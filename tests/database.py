"""Straight at PostgreSQL, past everything in Python."""

from typing import Any

from django.db import connection


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
