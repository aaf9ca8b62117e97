"""When things happen in the demonstration: always some time before now."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from servicedesk.demonstration.hospital import ZONE

# Given the time of the filling, a moment (aware).
When = Callable[[datetime], datetime]

SATURDAY = 5


def day(back: int, hour: str) -> When:
    """So many working days before today, at an hour such as ``09:30``."""
    return lambda now: _at(now, -back, hour)


def ahead(days: int, hour: str) -> When:
    """So many working days after today."""
    return lambda now: _at(now, days, hour)


def ago(*, hours: int = 0, minutes: int = 0) -> When:
    """Just now. Six hours at most, so that it comes after every ``day``."""
    return lambda now: now - timedelta(hours=hours, minutes=minutes)


def _at(now: datetime, days: int, hour: str) -> datetime:
    zone = ZoneInfo(ZONE)
    date = now.astimezone(zone).date()
    step = timedelta(days=1 if days > 0 else -1)
    for _day in range(abs(days)):
        date += step
        while date.weekday() >= SATURDAY:
            date += step
    return datetime.combine(date, time.fromisoformat(hour), tzinfo=zone)
