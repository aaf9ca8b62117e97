"""When the clocks of a zone change, read from the time-zone files themselves.

``zoneinfo`` keeps its table to itself, and the product finds changes by looking; this
reads the file (RFC 9636), so that the two can be compared.
"""

import struct
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from zoneinfo import TZPATH, available_timezones

HEADER = struct.Struct(">4sc15x6l")
SINCE = datetime(1990, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Change(NamedTuple):
    at: datetime
    before: timedelta
    after: timedelta


def content(zone: str) -> bytes:
    for folder in TZPATH:
        path = Path(folder, zone)
        if path.is_file():
            return path.read_bytes()
    return files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()


@cache
def changes(zone: str) -> tuple[Change, ...]:
    """The changes of offset since 1990 that the file lists one by one."""
    file = content(zone)
    *_, utc, std, leap, moments, kinds, letters = HEADER.unpack_from(file)
    second = HEADER.size + moments * 5 + kinds * 6 + letters + leap * 8 + std + utc
    *_, moments, kinds, _ = HEADER.unpack_from(file, second)
    body = second + HEADER.size
    seconds = struct.unpack_from(f">{moments}q", file, body)
    chosen = file[body + 8 * moments : body + 9 * moments]
    types = struct.iter_unpack(">lBB", file[body + 9 * moments :][: 6 * kinds])
    offsets = [timedelta(seconds=kind[0]) for kind in types]
    listed = [
        Change(EPOCH + timedelta(seconds=at), offsets[old], offsets[new])
        for at, old, new in zip(seconds[1:], chosen, chosen[1:], strict=False)
        if at > 0
    ]
    return tuple(one for one in listed if one.before != one.after and one.at >= SINCE)


@cache
def zones_that_change() -> dict[str, tuple[Change, ...]]:
    """One name for each set of rules under which the clocks changed since 1990."""
    different = {content(zone): zone for zone in sorted(portable_zones(), reverse=True)}
    return {zone: changes(zone) for zone in sorted(different.values()) if changes(zone)}


def portable_zones() -> set[str]:
    return available_timezones() - {"localtime", "Factory"}
