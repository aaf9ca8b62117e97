"""What reporters, confirmers and colleagues they share with read.

Only public words come in here; names of teams, severities and internal notes never
do.
"""

from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.clocks.promises import look_by
from incidents.codes import ClosureBasis, Status
from incidents.links import Purpose, address
from incidents.models import Incident
from incidents.models.life_cycle import is_unanswered
from incidents.notifications import passages
from incidents.notifications.letters import Letter, Quote, Way, absolute, moment
from incidents.notifications.occasion import Occasion
from incidents.timeline import solution_of
from sla.codes import Metric

MAY_BE_LATE: Final[dict[str, Promise]] = {
    Metric.RESPONSE: gettext_lazy(
        "We promised you an answer by %(due)s. Nobody has come to it yet, and we may be"
        " late."
    ),
    Metric.RESOLUTION: gettext_lazy(
        "We wanted to have this solved by %(due)s. We are not there yet, and it may"
        " take longer."
    ),
}
IS_LATE: Final[dict[str, Promise]] = {
    Metric.RESPONSE: gettext_lazy("We promised you an answer by %(due)s."),
    Metric.RESOLUTION: gettext_lazy("We wanted to have this solved by %(due)s."),
}


def received(occasion: Occasion, to: User) -> Letter:
    incident = occasion.incident
    intro = [_("Your reference is %(ref)s.") % {"ref": incident.reference}]
    if not occasion.did(to):
        logged = _("%(name)s wrote this report down for you.")
        intro.insert(0, logged % {"name": occasion.who})
    due = look_by(incident, occasion.event.at)
    if due:
        promise = _("Somebody will look at it by %(date)s.")
        intro.append(promise % {"date": moment(due)})
    intro.append(_("We write to you as soon as there is news."))
    phone = settings.HELP_PHONE
    urgent = _("If everything is down, call %(phone)s.") % {"phone": phone}
    return _to_reporter(
        occasion,
        to,
        subject=_("We got your report: %(title)s"),
        heading=_("We got your report"),
        intro=intro,
        quotes=[Quote(label=_("What is wrong:"), text=incident.description)],
        after=[urgent] if phone else [],
    )


def question(occasion: Occasion, to: User) -> Letter:
    return _to_reporter(
        occasion,
        to,
        subject=_("We need an answer from you: %(title)s"),
        heading=_("We need an answer from you"),
        quotes=[
            Quote(
                label=_("%(name)s asks:") % {"name": occasion.who},
                text=occasion.words("question"),
            )
        ],
        after=[_("We carry on when we hear from you.")],
        button=_("Answer"),
        note=_("Open your report to answer."),
    )


def update(occasion: Occasion, to: User) -> Letter:
    return _to_reporter(
        occasion,
        to,
        subject=_("News on your report: %(title)s"),
        heading=_("News on your report"),
        quotes=[passages.message(occasion)],
        after=passages.files(occasion),
    )


def new_workaround(occasion: Occasion, to: User) -> Letter:
    """About what has ended: a workaround that was told has changed."""
    return _to_reporter(
        occasion,
        to,
        subject=_("A newer workaround: %(title)s"),
        heading=_("A newer workaround"),
        quotes=[passages.message(occasion)],
        after=[_("Your report stays as it is: nothing has to be done with it.")],
        note=_("You get this because we told you the older one."),
    )


def please_check(occasion: Occasion, to: User) -> Letter:
    """It is solved, we think: the confirmer is asked."""
    return _to_reporter(
        occasion,
        to,
        subject=_("Is this fixed? %(title)s"),
        heading=_("Is this fixed?"),
        intro=[_("We think that your report is solved.")],
        quotes=[passages.solution(occasion)],
        **_asking(occasion.incident, to),
    )


def ask_again(occasion: Occasion, to: User) -> Letter:
    incident = occasion.incident
    intro = [_("We have not heard from you yet.")]
    if incident.resolved_at is not None:
        asked = _("We asked you on %(date)s whether this works again.")
        intro.insert(0, asked % {"date": moment(incident.resolved_at)})
    return _to_reporter(
        occasion,
        to,
        subject=_("We ask again: is this fixed? %(title)s"),
        heading=_("Is this fixed?"),
        intro=intro,
        quotes=[_what_we_did(incident)],
        **_asking(incident, to),
    )


def solved(occasion: Occasion, to: User) -> Letter:
    """For the reporter of what somebody else confirms."""
    name = occasion.incident.confirmer.name
    return _to_reporter(
        occasion,
        to,
        subject=_("Solved: %(title)s"),
        heading=_("We think that your report is solved"),
        intro=[_("We asked %(name)s whether it works.") % {"name": name}],
        quotes=[passages.solution(occasion)],
    )


def back_to_work(occasion: Occasion, to: User) -> Letter:
    """The desk found that it fails, or somebody brought it back."""
    return _to_reporter(
        occasion,
        to,
        subject=_("We are looking at it again: %(title)s"),
        heading=_("We are looking at it again"),
        intro=[
            _("%(name)s says that it is not solved yet. We carry on.")
            % {"name": occasion.who}
        ],
        quotes=[passages.complaint(occasion)],
    )


def closed(occasion: Occasion, to: User) -> Letter:
    return _to_reporter(
        occasion,
        to,
        subject=_("Closed: %(title)s"),
        heading=_("Your report is closed"),
        intro=[_ground(occasion.incident, to)],
        after=passages.way_back(occasion.incident),
    )


def cancelled(occasion: Occasion, to: User) -> Letter:
    return _to_reporter(
        occasion,
        to,
        subject=_("Cancelled: %(title)s"),
        heading=_("Your report is cancelled"),
        intro=[_("%(name)s cancelled your report.") % {"name": occasion.who}],
        quotes=passages.explanation(occasion),
        after=passages.way_back(occasion.incident),
    )


def call_recorded(occasion: Occasion, to: User) -> Letter:
    """Somebody wrote down what the confirmer said: are they right?"""
    told = _("%(name)s wrote down that you told us it works: %(title)s")
    url = address(Purpose.OBJECT, occasion.incident, to)
    return _to_reporter(
        occasion,
        to,
        subject=_("You told us that it works: %(title)s"),
        heading=_("You told us that it works"),
        intro=[
            told % {"name": occasion.who, "title": occasion.incident.title},
            _("If that is right, there is nothing to do."),
        ],
        buttons=[Way(url=url, label=_("Not so? Press here"))],
    )


def may_be_late(occasion: Occasion, to: User) -> Letter:
    """Before a promise is missed, not after."""
    words = MAY_BE_LATE[str(occasion.value("metric"))]
    return _to_reporter(
        occasion,
        to,
        subject=_("It may take longer: %(title)s"),
        heading=_("It may take longer than we promised"),
        intro=[str(words) % {"due": moment(occasion.promised_at)}],
        after=[_("We are sorry. You need not do anything: we carry on.")],
    )


def is_late(occasion: Occasion, to: User) -> Letter:
    """Nobody could tell them before, so they hear it now."""
    words = IS_LATE[str(occasion.value("metric"))]
    return _to_reporter(
        occasion,
        to,
        subject=_("It takes longer: %(title)s"),
        heading=_("We did not keep our promise"),
        intro=[str(words) % {"due": moment(occasion.promised_at)}],
        after=[_("We are sorry. You need not do anything: we carry on.")],
    )


def waived(occasion: Occasion, to: User) -> Letter:
    return _to_reporter(
        occasion,
        to,
        subject=_("Counted as solved without your answer: %(title)s"),
        heading=_("We go on without your answer"),
        intro=[
            _("We asked you several times whether this works, and heard nothing."),
            _(
                "%(name)s decided that it may be closed. It counts as closed without"
                " an answer from you."
            )
            % {"name": occasion.who},
            _("You can still tell us."),
        ],
        **_asking(occasion.incident, to),
    )


def your_word_counts(occasion: Occasion, to: User) -> Letter:
    """For the successor of a confirmer who left."""
    asks = _is_asking(occasion.incident)
    return _to_reporter(
        occasion,
        to,
        subject=_("You say whether it works: %(title)s"),
        heading=_("You say whether it works"),
        intro=[
            _(
                "Who reported this has left. %(name)s asks you to confirm in their"
                " place."
            )
            % {"name": occasion.who},
            _("We think that it is solved.")
            if asks
            else _("We write to you as soon as it is solved."),
        ],
        quotes=[_what_we_did(occasion.incident)] if asks else [],
        **(_asking(occasion.incident, to) if asks else {}),
    )


def _to_reporter(
    occasion: Occasion,
    to: User,
    *,
    subject: str,
    button: str = "",
    **parts: Any,
) -> Letter:
    """``subject`` names %(title)s. Without buttons of its own, a letter has one that
    opens the report."""
    report = absolute(occasion.incident.reporter_url())
    own = Way(url=report, label=button or _("Open your report"))
    buttons = parts.pop("buttons", []) or [own]
    parts.setdefault("note", _("Open your report to add a message."))
    return Letter(
        subject=subject % {"title": occasion.incident.title},
        greeting=_("Hello %(name)s,") % {"name": to.get_short_name()},
        buttons=buttons,
        way=None if buttons == [own] else own,
        **parts,
    )


def _yes_and_no(incident: Incident, to: User) -> list[Way]:
    """Both lead to the same page, which answers nothing until somebody presses."""
    return [
        Way(
            url=address(Purpose.CONFIRM, incident, to, "yes"), label=_("Yes, it works")
        ),
        Way(
            url=address(Purpose.CONFIRM, incident, to, "no"),
            label=_("No, it still does not work"),
        ),
    ]


def _asking(incident: Incident, to: User) -> dict[str, Any]:
    """The parts of a letter that asks whether it works."""
    secret = _(
        "The links are good for 30 days and need no password: keep them to yourself."
    )
    return {"asks": True, "after": [secret], "buttons": _yes_and_no(incident, to)}


def _what_we_did(incident: Incident) -> Quote:
    return Quote(label=_("What we did:"), text=solution_of(incident))


def _is_asking(incident: Incident) -> bool:
    return incident.status == Status.RESOLVED and is_unanswered(incident)


def _ground(incident: Incident, to: User) -> str:
    """Why it is closed, as this person reads it."""
    if incident.closure_basis == ClosureBasis.WAIVED:
        return _("We closed it without an answer from you.")
    if incident.confirmer_id != to.pk:
        name = incident.confirmer.name
        return _("%(name)s confirmed that it works.") % {"name": name}
    if incident.closure_basis == ClosureBasis.CALL:
        return _("You told us in a call that it works.")
    return _("You confirmed that it works.")
