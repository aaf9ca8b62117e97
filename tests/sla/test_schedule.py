"""A schedule counts each instant by the version of the calendar in force then."""

import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.business_time import BusinessTimeError, Why, WorkingHours
from sla.schedule import Schedule, Tally, in_utc

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


def weekdays(opens: int, closes: int, *holidays: date) -> WorkingHours:
    week = {day: [(time(opens), time(closes))] for day in range(5)}
    return WorkingHours("UTC", week, frozenset(holidays))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


LONG_DAYS, SHORT_DAYS = weekdays(8, 18), weekdays(9, 12)
# Ten hours a day until Wednesday the 4th at 11:00, three from then on.
SHORTENED = Schedule(((at(1), LONG_DAYS), (at(4, 11), SHORT_DAYS)))


def test_each_instant_is_counted_by_the_version_in_force_then() -> None:
    # Tue 8-18: 10 h. Wed 8-11 by the old: 3 h, 11-12 by the new: 1 h. Thu 9-12: 3 h.
    assert SHORTENED.between(at(3, 6), at(6)) == 17 * HOUR


def test_the_first_version_is_also_in_force_before_its_moment() -> None:
    lone = Schedule(((at(20), SHORT_DAYS),))
    assert lone.between(at(2), at(3)) == 3 * HOUR
    assert lone.add(at(2, 9), HOUR) == at(2, 10)


def test_a_version_is_in_force_from_its_very_moment() -> None:
    opened = Schedule(((at(1), SHORT_DAYS), (at(4, 15), LONG_DAYS)))
    assert opened.between(at(4, 15) - MICROSECOND, at(4, 15)) == timedelta()
    assert opened.between(at(4, 15), at(4, 15) + MICROSECOND) == MICROSECOND


def test_what_is_added_runs_over_into_the_next_version() -> None:
    # Wed 10-11 by the old: 1 h, 11-12 by the new: 1 h, Thu 9-10: 1 h.
    assert SHORTENED.add(at(4, 10), 3 * HOUR) == at(5, 10)


def test_what_ends_with_a_version_is_due_at_its_end() -> None:
    assert SHORTENED.add(at(4, 10), HOUR) == at(4, 11)
    assert SHORTENED.add(at(4, 10), HOUR + MICROSECOND) == at(4, 11) + MICROSECOND


def test_nothing_is_added_at_once_even_when_closed() -> None:
    assert SHORTENED.add(at(7, 3), timedelta()) == at(7, 3)


def test_a_version_that_came_and_went_in_between_counts_too() -> None:
    shut = weekdays(8, 18, date(2026, 3, 4))
    schedule = Schedule(((at(1), LONG_DAYS), (at(4), shut), (at(5), LONG_DAYS)))
    assert schedule.between(at(3), at(6)) == 20 * HOUR  # Tuesday and Thursday
    assert schedule.add(at(3, 17), 2 * HOUR) == at(5, 9)


def test_segments_tell_versions_apart_and_sum_to_what_is_between() -> None:
    found = list(SHORTENED.segments(at(4, 10), at(5, 10)))
    assert [(one.start, one.end, one.why) for one in found] == [
        (at(4, 10), at(4, 11), Why.OPEN),
        (at(4, 11), at(4, 12), Why.OPEN),
        (at(4, 12), at(5, 9), Why.CLOSED),
        (at(5, 9), at(5, 10), Why.OPEN),
    ]


def test_no_time_has_no_segments() -> None:
    assert not list(SHORTENED.segments(at(4, 11), at(4, 11)))
    assert SHORTENED.between(at(4, 11), at(4, 11)) == timedelta()


def test_moments_of_any_zone_are_taken_and_utc_is_given() -> None:
    india = timezone(5.5 * HOUR)
    assert SHORTENED.add(at(4, 10).astimezone(india), HOUR) == at(4, 11)
    assert SHORTENED.add(at(4, 10).astimezone(india), HOUR).tzinfo is UTC
    moved = Schedule(tuple((on.astimezone(india), h) for on, h in SHORTENED.versions))
    assert moved == SHORTENED
    assert hash(moved) == hash(SHORTENED)


def test_the_hour_that_comes_twice_keeps_its_order() -> None:
    once = datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN)
    again = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
    whole = {day: [(time(), time())] for day in range(7)}
    hours = WorkingHours("Europe/Berlin", whole)
    schedule = Schedule(((once, hours), (again, hours)))
    # 02:50 summer time is 00:50 UTC, 02:10 winter time is 01:10 UTC.
    assert schedule.between(once, again) == timedelta(minutes=20)
    assert schedule.add(once, timedelta(minutes=20)) == in_utc(again)


@pytest.mark.parametrize(
    "versions",
    [
        (),
        ((at(4), LONG_DAYS), (at(3), SHORT_DAYS)),
        ((at(4), LONG_DAYS), (at(4), SHORT_DAYS)),
        ((datetime(2026, 3, 4), LONG_DAYS),),  # noqa: DTZ001
    ],
)
def test_versions_without_an_order_are_refused(versions: tuple) -> None:
    with pytest.raises(BusinessTimeError):
        Schedule(versions)


def test_an_end_before_its_start_is_refused() -> None:
    with pytest.raises(BusinessTimeError):
        SHORTENED.between(at(4), at(3))
    with pytest.raises(BusinessTimeError):
        list(SHORTENED.segments(at(4), at(3)))


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(BusinessTimeError):
        SHORTENED.add(at(4, 10), -HOUR)


def test_a_schedule_survives_a_journey() -> None:
    assert pickle.loads(pickle.dumps(SHORTENED)) == SHORTENED  # noqa: S301


def test_a_tally_says_what_was_counted_and_when_an_amount_was_reached() -> None:
    tally = Tally(SHORTENED)
    tally.add(at(3, 8), at(3, 10), counts=True)
    tally.add(at(3, 10), at(3, 12), counts=False)
    tally.add(at(3, 12), at(3, 15), counts=True)
    assert tally.total(0) == 5 * HOUR
    assert tally.total(1) == 3 * HOUR
    assert tally.reached(0, 2 * HOUR) == at(3, 10)
    assert tally.reached(0, 2 * HOUR + MICROSECOND) == at(3, 12) + MICROSECOND
    assert tally.reached(1, 2 * HOUR) == at(3, 14)
    assert tally.reached(0, 6 * HOUR) is None


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    moments = sorted(
        draw(st.sets(st.integers(0, 60 * 24 * 20), min_size=1, max_size=4))
    )
    return Schedule(
        tuple(
            (
                at(1) + timedelta(minutes=moment),
                weekdays(draw(st.integers(0, 11)), draw(st.integers(12, 23))),
            )
            for moment in moments
        )
    )


MOMENTS = st.integers(0, 60 * 24 * 25).map(lambda gone: at(1) + timedelta(minutes=gone))


@settings(max_examples=200, deadline=None)
@given(schedules(), MOMENTS, MOMENTS, st.floats(0.01, 1))
def test_what_is_added_is_found_between_and_no_earlier(
    schedule: Schedule, one: datetime, other: datetime, share: float
) -> None:
    start, end = sorted([one, other])
    amount = schedule.between(start, end) * share
    due = schedule.add(start, amount)
    assert due <= end
    assert schedule.between(start, due) == amount
    if amount:
        assert schedule.between(start, due - MICROSECOND) == amount - MICROSECOND


@settings(max_examples=200, deadline=None)
@given(schedules(), MOMENTS, MOMENTS, MOMENTS)
def test_segments_tile_and_parts_make_the_whole(
    schedule: Schedule, one: datetime, other: datetime, third: datetime
) -> None:
    start, middle, end = sorted([one, other, third])
    found = list(schedule.segments(start, end))
    edges = [start, *(part.end for part in found)]
    assert [part.start for part in found] == edges[:-1]
    assert edges[-1] == end
    counted = sum((part.length for part in found if part.is_counted), timedelta())
    whole = schedule.between(start, end)
    assert counted == whole
    assert schedule.between(start, middle) + schedule.between(middle, end) == whole
