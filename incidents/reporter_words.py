"""Where a report stands and what happened to it, in the words of the reporter.

Several states of the desk may have one word here. Pages and e-mails say the same.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from incidents import permissions as may
from incidents.codes import CancelReason, ClosureBasis, HoldReason, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.models.life_cycle import is_answered

Words = str | Promise
RECEIVED, WORKED_ON, SOLVED = 1, 2, 3
STEPS: Final = (
    (RECEIVED, pgettext_lazy("reporter", "Received")),
    (WORKED_ON, pgettext_lazy("reporter", "Being worked on")),
    (SOLVED, pgettext_lazy("reporter", "Solved")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterState:
    """One word and one sentence about a report.

    ``kind_of_tag`` is a kind of ``partials/_status.html``. With ``needs_me`` nothing
    goes on until the reader answers. ``step`` counts Received, Being worked on,
    Solved as 1 to 3; 0 for a report that ended without a solution.
    """

    word: str
    sentence: str
    kind_of_tag: str
    needs_me: bool
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    word: Words
    sentence: Words
    tag: str
    step: int
    # For who reads along while somebody else is asked.
    others_word: Words = ""
    others_sentence: Words = ""


WORKING = pgettext_lazy("reporter", "Being worked on")
CLOSED = pgettext_lazy("reporter", "Closed")
CANCELLED = pgettext_lazy("reporter", "Cancelled")

TABLE: Final[dict[str, _Row]] = {
    "new": _Row(
        word=pgettext_lazy("reporter", "Received"),
        sentence=_("We have your report. The service desk looks at it next."),
        tag="new",
        step=RECEIVED,
    ),
    "assigned": _Row(
        word=WORKING,
        sentence=_("It is with the people who can help. You hear from us by e-mail."),
        tag="progress",
        step=WORKED_ON,
    ),
    "in_progress": _Row(
        word=WORKING,
        sentence=_("%(owner)s is looking at it. You hear from us by e-mail."),
        tag="progress",
        step=WORKED_ON,
    ),
    "awaiting_reporter": _Row(
        word=pgettext_lazy("reporter", "Waiting for you"),
        sentence=_("We asked you a question. We carry on when you answer."),
        tag="waiting",
        step=WORKED_ON,
        others_word=pgettext_lazy("reporter", "Waiting for an answer"),
        others_sentence=_(
            "We asked %(reporter)s a question. We carry on when the answer is here."
        ),
    ),
    "awaiting_supplier": _Row(
        word=pgettext_lazy("reporter", "Waiting for someone else"),
        sentence=_(
            "We are waiting for a supplier. We look at it again on %(until)s at the"
            " latest."
        ),
        tag="hold",
        step=WORKED_ON,
    ),
    "awaiting_change": _Row(
        word=pgettext_lazy("reporter", "Waiting for a planned change"),
        sentence=_(
            "A change that is planned will help. We look at it again on %(until)s at"
            " the latest."
        ),
        tag="hold",
        step=WORKED_ON,
    ),
    "awaiting_problem": _Row(
        word=pgettext_lazy("reporter", "Known problem, fix in progress"),
        sentence=_(
            "Others have this too, and we are removing its cause. We look at your"
            " report again on %(until)s at the latest."
        ),
        tag="hold",
        step=WORKED_ON,
    ),
    "scheduled": _Row(
        word=pgettext_lazy("reporter", "Planned for later"),
        sentence=_("We go on with it on %(until)s at the latest."),
        tag="hold",
        step=WORKED_ON,
    ),
    "solved": _Row(
        word=pgettext_lazy("reporter", "Solved – please check"),
        sentence=_("We think this is fixed. Does it work now?"),
        tag="waiting",
        step=SOLVED,
        others_word=pgettext_lazy("reporter", "Solved – being checked"),
        others_sentence=_(
            "We think this is fixed and have asked %(confirmer)s whether it works."
        ),
    ),
    "confirmed": _Row(
        word=pgettext_lazy("reporter", "Solved"),
        sentence=_(
            "You told us that it works. The service desk looks at it once more and"
            " closes it."
        ),
        tag="resolved",
        step=SOLVED,
        others_sentence=_(
            "%(confirmer)s told us that it works. The service desk looks at it once"
            " more and closes it."
        ),
    ),
    "waived": _Row(
        word=pgettext_lazy("reporter", "Solved"),
        sentence=_(
            "We asked you several times whether it works. The service desk may close"
            " it now without your answer; you can still give it."
        ),
        tag="resolved",
        step=SOLVED,
        others_sentence=_(
            "We asked %(confirmer)s several times whether it works. The service desk"
            " may close it now without the answer."
        ),
    ),
    "closed_confirmed": _Row(
        word=CLOSED,
        sentence=_("You told us that it works, and the service desk closed it."),
        tag="closed",
        step=SOLVED,
        others_sentence=_(
            "%(confirmer)s told us that it works, and the service desk closed it."
        ),
    ),
    "closed_call": _Row(
        word=CLOSED,
        sentence=_(
            "You told us in a call that it works, and the service desk closed it."
        ),
        tag="closed",
        step=SOLVED,
        others_sentence=_(
            "%(confirmer)s told us in a call that it works, and the service desk"
            " closed it."
        ),
    ),
    "closed_waived": _Row(
        word=CLOSED,
        sentence=_(
            "We asked you several times whether it works. Without an answer, the"
            " service desk closed it."
        ),
        tag="closed",
        step=SOLVED,
        others_sentence=_(
            "We asked %(confirmer)s several times whether it works. Without an"
            " answer, the service desk closed it."
        ),
    ),
    "closed_imported": _Row(
        word=CLOSED,
        sentence=_("It was closed before it came to this service desk."),
        tag="closed",
        step=SOLVED,
    ),
    "cancelled_withdrawn": _Row(
        word=CANCELLED,
        sentence=_("You told us that you do not need this any more."),
        tag="closed",
        step=0,
        others_sentence=_("%(reporter)s told us that this is not needed any more."),
    ),
    "cancelled_not_a_fault": _Row(
        word=CANCELLED,
        sentence=_("The service desk found no fault and told you why."),
        tag="closed",
        step=0,
        others_sentence=_("The service desk found no fault."),
    ),
    "cancelled_spam": _Row(
        word=CANCELLED,
        sentence=_("The service desk took this for a message that is no report."),
        tag="closed",
        step=0,
    ),
    "cancelled_duplicate": _Row(
        word=pgettext_lazy("reporter", "Joined with another report"),
        sentence=_(
            "We had a report of the same trouble already and go on with that one:"
            " %(master)s."
        ),
        tag="closed",
        step=0,
    ),
}

# What a reporter reads of an event, beside the name of who did it. What is not here
# they read only for its words or files.
HAPPENED: Final[dict[str, Words]] = {
    Kind.TAKE: _("Looks at it now"),
    Kind.HOLD: _("Paused it"),
    Kind.RESOLVE: _("Solved it"),
    Kind.WORKS_AGAIN: _("Says that it works again"),
    Kind.CONFIRM: _("Confirmed that it works"),
    Kind.REJECT: _("Told us that it still does not work"),
    Kind.REMIND: _("Asked again whether it works"),
    Kind.WAIVE: _("Decided to go on without an answer"),
    Kind.CLOSE: _("Closed it"),
    Kind.REOPEN: _("Brought it back"),
    Kind.CANCEL: _("Cancelled it"),
    Kind.SHARE: _("Shared it with a colleague"),
    Kind.UNSHARE: _("Stopped sharing it with a colleague"),
}

# The same when a desk member wrote down what the confirmer said.
NOTED: Final[dict[str, Words]] = {
    Kind.CONFIRM: _("Noted from a call that it works"),
    Kind.REJECT: _("Noted that it still does not work"),
}


def happened(incident: Incident, kind: str, actor: User) -> str:
    """What an event is to the reporter; ``""`` where only its words say anything."""
    is_own = actor.pk in {incident.reporter_id, incident.confirmer_id}
    words = HAPPENED if is_own else {**HAPPENED, **NOTED}
    return str(words.get(kind, ""))


def reporter_state(incident: Incident, reader: User | None = None) -> ReporterState:
    """Where it stands, said to ``reader``; without one, to whoever it is up to.

    Asks no query of an incident that was fetched ``for_page``.
    """
    key = _key(incident)
    row = TABLE[key]
    addressed = reader is None or _is_addressed(incident, reader, key)
    word = row.word if addressed else row.others_word or row.word
    sentence = row.sentence if addressed else row.others_sentence or row.sentence
    return ReporterState(
        word=str(word),
        sentence=str(sentence) % _facts(incident),
        kind_of_tag=row.tag,
        needs_me=addressed and key in {"awaiting_reporter", "solved"},
        step=row.step,
    )


def in_words(at: datetime) -> str:
    """A moment in the reader's zone, the month as a word."""
    return date_format(timezone.localtime(at), "j M Y, H:i")


def _key(incident: Incident) -> str:
    """Which row of the table."""
    match incident.status:
        case Status.IN_PROGRESS:
            return "in_progress" if incident.owner_id else "assigned"
        case Status.ON_HOLD:
            return str(HoldReason(incident.hold_reason))
        case Status.RESOLVED:
            return _key_of_resolved(incident)
        case Status.CLOSED:
            basis = incident.closure_basis or ClosureBasis.IMPORTED
            return f"closed_{ClosureBasis(basis)}"
        case Status.CANCELLED:
            reason = incident.cancel_reason or CancelReason.WITHDRAWN
            return f"cancelled_{CancelReason(reason)}"
    return str(Status(incident.status))


def _key_of_resolved(incident: Incident) -> str:
    if incident.is_confirmed:
        return "confirmed"
    return "waived" if is_answered(incident) else "solved"


def _is_addressed(incident: Incident, reader: User, key: str) -> bool:
    """Whether "you" in a sentence is the reader."""
    if key == "awaiting_reporter":
        return may.may_answer(incident, reader)
    if key.startswith("cancelled"):
        return reader.pk == incident.reporter_id
    return may.is_confirmer(incident, reader)


def _facts(incident: Incident) -> dict[str, str]:
    until, owner, master = incident.hold_until, incident.owner, incident.master
    return {
        "until": in_words(until) if until else "",
        "owner": owner.name if owner else "",
        "reporter": incident.reporter.name,
        "confirmer": incident.confirmer.name,
        "master": master.reference if master else "",
    }
