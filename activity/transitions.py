"""The words that a life cycle is written in."""

from collections.abc import Callable
from typing import Any, TypeVar

M = TypeVar("M")
U = TypeVar("U")


def only_if(predicate: Callable[[M, U], bool]) -> Callable[[Any, Any], bool]:
    """``permission=only_if(may_resolve)``: a predicate of record and person.

    It only widens the types, which the library declares for other user models.
    """
    return predicate
