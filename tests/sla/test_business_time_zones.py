"""Every zone whose clocks changed since 1990 is right around its changes."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from sla.business_time import (
    EPOCH,
    MICROSECOND,
    WorkingHours,
    _offsets,
    add_working_time,
    working_time_between,
)
from tests.sla.by_hand import EVERY_DAY, hours_in, weekly
from tests.sla.clock_changes import Change, portable_zones, zones_that_change
from tests.sla.minute_walk import Walk

HOUR = timedelta(hours=1)
LONG_AGO = "1990-01-10"


def one_change_of_each_kind(changes: tuple[Change, ...]) -> list[Change]:
    """The latest for each pair of offsets: skipped, repeated, and other rules."""
    return list({(one.before, one.after): one for one in changes}.values())[-4:]


def shift_around(change: Change, zone: str) -> WorkingHours:
    """From half an hour before the change, for longer: part of it may come twice."""
    local = (change.at + change.before).replace(tzinfo=None) - timedelta(minutes=31)
    closes = local + timedelta(minutes=77)
    ends = closes.time() if closes.date() == local.date() else time()
    shifts = {local.weekday(): [(local.time(), ends)]}
    return WorkingHours(zone, shifts, frozenset())


def test_the_minute_walk_agrees_around_the_changes_of_every_zone() -> None:
    wrong, seen = [], 0
    for zone, changes in zones_that_change().items():
        for change in one_change_of_each_kind(changes):
            start, end = change.at - 3 * HOUR, change.at + 3 * HOUR
            hours = shift_around(change, zone)
            walk = Walk(zone, hours.weekly)
            worked = walk.between(start, end)
            due = walk.due(start, worked, end)
            seen += 1
            if working_time_between(start, end, hours) != worked:
                wrong.append((zone, change, "between"))
            if add_working_time(start, worked, hours) != due:
                wrong.append((zone, change, "due"))
    assert not wrong
    assert seen > 400


def test_around_the_clock_is_elapsed_time_whatever_the_clocks_do() -> None:
    """With a holiday long ago, so that it is looked up and not taken for granted."""
    for zone, changes in zones_that_change().items():
        hours = hours_in(zone, EVERY_DAY, "00:00-00:00", shut=LONG_AGO)
        assert not hours.is_always_open
        start, end = changes[-1].at - HOUR, changes[-1].at + HOUR
        assert working_time_between(start, end, hours) == end - start, zone
        assert add_working_time(start, end - start, hours) == end, zone


def test_no_change_of_any_zone_is_overlooked() -> None:
    """The product looks once a day; the files say when the clocks really changed."""
    for zone, changes in zones_that_change().items():
        for year in {one.at.year for one in changes[-60::7]}:
            begins, ends = (
                datetime(year, 1, 1, tzinfo=UTC),
                datetime(year + 1, 1, 1, tzinfo=UTC),
            )
            found = {EPOCH + at * MICROSECOND for at, _, _ in _offsets(zone, year)}
            assert found - {begins, ends} == {
                one.at for one in changes if begins < one.at < ends
            }, (zone, year)


def test_no_zone_changes_its_clocks_twice_between_two_looks() -> None:
    closest = min(
        after.at - before.at
        for changes in zones_that_change().values()
        for before, after in pairwise(changes)
    )
    assert closest > timedelta(days=2)


def test_hours_can_be_kept_in_every_zone() -> None:
    for zone in portable_zones():
        WorkingHours(zone, weekly("0", "09:00-17:00"), frozenset())


@pytest.mark.parametrize("year", [1990, 2038, 2100, 2190])
def test_rules_hold_beyond_the_years_that_the_files_list(year: int) -> None:
    start, end = datetime(year, 3, 24, tzinfo=UTC), datetime(year, 4, 2, tzinfo=UTC)
    hours = hours_in("Europe/Berlin", "6", "01:30-03:30")
    walked = Walk("Europe/Berlin", hours.weekly).between(start, end)
    assert working_time_between(start, end, hours) == walked
    assert walked % (2 * HOUR) == HOUR, "the clocks went forward in between"
