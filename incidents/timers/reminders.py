"""Whoever is asked whether it works is asked again, and then a lead decides."""

from collections.abc import Iterable
from datetime import datetime

from activity.handlers import Firing, Moved
from activity.models import Timer
from incidents.events import Kind
from incidents.models import Incident
from incidents.silence import coming_reminder
from incidents.timers.keeping import keep_armed
from incidents.timers.kinds import ASK_CONFIRMER


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


def coming_reminders(incidents: Iterable[Incident]) -> dict[int, datetime]:
    """When the confirmer is asked again by itself, by the incident's id. One query."""
    generations = {incident.pk: incident.timer_generation for incident in incidents}
    armed = Timer.objects.armed().filter(
        subject_type=Incident.subject_type,
        subject_id__in=generations,
        kind=ASK_CONFIRMER,
    )
    return {
        timer.subject_id: timer.wanted_at
        for timer in armed
        if timer.generation == generations[timer.subject_id]
    }
