"""What comes next on a ladder, as a function: tables by hand, and laws for all."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity.models import Event
from incidents.clocks.telling import MOMENT
from incidents.events import Kind
from incidents.ladders.climbing import (
    Climb,
    Coming,
    Told,
    coming_rung,
    present_climb,
)
from sla.clock import Mark, Reading, Terms, What, read
from sla.codes import Metric, OnChange, OnMove, OnReopen, StopsAt, Trigger
from sla.models import Rung
from sla.services.terms import ALWAYS
from tests.incidents.ladders.climbs import LADDER, minutes

RESPONSE, RESOLUTION = 30, 240


def rungs_of(*wanted: dict[str, Any]) -> list[Rung]:
    return [
        Rung(position=position, acknowledge_within=15, version_id=1, **one)
        for position, one in enumerate(wanted or LADDER, 1)
    ]


def terms(target: int) -> Terms:
    return Terms(
        policy=1,
        target=timedelta(minutes=target),
        schedule=ALWAYS,
        pauses_on=frozenset({"awaiting_supplier"}),
        stops_at=StopsAt.RESOLVED,
        on_change=OnChange.RETROACTIVE,
        on_transfer=OnMove.CARRY,
        on_tier_move=OnMove.CARRY,
        on_reject=OnMove.CARRY,
        on_reopen=OnReopen.NEW_CYCLE,
    )


def readings(at: float, *marks: tuple[float, What]) -> list[Reading]:
    """Both clocks, begun at minute 0, as they stand at ``at``."""
    return [
        one
        for metric, target in (
            (Metric.RESPONSE, RESPONSE),
            (Metric.RESOLUTION, RESOLUTION),
        )
        for one in read(
            metric,
            [
                Mark(minutes(0), 1, What.START, terms=terms(target)),
                *(
                    Mark(minutes(count), seq, what, "awaiting_supplier")
                    for seq, (count, what) in enumerate(marks, 2)
                ),
            ],
            minutes(at),
        )
    ]


ANSWERED = (1.0, What.RESPOND)


def next_of(
    *told: tuple[int, float],
    rungs: Sequence[Rung] = (),
    marks: Sequence[tuple[float, What]] = (ANSWERED,),
    bounces: Sequence[float] = (),
    at: float = 1,
    **climb: Any,
) -> tuple[int, float] | None:
    """The place and the minute of what comes next."""
    before = [Told(place, minutes(count), minutes(count + 15)) for place, count in told]
    given = {"seq": 1, "began_at": minutes(0), "told": before, **climb}
    coming = coming_rung(
        Climb(**given),
        rungs or rungs_of(),
        readings(at, *marks),
        [minutes(count) for count in bounces],
    )
    return _said(coming)


def _said(coming: Coming | None) -> tuple[int, float] | None:
    if coming is None:
        return None
    at = coming.at - MOMENT if coming.at.microsecond == 1 else coming.at
    return coming.rung.position, (at - minutes(0)) / timedelta(minutes=1)


def test_the_first_trigger_that_comes_is_next() -> None:
    assert next_of() == (3, 180)


def test_a_late_response_comes_before_a_share_of_the_resolution() -> None:
    assert next_of(marks=[]) == (5, 30)


def test_after_a_rung_comes_no_lower_one() -> None:
    assert next_of((5, 30), marks=[]) == (6, 45)
    assert next_of((5, 30), marks=[(40, What.RESPOND)]) == (6, 45)


def test_the_next_waits_until_the_time_to_answer_is_over() -> None:
    assert next_of((3, 230)) == (5, 245)
    assert next_of((3, 180)) == (5, 240)


def test_nobody_answering_counts_for_the_very_next_rung_only() -> None:
    ladder = rungs_of(
        {"trigger": "by_hand", "tells": "owner"},
        {"trigger": "breach", "tells": "owner"},
        {"trigger": "unacknowledged", "tells": "desk_lead"},
        {"trigger": "unacknowledged", "tells": "commander"},
    )
    by_hand: dict[str, Any] = {
        "words": {Trigger.BY_HAND: minutes(0)},
        "rungs": ladder,
    }
    assert next_of(**by_hand) == (1, 0)
    assert next_of((1, 0), **by_hand) == (2, 240), "its rung is not the next one"
    assert next_of((1, 0), (2, 240), **by_hand) == (3, 255)
    assert next_of((1, 0), (3, 255), **by_hand) == (4, 270)
    assert next_of((1, 0), (4, 270), **by_hand) is None


def test_the_third_time_that_it_comes_back_is_next() -> None:
    assert next_of(bounces=[10, 20]) == (3, 180)
    assert next_of(bounces=[10, 20, 33]) == (4, 33)


def test_what_came_before_the_climb_counts_from_its_beginning() -> None:
    assert next_of(began_at=minutes(400), at=400) == (3, 400)
    assert next_of((3, 400), began_at=minutes(400), at=400) == (5, 415)


def test_a_word_is_heard_where_a_rung_waits_for_it() -> None:
    urged: dict[str, Any] = {"words": {Trigger.COMPLAINT: minutes(7)}}
    assert next_of(**urged) == (1, 7)
    assert next_of((1, 7), **urged) == (3, 180)
    assert next_of(began_at=minutes(7), **urged) == (1, 7)


def test_a_word_is_told_at_once_and_slows_nothing_above_it() -> None:
    """The breach was told at 240; a minute before the next, the reporter urges."""
    urged: dict[str, Any] = {"words": {Trigger.COMPLAINT: minutes(254)}}
    assert next_of((5, 240), **urged) == (1, 254)
    assert next_of((5, 240), (1, 254), **urged) == (6, 255)
    both: dict[str, Any] = {"words": {**urged["words"], Trigger.BY_HAND: minutes(253)}}
    assert next_of((5, 240), **both) == (2, 253)
    assert next_of((5, 240), (2, 253), **both) == (1, 254)
    assert next_of((5, 240), (2, 253), (1, 254), **both) == (6, 255)


def test_a_word_on_a_high_rung_goes_on_from_there() -> None:
    ladder = rungs_of(
        {"trigger": "resolution_percent", "percent": 50, "tells": "owner"},
        {"trigger": "by_hand", "tells": "desk_lead"},
        {"trigger": "unacknowledged", "tells": "commander"},
    )
    asked: dict[str, Any] = {
        "words": {Trigger.BY_HAND: minutes(10)},
        "began_at": minutes(10),
        "rungs": ladder,
    }
    assert next_of(**asked) == (2, 10)
    assert next_of((2, 10), **asked) == (3, 25)


def test_what_was_answered_or_is_over_calls_nobody() -> None:
    assert next_of((3, 180), is_answered=True) is None
    assert next_of(marks=[ANSWERED, (100, What.RESOLVE)], at=100) is None


def test_what_waits_uses_no_share() -> None:
    assert next_of(marks=[ANSWERED, (60, What.HOLD)], at=60) is None
    held = [ANSWERED, (60, What.HOLD), (90, What.RESUME)]
    assert next_of(marks=held, at=90) == (3, 210)


def test_a_share_beyond_the_whole_comes_long_after() -> None:
    share = {"trigger": "resolution_percent", "percent": 150, "tells": "owner"}
    assert next_of(rungs=rungs_of(share)) == (1, 360)


# ---- which climb goes on


def event(seq: int, kind: str = "incident.note", at: float = 0, **data: Any) -> Event:
    return Event(seq=seq, kind=kind, at=minutes(at or seq), data=data)


def climb_after(*events: Event, promised: Sequence[int] = (1,)) -> int | None:
    found = present_climb([event(1), *events], promised, rungs_of())
    return found.seq if found else None


def test_a_climb_begins_with_a_promise_and_with_what_comes_back() -> None:
    assert climb_after(promised=()) is None
    assert climb_after() == 1
    assert climb_after(event(2)) == 1
    assert climb_after(event(2, Kind.REJECT)) == 2
    assert climb_after(event(2, Kind.REOPEN), event(3)) == 2
    assert climb_after(event(2), event(3), promised=(1, 3)) == 3


def test_a_word_begins_a_climb_only_where_nobody_is_called_any_more() -> None:
    """Else it would give everybody above their time to answer once more."""
    urge = event(9, Kind.URGE)
    last: dict[str, Any] = {"climb": 1, "answer_by": minutes(9).isoformat()}
    assert climb_after(urge) == 1
    assert climb_after(event(2, Kind.RUNG, rung=5, **last), urge) == 1
    assert climb_after(event(2, Kind.RUNG, rung=6, **last), urge) == 9
    answered = event(3, Kind.ACKNOWLEDGE, climb=1)
    assert climb_after(event(2, Kind.RUNG, rung=5, **last), answered, urge) == 9
    again = event(10, Kind.URGE)
    found = present_climb([event(1), answered, urge, again], [1], rungs_of())
    assert found is not None
    assert (found.seq, found.words) == (9, {Trigger.COMPLAINT: minutes(9)})


def test_a_word_that_the_ladder_does_not_hear_changes_nothing() -> None:
    deaf = rungs_of({"trigger": "breach", "tells": "owner"})
    urged = [event(1), event(2, Kind.URGE)]
    found = present_climb(urged, [1], deaf)
    assert found is not None
    assert (found.seq, found.words) == (1, {})


def test_an_answer_belongs_to_its_climb() -> None:
    answered = event(4, Kind.ACKNOWLEDGE, climb=1, rung=3)
    first = present_climb([event(1), answered], [1], rungs_of())
    assert first is not None
    assert first.is_answered
    again = [event(1), answered, event(5, Kind.CALL_ATTENTION)]
    second = present_climb(again, [1], rungs_of())
    assert second is not None
    assert (second.seq, second.is_answered) == (5, False)


# ---- laws

SHARES = st.lists(st.integers(1, 300), min_size=1, max_size=6, unique=True).map(sorted)
TRIGGERS = st.sampled_from(["unacknowledged", "by_hand", "complaint", "bounces"])


@st.composite
def ladders(draw: Any) -> list[Rung]:
    wanted: list[dict[str, Any]] = [
        {"trigger": "resolution_percent", "percent": percent}
        for percent in draw(SHARES)
    ]
    for trigger in draw(st.lists(TRIGGERS, max_size=5)):
        one = {"trigger": trigger, "count": 2 if trigger == "bounces" else None}
        wanted.insert(draw(st.integers(0, len(wanted))), one)
    found = rungs_of(*({"tells": "owner", **one} for one in wanted))
    for rung in found:
        rung.acknowledge_within = draw(st.integers(1, 90))
    return found


def climbed(
    rungs: Sequence[Rung], bounces: Sequence[datetime], late: Sequence[int]
) -> list[tuple[Coming, datetime]]:
    """All that is told if nobody answers, each so many minutes late."""
    told: list[tuple[Coming, datetime]] = []
    now = minutes(0)
    while len(told) <= len(rungs):
        before = [
            Told(
                one.rung.position,
                at,
                at + timedelta(minutes=one.rung.acknowledge_within),
            )
            for one, at in told
        ]
        climb = Climb(seq=1, began_at=minutes(0), told=before)
        coming = coming_rung(climb, rungs, readings(1, ANSWERED), bounces)
        if coming is None:
            return told
        delay = late[len(told) % len(late)]
        now = max(now, coming.at + timedelta(minutes=delay))
        told.append((coming, now))
    raise AssertionError("a ladder has an end")


@given(
    rungs=ladders(),
    bounces=st.lists(st.integers(0, 600), max_size=4).map(sorted),
    late=st.lists(st.integers(0, 500), min_size=1, max_size=4),
)
def test_whatever_the_ladder_each_rung_is_told_once_in_order_and_with_time_to_answer(
    rungs: list[Rung], bounces: list[int], late: list[int]
) -> None:
    told = climbed(rungs, [minutes(count) for count in bounces], late)
    places = [one.rung.position for one, _at in told]
    assert places == sorted(set(places))
    for (one, at), (two, later) in itertools.pairwise(told):
        left = timedelta(minutes=one.rung.acknowledge_within)
        assert later >= two.at >= at + left
    for one, at in told:
        assert at >= one.at >= one.reached_at
        assert one.rung.trigger not in {"by_hand", "complaint"}


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5, 6])
def test_after_the_answer_nothing_comes_whatever_was_told(place: int) -> None:
    assert next_of((place, 10), is_answered=True, bounces=[1, 2, 3], at=900) is None
