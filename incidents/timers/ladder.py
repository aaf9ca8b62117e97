"""A rung of the ladder is told: once, in its order, to whom it is for."""

from datetime import datetime

from activity.handlers import Firing, Moved
from activity.models import Timer
from incidents.clocks.history import history_of
from incidents.clocks.keeping import cache_readings
from incidents.events import Kind
from incidents.ladders.keeping import coming_of
from incidents.ladders.people import whom
from incidents.ladders.telling import told
from incidents.models import Incident
from incidents.timers.keeping import keep_armed


def climb_ladder(
    incident: Incident, timer: Timer, at: datetime
) -> Firing | Moved | None:
    """Tell the rung that comes next by the events and clocks, whatever was armed. What
    comes after it is armed with the event.

    A clock whose calendar has changed meanwhile may not have come so far: then it is
    armed anew.
    """
    history = history_of(incident)
    coming = coming_of(incident, history, history.readings(at))
    if coming is None:
        return None
    if coming.at > at:
        cache_readings(incident)
        keep_armed(incident)
        return Moved()
    people = whom(coming.rung, incident)
    return Firing(kind=Kind.RUNG, data=told(coming, history, people, at))
