"""What colleagues read with whom somebody shares a report: its public part."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.notifications import passages
from incidents.notifications.letters import Letter, Way, absolute
from incidents.notifications.occasion import Occasion


def shared(occasion: Occasion, to: User) -> Letter:
    return _to_sharer(
        occasion,
        subject=_("%(name)s shares a report with you: %(title)s"),
        heading=_("%(name)s shares a report with you") % {"name": occasion.who},
        intro=[
            occasion.incident.title,
            _("You can read it, and you hear when there is news."),
        ],
    )


def shared_update(occasion: Occasion, to: User) -> Letter:
    return _to_sharer(
        occasion,
        subject=_("News: %(title)s"),
        heading=_("News on a report"),
        quotes=[passages.message(occasion)],
        after=passages.files(occasion),
    )


def shared_solved(occasion: Occasion, to: User) -> Letter:
    name = occasion.incident.confirmer.name
    return _to_sharer(
        occasion,
        subject=_("Solved: %(title)s"),
        heading=_("We think that this is solved"),
        intro=[_("We asked %(name)s whether it works.") % {"name": name}],
        quotes=[passages.solution(occasion)],
    )


def shared_closed(occasion: Occasion, to: User) -> Letter:
    return _to_sharer(
        occasion, subject=_("Closed: %(title)s"), heading=_("This report is closed")
    )


def shared_cancelled(occasion: Occasion, to: User) -> Letter:
    return _to_sharer(
        occasion,
        subject=_("Cancelled: %(title)s"),
        heading=_("This report is cancelled"),
        intro=[_("%(name)s cancelled it.") % {"name": occasion.who}],
        quotes=passages.explanation(occasion),
    )


def shared_back(occasion: Occasion, to: User) -> Letter:
    return _to_sharer(
        occasion,
        subject=_("We are looking at it again: %(title)s"),
        heading=_("We are looking at it again"),
        quotes=[passages.complaint(occasion)],
    )


def _to_sharer(occasion: Occasion, *, subject: str, **parts: Any) -> Letter:
    """``subject`` names %(title)s and, if it likes, %(name)s of who did it."""
    incident = occasion.incident
    report = absolute(incident.reporter_url())
    return Letter(
        subject=subject % {"title": incident.title, "name": occasion.who},
        buttons=[Way(url=report, label=_("Open the report"))],
        **parts,
    )
