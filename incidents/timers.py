"""What the deadlines of incidents do when they are due."""

from datetime import datetime

from accounts.models import User
from activity.handlers import Moved
from activity.lifecycle import fire
from activity.models import Timer
from incidents.codes import Status
from incidents.models import Incident

HOLD_ENDS = "incident.hold_until"


def end_of_hold(incident: Incident, timer: Timer, at: datetime) -> Moved | None:
    """What waited until this moment goes on."""
    if incident.status != Status.ON_HOLD:
        return None
    if incident.hold_until is None or at < incident.hold_until:
        return None
    incident.make_timers_stale()
    fire(
        incident.resume,
        by=User.objects.system(),
        at=at,
        data={"because": "until"},
        public=True,
    )
    return Moved()
