"""A digest in words: one line for each message that it gathers, and where to go."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from activity.models import Delivery


@dataclass(frozen=True, slots=True)
class Line:
    """What a single message would have said, in one line of its recipient's language;
    ``url`` is a whole address."""

    text: str
    url: str


def contents_of(digest: Delivery) -> dict[str, Any]:
    """Subject, text and HTML, from what the gathered messages still say: words that
    were redacted meanwhile are gone from here too."""
    lines = lines_of(digest)
    if digest.recipient is None or not lines:
        return {}
    user = digest.recipient
    with translation.override(user.language), timezone.override(user.zone):
        heading = ngettext(
            "%(count)d message for you", "%(count)d messages for you", len(lines)
        ) % {"count": len(lines)}
        context = {"heading": heading, "lines": lines}
        return {
            "subject": heading,
            "text": render_to_string("mail/digest.txt", context).strip() + "\n",
            "html": render_to_string("mail/digest.html", context),
        }


def lines_of(digest: Delivery) -> list[Line]:
    gathered = digest.gathered.filter(state=Delivery.State.GATHERED).order_by("pk")
    return [
        Line(envelope["line"], envelope["url"])
        for envelope in gathered.values_list("envelope", flat=True)
        if envelope.get("line")
    ]
