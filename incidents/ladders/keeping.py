"""The rung that an open incident comes to next, kept with its clocks."""

from collections.abc import Sequence
from datetime import datetime

from incidents.clocks.history import History
from incidents.ladders.climbing import Climb, Coming, coming_rung, present_climb
from incidents.models import Incident
from incidents.tiers.bounces import bounces_of as came_back
from sla.clock import Reading
from sla.codes import Trigger
from sla.models import Rung


def coming_of(
    incident: Incident, history: History, readings: Sequence[Reading]
) -> Coming | None:
    """What is told next, by its events and clocks; nothing of what is not open."""
    if not incident.is_open or history.version is None:
        return None
    rungs = rungs_of(history)
    climb = climb_of(history, rungs)
    if climb is None or climb.is_answered:
        return None
    return coming_rung(climb, rungs, readings, bounces_of(incident, rungs))


def rungs_of(history: History) -> list[Rung]:
    """Those of the policy that holds, the lowest first. One query."""
    return list(history.version.rungs.all()) if history.version else []


def climb_of(history: History, rungs: Sequence[Rung]) -> Climb | None:
    return present_climb(history.events, history.matches, rungs)


def bounces_of(incident: Incident, rungs: Sequence[Rung]) -> list[datetime]:
    """The moments at which it came back to a team, if a rung waits for that."""
    if not any(rung.trigger == Trigger.BOUNCES for rung in rungs):
        return []
    return [stay.entered_at for stay in came_back(incident.stays.all())]
