"""How PostgreSQL is to look for words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

SET: Final = (
    "SELECT set_config('enable_seqscan', %s, true),"
    " set_config('enable_indexscan', %s, true)"
)


@contextmanager
def by_index_of_words() -> Iterator[None]:
    """Within, rows are found by the index of their words, and not by reading the table
    from its newest row on until enough of them have the word.

    PostgreSQL takes each language of a word for another word. So it expects three times
    the rows that there are, and the wrong way looks short to it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET, ["off", "off"])
        yield
        # A test, or whoever asks in a transaction of their own, goes on as before.
        cursor.execute(SET, ["on", "on"])
