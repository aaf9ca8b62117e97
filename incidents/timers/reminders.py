"""Whoever is asked whether it works is asked again, and then a lead decides."""

from datetime import datetime

from activity.handlers import Firing, Moved
from activity.models import Timer
from incidents.events import Kind
from incidents.models import Incident
from incidents.silence import coming_reminder
from incidents.timers.keeping import keep_armed


def ask_again(incident: Incident, timer: Timer, at: datetime) -> Firing | Moved | None:
    """Ask once more. Who has left is not asked: a lead names a successor, and for that
    person it begins anew. What comes next is armed with the event.

    Where a working day has become a holiday meanwhile, it is armed anew.
    """
    coming = coming_reminder(incident)
    if coming is None or not incident.confirmer.is_active:
        return None
    number, due_at = coming
    if due_at > at:
        keep_armed(incident)
        return Moved()
    data = {"resolution": incident.resolution_id, "number": number}
    return Firing(kind=Kind.REMIND, data=data, public=True)
