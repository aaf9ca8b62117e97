"""What holds for any hours, zone and moment, with the minute walk as judge."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.business_time import (
    Segment,
    Why,
    WorkingHours,
    add_working_time,
    segments,
    working_time_between,
)
from tests.sla.clock_changes import SINCE, zones_that_change
from tests.sla.minute_walk import MINUTE, Walk

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
NOTHING = timedelta()


@dataclass(frozen=True)
class Question:
    hours: WorkingHours
    moments: list[datetime]

    @property
    def walk(self) -> Walk:
        return Walk(self.hours.zone, self.hours.weekly, self.hours.holidays)


def clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def shifts(draw: st.DrawFn) -> list[tuple[time, time]]:
    cuts = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return [
        (clock(opens), clock(closes))
        for opens, closes in zip(cuts[::2], cuts[1::2], strict=False)
    ]


WEEKS = (
    st.dictionaries(st.integers(0, 6), shifts(), min_size=1)
    | st.just({day: [(time(), time())] for day in range(7)})
    | st.just({day: [(time(), time())] for day in range(5)})
).filter(lambda week: any(week.values()))


@st.composite
def questions(draw: st.DrawFn, days: int) -> Question:
    """Moments in order, ``days`` apart at most, mostly on both sides of a change."""
    zone = draw(st.sampled_from(sorted(zones_that_change())))
    change = draw(st.sampled_from(zones_that_change()[zone]))
    away = st.integers(0, days * DAY // MICROSECOND // 2) | st.integers(0, 300).map(
        lambda minutes: minutes * 60_000_000
    )
    signs = st.sampled_from([-MICROSECOND, MICROSECOND])
    moments = [max(SINCE, change.at + draw(away) * draw(signs)) for _ in range(3)]
    near = st.integers(-3, 3).map(lambda days: change.at.date() + days * DAY)
    holidays = draw(st.frozensets(near, max_size=3))
    return Question(WorkingHours(zone, draw(WEEKS), holidays), sorted(moments))


def agree_with_the_walk(question: Question, share: float) -> None:
    start, _, end = question.moments
    hours, walk = question.hours, question.walk
    worked = walk.between(start, end)
    assert working_time_between(start, end, hours) == worked
    amount = worked * share
    assert add_working_time(start, amount, hours) == walk.due(start, amount, end)


SHARES = st.sampled_from([0.0, 1.0]) | st.floats(0, 1)


@settings(max_examples=150, deadline=None)
@given(questions(days=4), SHARES)
def test_the_minute_walk_agrees(question: Question, share: float) -> None:
    agree_with_the_walk(question, share)


@pytest.mark.long
@settings(max_examples=5000, deadline=None)
@given(questions(days=16), SHARES)
def test_the_minute_walk_agrees_at_length(question: Question, share: float) -> None:
    agree_with_the_walk(question, share)


def part(question: Question, share: float) -> timedelta:
    """Some of what is worked in the forty weeks after the first moment."""
    start = question.moments[0]
    return working_time_between(start, start + 280 * DAY, question.hours) * share


@settings(max_examples=150, deadline=None)
@given(questions(days=400), SHARES)
def test_what_is_added_is_found_between(question: Question, share: float) -> None:
    start, hours, amount = question.moments[0], question.hours, part(question, share)
    due = add_working_time(start, amount, hours)
    assert working_time_between(start, due, hours) == amount
    assert due.tzinfo is UTC


@settings(max_examples=150, deadline=None)
@given(questions(days=400), SHARES.filter(bool))
def test_no_earlier_moment_is_due(question: Question, share: float) -> None:
    start, hours = question.moments[0], question.hours
    amount = max(part(question, share), MICROSECOND)
    just_before = add_working_time(start, amount, hours) - MICROSECOND
    assert just_before >= start
    assert working_time_between(start, just_before, hours) == amount - MICROSECOND


@settings(max_examples=150, deadline=None)
@given(questions(days=800))
def test_two_parts_make_the_whole(question: Question) -> None:
    start, middle, end = question.moments
    hours = question.hours
    first = working_time_between(start, middle, hours)
    second = working_time_between(middle, end, hours)
    assert first + second == working_time_between(start, end, hours)
    assert NOTHING <= first <= middle - start


@settings(max_examples=150, deadline=None)
@given(questions(days=400), SHARES, SHARES)
def test_more_work_is_never_due_earlier(
    question: Question, share: float, further: float
) -> None:
    start, later, _ = question.moments
    hours, some = question.hours, part(question, share)
    more = part(question, further)
    due = add_working_time(start, some, hours)
    assert due <= add_working_time(later, some, hours)
    if more:
        both = add_working_time(start, some + more, hours)
        assert due < both == add_working_time(due, more, hours)


@settings(max_examples=150, deadline=None)
@given(questions(days=400))
def test_segments_tile_the_time_and_sum_to_what_is_worked(question: Question) -> None:
    start, _, end = question.moments
    found = list(segments(start, end, question.hours))
    edges = [start, *(one.end for one in found)]
    assert [one.start for one in found] == edges[:-1]
    assert edges[-1] == end
    assert all(one.start < one.end for one in found)
    counted = sum((one.length for one in found if one.is_counted), NOTHING)
    assert counted == working_time_between(start, end, question.hours)


@settings(max_examples=60, deadline=None)
@given(questions(days=3))
def test_segments_say_what_each_minute_says(question: Question) -> None:
    start, _, end = question.moments
    expected: list[Segment] = []
    for starts, is_open, holiday in question.walk.minutes(start, end):
        why = Why.OPEN if is_open else Why.HOLIDAY if holiday else Why.CLOSED
        begins = max(starts, start)
        if expected and (expected[-1].why, expected[-1].holiday) == (why, holiday):
            begins = expected.pop().start
        expected.append(Segment(begins, min(starts + MINUTE, end), why, holiday))
    if start == end:
        expected = []
    assert list(segments(start, end, question.hours)) == expected
