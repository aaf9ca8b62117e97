"""Passages that several letters have in common; public words only."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import Incident
from incidents.notifications.letters import Quote, moment
from incidents.notifications.occasion import Occasion


def message(occasion: Occasion) -> Quote:
    label = _("%(name)s writes:") % {"name": occasion.who}
    return Quote(label=label, text=occasion.words("message"))


def solution(occasion: Occasion) -> Quote:
    return Quote(label=_("What we did:"), text=occasion.words("solution"))


def complaint(occasion: Occasion) -> Quote:
    label = _("What does not work:")
    return Quote(label=label, text=occasion.words("complaint"))


def explanation(occasion: Occasion) -> list[Quote]:
    text = occasion.words("explanation")
    return [Quote(label=_("Why:"), text=text)] if text else []


def files(occasion: Occasion) -> list[str]:
    """That there are files; they are never sent, because mail is not private."""
    count = len(occasion.value("files") or [])
    if not count:
        return []
    added = ngettext(
        "%(count)d file was added. Open the report to see it.",
        "%(count)d files were added. Open the report to see them.",
        count,
    )
    return [added % {"count": count}]


def way_back(incident: Incident) -> list[str]:
    """Until when it may come back."""
    until = incident.reopen_until
    if until is None:
        return []
    back = _("You can bring it back for 14 days, until %(date)s: open your report.")
    return [back % {"date": moment(until)}]
