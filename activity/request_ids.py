"""A name for each request, so that its events and log lines can be found together."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request or task that this thread works for, or ``""``."""
    return _current.get()


@contextmanager
def request_id_set(name: str = "") -> Iterator[str]:
    """Give everything done inside one id (a new one unless ``name`` is given)."""
    token = _current.set(name or uuid.uuid4().hex)
    try:
        yield _current.get()
    finally:
        _current.reset(token)


class RequestIdFilter(logging.Filter):
    """Puts ``request_id`` on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True
