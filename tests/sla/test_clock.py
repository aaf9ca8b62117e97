"""What a clock promises, told as stories. Monday is 2 March 2026, the office is UTC."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import BusinessTimeError, WorkingHours
from sla.clock import Mark, Reading, Terms, What, read
from sla.codes import Metric, OnChange, OnMove, OnReopen, Pause, State, StopsAt
from sla.schedule import Schedule

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
EVER = datetime(2000, 1, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
RESPONSE, RESOLUTION, UPDATE = Metric.RESPONSE, Metric.RESOLUTION, Metric.UPDATE


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """March 2026: 2 is a Monday, 7 and 8 a weekend."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def open_from(opens: int, closes: int, zone: str = "UTC", days: int = 5) -> Schedule:
    week = {day: [(time(opens), time(closes))] for day in range(days)}
    return Schedule(((EVER, WorkingHours(zone, week)),))


OFFICE, ALWAYS = open_from(9, 17), open_from(0, 0, days=7)

SEV3 = Terms(
    policy=3,
    target=24 * HOUR,
    schedule=OFFICE,
    pauses_on=frozenset({Pause.AWAITING_REPORTER, Pause.AWAITING_SUPPLIER}),
    stops_at=StopsAt.RESOLVED,
    on_change=OnChange.RETROACTIVE,
    on_transfer=OnMove.CARRY,
    on_tier_move=OnMove.CARRY,
    on_reject=OnMove.CARRY,
    on_reopen=OnReopen.NEW_CYCLE,
)
SEV2 = replace(
    SEV3, policy=2, target=8 * HOUR, schedule=ALWAYS, pauses_on=frozenset[str]()
)
FOUR_HOURS = replace(SEV3, policy=4, target=4 * HOUR)
TO_CLOSED = replace(SEV3, policy=5, stops_at=StopsAt.CLOSED)
NOTHING_PROMISED = replace(SEV3, policy=9, target=None)


def story(*happenings: Sequence[Any]) -> list[Mark]:
    """Marks from (moment, what, its terms or its reason), numbered as they come."""
    marks = []
    for seq, (moment, what, *extra) in enumerate(happenings, 1):
        more = {"terms" if isinstance(one, Terms) else "reason": one for one in extra}
        marks.append(Mark(moment, seq, what, **more))
    return marks


def only(metric: Metric, marks: Sequence[Mark], moment: datetime) -> Reading:
    (reading,) = read(metric, marks, moment)
    return reading


def states(metric: Metric, marks: Sequence[Mark], moment: datetime) -> list[State]:
    return [reading.state for reading in read(metric, marks, moment)]


STARTED = (at(2, 9), What.START, SEV3)
WAITING = Pause.AWAITING_REPORTER

# What stops a clock


def test_the_first_answer_ends_the_response_clock_and_a_second_changes_nothing() -> (
    None
):
    marks = story(STARTED, (at(2, 11), What.RESPOND), (at(5, 9), What.RESPOND))
    reading = only(RESPONSE, marks, at(9))
    assert (reading.state, reading.stopped_at) == (State.MET, at(2, 11))
    assert reading.elapsed == 2 * HOUR
    assert reading.due_at == at(4, 17)  # three days of eight hours


def test_an_answer_leaves_the_other_clocks_alone() -> None:
    marks = story(STARTED, (at(2, 11), What.RESPOND))
    assert states(RESOLUTION, marks, at(2, 12)) == [State.RUNNING]
    assert states(UPDATE, marks, at(2, 12)) == [State.RUNNING]


def test_a_response_clock_that_nobody_answered_is_judged_at_closing() -> None:
    marks = story(STARTED, (at(2, 11), What.RESOLVE), (at(2, 12), What.CLOSE))
    assert states(RESPONSE, marks, at(2, 11, 30)) == [State.RUNNING]
    assert only(RESPONSE, marks, at(9)).stopped_at == at(2, 12)
    assert states(RESPONSE, marks, at(9)) == [State.MET]


def test_a_resolution_clock_ends_when_it_is_resolved() -> None:
    marks = story(STARTED, (at(3, 10), What.RESOLVE), (at(20, 9), What.CLOSE))
    reading = only(RESOLUTION, marks, at(30))
    assert (reading.state, reading.elapsed) == (State.MET, 9 * HOUR)


def test_a_clock_that_stops_at_closing_runs_on_while_resolved() -> None:
    start = (at(2, 9), What.START, TO_CLOSED)
    marks = story(start, (at(3, 10), What.RESOLVE), (at(4, 12), What.CLOSE))
    assert only(RESOLUTION, marks, at(3, 12)).elapsed == 11 * HOUR
    reading = only(RESOLUTION, marks, at(30))
    assert (reading.stopped_at, reading.elapsed) == (at(4, 12), 19 * HOUR)
    assert len(reading.spans) == 1


def test_each_update_ends_a_cycle_and_begins_the_next() -> None:
    start = (at(2, 9), What.START, FOUR_HOURS)
    marks = story(start, (at(2, 12), What.UPDATE), (at(3, 10), What.UPDATE))
    first, second, third = read(UPDATE, marks, at(3, 11))
    assert (first.cycle, first.state, first.elapsed) == (1, State.MET, 3 * HOUR)
    # 12-17 on Monday and an hour on Tuesday; four hours were up at 16.
    assert (second.cycle, second.state, second.elapsed) == (2, State.MISSED, 6 * HOUR)
    assert second.breached_at == second.due_at == at(2, 16)
    assert (third.cycle, third.state, third.due_at) == (3, State.RUNNING, at(3, 14))


def test_updates_are_owed_until_it_is_resolved_and_again_after_it_comes_back() -> None:
    start = (at(2, 9), What.START, TO_CLOSED)
    marks = story(
        start,
        (at(2, 10), What.RESOLVE),
        (at(2, 11), What.UPDATE),
        (at(2, 12), What.REJECT),
        (at(2, 13), What.RESOLVE),
        (at(2, 14), What.CLOSE),
        (at(2, 15), What.REOPEN),
    )
    found = read(UPDATE, marks, at(2, 16))
    assert [(one.started_at, one.stopped_at) for one in found] == [
        (at(2, 9), at(2, 10)),
        (at(2, 12), at(2, 13)),
        (at(2, 15), None),
    ]


@pytest.mark.parametrize("how", [OnReopen.NEW_CYCLE, OnReopen.CONTINUE])
def test_an_answer_given_is_given_again_only_in_a_new_cycle(how: OnReopen) -> None:
    marks = story(
        (at(2, 9), What.START, replace(SEV3, on_reopen=how)),
        (at(2, 10), What.RESPOND),
        (at(2, 11), What.CLOSE),
        (at(2, 12), What.REOPEN),
    )
    again = [State.RUNNING] if how is OnReopen.NEW_CYCLE else []
    assert states(RESPONSE, marks, at(2, 13)) == [State.MET, *again]


# Holds


@pytest.mark.parametrize(
    ("reason", "elapsed"),
    [
        (Pause.AWAITING_REPORTER, 3 * HOUR),
        (Pause.AWAITING_SUPPLIER, 3 * HOUR),
        (Pause.AWAITING_CHANGE, 6 * HOUR),
        (Pause.AWAITING_PROBLEM, 6 * HOUR),
        (Pause.SCHEDULED, 6 * HOUR),
    ],
)
@pytest.mark.parametrize("metric", [RESPONSE, RESOLUTION, UPDATE])
def test_only_the_named_holds_pause(
    metric: Metric, reason: Pause, elapsed: timedelta
) -> None:
    hold, resume = (at(2, 11), What.HOLD, reason), (at(2, 14), What.RESUME)
    assert only(metric, story(STARTED, hold, resume), at(2, 15)).elapsed == elapsed


def test_a_paused_clock_has_no_due_time_and_stands_still() -> None:
    marks = story(STARTED, (at(2, 11), What.HOLD, WAITING))
    for moment in (at(2, 11), at(2, 11) + MICROSECOND, at(20)):
        reading = only(RESOLUTION, marks, moment)
        assert (reading.state, reading.due_at) == (State.PAUSED, None)
        assert (reading.elapsed, reading.breached_at) == (2 * HOUR, None)


@pytest.mark.parametrize("what", [What.RESUME, What.TRANSFER, What.TIER_MOVE])
def test_a_hold_ends_with_a_resume_or_when_it_is_passed_on(what: What) -> None:
    marks = story(STARTED, (at(2, 11), What.HOLD, WAITING), (at(2, 13), what))
    assert only(RESOLUTION, marks, at(2, 14)).elapsed == 3 * HOUR


@pytest.mark.parametrize("what", [What.RESPOND, What.UPDATE])
def test_words_do_not_end_a_hold(what: What) -> None:
    marks = story(STARTED, (at(2, 11), What.HOLD, WAITING), (at(2, 13), what))
    assert states(RESOLUTION, marks, at(2, 14)) == [State.PAUSED]


def test_a_solution_ends_a_hold_so_what_comes_back_runs() -> None:
    marks = story(
        (at(2, 9), What.START, TO_CLOSED),
        (at(2, 11), What.HOLD, WAITING),
        (at(2, 13), What.RESOLVE),
    )
    assert only(RESOLUTION, marks, at(2, 14)).elapsed == 3 * HOUR


def test_one_hold_may_take_over_from_another() -> None:
    marks = story(
        STARTED,
        (at(2, 11), What.HOLD, WAITING),
        (at(2, 13), What.HOLD, Pause.AWAITING_CHANGE),
        (at(2, 14), What.HOLD, Pause.AWAITING_SUPPLIER),
    )
    reading = only(RESOLUTION, marks, at(2, 16))
    assert reading.elapsed == 3 * HOUR
    assert [(one.why, one.seq) for one in reading.spans] == [
        ("running", 1),
        ("awaiting_reporter", 2),
        ("running", 3),
        ("awaiting_supplier", 4),
    ]


def test_an_update_given_on_hold_begins_a_paused_cycle() -> None:
    marks = story(
        STARTED,
        (at(2, 11), What.HOLD, WAITING),
        (at(2, 12), What.UPDATE),
        (at(2, 14), What.RESUME),
    )
    assert states(UPDATE, marks, at(2, 13)) == [State.MET, State.PAUSED]
    assert read(UPDATE, marks, at(2, 15))[-1].elapsed == HOUR


@pytest.mark.parametrize(
    ("held", "resumed", "due"),
    [
        # 2 h by Monday 11; 22 h left from Tuesday 11: 6, 8 and 8 h.
        ((2, 11), (3, 11), at(5, 17)),
        # 2 h on Friday; from Monday 11: 6, 8 and 8 h. The weekend never counted.
        ((6, 11), (9, 11), at(11, 17)),
        # Held and resumed within one night: nothing is lost, nothing is won.
        ((2, 18), (3, 8), at(4, 17)),
        # 8 h on Friday, held over the weekend from closing on, resumed Sunday.
        ((6, 17), (8, 12), at(10, 17)),
    ],
)
def test_a_pause_moves_the_due_time_by_the_working_time_it_took(
    held: tuple[int, int], resumed: tuple[int, int], due: datetime
) -> None:
    marks = story(
        (at(held[0], 9), What.START, SEV3),
        (at(*held), What.HOLD, WAITING),
        (at(*resumed), What.RESUME),
    )
    assert only(RESOLUTION, marks, at(*resumed)).due_at == due


def berlin(day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=BERLIN, fold=fold)


def test_the_hour_that_comes_twice_counts_twice_and_is_paused_twice() -> None:
    nights = replace(SEV3, schedule=open_from(0, 0, "Europe/Berlin", 7))
    start = (berlin(25, 0), What.START, nights)
    # 00:00-12:00 on the wall, but thirteen hours long.
    assert only(RESOLUTION, story(start), berlin(25, 12)).elapsed == 13 * HOUR
    held = (berlin(25, 1), What.HOLD, WAITING)
    back = (berlin(25, 3), What.RESUME)
    # Paused 01:00-03:00 on the wall: three hours.
    paused = only(RESOLUTION, story(start, held, back), berlin(25, 12))
    assert paused.elapsed == 10 * HOUR
    assert paused.due_at == datetime(2026, 10, 26, 2, tzinfo=BERLIN)  # 24 - 10 later


def test_marks_of_the_repeated_hour_keep_their_real_order() -> None:
    start = (berlin(25, 0), What.START, replace(SEV3, schedule=ALWAYS))
    held = (berlin(25, 2, 30), What.HOLD, WAITING)
    back = (berlin(25, 2, 10, fold=1), What.RESUME)
    reading = only(RESOLUTION, story(start, held, back), berlin(25, 3))
    # Four hours since midnight, forty minutes of them paused.
    assert reading.elapsed == 4 * HOUR - 40 * MINUTE


def test_a_calendar_that_changes_counts_each_day_by_its_own_version() -> None:
    (_, office), (_, half) = OFFICE.versions[0], open_from(9, 13).versions[0]
    changing = Schedule(((EVER, office), (at(3), half), (at(5), office)))
    marks = story((at(2, 9), What.START, replace(SEV3, schedule=changing)))
    # 8 h on Monday, 4 h each on Tuesday and Wednesday, 8 h on Thursday.
    assert only(RESOLUTION, marks, at(4, 17)).elapsed == 16 * HOUR
    assert only(RESOLUTION, marks, at(4, 17)).due_at == at(5, 17)
    held, back = (at(2, 13), What.HOLD, WAITING), (at(4, 11), What.RESUME)
    # 4 h on Monday, 2 h on Wednesday, 8 h on Thursday and Friday: 2 h on Monday.
    assert only(
        RESOLUTION, [*marks, *story(STARTED, held, back)[1:]], at(5)
    ).due_at == (at(9, 11))


# Breach, to the microsecond


@pytest.mark.parametrize("metric", [RESPONSE, RESOLUTION, UPDATE])
@pytest.mark.parametrize("late", [-MICROSECOND, timedelta(), MICROSECOND])
def test_kept_at_the_due_moment_is_kept_and_a_microsecond_later_is_not(
    metric: Metric, late: timedelta
) -> None:
    ends = {RESPONSE: What.RESPOND, RESOLUTION: What.RESOLVE, UPDATE: What.UPDATE}
    due = at(2, 13)
    marks = story((at(2, 9), What.START, FOUR_HOURS), (due + late, ends[metric]))
    reading = read(metric, marks, at(30))[0]
    assert reading.state == (State.MISSED if late > timedelta() else State.MET)
    assert reading.breached_at == (due if late > timedelta() else None)
    assert reading.due_at == due


def test_a_running_clock_is_breached_a_microsecond_after_it_was_due() -> None:
    marks = story((at(2, 9), What.START, FOUR_HOURS))
    assert only(RESOLUTION, marks, at(2, 13)).breached_at is None
    late = only(RESOLUTION, marks, at(2, 13) + MICROSECOND)
    assert (late.breached_at, late.state) == (at(2, 13), State.RUNNING)


def test_what_was_due_at_closing_time_is_missed_that_evening() -> None:
    marks = story((at(6, 13), What.START, FOUR_HOURS), (at(7, 12), What.RESOLVE))
    reading = only(RESOLUTION, marks, at(30))
    assert (reading.due_at, reading.state) == (at(6, 17), State.MISSED)
    assert reading.elapsed == 4 * HOUR


def test_a_hold_a_microsecond_before_it_is_due_saves_it_and_at_the_moment_not() -> None:
    start, due = (at(2, 9), What.START, FOUR_HOURS), at(2, 13)
    for held, breached_at in ((due - MICROSECOND, None), (due, due)):
        marks = story(start, (held, What.HOLD, WAITING))
        assert only(RESOLUTION, marks, at(3, 12)).breached_at == breached_at
    marks = story(
        start, (due - MICROSECOND, What.HOLD, WAITING), (at(3, 9), What.RESUME)
    )
    assert only(RESOLUTION, marks, at(3, 9)).due_at == at(3, 9) + MICROSECOND


def test_a_clock_resolved_on_hold_says_when_it_would_have_been_due() -> None:
    held, solved = (at(2, 11), What.HOLD, WAITING), (at(2, 15), What.RESOLVE)
    reading = only(RESOLUTION, story(STARTED, held, solved), at(9))
    assert reading.due_at == at(5, 13)  # 22 h from Monday 15: 2, 8, 8 and 4
    assert reading.state is State.MET


def test_no_time_at_all_is_used_up_at_once() -> None:
    at_once = replace(SEV3, target=timedelta())
    marks = story((at(7, 9), What.START, at_once))
    assert only(RESOLUTION, marks, at(7, 9)).breached_at is None
    assert only(RESOLUTION, marks, at(7, 9) + MICROSECOND).breached_at == at(7, 9)


# Sealed


@pytest.mark.parametrize(
    ("what", "state"),
    [
        (What.CLOSE, State.MET),
        (What.CANCEL, State.CANCELLED),
        (What.MERGE, State.MERGED),
    ],
)
@pytest.mark.parametrize("metric", [RESPONSE, RESOLUTION, UPDATE])
def test_an_end_seals_every_clock(metric: Metric, what: What, state: State) -> None:
    rest = [one for one in What if one not in (What.START, What.REOPEN, What.TERMS)]
    later = [(at(4), What.START, SEV2), *((at(4, 9), one) for one in rest)]
    sealed = story(STARTED, (at(2, 12), what))
    reading = only(metric, sealed, at(2, 12))
    assert (reading.state, reading.stopped_at) == (state, at(2, 12))
    more = [*sealed, *story(*later, (at(5), What.TERMS, SEV2))]
    assert only(metric, more, at(30)) == reading


@pytest.mark.parametrize("what", [What.CANCEL, What.MERGE])
def test_a_breach_outlives_cancelling_and_merging(what: What) -> None:
    start = (at(2, 9), What.START, FOUR_HOURS)
    assert only(RESOLUTION, story(start, (at(2, 14), what)), at(9)).breached_at == at(
        2, 13
    )
    assert only(RESOLUTION, story(start, (at(2, 13), what)), at(9)).breached_at is None


def test_a_kept_clock_stays_kept_when_it_is_merged_afterwards() -> None:
    marks = story(STARTED, (at(2, 10), What.RESOLVE), (at(2, 12), What.MERGE))
    assert states(RESOLUTION, marks, at(9)) == [State.MET]


# The marks themselves


def test_marks_of_one_moment_are_taken_by_their_number_and_in_any_order() -> None:
    moment = at(2, 11)
    marks = [
        Mark(moment, 3, What.RESUME),
        Mark(moment, 2, What.HOLD, WAITING),
        Mark(at(2, 9), 1, What.START, terms=SEV3),
    ]
    assert states(RESOLUTION, marks, at(2, 12)) == [State.RUNNING]


def test_later_marks_are_not_looked_at() -> None:
    marks = story(STARTED, (at(2, 11), What.RESOLVE))
    assert read(RESOLUTION, marks, at(2, 8)) == []
    assert states(RESOLUTION, marks, at(2, 11) - MICROSECOND) == [State.RUNNING]
    assert states(RESOLUTION, marks, at(2, 11)) == [State.MET]


def test_what_has_no_meaning_where_it_comes_changes_nothing() -> None:
    early = [(at(1), one) for one in (What.UPDATE, What.HOLD, What.RESOLVE)]
    odd = (What.RESUME, What.REJECT, What.REOPEN)
    marks = story(*early, STARTED, (at(2, 10), What.START, SEV2))
    plain = only(RESOLUTION, marks, at(2, 12))
    assert (plain.policy, plain.elapsed) == (3, 3 * HOUR)
    assert (
        only(RESOLUTION, [*marks, *story(*((at(2, 11), x) for x in odd))], at(2, 12))
        == plain
    )


@pytest.mark.parametrize("what", [What.START, What.TERMS])
def test_a_mark_that_sets_terms_has_them(what: What) -> None:
    with pytest.raises(ValueError, match="terms"):
        Mark(at(2), 1, what)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 2)  # noqa: DTZ001
    with pytest.raises(BusinessTimeError):
        Mark(naive, 1, What.RESUME)
    with pytest.raises(BusinessTimeError):
        read(RESOLUTION, story(STARTED), naive)
