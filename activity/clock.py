"""The one clock: the database's, so that several servers agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import connection

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The database server's time, aware, in UTC. Costs one short query.

    Inside a transaction it goes on, unlike SQL's ``now()``.
    """
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def is_frozen() -> bool:
    """Whether ``now()`` answers what a simulation or a test says."""
    return _frozen.get() is not None


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Let ``now()`` answer ``moment`` in this thread: for simulations and tests."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
