"""Calendars, policies and their versions: what is published stays as it is."""

from sla.models.calendars import Calendar, CalendarVersion, Holiday, Shift, Weekday
from sla.models.ladders import Rung
from sla.models.operational import OperationalTarget
from sla.models.policies import Kind, Policy, PolicyVersion, Severity

__all__ = [
    "Calendar",
    "CalendarVersion",
    "Holiday",
    "Kind",
    "OperationalTarget",
    "Policy",
    "PolicyVersion",
    "Rung",
    "Severity",
    "Shift",
    "Weekday",
]
