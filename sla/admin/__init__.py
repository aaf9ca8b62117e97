"""Calendars and policies in Django admin: drafts by managers, published by
administrators."""

from sla.admin.calendars import CalendarAdmin, CalendarVersionAdmin
from sla.admin.operational import OperationalTargetAdmin
from sla.admin.policies import PolicyAdmin, PolicyVersionAdmin

__all__ = [
    "CalendarAdmin",
    "CalendarVersionAdmin",
    "OperationalTargetAdmin",
    "PolicyAdmin",
    "PolicyVersionAdmin",
]
