"""What holds for the ledger of any incident."""

from bisect import bisect_right
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from activity import clock
from incidents.clocks.history import History, history_of
from incidents.clocks.promises import Cause, Ledger, Promised, editions, ledger_of
from incidents.models import Incident
from sla.clock import Reading
from sla.codes import Metric, State

MICROSECOND = timedelta(microseconds=1)
FAR = timedelta(days=400)


def check_ledger(incident: Incident, at: datetime | None = None) -> Ledger:
    """It agrees with the rows of its clocks; every move has its cause, and between two
    of them nothing moves. ``at`` is when the rows were read, if a calendar was
    published since the last event."""
    as_of = max((row.as_of for row in incident.clocks.all()), default=clock.now())
    found = ledger_of(incident, at or as_of)
    _agrees_with_rows(incident, found)
    history = history_of(incident)
    for promised in found.promises:
        _moves_only_with_a_cause(history, promised)
    return found


def _agrees_with_rows(incident: Incident, found: Ledger) -> None:
    rows = list(incident.clocks.order_by("cycle"))
    news = [row for row in rows if row.metric == Metric.UPDATE]
    shown = [row for row in rows if row.metric != Metric.UPDATE] + news[-1:]
    assert {
        (one.metric, one.reading.cycle): (one.reading.state, one.reading.due_at)
        for one in found.promises
    } == {(row.metric, row.cycle): (row.state, row.due_at) for row in shown}
    for one in found.promises:
        is_running = one.reading.state is State.RUNNING
        assert one.moves[-1].due_at == (one.reading.due_at if is_running else None)
    assert (found.news_kept, found.news_missed) == (
        sum(row.state == State.MET for row in news),
        sum(row.state == State.MISSED for row in news),
    )


def _moves_only_with_a_cause(history: History, promised: Promised) -> None:
    """The fold, read anew just before and just after everything that happened, by the
    calendars as they were known then, says what the ledger says."""
    known = editions(history, promised.at + FAR)
    events = sorted(history.events, key=lambda event: (event.at, event.seq))
    moments = sorted({event.at for event in events})
    causes = set(moments) if promised.moves else set()
    for move in promised.moves:
        assert move.at in causes or move.cause is Cause.HOURS
    starts = [move.at for move in promised.moves]
    for before, after in pairwise([*moments, promised.at + FAR]):
        for moment in (before, after - MICROSECOND):
            until = [event for event in events if event.at <= moment]
            schedules = [one for one in known if one.since <= moment][-1].schedules
            then = replace(history, events=until).readings(moment, schedules)
            reading = _of(then, promised)
            if reading is None:
                continue
            move = promised.moves[bisect_right(starts, moment) - 1]
            is_running = reading.state is State.RUNNING
            assert move.due_at == (reading.due_at if is_running else None), moment


def _of(readings: list[Reading], promised: Promised) -> Reading | None:
    for reading in readings:
        if (reading.metric, reading.cycle) == (
            promised.metric,
            promised.reading.cycle,
        ):
            return reading
    return None
