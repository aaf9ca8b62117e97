"""What must be true before anybody is served."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from servicedesk import demonstration

PAUSE = 0.1
BROKER_FOLDERS = {"data_folder_in", "data_folder_out", "control_folder"}
# Any number will do, as long as no other advisory lock of the product has it.
STARTUP_LOCK = 7_353_001


@contextmanager
def one_at_a_time(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let one process of the installation in; the others wait for their turn.

    It needs a connection of its own for as long as it lasts, so not one through a
    pooler that hands it to others between transactions.
    """
    connection = connections[alias]
    # Asking again instead of waiting inside PostgreSQL: a waiting statement would
    # hold up CREATE INDEX CONCURRENTLY in the very migration it waits for.
    while not _asked(alias, "SELECT pg_try_advisory_lock(%s)"):
        time.sleep(PAUSE)
    try:
        yield
    finally:
        if connection.is_usable():
            _asked(alias, "SELECT pg_advisory_unlock(%s)")


def migrate_locked(alias: str = DEFAULT_DB_ALIAS, *, verbosity: int = 0) -> None:
    """Apply all migrations; any number of processes may do so at once."""
    with one_at_a_time(alias):
        call_command("migrate", database=alias, interactive=False, verbosity=verbosity)


def fill_empty_desk() -> bool:
    """Fill the demonstration in where nobody has an account yet; whether it did."""
    with one_at_a_time():
        if not demonstration.is_empty():
            return False
        demonstration.fill()
        return True


def make_broker_folders() -> None:
    """Make the folders of the broker that needs no server, if that is the broker."""
    options: dict[str, object] = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for name in BROKER_FOLDERS & options.keys():
        Path(str(options[name])).mkdir(mode=0o700, parents=True, exist_ok=True)


def _asked(alias: str, question: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute(question, [STARTUP_LOCK])
        (answer,) = cursor.fetchone()
    return bool(answer)
