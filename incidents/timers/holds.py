"""What waited until a moment goes on by itself."""

from datetime import datetime

from accounts.models import User
from activity.handlers import Moved
from activity.lifecycle import fire
from activity.models import Timer
from incidents.codes import Status
from incidents.models import Incident


def end_of_hold(incident: Incident, timer: Timer, at: datetime) -> Moved | None:
    """The hold ends at the moment that was set for it, not before."""
    if incident.status != Status.ON_HOLD:
        return None
    if incident.hold_until is None or at < incident.hold_until:
        return None
    fire(
        incident.resume,
        by=User.objects.system(),
        at=at,
        data={"because": "until"},
        public=True,
    )
    return Moved()
