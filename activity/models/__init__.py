"""Records of what happened and of who must hear."""

from activity.models.delivery import Delivery
from activity.models.event import Event
from activity.models.guard_lift import GuardLift
from activity.models.heartbeat import Heartbeat
from activity.models.note import Note
from activity.models.subject import Subject
from activity.models.timer import Timer

__all__ = ["Delivery", "Event", "GuardLift", "Heartbeat", "Note", "Subject", "Timer"]
