"""Any number of items in order, on disk, with flat memory."""

import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, Any

Item = tuple[str, int, list[Any]]
"""The text to sort by, the line, and what to keep: anything that JSON can hold."""

WIDTH = 64
PIECE = 32 * 1024
_ORDER = itemgetter(0, 1)


@dataclass(frozen=True, slots=True)
class _Run:
    """Sorted items, one JSON list a line, in a file without a name."""

    file: IO[bytes]
    count: int

    def __iter__(self) -> Iterator[Item]:
        for text in io.BufferedReader(_Reader(self.file), PIECE):
            key, line, payload = json.loads(text)
            yield key, line, payload


@dataclass(frozen=True, slots=True)
class Spool:
    """The items in order, to be read as often as one likes."""

    _runs: tuple[_Run, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(run.count for run in self._runs)

    def items(self, *, skip: int = 0) -> Iterator[Item]:
        """All but the first ``skip``; readings do not disturb each other."""
        return islice(merge(*self._runs, key=_ORDER), skip, None)


@contextmanager
def spooled(items: Iterable[Item], *, chunk: int = 20_000) -> Iterator[Spool]:
    """Take all items, at most ``chunk`` of them in memory, and hold them in order.

    The order is by key and line; the same key and line stay as they came. What
    ``items`` raises, rises before anything is handed out. The files have no name:
    they are gone with the block, and with the process if it is killed.
    """
    if chunk < 1:
        raise ValueError("At least one item has to fit in memory.")
    with ExitStack() as files:
        feed = iter(items)
        runs: list[_Run] = []
        while (run := _sorted(feed, chunk, files)).count:
            runs.append(run)
            if len(runs) == WIDTH:
                runs = [_merged(runs, files)]
        yield Spool(tuple(runs))


def _sorted(feed: Iterator[Item], chunk: int, files: ExitStack) -> _Run:
    return _written(sorted(islice(feed, chunk), key=_ORDER), files)


def _merged(runs: list[_Run], files: ExitStack) -> _Run:
    """One file for many, so that the number of open files has an end."""
    run = _written(merge(*runs, key=_ORDER), files)
    for old in runs:
        old.file.close()
    return run


def _written(items: Iterable[Item], files: ExitStack) -> _Run:
    file = files.enter_context(TemporaryFile())  # noqa: SIM115 - it closes it
    count = 0
    for item in items:
        file.write(json.dumps(item).encode("ascii") + b"\n")
        count += 1
    file.flush()
    return _Run(file, count)


class _Reader(io.RawIOBase):
    """A file from its beginning, with a place of its own in it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = os.pread(self._file.fileno(), len(buffer), self._at)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
