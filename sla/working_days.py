"""Working days: days on which a calendar opens at all. Pure, like working time."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sla.schedule import Schedule, in_utc

DAY: Final = timedelta(days=1)
MOMENT: Final = timedelta(microseconds=1)
NOON: Final = time(12)
WEEKS_BACK: Final = timedelta(weeks=8)


def working_days_after(start: datetime, days: int, schedule: Schedule) -> datetime:
    """The same time of day (UTC) on the ``days``-th working day after ``start``.

    What starts outside the working hours starts at the next opening. A later start
    never leads to an earlier end.
    """
    opened = schedule.add(start, MOMENT) - MOMENT
    zone = ZoneInfo(schedule.hours_at(opened).zone)
    local = opened.astimezone(zone)
    day, left = local.date(), days
    while left > 0:
        day += DAY
        left -= is_working_day(day, schedule)
    return in_utc(datetime.combine(day, local.time(), tzinfo=zone))


def latest_start(at: datetime, days: int, schedule: Schedule) -> datetime:
    """The latest start (UTC) of which ``days`` working days have passed by ``at``."""
    passed, not_yet = in_utc(at), in_utc(at) + MOMENT
    while working_days_after(passed, days, schedule) > at:
        passed, not_yet = passed - WEEKS_BACK, passed
    while not_yet - passed > MOMENT:
        middle = passed + (not_yet - passed) / 2
        if working_days_after(middle, days, schedule) <= at:
            passed = middle
        else:
            not_yet = middle
    return passed


def is_working_day(day: date, schedule: Schedule) -> bool:
    """Whether there is any working time on this day, as the calendar's wall has it."""
    hours = schedule.hours_at(datetime.combine(day, NOON, tzinfo=UTC))
    return bool(hours.weekly.get(day.weekday())) and day not in hours.holidays
