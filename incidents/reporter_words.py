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
from incidents.clocks.promises import Times
from incidents.codes import CancelReason, ClosureBasis, HoldReason, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.models.life_cycle import is_answered
from incidents.timeline import Entry

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
    "held_elsewhere": _Row(
        word=pgettext_lazy("reporter", "Waiting for someone else"),
        sentence=_(
            "It waits since before it came to this service desk. Write to us if you"
            " need it soon."
        ),
        tag="hold",
        step=WORKED_ON,
    ),
    "cancelled_elsewhere": _Row(
        word=CANCELLED,
        sentence=_("It was cancelled before it came to this service desk."),
        tag="closed",
        step=0,
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


# Said instead where a promise runs, by the time of ``Times`` that it is about: on its
# way, and late.
PROMISING: Final[dict[tuple[str, str], tuple[Words, Words]]] = {
    ("new", "look_by"): (
        _("We have your report. Somebody will look at it by %(due)s."),
        _(
            "We have your report. Somebody should have looked at it by %(due)s: we"
            " are late."
        ),
    ),
    ("assigned", "look_by"): (
        _("It is with the people who can help. Somebody will look at it by %(due)s."),
        _(
            "It is with the people who can help. Somebody should have looked at it by"
            " %(due)s: we are late."
        ),
    ),
    ("assigned", "solved_by"): (
        _("It is with the people who can help. We plan to have it solved by %(due)s."),
        _(
            "It is with the people who can help. We planned to have it solved by"
            " %(due)s: we are late."
        ),
    ),
    ("in_progress", "solved_by"): (
        _("%(owner)s is looking at it. We plan to have it solved by %(due)s."),
        _(
            "%(owner)s is looking at it. We planned to have it solved by %(due)s: we"
            " are late."
        ),
    ),
}
# Said where the clock waits for an answer: to whom it is up to, and to others.
STANDS_STILL: Final = (
    _(
        "We asked you a question. We carry on when you answer; the clock stands still"
        " until then."
    ),
    _(
        "We asked %(reporter)s a question. We carry on when the answer is here; the"
        " clock stands still until then."
    ),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One event as a sentence about {who}, and as one to whoever did it."""

    of_others: Words
    of_you: Words


ASKED: Final = _Told(_("{who} asked a question"), _("You asked a question"))

# What a reporter reads of an event. What is not here they read only for its words or
# files.
HAPPENED: Final[dict[str, _Told]] = {
    Kind.TAKE: _Told(_("{who} looks at it now"), _("You look at it now")),
    Kind.HOLD: _Told(_("{who} paused it"), _("You paused it")),
    Kind.RESOLVE: _Told(_("{who} solved it"), _("You solved it")),
    Kind.WORKS_AGAIN: _Told(
        _("{who} says that it works again"), _("You say that it works again")
    ),
    Kind.CONFIRM: _Told(
        _("{who} confirmed that it works"), _("You confirmed that it works")
    ),
    Kind.REJECT: _Told(
        _("{who} told us that it still does not work"),
        _("You told us that it still does not work"),
    ),
    Kind.REMIND: _Told(
        _("{who} asked again whether it works"),
        _("You asked again whether it works"),
    ),
    Kind.WAIVE: _Told(
        _("{who} decided to go on without an answer"),
        _("You decided to go on without an answer"),
    ),
    Kind.CLOSE: _Told(_("{who} closed it"), _("You closed it")),
    Kind.REOPEN: _Told(_("{who} brought it back"), _("You brought it back")),
    Kind.CANCEL: _Told(_("{who} cancelled it"), _("You cancelled it")),
    Kind.REPLAY: _Told(
        _("{who} changed it before it came to this service desk"),
        _("You changed it before it came to this service desk"),
    ),
    Kind.WARN: _Told(
        _("We told you that it may take longer than we promised"),
        _("We told you that it may take longer than we promised"),
    ),
    Kind.BREACH: _Told(_("We did not keep a promise"), _("We did not keep a promise")),
    Kind.URGE: _Told(
        _("{who} said that it is getting urgent"),
        _("You said that it is getting urgent"),
    ),
    Kind.SHARE: _Told(
        _("{who} shared it with a colleague"), _("You shared it with a colleague")
    ),
    Kind.UNSHARE: _Told(
        _("{who} stopped sharing it with a colleague"),
        _("You stopped sharing it with a colleague"),
    ),
}

# The same when a desk member wrote down what the confirmer said.
NOTED: Final[dict[str, _Told]] = {
    Kind.CONFIRM: _Told(
        _("{who} noted from a call that it works"),
        _("You noted from a call that it works"),
    ),
    Kind.REJECT: _Told(
        _("{who} noted that it still does not work"),
        _("You noted that it still does not work"),
    ),
}


def happened(incident: Incident, entry: Entry, reader: User) -> str:
    """What an event is to the reporter, as a whole sentence in which ``{who}`` stands
    for the name of anybody else; ``""`` where only its words say anything."""
    is_own = entry.actor.pk in {incident.reporter_id, incident.confirmer_id}
    rows = HAPPENED if is_own else {**HAPPENED, **NOTED}
    told = ASKED if entry.asks_reporter else rows.get(entry.kind)
    if told is None:
        return ""
    return str(told.of_you if entry.actor.pk == reader.pk else told.of_others)


def reporter_state(
    incident: Incident, reader: User | None = None, times: Times | None = None
) -> ReporterState:
    """Where it stands, said to ``reader``; without one, to whoever it is up to. With
    ``times`` it says what is promised.

    Asks no query of an incident that was fetched ``for_page``.
    """
    key = _key(incident)
    row = TABLE[key]
    addressed = reader is None or _is_addressed(incident, reader, key)
    word = row.word if addressed else row.others_word or row.word
    sentence = row.sentence if addressed else row.others_sentence or row.sentence
    promising, due = _promising(key, times, addressed=addressed)
    facts = {**_facts(incident), "due": in_words(due) if due else ""}
    return ReporterState(
        word=str(word),
        sentence=str(promising or sentence) % facts,
        kind_of_tag=row.tag,
        needs_me=addressed and key in {"awaiting_reporter", "solved"},
        step=row.step,
    )


def _promising(
    key: str, times: Times | None, *, addressed: bool
) -> tuple[Words, datetime | None]:
    """A sentence that says what is promised, and by when; ``""`` where there is none
    for this state."""
    if times is None:
        return "", None
    if key == "awaiting_reporter" and times.stands_still:
        return STANDS_STILL[not addressed], None
    for name in ("look_by", "solved_by"):
        due: datetime | None = getattr(times, name)
        if due and (key, name) in PROMISING:
            return PROMISING[key, name][times.at > due], due
    return "", None


def in_words(at: datetime) -> str:
    """A moment in the reader's zone, the month as a word."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _key(incident: Incident) -> str:
    """Which row of the table."""
    match incident.status:
        case Status.IN_PROGRESS:
            return "in_progress" if incident.owner_id else "assigned"
        case Status.ON_HOLD:
            return _key_of_hold(incident)
        case Status.RESOLVED:
            return _key_of_resolved(incident)
        case Status.CLOSED:
            basis = incident.closure_basis or ClosureBasis.IMPORTED
            return f"closed_{ClosureBasis(basis)}"
        case Status.CANCELLED:
            reason = incident.cancel_reason
            return f"cancelled_{CancelReason(reason) if reason else 'elsewhere'}"
    return str(Status(incident.status))


def _key_of_hold(incident: Incident) -> str:
    """Without a moment until which it waits, it was put on hold in another system."""
    reason = HoldReason(incident.hold_reason)
    if incident.hold_until is None and reason != HoldReason.AWAITING_REPORTER:
        return "held_elsewhere"
    return str(reason)


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
