"""Whoever is asked whether it works is asked again, and then a lead decides."""

from datetime import datetime

from activity.handlers import Firing
from activity.models import Timer
from incidents.events import Kind
from incidents.models import Incident
from incidents.silence import is_asked, reminders_of


def ask_again(incident: Incident, timer: Timer, at: datetime) -> Firing | None:
    """Ask once more. Who has left is not asked: a lead names a successor, and for that
    person it begins anew. What comes next is armed with the event."""
    if not is_asked(incident) or not incident.confirmer.is_active:
        return None
    number = len(reminders_of(incident)) + 1
    data = {"resolution": incident.resolution_id, "number": number}
    return Firing(kind=Kind.REMIND, data=data, public=True)
