"""Working time against the public cases and clock changes."""

import csv
import lzma
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest

from sla.business_time import WorkingHours, add_working_time, working_time_between
from tests.sla.by_hand import EVERY_DAY, hours_in
from tests.sla.minute_walk import Walk

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "calendars"
MIDNIGHT = time()
DAY = timedelta(days=1)


def rows(name: str) -> Iterator[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the public data {name} is not there")
    with lzma.open(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


@cache
def public_holidays() -> dict[tuple[str, str], frozenset[date]]:
    found: dict[tuple[str, str], set[date]] = defaultdict(set)
    for row in rows("public_holidays.dev.csv.xz"):
        place = row["country"], row["subdivision"]
        found[place].add(date.fromisoformat(row["date"]))
    return {place: frozenset(days) for place, days in found.items()}


def hours_of(case: dict[str, str]) -> WorkingHours:
    opens = time.fromisoformat(case["opens_local"])
    closes = time.fromisoformat(case["closes_local"].replace("24:00", "00:00"))
    place = case["country"], case["subdivision"]
    return WorkingHours(
        case["zone"],
        {int(day): [(opens, closes)] for day in case["weekdays_mon0"]},
        public_holidays()[place] if case["country"] else frozenset(),
    )


def minutes(number: str) -> timedelta:
    return timedelta(minutes=int(number))


def test_the_public_cases_are_all_met_in_both_directions() -> None:
    wrong, seen = [], 0
    for case in rows("business_time_cases.dev.csv.xz"):
        hours = hours_of(case)
        start, end, due = (
            datetime.fromisoformat(case[name])
            for name in ("start_utc", "end_utc", "expected_due_utc")
        )
        between = minutes(case["expected_business_minutes_between"])
        target = minutes(case["target_business_minutes"])
        seen += 1
        if working_time_between(start, end, hours) != between:
            wrong.append((case["case"], "between"))
        if add_working_time(start, target, hours) != due:
            wrong.append((case["case"], "due"))
        if working_time_between(start, due, hours) != target:
            wrong.append((case["case"], "between start and due"))
    assert not wrong
    assert seen == 120


def around(row: dict[str, str]) -> tuple[date, time, time]:
    """A shift that holds the transition: an hour more on both sides of it."""
    local = [
        datetime.fromisoformat(row[key]) for key in ("local_before", "local_after")
    ]
    day = min(local).date()
    midnight = datetime.combine(day, MIDNIGHT)
    opens = max(midnight, min(local) - timedelta(hours=1))
    closes = min(midnight + timedelta(days=1), max(local) + timedelta(hours=1))
    return day, opens.time(), closes.time()


def on_the_wall(day: date, opens: time, closes: time) -> timedelta:
    ends_on = day + DAY if closes == MIDNIGHT else day
    return datetime.combine(ends_on, closes) - datetime.combine(day, opens)


def hours_on(day: date, zone: str, opens: time, closes: time) -> WorkingHours:
    return WorkingHours(zone, {day.weekday(): [(opens, closes)]}, frozenset())


def test_a_shift_is_as_much_shorter_as_the_clocks_jump_in_it() -> None:
    """Expected from the columns alone, unless the clocks go back over midnight."""
    wrong, seen = [], 0
    for row in rows("tz_transitions_2010_2037.dev.csv.xz"):
        day, opens, closes = around(row)
        if not row["local_before"].startswith(day.isoformat()):
            continue
        at = datetime.fromisoformat(row["transition_utc"])
        jump = minutes(row["offset_after_min"]) - minutes(row["offset_before_min"])
        length = on_the_wall(day, opens, closes) - jump
        hours = hours_on(day, row["zone"], opens, closes)
        seen += 1
        if working_time_between(at - 2 * DAY, at + 2 * DAY, hours) != length:
            wrong.append(row)
    assert not wrong
    assert seen == 404


def test_the_walk_agrees_around_every_known_transition() -> None:
    wrong, seen = [], 0
    for row in rows("tz_transitions_2010_2037.dev.csv.xz"):
        at = datetime.fromisoformat(row["transition_utc"])
        hours = hours_on(around(row)[0], row["zone"], *around(row)[1:])
        walk = Walk(row["zone"], hours.weekly)
        start, end = at - DAY / 8, at + DAY / 8
        worked = walk.between(start, end)
        seen += 1
        if working_time_between(start, end, hours) != worked:
            wrong.append((row, "between"))
        if add_working_time(start, worked, hours) != walk.due(start, worked, end):
            wrong.append((row, "due"))
    assert not wrong
    assert seen == 415


def test_around_the_clock_every_known_transition_is_elapsed_time() -> None:
    """With a holiday long ago: looked up, not taken for granted."""
    for row in rows("tz_transitions_2010_2037.dev.csv.xz"):
        at = datetime.fromisoformat(row["transition_utc"])
        hours = hours_in(row["zone"], EVERY_DAY, "00:00-00:00", shut="1990-01-10")
        start, end = at - 2 * DAY, at + 2 * DAY
        assert working_time_between(start, end, hours) == 4 * DAY, row
        assert add_working_time(start, 4 * DAY, hours) == end, row
