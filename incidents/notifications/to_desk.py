"""What those read who work on it: short, and with a link to the ticket.

The words of the event may be internal; these letters go only to people who may see
the whole incident.
"""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.codes import Channel
from incidents.events import Kind
from incidents.moves import BY_NAME
from incidents.notifications import passages
from incidents.notifications.letters import Letter, Quote, Way, absolute, moment
from incidents.notifications.occasion import Occasion
from sla.codes import Metric

SOON: Final[dict[str, Promise]] = {
    Metric.RESPONSE: gettext_lazy("Answer it soon: %(title)s"),
    Metric.RESOLUTION: gettext_lazy("Due soon: %(title)s"),
    Metric.UPDATE: gettext_lazy("Give news soon: %(title)s"),
}
DUE: Final[dict[str, Promise]] = {
    Metric.RESPONSE: gettext_lazy("An answer is promised by %(due)s"),
    Metric.RESOLUTION: gettext_lazy("It is promised to be solved by %(due)s"),
    Metric.UPDATE: gettext_lazy("News is promised by %(due)s"),
}
LATE: Final[dict[str, Promise]] = {
    Metric.RESPONSE: gettext_lazy("Not answered in time: %(title)s"),
    Metric.RESOLUTION: gettext_lazy("Not solved in time: %(title)s"),
    Metric.UPDATE: gettext_lazy("News is due: %(title)s"),
}
MISSED: Final[dict[str, Promise]] = {
    Metric.RESPONSE: gettext_lazy("An answer was promised by %(due)s"),
    Metric.RESOLUTION: gettext_lazy("It was promised to be solved by %(due)s"),
    Metric.UPDATE: gettext_lazy("News was promised by %(due)s"),
}


def assigned(occasion: Occasion, to: User) -> Letter:
    return _to_desk(
        occasion,
        subject=_("Yours: %(title)s"),
        heading=_("%(name)s assigned this to you"),
    )


def your_desk_matter(occasion: Occasion, to: User) -> Letter:
    """Accountable at the desk from now on."""
    return _to_desk(
        occasion,
        subject=_("You answer for it: %(title)s"),
        heading=_("%(name)s made you the desk owner"),
        after=[_("You answer for it until it is closed, whoever works on it.")],
    )


def transferred(occasion: Occasion, to: User) -> Letter:
    reason = occasion.notes.get("reason", "")
    return _to_desk(
        occasion,
        subject=_("Transferred to your team: %(title)s"),
        heading=_("%(name)s transferred this to your team"),
        team=occasion.incident.team.name,
        quotes=[Quote(label=_("Why:"), text=reason)],
    )


def escalated(occasion: Occasion, to: User) -> Letter:
    """The package, in the words of who escalated it: for those who see it all."""
    notes = occasion.notes
    return _to_desk(
        occasion,
        subject=_("Escalated to your team: %(title)s"),
        heading=_("%(name)s escalated this to your team"),
        team=occasion.incident.team.name,
        quotes=[
            Quote(label=label, text=notes.get(name, ""))
            for name, label in (
                ("wanted", _("What is asked of you:")),
                ("symptom", _("What was observed:")),
                ("diagnosis", _("What is known so far:")),
                ("tried", _("What was tried, with results:")),
            )
        ],
    )


def handed_back(occasion: Occasion, to: User) -> Letter:
    reason = occasion.notes.get("reason", "")
    return _to_desk(
        occasion,
        subject=_("Handed back to your team: %(title)s"),
        heading=_("%(name)s handed this back to your team"),
        team=occasion.incident.team.name,
        quotes=[Quote(label=_("Why:"), text=reason)],
    )


def desk_matter_handed_back(occasion: Occasion, to: User) -> Letter:
    """For who answers for it at the desk, whichever team has it again."""
    reason = occasion.notes.get("reason", "")
    return _to_desk(
        occasion,
        subject=_("Handed back: %(title)s"),
        heading=_("%(name)s handed back what you answer for"),
        team=occasion.incident.team.name,
        quotes=[Quote(label=_("Why:"), text=reason)],
    )


def came_back_often(occasion: Occasion, to: User) -> Letter:
    """The lead settles whose it is, or why what is done about it does not hold."""
    count, passed = occasion.event.data["bounces"], occasion.event.data["passed"]
    wanted = []
    if passed:
        wanted.append(_("Settle with the other team whose it is."))
    if passed < count:
        wanted.append(_("Look at why it does not stay solved."))
    return _to_desk(
        occasion,
        subject=_("Comes back again and again: %(title)s"),
        heading=_("This came back %(count)d times") % {"count": count},
        team=occasion.incident.team.name,
        after=wanted,
    )


def answered(occasion: Occasion, to: User) -> Letter:
    return _to_desk(
        occasion,
        subject=_("%(name)s wrote: %(title)s"),
        heading=_("%(name)s wrote to you"),
        quotes=[Quote(text=occasion.words("message"))],
        after=passages.files(occasion),
    )


def asked(occasion: Occasion, to: User) -> Letter:
    """A colleague asks for something that they may not do themselves."""
    move = BY_NAME.get(str(occasion.value("move")))
    about = _("It is about “%(move)s”.") % {"move": move.label} if move else ""
    return _to_desk(
        occasion,
        subject=_("%(name)s asks you: %(title)s"),
        heading=_("%(name)s asks you for something"),
        quotes=[Quote(text=occasion.notes.get("internal", ""))],
        after=[about] if about else [],
    )


def solved(occasion: Occasion, to: User) -> Letter:
    """Back with the desk, which gets the confirmation."""
    name = occasion.incident.confirmer.name
    return _to_desk(
        occasion,
        subject=_("Solved: %(title)s"),
        heading=_("%(name)s solved this"),
        quotes=[passages.solution(occasion)],
        after=[_("It is with you until %(name)s confirms.") % {"name": name}],
    )


def still_broken(occasion: Occasion, to: User) -> Letter:
    return _to_desk(
        occasion,
        subject=_("It still does not work: %(title)s"),
        heading=_("%(name)s says that it still does not work"),
        quotes=[passages.complaint(occasion)],
    )


def reopened(occasion: Occasion, to: User) -> Letter:
    return _to_desk(
        occasion,
        subject=_("Reopened: %(title)s"),
        heading=_("%(name)s brought this back"),
        quotes=[passages.complaint(occasion)],
    )


def cancelled(occasion: Occasion, to: User) -> Letter:
    return _to_desk(
        occasion,
        subject=_("Cancelled: %(title)s"),
        heading=_("%(name)s cancelled this"),
        quotes=passages.explanation(occasion),
        after=[_("There is nothing more to do.")],
    )


def may_be_closed(occasion: Occasion, to: User) -> Letter:
    """The first key has turned."""
    text = occasion.words("message")
    return _to_desk(
        occasion,
        subject=_("You can close it: %(title)s"),
        heading=_first_key(occasion),
        quotes=[Quote(text=text)] if text else [],
        after=[_("You can close it now.")],
    )


def due_soon(occasion: Occasion, to: User) -> Letter:
    """A promise comes near its end: what is left, and until when."""
    metric, percent = str(occasion.value("metric")), occasion.value("percent")
    used = _("%(percent)d %% of the time is used.") % {"percent": percent}
    return _to_desk(
        occasion,
        subject=SOON[metric],
        heading=DUE[metric],
        due=moment(occasion.promised_at),
        after=[used, *occasion.promises],
        may_wait=True,
    )


def missed(occasion: Occasion, to: User) -> Letter:
    metric = str(occasion.value("metric"))
    return _to_desk(
        occasion,
        subject=LATE[metric],
        heading=MISSED[metric],
        due=moment(occasion.promised_at),
        after=occasion.promises,
        may_wait=True,
    )


def silent(occasion: Occasion, to: User) -> Letter:
    """Nobody answered three reminders: the lead decides."""
    name = occasion.incident.confirmer.name
    return _to_desk(
        occasion,
        subject=_("No answer: %(title)s"),
        heading=_("The third reminder has gone out"),
        after=[
            _("%(name)s has not said whether it works.") % {"name": name},
            _("Call them, or waive the confirmation after five working days."),
        ],
    )


def news(occasion: Occasion, to: User) -> Letter:
    """One line for who follows it."""
    return _to_desk(
        occasion,
        subject=_("%(event)s: %(title)s"),
        heading="%(event)s",
        event=occasion.sentence,
        note=_(
            "You get this because you follow it. Stop it on the page of the ticket."
        ),
    )


def _first_key(occasion: Occasion) -> str:
    if occasion.event.kind == Kind.WAIVE:
        return _("%(name)s waived the confirmation")
    if occasion.value("channel") == Channel.CALL:
        return _("%(name)s recorded a call: it works")
    return _("%(name)s says that it works")


def _to_desk(
    occasion: Occasion,
    *,
    subject: str | Promise,
    heading: str | Promise,
    team: str = "",
    event: str = "",
    due: str = "",
    **parts: Any,
) -> Letter:
    """``subject`` and ``heading`` name %(name)s of who did it, %(title)s, %(event)s and
    %(due)s."""
    incident = occasion.incident
    names = {"name": occasion.who, "title": incident.title, "event": event, "due": due}
    return Letter(
        subject=str(subject) % names,
        heading=str(heading) % names,
        intro=[text for text in (incident.title, team) if text],
        buttons=[
            Way(url=absolute(incident.get_absolute_url()), label=_("Open the ticket"))
        ],
        **parts,
    )
