"""Every change with every setting, each answer worked out by hand.

All stories begin on Monday, 2 March 2026. The office is open 9-17 UTC on weekdays.
SEV3 promises 24 working hours and pauses; SEV2 promises 8 hours around the clock and
does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sla.clock import Mark, Terms, What, read
from sla.codes import Metric, OnChange, OnMove, OnReopen, Pause, State, StopsAt
from tests.sla.test_clock import (
    FOUR_HOURS,
    HOUR,
    MICROSECOND,
    NOTHING_PROMISED,
    RESOLUTION,
    RESPONSE,
    SEV2,
    SEV3,
    TO_CLOSED,
    UPDATE,
    WAITING,
    at,
    open_from,
    story,
)

RETROACTIVE, FORWARD, RESTART = OnChange
CARRY, AGAIN = OnMove
NEW_CYCLE, CONTINUE = OnReopen

# Started before the office opened, updated once, on hold from 11 to 13 with a reason
# that pauses SEV3. The change comes at 15:00 and the clock is read at 16:00.
MORNING = (
    (at(2, 8), What.UPDATE),
    (at(2, 11), What.HOLD, WAITING),
    (at(2, 13), What.RESUME),
)


def severity(setting: OnChange) -> list[Mark]:
    change = (at(2, 15), What.TERMS, replace(SEV2, on_change=setting))
    return story((at(2, 7), What.START, SEV3), *MORNING, change)


def transfer(setting: OnMove) -> list[Mark]:
    start = (at(2, 7), What.START, replace(SEV3, on_transfer=setting))
    return story(start, *MORNING, (at(2, 15), What.TRANSFER))


def tier_move(setting: OnMove) -> list[Mark]:
    start = (at(2, 7), What.START, replace(SEV3, on_tier_move=setting))
    return story(start, *MORNING, (at(2, 15), What.TIER_MOVE))


def reject(setting: OnMove) -> list[Mark]:
    start = (at(2, 7), What.START, replace(SEV3, on_reject=setting))
    solved = (at(2, 13, 30), What.RESOLVE)
    return story(start, *MORNING, solved, (at(2, 15), What.REJECT))


def reopen(setting: OnReopen) -> list[Mark]:
    start = (at(2, 7), What.START, replace(SEV3, on_reopen=setting))
    solved, closed = (at(2, 13, 30), What.RESOLVE), (at(2, 14), What.CLOSE)
    return story(start, *MORNING, solved, closed, (at(2, 15), What.REOPEN))


CHANGES: dict[Callable[[Any], list[Mark]], Any] = {
    severity: OnChange,
    transfer: OnMove,
    tier_move: OnMove,
    reject: OnMove,
    reopen: OnReopen,
}

# cycle, elapsed in minutes at 16:00, due
TABLE = {
    # From 7 by the clock on the wall, less 11-13: 4 + 3 h. 8 h are up at 17.
    (RESPONSE, severity, RETROACTIVE): (1, 420, at(2, 17)),
    # 9-11 and 13-15 in the office: 4 h, then 1 h. 4 h were left at 15.
    (RESPONSE, severity, FORWARD): (1, 300, at(2, 19)),
    # 8 h from 15.
    (RESPONSE, severity, RESTART): (1, 60, at(2, 23)),
    # 9-11 and 13-16. Of 24 h: 6 on Monday, 8, 8, 2 on Thursday.
    (RESPONSE, transfer, CARRY): (1, 300, at(5, 11)),
    # From 15: 2 on Monday, 8, 8, 6 on Thursday.
    (RESPONSE, transfer, AGAIN): (1, 60, at(5, 15)),
    (RESPONSE, tier_move, CARRY): (1, 300, at(5, 11)),
    (RESPONSE, tier_move, AGAIN): (1, 60, at(5, 15)),
    # Nobody answered, so it ran while resolved: as if nothing had happened.
    (RESPONSE, reject, CARRY): (1, 300, at(5, 11)),
    (RESPONSE, reject, AGAIN): (1, 60, at(5, 15)),
    # Closed unanswered at 14 in a second cycle of 24 h from 15.
    (RESPONSE, reopen, NEW_CYCLE): (2, 60, at(5, 15)),
    # 9-11, 13-14, 15-16. Of 24 h: 3 before, 2 more on Monday, 8, 8, 3 on Thursday.
    (RESPONSE, reopen, CONTINUE): (1, 240, at(5, 12)),
    (RESOLUTION, severity, RETROACTIVE): (1, 420, at(2, 17)),
    (RESOLUTION, severity, FORWARD): (1, 300, at(2, 19)),
    (RESOLUTION, severity, RESTART): (1, 60, at(2, 23)),
    (RESOLUTION, transfer, CARRY): (1, 300, at(5, 11)),
    (RESOLUTION, transfer, AGAIN): (1, 60, at(5, 15)),
    (RESOLUTION, tier_move, CARRY): (1, 300, at(5, 11)),
    (RESOLUTION, tier_move, AGAIN): (1, 60, at(5, 15)),
    # 9-11, 13-13:30, 15-16. Of 24 h: 2:30 before, 2 on Monday, 8, 8, 3:30 on Thursday.
    (RESOLUTION, reject, CARRY): (1, 210, at(5, 12, 30)),
    (RESOLUTION, reject, AGAIN): (1, 60, at(5, 15)),
    (RESOLUTION, reopen, NEW_CYCLE): (2, 60, at(5, 15)),
    # It was resolved at 13:30: what lies between that and 15 does not count.
    (RESOLUTION, reopen, CONTINUE): (1, 210, at(5, 12, 30)),
    # The second cycle, from 8: 8-11 and 13-16 by the wall. 8 h are up at 18.
    (UPDATE, severity, RETROACTIVE): (2, 360, at(2, 18)),
    # The same 4 h in the office as above, for the office was shut before 9.
    (UPDATE, severity, FORWARD): (2, 300, at(2, 19)),
    (UPDATE, severity, RESTART): (2, 60, at(2, 23)),
    (UPDATE, transfer, CARRY): (2, 300, at(5, 11)),
    (UPDATE, transfer, AGAIN): (2, 60, at(5, 15)),
    (UPDATE, tier_move, CARRY): (2, 300, at(5, 11)),
    (UPDATE, tier_move, AGAIN): (2, 60, at(5, 15)),
    # Ended when it was resolved; what comes back is owed a whole one.
    (UPDATE, reject, CARRY): (3, 60, at(5, 15)),
    (UPDATE, reject, AGAIN): (3, 60, at(5, 15)),
    (UPDATE, reopen, NEW_CYCLE): (3, 60, at(5, 15)),
    (UPDATE, reopen, CONTINUE): (3, 60, at(5, 15)),
}


@pytest.mark.parametrize(("metric", "change", "setting"), TABLE)
def test_a_change_does_what_its_setting_says(
    metric: Metric, change: Callable[[Any], list[Mark]], setting: Any
) -> None:
    reading = read(metric, change(setting), at(2, 16))[-1]
    minutes = reading.elapsed // timedelta(minutes=1)
    expected = TABLE[metric, change, setting]
    assert (reading.cycle, minutes, reading.due_at) == expected
    assert reading.state is State.RUNNING


def test_the_table_has_every_metric_every_change_and_every_setting() -> None:
    assert set(TABLE) == {
        (metric, change, setting)
        for metric in Metric
        for change, settings in CHANGES.items()
        for setting in settings
    }


# A hold in progress at the change: on hold since 11, changed at 15, read at 18:00,
# never resumed. By the old terms 2 h were counted in the office, 4 by the wall.
HELD = {
    # Paused then and now: only what ran before 11, by the wall.
    (RETROACTIVE, True): (State.PAUSED, 4, None),
    (FORWARD, True): (State.PAUSED, 2, None),
    (RESTART, True): (State.PAUSED, 0, None),
    # Runs again from 15 on. 4 + 3 h; 8 h are up at 19.
    (RETROACTIVE, False): (State.RUNNING, 7, at(2, 19)),
    # 2 + 3 h; 8 h are up at 21.
    (FORWARD, False): (State.RUNNING, 5, at(2, 21)),
    (RESTART, False): (State.RUNNING, 3, at(2, 23)),
}


@pytest.mark.parametrize(("setting", "pauses"), HELD)
def test_a_hold_in_progress_is_judged_by_the_new_terms_from_then_on(
    setting: OnChange, pauses: bool
) -> None:
    codes = SEV3.pauses_on if pauses else frozenset()
    terms = replace(SEV2, on_change=setting, pauses_on=codes)
    marks = story(
        (at(2, 7), What.START, SEV3),
        (at(2, 11), What.HOLD, WAITING),
        (at(2, 15), What.TERMS, terms),
    )
    reading = read(RESOLUTION, marks, at(2, 18))[-1]
    state, hours, due = HELD[setting, pauses]
    assert (reading.state, reading.elapsed) == (state, hours * HOUR)
    assert reading.due_at == due


def test_a_hold_that_ran_by_the_old_terms_stays_counted_by_the_new() -> None:
    marks = story(
        (at(2, 7), What.START, SEV2),
        (at(2, 11), What.HOLD, WAITING),
        (at(2, 15), What.TERMS, SEV3),
    )
    reading = read(RESOLUTION, marks, at(2, 18))[-1]
    assert (reading.state, reading.elapsed) == (State.PAUSED, 6 * HOUR)  # 9-15


def test_a_clock_that_stops_at_closing_ran_on_until_it_was_rejected() -> None:
    solved, again = (at(2, 11), What.RESOLVE), (at(2, 13), What.REJECT)
    for setting, hours in ((CARRY, 6), (AGAIN, 2)):
        start = (at(2, 9), What.START, replace(TO_CLOSED, on_reject=setting))
        reading = read(RESOLUTION, story(start, solved, again), at(2, 15))[-1]
        assert reading.elapsed == hours * HOUR


# Every field of the terms: the same story with only that field changed.

ENDING = (
    (at(2, 11), What.HOLD, WAITING),
    (at(2, 12), What.RESUME),
    (at(2, 13), What.RESOLVE),
    (at(2, 15), What.CLOSE),
)
MATTERS: dict[str, tuple[Any, Sequence[Sequence[Any]], Any, Any]] = {
    "policy": (33, (), (3, 7 * HOUR, at(4, 17)), (33, 7 * HOUR, at(4, 17))),
    "target": (HOUR, (), (3, 7 * HOUR, at(4, 17)), (3, 7 * HOUR, at(2, 10))),
    # 7 h from 9 by either; 24 h are up on Wednesday at 17 or on Tuesday at 9.
    "schedule": (
        open_from(0, 0, days=7),
        (),
        (3, 7 * HOUR, at(4, 17)),
        (3, 7 * HOUR, at(3, 9)),
    ),
    # Held 11-12, ended at 13: 3 h or 4, and 21 h or 20 left from 13.
    "pauses_on": (
        frozenset({Pause.SCHEDULED}),
        ENDING,
        (3, 3 * HOUR, at(5, 10)),
        (3, 4 * HOUR, at(4, 17)),
    ),
    # Ended at 13, or at 15 with two more hours.
    "stops_at": (
        StopsAt.CLOSED,
        ENDING,
        (3, 3 * HOUR, at(5, 10)),
        (3, 5 * HOUR, at(5, 10)),
    ),
    "on_transfer": (
        AGAIN,
        ((at(2, 15), What.TRANSFER),),
        (3, 7 * HOUR, at(4, 17)),
        (3, HOUR, at(5, 15)),
    ),
    "on_tier_move": (
        AGAIN,
        ((at(2, 15), What.TIER_MOVE),),
        (3, 7 * HOUR, at(4, 17)),
        (3, HOUR, at(5, 15)),
    ),
    # Resolved 13-15: 5 h, of 24 h 19 left from 16: Thursday 11. Or from 15 anew.
    "on_reject": (
        AGAIN,
        ((at(2, 13), What.RESOLVE), (at(2, 15), What.REJECT)),
        (3, 5 * HOUR, at(5, 11)),
        (3, HOUR, at(5, 15)),
    ),
    "on_reopen": (
        CONTINUE,
        ((at(2, 13), What.CLOSE), (at(2, 15), What.REOPEN)),
        (3, HOUR, at(5, 15)),
        (3, 5 * HOUR, at(5, 11)),
    ),
    # The new terms say: 7 h of 24 passed, or one since the change.
    "on_change": (
        RESTART,
        ((at(2, 15), What.TERMS, "changed"),),
        (4, 7 * HOUR, at(4, 17)),
        (4, HOUR, at(5, 15)),
    ),
}


def outcome(terms: Terms, rest: Sequence[Sequence[Any]]) -> Any:
    later = [
        (*one[:2], replace(terms, policy=4)) if one[-1] == "changed" else one
        for one in rest
    ]
    marks = story((at(2, 9), What.START, terms), *later)
    reading = read(RESOLUTION, marks, at(2, 16))[-1]
    return reading.policy, reading.elapsed, reading.due_at


@pytest.mark.parametrize("name", MATTERS)
def test_changing_only_this_field_changes_the_outcome(name: str) -> None:
    value, rest, before, after = MATTERS[name]
    assert before != after
    assert outcome(SEV3, rest) == before
    assert outcome(replace(SEV3, **{name: value}), rest) == after


def test_no_field_of_the_terms_is_without_such_a_test() -> None:
    assert set(MATTERS) == {field.name for field in fields(Terms)}


# Breach and change


def breached(setting: OnChange, target: timedelta) -> datetime | None:
    """Four hours from 9; at 15, two hours late, other terms come."""
    terms = replace(SEV3, policy=7, on_change=setting, target=target)
    start = (at(2, 9), What.START, FOUR_HOURS)
    marks = story(start, (at(2, 15), What.TERMS, terms), (at(2, 16), What.RESOLVE))
    (reading,) = read(RESOLUTION, marks, at(9))
    assert reading.state == (State.MISSED if reading.breached_at else State.MET)
    return reading.breached_at


def test_a_breach_stays_under_forward_and_is_forgotten_by_a_restart() -> None:
    assert breached(FORWARD, 24 * HOUR) == at(2, 13)
    assert breached(RESTART, 24 * HOUR) is None


def test_counting_anew_may_undo_a_breach_or_find_it_earlier() -> None:
    assert breached(RETROACTIVE, 24 * HOUR) is None
    assert breached(RETROACTIVE, HOUR) == at(2, 10)


@pytest.mark.parametrize(("setting", "late_at"), [(RETROACTIVE, None), (FORWARD, 13)])
def test_a_breach_that_was_kept_may_still_be_undone(
    setting: OnChange, late_at: int | None
) -> None:
    kept = replace(SEV3, policy=7, on_change=FORWARD)
    marks = story(
        (at(2, 9), What.START, FOUR_HOURS),
        (at(2, 14), What.TERMS, kept),
        (at(2, 15), What.TERMS, replace(SEV3, policy=8, on_change=setting)),
    )
    expected = at(2, late_at) if late_at else None
    assert read(RESOLUTION, marks, at(2, 14))[-1].breached_at == at(2, 13)
    assert read(RESOLUTION, marks, at(2, 16))[-1].breached_at == expected


def test_no_time_at_all_is_used_up_where_the_clock_begins_again() -> None:
    terms = replace(SEV3, target=timedelta(), on_transfer=AGAIN)
    marks = story((at(2, 9), What.START, terms), (at(2, 15), What.TRANSFER))
    reading = read(RESOLUTION, marks, at(2, 16))[-1]
    assert reading.due_at == reading.breached_at == at(2, 15)


@pytest.mark.parametrize("what", [What.TRANSFER, What.TIER_MOVE])
@pytest.mark.parametrize(("setting", "expected"), [(CARRY, at(2, 13)), (AGAIN, None)])
def test_a_breach_is_carried_along(
    what: What, setting: OnMove, expected: datetime | None
) -> None:
    terms = replace(FOUR_HOURS, on_transfer=setting, on_tier_move=setting)
    marks = story((at(2, 9), What.START, terms), (at(2, 14), what))
    assert read(RESOLUTION, marks, at(2, 15))[-1].breached_at == expected


def test_less_promised_than_has_passed_is_due_at_the_change() -> None:
    terms = replace(SEV3, policy=7, on_change=FORWARD, target=HOUR)
    marks = story((at(2, 9), What.START, SEV3), (at(2, 15), What.TERMS, terms))
    reading = read(RESOLUTION, marks, at(2, 15))[-1]
    assert (reading.due_at, reading.breached_at) == (at(2, 15), None)
    reading = read(RESOLUTION, marks, at(2, 15) + MICROSECOND)[-1]
    assert (reading.due_at, reading.breached_at) == (at(2, 15), at(2, 15))


def test_counting_anew_goes_back_to_where_the_clock_last_began() -> None:
    start = (at(2, 9), What.START, replace(SEV3, on_transfer=AGAIN))
    moved, changed = (at(2, 12), What.TRANSFER), (at(2, 15), What.TERMS, SEV2)
    reading = read(RESOLUTION, story(start, moved, changed), at(2, 16))[-1]
    assert (reading.elapsed, reading.due_at) == (4 * HOUR, at(2, 20))
    assert [one.why for one in reading.spans] == ["before", "running"]


def test_the_latest_word_on_the_past_holds() -> None:
    """Forward, then anew: what forward had kept is counted once more."""
    late = replace(SEV3, policy=8, schedule=open_from(13, 17), on_change=FORWARD)
    marks = story(
        (at(2, 9), What.START, SEV3),
        (at(2, 11), What.TERMS, late),
        (at(2, 15), What.TERMS, SEV2),
    )
    assert read(RESOLUTION, marks, at(2, 14))[-1].elapsed == 3 * HOUR  # 9-11, 13-14
    reading = read(RESOLUTION, marks, at(2, 16))[-1]
    assert reading.elapsed == 7 * HOUR
    assert {one.schedule for one in reading.spans} == {SEV2.schedule}


# Terms that come while it has ended, that are no others, or that promise nothing


def test_new_terms_take_hold_of_an_ended_clock_when_it_goes_on() -> None:
    marks = story(
        (at(2, 7), What.START, SEV3),
        (at(2, 12), What.RESOLVE),
        (at(2, 13), What.TERMS, SEV2),
        (at(2, 14), What.REJECT),
    )
    kept = read(RESOLUTION, marks, at(2, 14) - MICROSECOND)[-1]
    assert (kept.policy, kept.state, kept.elapsed) == (3, State.MET, 3 * HOUR)
    reading = read(RESOLUTION, marks, at(2, 15))[-1]
    assert (reading.policy, reading.elapsed) == (2, 6 * HOUR)  # 7-12 and 14-15


@pytest.mark.parametrize(("setting", "hours"), [(NEW_CYCLE, 1), (CONTINUE, 4)])
def test_what_is_reopened_by_other_terms_follows_them(
    setting: OnReopen, hours: int
) -> None:
    terms = replace(SEV2, on_reopen=setting)
    start, closed = (at(2, 8), What.START, SEV3), (at(2, 11), What.CLOSE)
    marks = story(start, closed, (at(3, 9), What.REOPEN, terms))
    reading = read(RESOLUTION, marks, at(3, 10))[-1]
    assert (reading.policy, reading.elapsed) == (2, hours * HOUR)


def test_the_same_terms_again_change_nothing() -> None:
    terms = replace(SEV3, on_change=RESTART)
    start, same = (at(2, 9), What.START, terms), (at(2, 11), What.TERMS, terms)
    marks = story(start)
    assert read(RESOLUTION, story(start, same), at(3)) == read(RESOLUTION, marks, at(3))


def test_terms_that_stop_when_resolved_end_a_clock_that_ran_on_at_the_change() -> None:
    start, solved = (at(2, 9), What.START, TO_CLOSED), (at(2, 11), What.RESOLVE)
    marks = story(start, solved, (at(2, 13), What.TERMS, SEV3))
    reading = read(RESOLUTION, marks, at(3))[-1]
    assert (reading.stopped_at, reading.elapsed) == (at(2, 13), 4 * HOUR)


@pytest.mark.parametrize("metric", [RESPONSE, RESOLUTION, UPDATE])
def test_where_nothing_was_promised_there_is_no_clock(metric: Metric) -> None:
    marks = story(
        (at(2, 9), What.START, NOTHING_PROMISED),
        (at(2, 11), What.UPDATE),
        (at(2, 12), What.CLOSE),
        (at(2, 13), What.REOPEN, SEV3),
    )
    assert read(metric, marks, at(2, 12)) == []
    assert [one.cycle for one in read(metric, marks, at(2, 14))] == [1]


@pytest.mark.parametrize(
    ("setting", "hours", "first"),
    [(RETROACTIVE, 3, "running"), (FORWARD, 1, "unpromised"), (RESTART, 1, "before")],
)
def test_time_before_the_promise_counts_only_when_counted_anew(
    setting: OnChange, hours: int, first: str
) -> None:
    terms = replace(SEV3, on_change=setting)
    start = (at(2, 9), What.START, NOTHING_PROMISED)
    marks = story(start, (at(2, 11), What.TERMS, terms))
    reading = read(RESOLUTION, marks, at(2, 12))[-1]
    assert reading.elapsed == hours * HOUR
    assert reading.spans[0].why == first


def test_a_promise_that_falls_away_is_due_no_more() -> None:
    none = replace(NOTHING_PROMISED, on_change=FORWARD)
    marks = story((at(2, 9), What.START, SEV3), (at(2, 11), What.TERMS, none))
    reading = read(RESOLUTION, marks, at(2, 16))[-1]
    assert (reading.target, reading.due_at, reading.elapsed) == (None, None, 2 * HOUR)
