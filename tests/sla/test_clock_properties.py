"""What holds for any history, how a clock is told, and the mistakes that are caught."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.clock import Mark, Reading, Span, Terms, What, explain, read
from sla.codes import (
    ENDED,
    Metric,
    OnChange,
    OnMove,
    OnReopen,
    Pause,
    State,
    StopsAt,
)
from sla.schedule import Schedule
from tests.sla.test_clock import (
    ALWAYS,
    EVER,
    FOUR_HOURS,
    HOUR,
    MICROSECOND,
    MINUTE,
    OFFICE,
    RESOLUTION,
    SEV2,
    SEV3,
    STARTED,
    WAITING,
    at,
    only,
    open_from,
    story,
)
from tests.sla.test_clock_table import severity

NOTHING = timedelta()


def told(reading: Reading, moment: datetime) -> list[tuple]:
    lines = explain(reading, moment)
    return [(one.start, one.end, one.counts, one.why, one.seq) for one in lines]


# The spans, and telling them


def test_a_clock_that_continues_tells_where_the_time_went() -> None:
    terms = replace(SEV3, on_reopen=OnReopen.CONTINUE, on_transfer=OnMove.RESTART)
    marks = story(
        (at(2, 9), What.START, terms),
        (at(2, 10), What.TRANSFER),
        (at(2, 11), What.HOLD, WAITING),
        (at(2, 12), What.RESUME),
        (at(2, 13), What.RESOLVE),
        (at(2, 14), What.REJECT),
        (at(2, 15), What.CANCEL),
        (at(3, 8), What.REOPEN),
    )
    reading = only(RESOLUTION, marks, at(3, 10))
    assert reading.spans == (
        Span(at(2, 9), at(2, 10), False, "before", 1, OFFICE),
        Span(at(2, 10), at(2, 11), True, "running", 2, OFFICE),
        Span(at(2, 11), at(2, 12), False, "awaiting_reporter", 3, OFFICE),
        Span(at(2, 12), at(2, 13), True, "running", 4, OFFICE),
        Span(at(2, 13), at(2, 14), False, "resolved", 5, OFFICE),
        Span(at(2, 14), at(2, 15), True, "running", 6, OFFICE),
        Span(at(2, 15), at(3, 8), False, "ended", 7, OFFICE),
        Span(at(3, 8), None, True, "running", 8, OFFICE),
    )
    assert reading.elapsed == 4 * HOUR
    assert told(reading, at(3, 10))[-2:] == [
        (at(3, 8), at(3, 9), False, "outside_hours", 8),
        (at(3, 9), at(3, 10), True, "running", 8),
    ]


def test_an_explanation_names_hours_holidays_and_holds() -> None:
    ((_, hours),) = OFFICE.versions
    shut = replace(hours, holidays=frozenset({at(4).date()}))
    marks = story(
        (at(2, 15), What.START, replace(SEV3, schedule=Schedule(((EVER, shut),)))),
        (at(3, 10), What.HOLD, WAITING),
        (at(3, 16), What.RESUME),
    )
    reading = only(RESOLUTION, marks, at(5, 9))
    assert told(reading, at(5, 9)) == [
        (at(2, 15), at(2, 17), True, "running", 1),
        (at(2, 17), at(3, 9), False, "outside_hours", 1),
        (at(3, 9), at(3, 10), True, "running", 1),
        (at(3, 10), at(3, 16), False, "awaiting_reporter", 2),
        (at(3, 16), at(3, 17), True, "running", 3),
        (at(3, 17), at(4), False, "outside_hours", 3),
        (at(4), at(5), False, "holiday", 3),
        (at(5), at(5, 9), False, "outside_hours", 3),
    ]
    assert [one.holiday for one in explain(reading, at(5, 9))][6] == at(4).date()
    assert reading.elapsed == 4 * HOUR


def test_what_took_no_time_leaves_no_span() -> None:
    marks = story(
        STARTED,
        (at(2, 10), What.HOLD, WAITING),
        (at(2, 10), What.RESUME),
        (at(2, 12), What.RESOLVE),
        (at(2, 12), What.REJECT),
    )
    reading = only(RESOLUTION, marks, at(2, 13))
    assert all(one.start != one.end for one in reading.spans)
    assert reading.elapsed == 4 * HOUR


# Any history

BERLIN = open_from(8, 20, "Europe/Berlin", 6)
CHANGING = Schedule(
    (
        (EVER, OFFICE.versions[0][1]),
        (at(4, 11), BERLIN.versions[0][1]),
        (at(30), ALWAYS.versions[0][1]),
    )
)
SCHEDULES = st.sampled_from([OFFICE, ALWAYS, CHANGING, BERLIN])
REASONS = st.sampled_from([*Pause])
TARGETS = st.none() | st.integers(0, 3000).map(lambda minutes: minutes * MINUTE)
TERMS = st.builds(
    Terms,
    policy=st.integers(1, 4),
    target=TARGETS,
    schedule=SCHEDULES,
    pauses_on=st.sampled_from([frozenset(Pause), SEV3.pauses_on, SEV2.pauses_on]),
    stops_at=st.sampled_from(StopsAt),
    on_change=st.sampled_from(OnChange),
    on_transfer=st.sampled_from(OnMove),
    on_tier_move=st.sampled_from(OnMove),
    on_reject=st.sampled_from(OnMove),
    on_reopen=st.sampled_from(OnReopen),
)
PROMISED = TERMS.filter(lambda terms: terms.target is not None)
GAPS = st.integers(0, 4000).map(lambda minutes: minutes * MINUTE) | st.integers(
    0, 4 * HOUR // MICROSECOND
).map(lambda many: many * MICROSECOND)
TURNS = st.sampled_from(
    [
        *((what,) for what in What if what not in (What.CANCEL, What.MERGE)),
        (What.HOLD,),
        (What.HOLD, What.RESUME),
        (What.HOLD, What.TERMS, What.RESUME),
        (What.HOLD, What.UPDATE),
        (What.RESOLVE, What.REJECT),
        (What.RESOLVE, What.TERMS, What.REJECT),
        (What.RESOLVE, What.CLOSE, What.REOPEN),
        (What.CANCEL, What.REOPEN),
        (What.MERGE, What.REOPEN),
        (What.TERMS,),
    ]
)
METRICS = st.sampled_from([*Metric])


@st.composite
def histories(draw: st.DrawFn, terms: st.SearchStrategy[Terms] = TERMS) -> list[Mark]:
    """Marks in any order, sensible or not, across the change of the clocks in March."""
    moment = at(2, 9) + draw(st.integers(0, 28 * 1440)) * MINUTE
    marks = [Mark(moment, 1, What.START, terms=draw(terms))]
    for what in chain.from_iterable(draw(st.lists(TURNS, max_size=8))):
        moment += draw(GAPS)
        reason = draw(REASONS) if what is What.HOLD else ""
        has_terms = what in (What.START, What.TERMS) or (
            what is What.REOPEN and draw(st.booleans())
        )
        new = draw(terms) if has_terms else None
        marks.append(Mark(moment, len(marks) + 1, what, reason, new))
    return marks


@st.composite
def steady(draw: st.DrawFn) -> list[Mark]:
    """One set of terms throughout, and nothing that begins a clock again."""
    terms = replace(
        draw(PROMISED),
        on_transfer=OnMove.CARRY,
        on_tier_move=OnMove.CARRY,
        on_reject=OnMove.CARRY,
    )
    marks = draw(histories(st.just(terms)))
    return [replace(one, terms=terms) if one.terms else one for one in marks]


@settings(max_examples=400, deadline=None)
@given(histories(), METRICS, GAPS)
def test_the_explanation_tiles_the_time_and_sums_to_what_has_passed(
    marks: list[Mark], metric: Metric, later: timedelta
) -> None:
    moment = marks[-1].at + later
    for reading in read(metric, marks, moment):
        lines = list(explain(reading, moment))
        edges = [reading.started_at, *(line.end for line in lines)]
        assert [line.start for line in lines] == edges[:-1]
        assert edges[-1] == (reading.stopped_at or moment)
        assert all(line.start < line.end for line in lines)
        counted = sum((one.end - one.start for one in lines if one.counts), NOTHING)
        assert counted == reading.elapsed


@settings(max_examples=400, deadline=None)
@given(histories(), METRICS, GAPS)
def test_a_reading_does_not_contradict_itself(
    marks: list[Mark], metric: Metric, later: timedelta
) -> None:
    moment = marks[-1].at + later
    found = read(metric, marks, moment)
    assert [one.cycle for one in found] == list(range(1, len(found) + 1))
    for earlier, following in pairwise(found):
        assert earlier.stopped_at
        assert earlier.stopped_at <= following.started_at
    for one in found:
        until = one.stopped_at or moment
        assert (one.stopped_at is not None) == (one.state in ENDED)
        has_due = one.state is not State.PAUSED and one.target is not None
        assert (one.due_at is not None) == has_due
        assert one.breached_at is None or one.breached_at < until
        if one.state in (State.MET, State.MISSED):
            assert (one.state is State.MISSED) == (one.breached_at is not None)
        if one.due_at and one.due_at < until:
            assert one.breached_at
        assert {one.counts for one in one.spans if one.why == "running"} <= {True}


@settings(max_examples=300, deadline=None)
@given(steady(), METRICS, st.lists(GAPS, min_size=2, max_size=5))
def test_what_has_passed_never_falls_within_one_terms(
    marks: list[Mark], metric: Metric, gaps: list[timedelta]
) -> None:
    moments = [mark.at for mark in marks]
    moments += [mark.at + gap for mark in marks for gap in gaps]
    passed: dict[int, timedelta] = {}
    for moment in sorted(moments):
        for one in read(metric, marks, moment):
            assert one.elapsed >= passed.get(one.cycle, NOTHING)
            passed[one.cycle] = one.elapsed


@settings(max_examples=300, deadline=None)
@given(histories(), METRICS, GAPS, GAPS)
def test_what_has_passed_never_falls_while_nothing_happens(
    marks: list[Mark], metric: Metric, wait: timedelta, longer: timedelta
) -> None:
    soon = marks[-1].at + wait
    before, after = read(metric, marks, soon), read(metric, marks, soon + longer)
    for earlier, later in zip(before, after, strict=True):
        assert NOTHING <= later.elapsed - earlier.elapsed <= longer


@settings(max_examples=400, deadline=None)
@given(histories(PROMISED), METRICS)
def test_it_is_due_at_the_first_moment_at_which_the_target_is_used_up(
    marks: list[Mark], metric: Metric
) -> None:
    for reading in read(metric, marks, marks[-1].at):
        due, target = reading.due_at, reading.target
        if reading.state is State.RUNNING and due and target and due > marks[-1].at:
            before = read(metric, marks, due - MICROSECOND)[-1]
            then = read(metric, marks, due)[-1]
            after = read(metric, marks, due + MICROSECOND)[-1]
            assert before.elapsed == target - MICROSECOND
            assert then.elapsed == target
            assert before.due_at == then.due_at == after.due_at == due
            assert then.breached_at == reading.breached_at
            assert after.breached_at == reading.breached_at or due


@settings(max_examples=300, deadline=None)
@given(histories(), METRICS)
def test_a_prefix_reads_like_the_whole_at_its_end(
    marks: list[Mark], metric: Metric
) -> None:
    for mark in marks:
        prefix = [one for one in marks if one.at <= mark.at]
        assert read(metric, prefix, mark.at) == read(metric, marks, mark.at)
        assert read(metric, prefix[::-1], mark.at) == read(metric, marks, mark.at)


@settings(max_examples=300, deadline=None)
@given(histories(), METRICS, GAPS)
def test_what_has_ended_never_changes_with_time(
    marks: list[Mark], metric: Metric, later: timedelta
) -> None:
    now, then = marks[-1].at, marks[-1].at + later
    for before, after in zip(
        read(metric, marks, now), read(metric, marks, then), strict=True
    ):
        if before.stopped_at:
            assert before == after


SEALS = (What.CLOSE, What.CANCEL, What.MERGE)


@settings(max_examples=300, deadline=None)
@given(histories(), METRICS, st.sampled_from(SEALS), histories())
def test_what_is_sealed_stays_so_whatever_comes_but_a_return(
    marks: list[Mark], metric: Metric, seal: What, more: list[Mark]
) -> None:
    ends = Mark(marks[-1].at, len(marks) + 1, seal)
    sealed = read(metric, [*marks, ends], ends.at)
    assert all(one.stopped_at for one in sealed)
    away = max(ends.at - more[0].at, NOTHING)
    later = [
        replace(one, at=one.at + away, seq=one.seq + ends.seq)
        for one in more
        if one.what is not What.REOPEN
    ]
    assert read(metric, [*marks, ends, *later], later[-1].at) == sealed


# The cost


def count_the_work(marks: list[Mark], monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a schedule is asked: the same on every machine."""
    asked = 0
    between = Schedule.between

    def counting(self: Schedule, start: datetime, end: datetime) -> timedelta:
        nonlocal asked
        asked += 1
        return between(self, start, end)

    with monkeypatch.context() as patch:
        patch.setattr(Schedule, "between", counting)
        for metric in Metric:
            read(metric, marks, marks[-1].at)
    return asked


def much(rounds: int, whats: list[tuple[Any, ...]]) -> list[Mark]:
    """The same again and again, one every minute."""
    moments = (at(2, 9) + minute * MINUTE for minute in range(rounds * len(whats)))
    happenings = zip(moments, whats * rounds, strict=True)
    return story(
        (at(2, 8), What.START, SEV3), *((moment, *what) for moment, what in happenings)
    )


BUSY: dict[str, list[tuple[Any, ...]]] = {
    "holds": [(What.HOLD, WAITING), (What.RESUME,)],
    "updates": [(What.UPDATE,), (What.HOLD, WAITING)],
    "rejects": [(What.RESOLVE,), (What.REJECT,)],
    "restarts": [
        (What.TERMS, replace(SEV2, on_change=OnChange.RESTART)),
        (What.TERMS, SEV3),
    ],
    "changes": [
        (What.HOLD, WAITING),
        (What.TERMS, replace(SEV2, on_change=OnChange.FORWARD)),
        (What.RESUME,),
        (What.TERMS, SEV3),
    ],
}


@pytest.mark.parametrize("name", BUSY)
def test_a_thousand_marks_cost_no_more_than_their_number(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whats = BUSY[name]
    marks = much(1000 // len(whats), whats)
    assert len(marks) > 1000
    assert count_the_work(marks, monkeypatch) <= 3 * 3 * len(marks)


# Ways to compute the due time that look right, each with the stories that catch it


def naive_wall_pauses(marks: list[Mark]) -> datetime:
    """The target in working time, then the pauses by the clock on the wall."""
    start, held, back = marks[:3]
    terms = start.terms or SEV3
    return terms.schedule.add(start.at, terms.target or NOTHING) + (back.at - held.at)


def naive_without_pauses(marks: list[Mark]) -> datetime:
    """Forgets the pauses when the severity changes."""
    terms = [one.terms for one in marks if one.terms][-1]
    if terms is marks[0].terms:
        return right(marks)
    return terms.schedule.add(marks[0].at, terms.target or NOTHING)


def naive_from_now(marks: list[Mark]) -> datetime:
    """Due is now plus the target, whenever anything changes."""
    changed = [one for one in marks if one.terms][-1]
    if changed is marks[0] or changed.terms is None:
        return right(marks)
    return changed.terms.schedule.add(changed.at, changed.terms.target or NOTHING)


def naive_latest_policy(marks: list[Mark]) -> datetime:
    """Knows only the policy of today, and judges every earlier hold by it."""
    terms = [one.terms for one in marks if one.terms][-1]
    known = [replace(marks[0], terms=terms)]
    return right(known + [one for one in marks[1:] if one.what is not What.TERMS])


def naive_latest_calendar(marks: list[Mark]) -> datetime:
    """Counts yesterday by the opening hours of tomorrow."""
    terms = marks[0].terms or SEV3
    latest = Schedule(terms.schedule.versions[-1:])
    known = replace(marks[0], terms=replace(terms, schedule=latest))
    return right([known, *marks[1:]])


def right(marks: list[Mark]) -> datetime:
    due = read(RESOLUTION, marks, marks[-1].at)[-1].due_at
    assert due
    return due


ORDINARY = story(
    (at(2, 9), What.START, FOUR_HOURS),
    (at(2, 10), What.HOLD, WAITING),
    (at(2, 11), What.RESUME),
)
WEEKEND = story(
    (at(6, 9), What.START, SEV3),
    (at(6, 16), What.HOLD, WAITING),
    (at(9, 10), What.RESUME),
)
MOVED_HOURS = story(
    (at(3, 9), What.START, replace(SEV3, schedule=CHANGING)),
    (at(4, 9), What.HOLD, WAITING),
    (at(4, 10), What.RESUME),
)
CAUGHT: dict[Callable[[list[Mark]], datetime], list[list[Mark]]] = {
    naive_wall_pauses: [WEEKEND],
    naive_without_pauses: [severity(OnChange.RETROACTIVE), severity(OnChange.FORWARD)],
    naive_from_now: [severity(OnChange.RETROACTIVE), severity(OnChange.FORWARD)],
    naive_latest_policy: [
        severity(OnChange.RETROACTIVE),
        severity(OnChange.FORWARD),
        severity(OnChange.RESTART),
    ],
    naive_latest_calendar: [MOVED_HOURS],
}


@pytest.mark.parametrize("version", CAUGHT)
def test_a_naive_version_passes_an_ordinary_day(
    version: Callable[[list[Mark]], datetime],
) -> None:
    assert version(ORDINARY) == right(ORDINARY) == at(2, 14)


@pytest.mark.parametrize("version", CAUGHT)
def test_a_naive_version_is_caught(version: Callable[[list[Mark]], datetime]) -> None:
    for marks in CAUGHT[version]:
        assert version(marks) != right(marks)


def test_the_weekend_on_hold_is_not_added_to_the_due_time() -> None:
    # 7 h on Friday, 7 on Monday, 8 on Tuesday, 2 on Wednesday; the naive says Friday.
    assert right(WEEKEND) == at(11, 11)
    assert naive_wall_pauses(WEEKEND) == at(13, 11)
