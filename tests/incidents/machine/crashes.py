"""Where the process may die: in the middle of a service, or of a sweep."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import strategies as st

from activity import facts
from activity.services import timers
from incidents.clocks import keeping as clocks
from incidents.timers import keeping as deadlines

# What is called in the middle of things.
OF_MOVES = (
    (facts, "_raise_versions"),
    (facts, "keep_up"),
    (clocks, "cache_readings"),
    (deadlines, "keep_armed"),
    (facts, "queue_deliveries"),
)
OF_SWEEPS = (
    *OF_MOVES,
    (timers, "_ask"),
    (timers, "_finish"),
    (timers, "record_all"),
    (timers, "_save_timers"),
)


class Killed(BaseException):
    """The process is no more: nobody catches this."""


class Failed(Exception):  # noqa: N818 - it reads better
    """Something went wrong once."""


@dataclass(frozen=True)
class Crash:
    """At the ``call``-th call of something, before or after it."""

    module: Any
    name: str
    call: int
    is_after: bool
    error: type[BaseException] = Killed

    def __str__(self) -> str:
        when = "after" if self.is_after else "before"
        return f"{self.error.__name__} {when} call {self.call} of {self.name}"


def crashes(points: Any, errors: Any = (Killed,)) -> st.SearchStrategy[Crash]:
    return st.builds(
        lambda point, *how: Crash(point[0], point[1], *how),
        st.sampled_from(points),
        st.integers(1, 3),
        st.booleans(),
        st.sampled_from(errors),
    )


@contextmanager
def happening(crash: Crash) -> Iterator[None]:
    original, calls = getattr(crash.module, crash.name), 0

    def call(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == crash.call and not crash.is_after:
            raise crash.error
        result = original(*args, **named)
        if calls == crash.call:
            raise crash.error
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crash.module, crash.name, call)
        yield
