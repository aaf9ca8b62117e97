"""Working days are those on which a calendar opens, whatever the hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.business_time import WorkingHours
from sla.models import Calendar
from sla.schedule import Schedule
from sla.services import working_days
from sla.working_days import latest_start, working_days_after

OFFICE = {day: ((time(8), time(17)),) for day in range(5)}
GOOD_FRIDAY = date(2026, 4, 3)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def schedule(
    zone: str = "UTC", *, weekly: dict = OFFICE, holidays: frozenset = frozenset()
) -> Schedule:
    return Schedule(((SINCE, WorkingHours(zone, weekly, holidays)),))


def utc(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (utc(2, 10), 1, utc(3, 10)),  # Monday to Tuesday
        (utc(6, 16), 1, utc(9, 16)),  # Friday to Monday
        (utc(6, 16), 5, utc(13, 16)),
        (utc(7, 11), 1, utc(10, 8)),  # Saturday starts when Monday opens
        (utc(2, 20), 1, utc(4, 8)),  # Monday night starts on Tuesday
        (utc(2, 7, 59), 1, utc(3, 8)),
        (utc(2, 10), 0, utc(2, 10)),
    ],
)
def test_the_same_time_so_many_working_days_later(
    start: datetime, days: int, end: datetime
) -> None:
    assert working_days_after(start, days, schedule()) == end


def test_a_holiday_is_no_working_day() -> None:
    days = schedule(holidays=frozenset({GOOD_FRIDAY}))
    assert working_days_after(utc(2, 9, month=4), 1, days) == utc(6, 9, month=4)


def test_around_the_clock_every_day_works() -> None:
    always = schedule(weekly={day: ((time(), time()),) for day in range(7)})
    assert working_days_after(utc(7, 3), 2, always) == utc(9, 3)


def test_the_wall_shows_the_same_time_after_the_clocks_changed() -> None:
    paris = ZoneInfo("Europe/Paris")
    friday = datetime(2026, 3, 27, 10, tzinfo=paris)
    monday = datetime(2026, 3, 30, 10, tzinfo=paris)
    assert working_days_after(friday, 1, schedule("Europe/Paris")) == monday


YEAR = timedelta(days=365)
MOMENTS = st.timedeltas(timedelta(), YEAR).map(
    lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since
)


@given(MOMENTS, MOMENTS, st.integers(1, 6))
def test_who_starts_later_never_ends_earlier(
    one: datetime, other: datetime, days: int
) -> None:
    office = schedule("Europe/Paris", holidays=frozenset({GOOD_FRIDAY}))
    first, last = sorted([one, other])
    assert working_days_after(first, days, office) <= working_days_after(
        last, days, office
    )


@given(MOMENTS, st.integers(1, 6))
def test_the_latest_start_is_the_latest(at: datetime, days: int) -> None:
    office = schedule("Europe/Paris", holidays=frozenset({GOOD_FRIDAY}))
    found = latest_start(at, days, office)
    assert working_days_after(found, days, office) <= at
    later = found + timedelta(microseconds=1)
    assert working_days_after(later, days, office) > at


@pytest.mark.django_db
def test_one_calendar_says_which_days_are_working_days() -> None:
    """Without one, Monday to Friday, day and night."""
    chosen = Calendar.objects.get(counts_days=True)
    assert working_days_after(utc(6, 20), 1, working_days()) == utc(10, 8)
    Calendar.objects.filter(pk=chosen.pk).update(counts_days=False)
    assert working_days_after(utc(6, 20), 1, working_days()) == utc(9, 20)
