"""What stands in the history when a rung is told, and what it answered to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.models import User
from activity.models import Event
from incidents.clocks.history import History
from incidents.ladders.climbing import HEARD_BY, Coming, says
from incidents.models import Incident
from sla.models import Rung
from sla.schedule import Schedule
from sla.services.terms import schedules_of

# What is told later than this was told late: after an outage, say.
LATE: Final = timedelta(minutes=5)


def told(
    coming: Coming,
    history: History,
    people: Sequence[User],
    at: datetime,
    schedules: Mapping[int, Schedule] | None = None,
) -> dict[str, Any]:
    """The values of the event: why, whom, and until when they may answer."""
    answer_by = answer_until(coming.rung, history, at, schedules) if people else at
    return {
        **says(coming.rung, coming.metric),
        "climb": coming.climb,
        "reached": coming.reached_at.isoformat(),
        "recipients": [user.pk for user in people],
        "answer_by": answer_by.isoformat(),
        "late": at - coming.at > LATE,
    }


def answer_until(
    rung: Rung,
    history: History,
    at: datetime,
    schedules: Mapping[int, Schedule] | None = None,
) -> datetime:
    """By the working time of the policy's calendar."""
    version = history.version
    if version is None:
        return at
    known = schedules_of([version]) if schedules is None else schedules
    schedule = known[version.calendar_id]
    return schedule.add(at, timedelta(minutes=rung.acknowledge_within))


def word_heard(incident: Incident, rung: Event) -> Event | None:
    """What a person said that this told rung waited for; no query for any other."""
    heard = [kind for kind, word in HEARD_BY.items() if word == rung.data["trigger"]]
    if not heard:
        return None
    said = Event.objects.about(incident).filter(
        kind=heard[0], at=datetime.fromisoformat(rung.data["reached"])
    )
    found: Event | None = said.select_related("actor").first()
    return found
