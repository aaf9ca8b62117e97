"""Amounts of time and deadlines in templates."""

from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sla.wording import in_hours, to_the_second

register = template.Library()
register.filter("hours", in_hours)
register.filter("exactly", to_the_second)


@register.simple_tag
def due(due_at: datetime, at: datetime) -> SafeString:
    """A deadline as short as it is clear: 14:20 today, else with its day; whole, with
    its zone, as its title."""
    local, today = timezone.localtime(due_at), timezone.localtime(at)
    form = "j M, H:i" if local.year == today.year else "j M Y, H:i"
    if local.date() == today.date():
        form = "H:i"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        due_at.astimezone(UTC).isoformat(timespec="seconds"),
        date_format(local, "l j F Y, H:i e"),
        date_format(local, form),
    )
