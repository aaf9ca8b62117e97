"""Tokens of the links in letters: signed, about a few primary keys, good for thirty
days. What a link does is said where it is written (``links``, ``ladders.links``)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.core import signing

LIVES: Final = timedelta(days=30)


def sign(keys: Sequence[int | None], salt: str) -> str:
    return signing.dumps(keys, salt=salt)


def read(token: str, salt: str) -> tuple[list[int], bool]:
    """The keys, and whether its time is over.

    Raises ``signing.BadSignature`` for what this desk never signed with this salt.
    """
    keys: list[int] = signing.loads(token, salt=salt)
    try:
        signing.loads(token, salt=salt, max_age=LIVES)
    except signing.SignatureExpired:
        return keys, True
    return keys, False
