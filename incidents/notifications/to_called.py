"""What those read who are called to a ticket, and the lead whom its reporter urges.

Whoever does not see the ticket itself (a manager, the owner of a service) reads
numbers, teams and times, and none of its words.
"""

from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activity.models.window import LASTS
from incidents.codes import Severity
from incidents.events import Kind
from incidents.ladders import links
from incidents.ladders.telling import word_heard
from incidents.ladders.words import reason_first
from incidents.notifications.letters import Letter, Quote, Way, absolute, moment
from incidents.notifications.occasion import Occasion

ASKED: Final[dict[str, Promise]] = {
    Kind.CALL_ATTENTION: gettext_lazy("%(name)s asked; why is on the ticket."),
    Kind.URGE: gettext_lazy("%(name)s said so; why is on the ticket."),
}


def called(occasion: Occasion, to: User) -> Letter:
    """For who sees the ticket."""
    incident = occasion.incident
    return Letter(
        subject=_("Please look at it: %(title)s") % {"title": incident.title},
        heading=_reason(occasion),
        intro=[incident.title, incident.team.name, *_who_asked(occasion)],
        after=[*occasion.promises, _until(occasion)],
        buttons=[_answer(occasion, to), _open(occasion)],
        may_wait=_may_wait(occasion),
        until=_until(occasion),
    )


def called_by_number(occasion: Occasion, to: User) -> Letter:
    """For who does not."""
    incident = occasion.incident
    severity = Severity(incident.severity).label
    names = {"severity": severity, "team": incident.team.name}
    return Letter(
        subject=_("Please look at a ticket"),
        heading=_reason(occasion),
        intro=[_("%(severity)s, with %(team)s") % names],
        after=[*occasion.promises, _until(occasion)],
        buttons=[_answer(occasion, to)],
        is_by_number=True,
        may_wait=_may_wait(occasion),
        until=_until(occasion),
    )


def attention_asked(occasion: Occasion, to: User) -> Letter:
    """Where no rung of the ladder waits for that, the lead hears it."""
    incident, names = occasion.incident, {"name": occasion.who}
    reason = occasion.notes.get("reason", "")
    return Letter(
        subject=_("Needs attention: %(title)s") % {"title": incident.title},
        heading=_("%(name)s asks for attention") % names,
        intro=[incident.title, incident.team.name],
        quotes=[Quote(label=_("Why:"), text=reason)],
        buttons=[_open(occasion)],
        may_wait=True,
    )


def urged(occasion: Occasion, to: User) -> Letter:
    incident, names = occasion.incident, {"name": occasion.who}
    return Letter(
        subject=_("Getting urgent: %(title)s") % {"title": incident.title},
        heading=_("%(name)s says that it is getting urgent") % names,
        intro=[incident.title, incident.team.name],
        quotes=[Quote(label=_("Why:"), text=occasion.words("urgency"))],
        after=occasion.promises,
        buttons=[_open(occasion)],
        may_wait=True,
    )


def _reason(occasion: Occasion) -> str:
    return reason_first(occasion.event.data, occasion.event.at)


def _who_asked(occasion: Occasion) -> list[str]:
    """Whose word the rung heard. Why they said it stands on the ticket alone: there it
    may be redacted."""
    said = word_heard(occasion.incident, occasion.event)
    if said is None:
        return []
    return [ASKED[said.kind] % {"name": said.actor.name}]


def _answer_by(occasion: Occasion) -> datetime:
    return datetime.fromisoformat(occasion.event.data["answer_by"])


def _may_wait(occasion: Occasion) -> bool:
    """Not if half of the time to answer, or more, could be over when it comes."""
    return _answer_by(occasion) - occasion.event.at >= 2 * LASTS


def _until(occasion: Occasion) -> str:
    words = _("Say by %(moment)s that you attend to it; nobody else is told then.")
    return words % {"moment": moment(_answer_by(occasion))}


def _answer(occasion: Occasion, to: User) -> Way:
    url = links.address(
        incident=occasion.incident.pk,
        climb=occasion.event.data["climb"],
        person=to.pk,
    )
    return Way(url=url, label=_("I attend to it"))


def _open(occasion: Occasion) -> Way:
    url = absolute(occasion.incident.get_absolute_url())
    return Way(url=url, label=_("Open the ticket"))
