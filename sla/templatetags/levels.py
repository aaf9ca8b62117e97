"""Moments and amounts of time on the pages about service levels."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

from sla.wording import in_hours

register = template.Library()
register.filter("in_hours", in_hours)


@register.filter
def when(at: datetime, zone: str = "") -> str:
    """In the viewer's zone or in ``zone``, with its weekday and what seconds it has."""
    local = localtime(at, ZoneInfo(zone) if zone else None)
    seconds = f":{local:%S}" if local.second else ""
    return date_format(local, "D j M Y, H:i") + seconds
