"""Records of what happened and of who must hear."""

from activity.models.check import Check, Finding
from activity.models.clock_jump import ClockJump
from activity.models.delivery import Delivery
from activity.models.event import Event
from activity.models.guard_lift import GuardLift
from activity.models.heartbeat import Heartbeat
from activity.models.note import Note
from activity.models.subject import Subject
from activity.models.timer import Timer
from activity.models.window import MessageWindow

__all__ = [
    "Check",
    "ClockJump",
    "Delivery",
    "Event",
    "Finding",
    "GuardLift",
    "Heartbeat",
    "MessageWindow",
    "Note",
    "Subject",
    "Timer",
]
