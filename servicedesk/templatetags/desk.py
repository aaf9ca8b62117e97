"""What every page writes the same way: moments and people."""

from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """A moment in the viewer's zone; the month is a word, so no date is ambiguous."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        date_format(local, "l j F Y, H:i e"),
        date_format(local, "j M Y, H:i"),
    )


@register.filter
def initials(name: str) -> str:
    """Up to two letters for the round sign beside a name."""
    words = name.split()
    letters = [word[0] for word in (words[0], words[-1])] if len(words) > 1 else words
    return "".join(letter[:1] for letter in letters).upper()
