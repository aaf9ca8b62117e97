"""What stands in one cell of a log: a text, a name, a number, a time."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from accounts.models import JOINERS
from incidents.replay.step import UNKNOWN, Reason, Refused

T = TypeVar("T")

MISSING: Final = ("", "?")
YEARS: Final = range(1990, 2191)
PERSON_LENGTH: Final = 150
NAME_LENGTH: Final = 100
NUMBER_LENGTH: Final = 40
SUBJECT_LENGTH: Final = 150
COUNTER_DIGITS: Final = 9

_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})", re.ASCII
)
_ISO: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)


def text(value: str) -> str:
    """The value in one line with single spaces, without signs that nobody can see;
    unknown where it is missing."""
    line = value if value.isprintable() else "".join(map(_visible, value))
    line = " ".join(line.split())
    return UNKNOWN if line in MISSING else line


def _visible(sign: str) -> str:
    if sign in JOINERS:
        return sign
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs"} else sign


def name(value: str, length: int = NAME_LENGTH) -> str:
    """A name of at most ``length`` signs. One without letter or digit names nobody.

    A longer one is cut and ends in a mark made from the whole of it, so that two
    long names that begin alike stay two.
    """
    whole = text(value)
    if not any(sign.isalnum() for sign in whole):
        return UNKNOWN
    if len(whole) <= length:
        return whole
    mark = "~" + hashlib.sha256(whole.encode()).hexdigest()[:8]
    return whole[: length - len(mark)].rstrip() + mark


def person(value: str) -> str:
    """The name of a person, see ``name``."""
    return name(value, PERSON_LENGTH)


def record_number(value: str) -> str:
    """The number of an incident, or ``Refused``: it is never missing and never cut."""
    number = text(value)
    if not number or len(number) > NUMBER_LENGTH:
        raise Refused(Reason.NUMBER, number)
    return number


def subject(head: str, tail: str = UNKNOWN) -> str:
    """One line of at most 150 signs; what is longer ends in "…"."""
    line = f"{head} – {tail}" if tail else head
    if len(line) <= SUBJECT_LENGTH:
        return line
    return line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def day_first(value: str, zone: ZoneInfo) -> datetime:
    """The moment of "D/M/YYYY HH:MM" on the clocks of ``zone``, in UTC; else
    ``Refused``. See ``_moment`` for the two days on which clocks change."""
    found = _DAY_FIRST.fullmatch(text(value))
    if found is None:
        raise Refused(Reason.TIME, text(value))
    day, month, year, hour, minute = map(int, found.groups())
    try:
        return _moment(datetime(year, month, day, hour, minute), zone)  # noqa: DTZ001
    except ValueError:
        raise Refused(Reason.TIME, text(value)) from None


def iso(value: str, zone: ZoneInfo) -> datetime:
    """The moment of an ISO 8601 date with time, in UTC; else ``Refused``. Without an
    offset it is read on the clocks of ``zone``."""
    if _ISO.fullmatch(text(value)) is None:
        raise Refused(Reason.TIME, text(value))
    try:
        return _moment(datetime.fromisoformat(text(value)), zone)
    except ValueError:
        raise Refused(Reason.TIME, text(value)) from None


def _moment(clock: datetime, zone: ZoneInfo) -> datetime:
    """In an hour that comes twice the first is meant. A time that the clocks skipped
    is as much later as they skipped."""
    if clock.year not in YEARS:
        raise ValueError(clock.year)
    if clock.tzinfo is None:
        clock = clock.replace(tzinfo=zone, fold=0)
    return clock.astimezone(UTC)


def chosen(column: str, values: Mapping[str, str], table: Mapping[str, T]) -> T | None:
    """What the table says of the value of this column; ``None`` where it is missing,
    ``Refused`` where the table does not know it."""
    value = text(values[column])
    if not value:
        return None
    if value not in table:
        raise Refused(Reason.VALUE, f"{column}: {value}")
    return table[value]


def counters(columns: Iterable[str], values: Mapping[str, str]) -> dict[str, int]:
    """The whole numbers in these columns, without the missing ones; ``Refused`` for
    anything else that stands there."""
    counted = {}
    for column in columns:
        value = text(values[column])
        if not value:
            continue
        if not (value.isascii() and value.isdigit() and len(value) <= COUNTER_DIGITS):
            raise Refused(Reason.VALUE, f"{column}: {value}")
        counted[column] = int(value)
    return counted


def extras(columns: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    """What stands in these columns, without the missing ones."""
    read = {column: text(values[column]) for column in columns}
    return {column: value for column, value in read.items() if value}


def digest(values: Mapping[str, str]) -> str:
    """SHA-256 of all columns and what stands in them to the letter, in hexadecimal;
    the order of the columns does not count."""
    said = json.dumps(sorted(values.items()), separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
