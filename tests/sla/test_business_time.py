"""What working hours accept and refuse, and what the three answers promise."""

import copy
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import (
    BusinessTimeError,
    Segment,
    Why,
    WorkingHours,
    add_working_time,
    segments,
    working_time_between,
)
from tests.sla.by_hand import BERLIN, EVERY_DAY, WORKDAYS, at, hours_in, weekly

HOUR = timedelta(hours=1)
OFFICE = hours_in(BERLIN, WORKDAYS, "09:00-12:00", "13:00-17:00")
ALWAYS = hours_in(BERLIN, EVERY_DAY, "00:00-00:00")
MONDAY = at("2025-01-06T08:00")
FIRST, LAST = at("1990-01-01T00:00"), at("2191-01-01T00:00")


def test_touching_shifts_are_one_and_order_does_not_matter() -> None:
    touching = hours_in(BERLIN, "0", "12:00-17:00", "09:00-12:00")
    assert touching.weekly == {0: ((time(9), time(17)),)}
    assert touching == hours_in(BERLIN, "0", "09:00-17:00")
    assert hours_in(BERLIN, "0", "12:00-00:00", "00:00-12:00").weekly == {
        0: ((time(), time()),)
    }


def test_a_day_without_shifts_is_closed() -> None:
    hours = WorkingHours(BERLIN, {0: [(time(9), time(10))], 1: []}, frozenset())
    assert hours.weekly == {0: ((time(9), time(10)),)}


@pytest.mark.parametrize(
    ("shifts", "words"),
    [
        (["09:00-12:00", "11:59-17:00"], "09:00–12:00 and 11:59–17:00 overlap"),
        (["09:00-17:00", "09:00-17:00"], "overlap"),
        (["00:00-00:00", "00:00-08:00"], "overlap"),
        (["22:00-06:00"], "22:00–06:00 does not end after it starts. Split"),
        (["09:00-09:00"], "does not end after it starts"),
        (["09:00+01:00-17:00"], "carries a zone"),
        ([], "never open"),
    ],
)
def test_shifts_that_make_no_sense_are_refused(shifts: list[str], words: str) -> None:
    with pytest.raises(BusinessTimeError, match=words):
        hours_in(BERLIN, "0", *shifts)


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Atlantis",
        "Europe",
        "",
        "../etc/passwd",
        "/etc/localtime",
        "localtime",
        "right/Europe/Berlin",
        "Europe/Berlin\0",
        "x" * 300,
    ],
)
def test_a_zone_that_is_unknown_or_the_machines_own_is_refused(zone: str) -> None:
    with pytest.raises(BusinessTimeError, match="no time zone called"):
        hours_in(zone, WORKDAYS, "09:00-17:00")


@pytest.mark.parametrize("day", [-1, 7])
def test_a_weekday_that_does_not_exist_is_refused(day: int) -> None:
    with pytest.raises(BusinessTimeError, match=f"not {day}"):
        WorkingHours(BERLIN, {day: [(time(9), time(17))]}, frozenset())


@pytest.mark.parametrize("holiday", [datetime(2025, 1, 1, tzinfo=UTC), "2025-01-01"])
def test_a_holiday_that_is_no_date_is_refused(holiday: Any) -> None:
    """A date with a time equals no date, so it would be overlooked in silence."""
    with pytest.raises(BusinessTimeError, match="date without a time"):
        WorkingHours(BERLIN, weekly("0", "09:00-17:00"), frozenset({holiday}))


def test_a_refusal_can_be_said_in_another_language() -> None:
    with pytest.raises(BusinessTimeError) as refusal:
        hours_in("Europe/Atlantis", WORKDAYS, "09:00-17:00")
    assert refusal.value.message % refusal.value.values == str(refusal.value)
    assert refusal.value.values == {"zone": "Europe/Atlantis"}


def test_hours_never_change() -> None:
    with pytest.raises(FrozenInstanceError):
        OFFICE.zone = "UTC"  # type: ignore[misc]
    with pytest.raises(TypeError):
        OFFICE.weekly[5] = ()  # type: ignore[index]


def test_hours_that_are_given_later_changes_stay_as_they_were() -> None:
    given = weekly(WORKDAYS, "09:00-17:00")
    hours = WorkingHours(BERLIN, given, frozenset())
    given[5] = given[0]
    given[0].clear()
    assert hours == hours_in(BERLIN, WORKDAYS, "09:00-17:00")


def test_hours_that_say_the_same_are_equal() -> None:
    same = hours_in(BERLIN, WORKDAYS, "09:00-12:00", "13:00-17:00")
    assert same == OFFICE
    assert hash(same) == hash(OFFICE)
    assert copy.deepcopy(OFFICE) == OFFICE
    others = [
        hours_in("Europe/Paris", WORKDAYS, "09:00-12:00", "13:00-17:00"),
        hours_in(BERLIN, WORKDAYS, "09:00-12:00"),
        hours_in(BERLIN, WORKDAYS, "09:00-12:00", "13:00-17:00", shut="2025-01-06"),
    ]
    assert OFFICE not in [*others, "office"]


def test_hours_sent_to_another_process_are_equal_and_hash_alike_there() -> None:
    """Texts hash differently in every process: a hash that travels would be wrong."""
    question = (
        "import pickle, sys; from tests.sla.test_business_time import OFFICE;"
        "sent = pickle.loads(sys.stdin.buffer.read());"
        "sys.exit(sent not in {OFFICE})"
    )
    command = [sys.executable, "-c", question]
    subprocess.run(command, input=pickle.dumps(OFFICE), check=True)


def test_naive_moments_are_refused() -> None:
    naive = MONDAY.replace(tzinfo=None)
    with pytest.raises(BusinessTimeError, match="needs its time zone"):
        add_working_time(naive, HOUR, OFFICE)
    with pytest.raises(BusinessTimeError, match="needs its time zone"):
        working_time_between(MONDAY, naive, OFFICE)
    with pytest.raises(BusinessTimeError, match="needs its time zone"):
        segments(naive, MONDAY, OFFICE)


def test_any_zone_may_ask_and_the_answer_is_in_utc() -> None:
    start = MONDAY.astimezone(ZoneInfo("Asia/Kolkata"))
    due = add_working_time(start, HOUR, OFFICE)
    assert due == MONDAY + HOUR
    assert due.tzinfo is UTC
    repeated = datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo(BERLIN))
    assert add_working_time(repeated, HOUR, ALWAYS) == at("2025-10-26T02:30")


def test_no_time_is_reached_at_once_even_when_closed() -> None:
    sunday = at("2025-01-05T12:00")
    assert add_working_time(sunday, timedelta(), OFFICE) == sunday
    assert working_time_between(sunday, sunday, OFFICE) == timedelta()
    assert list(segments(sunday, sunday, OFFICE)) == []


def test_what_runs_backwards_is_refused() -> None:
    with pytest.raises(BusinessTimeError, match="cannot be negative"):
        add_working_time(MONDAY, -timedelta(microseconds=1), OFFICE)
    with pytest.raises(BusinessTimeError, match="is before the start"):
        working_time_between(MONDAY + HOUR, MONDAY, OFFICE)
    with pytest.raises(BusinessTimeError, match="is before the start"):
        segments(MONDAY + HOUR, MONDAY, OFFICE)


@pytest.mark.parametrize(
    "moment",
    [
        FIRST - timedelta(microseconds=1),
        LAST + timedelta(microseconds=1),
        datetime.min.replace(tzinfo=timezone(HOUR)),
        datetime.max.replace(tzinfo=timezone(-HOUR)),
    ],
)
def test_moments_outside_the_range_are_refused(moment: datetime) -> None:
    with pytest.raises(BusinessTimeError, match="outside the years 1990 to 2190"):
        add_working_time(moment, HOUR, OFFICE)


@pytest.mark.parametrize("shut", ["", "1990-01-10"])
def test_the_whole_range_can_be_used(shut: str) -> None:
    hours = hours_in("UTC", EVERY_DAY, "00:00-00:00", shut=shut)
    whole = LAST - FIRST - 24 * HOUR * bool(shut)
    assert working_time_between(FIRST, LAST, hours) == whole
    assert add_working_time(FIRST, whole, hours) == LAST
    with pytest.raises(BusinessTimeError, match="before 2190 ends"):
        add_working_time(FIRST, whole + timedelta(microseconds=1), hours)
    with pytest.raises(BusinessTimeError, match="before 2190 ends"):
        add_working_time(LAST, HOUR, hours)


@pytest.mark.parametrize("amount", [HOUR, timedelta.max])
def test_a_deadline_that_never_comes_is_refused(amount: timedelta) -> None:
    mondays = (at("2180-01-03T00:00") + timedelta(weeks=week) for week in range(600))
    shut = frozenset(day.date() for day in mondays)
    hours = WorkingHours(BERLIN, weekly("0", "09:00-17:00"), shut)
    with pytest.raises(BusinessTimeError, match="of working time before 2190 ends"):
        add_working_time(at("2181-01-01T00:00"), amount, hours)


def test_five_days_around_the_clock_run_from_monday_to_friday() -> None:
    hours = hours_in(BERLIN, WORKDAYS, "00:00-00:00")
    friday = at("2025-01-10T22:00")
    assert add_working_time(friday, 2 * HOUR, hours) == at("2025-01-13T00:00")


def test_segments_say_why_nothing_counts() -> None:
    hours = hours_in(BERLIN, WORKDAYS, "09:00-17:00", shut="2024-12-25 2024-12-26")
    found = list(segments(at("2024-12-24T15:00"), at("2024-12-27T09:00"), hours))
    assert found == [
        Segment(at("2024-12-24T15:00"), at("2024-12-24T16:00"), Why.OPEN),
        Segment(at("2024-12-24T16:00"), at("2024-12-24T23:00"), Why.CLOSED),
        Segment(
            at("2024-12-24T23:00"),
            at("2024-12-25T23:00"),
            Why.HOLIDAY,
            date(2024, 12, 25),
        ),
        Segment(
            at("2024-12-25T23:00"),
            at("2024-12-26T23:00"),
            Why.HOLIDAY,
            date(2024, 12, 26),
        ),
        Segment(at("2024-12-26T23:00"), at("2024-12-27T08:00"), Why.CLOSED),
        Segment(at("2024-12-27T08:00"), at("2024-12-27T09:00"), Why.OPEN),
    ]
    assert [one.is_counted for one in found] == [True, *[False] * 4, True]
    assert found[0].why == "open"


def test_a_holiday_on_a_day_off_closed_nothing() -> None:
    hours = hours_in(BERLIN, WORKDAYS, "09:00-17:00", shut="2025-01-05")
    found = list(segments(at("2025-01-03T16:00"), MONDAY, hours))
    assert found == [Segment(at("2025-01-03T16:00"), MONDAY, Why.CLOSED)]


def test_a_segment_goes_on_over_midnight_new_year_and_clock_changes() -> None:
    start, end = at("2023-06-01T00:00"), at("2026-06-01T00:00")
    for hours in (
        ALWAYS,
        hours_in(BERLIN, EVERY_DAY, "00:00-00:00", shut="1990-01-10"),
    ):
        assert list(segments(start, end, hours)) == [Segment(start, end, Why.OPEN)]
    silvester = list(segments(at("2024-12-31T16:00"), at("2025-01-01T08:00"), OFFICE))
    assert [one.why for one in silvester] == [Why.CLOSED]
