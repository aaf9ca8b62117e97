"""The ledger: every promised time, when it moved, why, and whether it was kept."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activity import clock, lifecycle
from activity.models import Event
from incidents import services
from incidents.clocks.history import History, history_of
from incidents.clocks.promises import (
    Cause,
    Edition,
    Ledger,
    Promised,
    Standing,
    ledger,
    ledger_of,
)
from incidents.codes import HoldReason
from incidents.events import Kind
from incidents.models import Incident
from sla.clock.folding import TAKERS
from sla.codes import Metric
from sla.schedule import Schedule
from sla.services import publish_calendar_version
from sla.services.terms import schedules_of
from tests.database import sql
from tests.incidents import stories
from tests.incidents.clocks.promising import check_ledger
from tests.incidents.replay import imported
from tests.people import Cast
from tests.sla.settings_cast import ALWAYS, draft_calendar

# A Tuesday in the office hours of the default calendar, which tests keep in UTC.
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return TUESDAY + hours * HOUR


def calm(cast: Cast) -> Incident:
    """SEV4 from the report on: 8 working hours to respond, 40 to solve it."""
    with clock.frozen_at(at(0)):
        return stories.reported(cast, impact=3, urgency=3)


def told(found: Ledger, metric: Metric, cycle: int = 1) -> Promised:
    (one,) = [
        one
        for one in found.promises
        if (one.metric, one.reading.cycle) == (metric, cycle)
    ]
    return one


def lines(promised: Promised) -> list[tuple[Cause, Standing, datetime | None]]:
    return [(move.cause, move.standing, move.due_at) for move in promised.moves]


def answered_late(cast: Cast) -> Incident:
    """Asked at 12:00, answered at 15:00, solved on the next day."""
    incident = stories.triaged(cast, of=calm(cast), at=at(1))
    stories.in_progress(cast, of=incident, at=at(1))
    with clock.frozen_at(at(2)):
        stories.on_hold(cast, of=stories.again(incident), until=at(48))
    with clock.frozen_at(at(5)):
        services.answer_desk(incident.pk, by=cast.ann, message="The left one.")
    with clock.frozen_at(at(24)):
        services.resolve_incident(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            solution=stories.solution(),
        )
    return stories.again(incident)


def test_a_promise_is_told_from_when_it_was_made_until_it_was_kept(cast: Cast) -> None:
    found = check_ledger(answered_late(cast))
    solved = told(found, Metric.RESOLUTION)
    first = datetime(2026, 3, 9, 14, tzinfo=UTC)
    assert lines(solved) == [
        (Cause.REPORTED, Standing.ON_ITS_WAY, first),
        (Cause.ASKED, Standing.WAITS, None),
        (Cause.ANSWERED, Standing.ON_ITS_WAY, first + 3 * HOUR),
        (Cause.SOLVED, Standing.KEPT, None),
    ]
    assert [move.before for move in solved.moves] == [
        None,
        first,
        first,
        first + 3 * HOUR,
    ]
    assert solved.moves[2].by is not None
    assert (solved.standing, solved.early) == (Standing.KEPT, 34 * HOUR)
    assert told(found, Metric.RESPONSE).moves[-1].cause is Cause.TAKEN
    assert [one.metric for one in found.present] == [
        Metric.RESPONSE,
        Metric.RESOLUTION,
    ]


def test_a_promise_that_was_missed_says_by_how_much(cast: Cast) -> None:
    """8 working hours from Tuesday 10:00 end on Wednesday at 9:00."""
    incident = calm(cast)
    stories.in_progress(cast, of=incident, at=at(25))
    looked = told(check_ledger(incident), Metric.RESPONSE)
    assert (looked.standing, looked.missed_at) == (Standing.MISSED, at(23))
    assert (looked.over, looked.reading.stopped_at) == (2 * HOUR, at(25))
    assert looked.passed == [at(23)]


def test_what_is_late_and_not_done_is_late(cast: Cast) -> None:
    looked = told(ledger_of(calm(cast), at(25)), Metric.RESPONSE)
    assert (looked.standing, looked.missed_at) == (Standing.LATE, at(23))
    on_time = told(ledger_of(calm(cast), at(22)), Metric.RESPONSE)
    assert (on_time.standing, on_time.missed_at) == (Standing.ON_ITS_WAY, None)


@pytest.mark.parametrize(
    ("impact", "cause"), [(1, Cause.MORE_URGENT), (3, Cause.LESS_URGENT)]
)
def test_another_severity_moves_it(cast: Cast, impact: int, cause: Cause) -> None:
    with clock.frozen_at(at(0)):
        incident = stories.reported(cast, impact=2, urgency=2)
    services.triage_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(impact=impact, urgency=impact),
        team=cast.desk,
        at=at(1),
    )
    solved = told(check_ledger(incident), Metric.RESOLUTION)
    assert [move.cause for move in solved.moves] == [Cause.REPORTED, cause]
    assert solved.moves[1].before == solved.moves[0].due_at != solved.moves[1].due_at


def test_a_time_that_passed_before_it_was_moved_is_not_forgotten(cast: Cast) -> None:
    """SEV1 promised 14:00; at 15:00 it was judged less urgent."""
    with clock.frozen_at(at(0)):
        incident = stories.reported(cast, impact=1, urgency=1)
    stories.triaged(cast, of=incident, at=at(5))
    solved = told(check_ledger(incident), Metric.RESOLUTION)
    assert (solved.standing, solved.missed_at) == (Standing.ON_ITS_WAY, None)
    assert solved.passed == [at(4)]


def test_what_comes_back_is_promised_again(cast: Cast) -> None:
    incident = stories.closed(cast)
    services.reopen_incident(
        incident.pk, by=cast.ann, expected_version=None, complaint="Blank again."
    )
    found = check_ledger(incident)
    assert told(found, Metric.RESOLUTION).standing is Standing.KEPT
    again = told(found, Metric.RESOLUTION, 2)
    assert [move.cause for move in again.moves] == [Cause.CAME_BACK]
    assert again in found.present


def test_a_no_lets_the_same_promise_go_on(cast: Cast) -> None:
    incident = stories.resolved(cast)
    services.reject_resolution(
        incident.pk,
        by=cast.ann,
        complaint="Blank.",
        resolution=stories.current(incident),
    )
    solved = told(check_ledger(incident), Metric.RESOLUTION)
    assert [move.cause for move in solved.moves] == [
        Cause.REPORTED,
        Cause.SOLVED,
        Cause.STILL_FAILS,
    ]


def test_what_is_cancelled_ends_with_it(cast: Cast) -> None:
    found = check_ledger(stories.cancelled(cast))
    standings = {one.standing for one in found.promises}
    assert standings == {Standing.CANCELLED}


def test_of_news_the_last_promise_is_told_and_the_others_are_counted(
    cast: Cast,
) -> None:
    with clock.frozen_at(at(0)):
        incident = stories.reported(cast, impact=1, urgency=1)
    for minutes in (20, 70, 80):
        with clock.frozen_at(TUESDAY + timedelta(minutes=minutes)):
            services.reply_to_reporter(
                incident.pk, by=cast.bo, expected_version=None, message="We look."
            )
    found = check_ledger(incident)
    news = told(found, Metric.UPDATE, 4)
    assert lines(news) == [
        (Cause.WROTE, Standing.ON_ITS_WAY, TUESDAY + timedelta(minutes=110))
    ]
    assert (found.news_kept, found.news_missed) == (2, 1)


def test_new_service_hours_move_it_when_they_are_published(cast: Cast) -> None:
    """No version may be published for the past, so this is about today."""
    incident = stories.reported(cast, impact=3, urgency=3)
    office = incident.clocks.get(metric=Metric.RESOLUTION).policy.calendar  # type: ignore[union-attr]
    tomorrow = clock.now() + timedelta(days=1)
    draft = draft_calendar(office, effective_from=tomorrow, shifts=ALWAYS)
    published = publish_calendar_version(draft.pk, by=cast.ida, at=clock.now())
    solved = told(ledger_of(incident, clock.now()), Metric.RESOLUTION)
    made, moved = solved.moves
    assert (made.cause, moved.cause) == (Cause.REPORTED, Cause.HOURS)
    assert (moved.at, moved.by) == (published.published_at, None)
    assert made.due_at == incident.clocks.get(metric=Metric.RESOLUTION).due_at
    assert moved.before == made.due_at != moved.due_at == solved.reading.due_at


def test_what_was_told_beforehand_stands_beside_its_promise(cast: Cast) -> None:
    incident = calm(cast)
    told_of = ((1, 75, True, 7), (1, 90, False, 8), (2, 75, True, 9))
    for cycle, percent, public, hours in told_of:
        data = {
            "metric": "response",
            "cycle": cycle,
            "percent": percent,
            "promise": 1,
            "promised": at(8).isoformat(),
        }
        tell(incident, cast, data, public=public, moment=at(hours))
    found = ledger_of(incident, at(10))
    assert told(found, Metric.RESPONSE).warned == [at(7)]
    assert told(found, Metric.RESOLUTION).warned == []


def tell(
    incident: Incident,
    cast: Cast,
    data: dict[str, Any],
    *,
    public: bool,
    moment: datetime,
) -> None:
    locked = Incident.objects.lock(incident.pk)
    lifecycle.record(locked, Kind.WARN, by=cast.bo, data=data, public=public, at=moment)


def test_in_every_state_the_ledger_is_what_the_clocks_say(cast: Cast) -> None:
    for incident in stories.everything(cast).values():
        assert check_ledger(incident).promises


def test_other_holds_and_hands_are_told_apart(cast: Cast) -> None:
    incident = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER, question="")
    services.resume_incident(incident.pk, by=cast.bo, expected_version=None)
    solved = told(check_ledger(incident), Metric.RESOLUTION)
    waits, goes_on = solved.moves[-2:]
    assert (waits.cause, waits.reason) == (Cause.HELD, HoldReason.AWAITING_SUPPLIER)
    assert goes_on.cause is Cause.WENT_ON


def test_where_nothing_was_promised_there_is_nothing_to_tell(cast: Cast) -> None:
    assert ledger_of(imported.closed(cast), clock.now()).promises == ()
    sql("UPDATE sla_policy SET is_active = false")
    found = ledger_of(stories.reported(cast), clock.now())
    assert (found.promises, found.present) == ([], [])


def test_a_long_history_is_not_read_anew_for_each_event(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred events: a few marks for each, never all that came before."""
    taken: Counter[str] = Counter()
    for what, take in TAKERS.items():
        monkeypatch.setitem(TAKERS, what, counting(take, taken))
    incident = calm(cast)
    stories.in_progress(cast, of=incident, at=at(1))
    short = history_of(incident)
    history = History([*short.events, *_to_and_fro(incident, 200)], short.matches)
    known = [Edition(at(0), _schedules(history))]
    taken.clear()
    found = ledger(history, known, at(1000))
    assert len(told(found, Metric.RESOLUTION).moves) == 1 + 2 * 66
    assert taken["marks"] < 10 * len(history.events)


def counting(take: Any, taken: Counter[str]) -> Any:
    def counted(fold: Any, mark: Any) -> None:
        taken["marks"] += 1
        take(fold, mark)

    return counted


def _to_and_fro(incident: Incident, count: int) -> list[Event]:
    turns = [
        (Kind.HOLD, {"reason": "awaiting_supplier"}),
        (Kind.RESUME, {}),
        (Kind.REPLY, {}),
    ]
    return [
        Event(
            subject_type="incident",
            subject_id=incident.pk,
            seq=100 + number,
            kind=turns[number % 3][0],
            data=turns[number % 3][1],
            at=at(2 + number),
        )
        for number in range(count - 2)
    ]


def _schedules(history: History) -> dict[int, Schedule]:
    return schedules_of(match.version for match in history.matches.values())
