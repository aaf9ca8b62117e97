"""The rule for working time in its plainest form, to measure the fast one against.

One minute after the other, each asked what its wall clock shows. Shares nothing with
``sla.business_time``, not even the calendar.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class Minute(NamedTuple):
    starts: datetime
    is_open: bool
    holiday: date | None


@dataclass(frozen=True)
class Walk:
    """A calendar whose shifts are on whole minutes."""

    zone: str
    weekly: Mapping[int, Sequence[tuple[time, time]]]
    holidays: frozenset[date] = frozenset()

    def minutes(self, start: datetime, end: datetime) -> Iterator[Minute]:
        """The minutes that [start, end) touches."""
        zone = ZoneInfo(self.zone)
        at = start.astimezone(UTC).replace(second=0, microsecond=0)
        while at < end:
            local = at.astimezone(zone)
            yield self._minute(at, local.date(), local.time())
            at += MINUTE

    def _minute(self, at: datetime, day: date, clock: time) -> Minute:
        shifts = self.weekly.get(day.weekday(), ())
        if day in self.holidays:
            return Minute(at, False, day if shifts else None)
        is_open = any(
            opens <= clock and (clock < closes or closes == time())
            for opens, closes in shifts
        )
        return Minute(at, is_open, None)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time in [start, end), to the microsecond."""
        return sum(
            (
                min(minute.starts + MINUTE, end) - max(minute.starts, start)
                for minute in self.minutes(start, end)
                if minute.is_open
            ),
            timedelta(),
        )

    def due(self, start: datetime, amount: timedelta, give_up: datetime) -> datetime:
        """When the amount is worked: the end of the last bit of a minute needed."""
        if not amount:
            return start.astimezone(UTC)
        for minute in self.minutes(start, give_up):
            begins = max(minute.starts, start)
            lasts = minute.starts + MINUTE - begins
            if minute.is_open and amount <= lasts:
                return begins.astimezone(UTC) + amount
            if minute.is_open:
                amount -= lasts
        raise AssertionError("not worked by then")
