"""Warnings before a promise is missed, and the word that it was."""

from datetime import datetime, timedelta
from typing import Any, Final

from activity.handlers import Firing, Moved
from activity.models import Timer
from incidents.clocks.history import History, history_of
from incidents.clocks.keeping import cache_readings
from incidents.clocks.telling import MISSED, Telling, tellings
from incidents.events import Kind
from incidents.models import Incident
from incidents.timers.keeping import keep_armed
from incidents.timers.kinds import METRICS, cycle_of
from sla.clock import Reading
from sla.codes import Metric

# What is told later than this was told late: after an outage, say.
LATE: Final = timedelta(minutes=5)


def speak_of_clock(
    incident: Incident, timer: Timer, at: datetime
) -> Firing | Moved | None:
    """Tell of the highest step that this clock has reached, by its events, whatever was
    armed. What comes next is armed with the event.

    A clock whose calendar has changed meanwhile may not have come so far: then it is
    armed anew.
    """
    history = history_of(incident)
    wanted = (METRICS[timer.kind], cycle_of(timer.step))
    for reading, told in tellings(history, at):
        if (reading.metric, reading.cycle) == wanted and told.at is not None:
            if told.at <= at:
                public = _waits_for_it(incident, reading) and _is_public(
                    history, reading, told
                )
                return _firing(reading, told, at, public=public)
            cache_readings(incident)
            keep_armed(incident)
            return Moved()
    return None


def _firing(reading: Reading, told: Telling, at: datetime, *, public: bool) -> Firing:
    due_at = reading.breached_at or reading.due_at
    data = {
        "metric": str(reading.metric),
        "cycle": reading.cycle,
        "percent": told.step,
        "promise": reading.promised_seq,
        "promised": due_at.isoformat() if due_at else None,
        "late": told.at is not None and at - told.at > LATE,
    }
    kind = Kind.BREACH if told.step == MISSED else Kind.WARN
    return Firing(kind=kind, data=data, public=public)


def _waits_for_it(incident: Incident, reading: Reading) -> bool:
    """Nobody waits for an answer about what works again."""
    return incident.is_open or reading.metric is Metric.RESOLUTION


def _is_public(history: History, reading: Reading, told: Telling) -> bool:
    """Whether the reporter is told: once for a promise, before it is missed; if nobody
    could, when it was."""
    if reading.metric is Metric.UPDATE:
        return False
    if told.step == MISSED:
        return not any(
            _forewarned(event.data, reading) for event in history.forewarnings
        )
    return told.step == max(history.warnings_of(reading))


def _forewarned(data: dict[str, Any], reading: Reading) -> bool:
    about = (data["metric"], data["cycle"], data["promise"])
    return about == (str(reading.metric), reading.cycle, reading.promised_seq)
