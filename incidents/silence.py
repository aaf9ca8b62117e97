"""How long the confirmer has been silent: when we ask again, and when a lead decides.

Working days are those of the desk (``sla.services.working_days``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from activity.models import Event
from incidents.codes import ResolutionCode, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.models.life_cycle import is_unanswered
from sla.schedule import Schedule
from sla.services import working_days
from sla.working_days import latest_start, working_days_after

# We ask again so many working days after we asked first.
REMINDER_DAYS: Final = (1, 3, 5)
REMINDERS_BEFORE_WAIVER: Final = len(REMINDER_DAYS)
SILENCE_BEFORE_WAIVER: Final = REMINDER_DAYS[-1]
BETWEEN_REMINDERS: Final = timedelta(hours=20)


def reminders_of(incident: Incident) -> list[Event]:
    """How often we asked this confirmer about the current resolution, oldest first."""
    return [event for event in _asking(incident) if event.kind == Kind.REMIND]


def asked_since(incident: Incident) -> datetime | None:
    """When the confirmer was asked first; a successor starts anew."""
    asking = _asking(incident)
    if asking and asking[0].kind == Kind.SUCCEED:
        return asking[0].at
    return incident.resolved_at


def is_asked(incident: Incident) -> bool:
    """Whether its confirmer owes us an answer. Who solved it in another system asked
    there."""
    resolution = incident.resolution
    return (
        incident.status == Status.RESOLVED
        and is_unanswered(incident)
        and resolution is not None
        and resolution.code != ResolutionCode.IMPORTED
    )


def next_reminder(
    asked: datetime, reminded: Sequence[datetime], days: Schedule
) -> tuple[int, datetime] | None:
    """Which reminder comes next (1, 2, 3), and when; ``None`` after the last one.

    Those sent by hand count. One that is late leaves a working day until the next.
    """
    number = len(reminded) + 1
    if number > REMINDERS_BEFORE_WAIVER:
        return None
    due = working_days_after(asked, REMINDER_DAYS[number - 1], days)
    if reminded:
        due = max(due, working_days_after(reminded[-1], 1, days))
    return number, due


def coming_reminder(incident: Incident) -> tuple[int, datetime] | None:
    """The reminder that its confirmer gets next, by what they were sent so far."""
    asked = asked_since(incident)
    if asked is None or not is_asked(incident):
        return None
    reminded = [event.at for event in reminders_of(incident)]
    return next_reminder(asked, reminded, working_days())


def waiver_is_early(incident: Incident, at: datetime) -> str:
    """Why it is too early to waive; ``""`` when it is not."""
    if incident.status != Status.RESOLVED:
        return ""
    missing = REMINDERS_BEFORE_WAIVER - len(reminders_of(incident))
    if missing > 0:
        return _(
            "Three reminders come before a waiver; %(count)d are still to be sent."
        ) % {"count": missing}
    since = asked_since(incident)
    if since is None or since > long_silence(at):
        return _("A waiver needs five working days without an answer.")
    return ""


def long_silence(at: datetime) -> datetime:
    """Who was asked then or before has been silent for five working days at ``at``."""
    return latest_start(at, SILENCE_BEFORE_WAIVER, working_days())


def _asking(incident: Incident) -> list[Event]:
    """The reminders about the current resolution, after the naming of the last
    successor, which is the first one then."""
    if incident.resolution is None:
        return []
    about = Event.objects.about(incident).filter(seq__gt=incident.resolution.seq)
    found = list(about.filter(kind__in=[Kind.REMIND, Kind.SUCCEED]))
    named = [place for place, event in enumerate(found) if event.kind == Kind.SUCCEED]
    return found[named[-1] :] if named else found
