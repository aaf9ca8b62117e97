"""What the reporter's page about one report shows, and what it offers to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from incidents import permissions as may
from incidents.clocks.promises import ledger_of
from incidents.codes import HoldReason, LinkKind, Status
from incidents.events import Kind
from incidents.forms.helping import DifferentForm
from incidents.forms.portal import AnswerForm, ConfirmForm, MessageForm
from incidents.known_errors import asked_of_confirmer
from incidents.models import Announcement, Incident, Link
from incidents.promise_words import promises_for
from incidents.reporter_words import STEPS, happened, reporter_state
from incidents.services.climbing import stay_of
from incidents.timeline import Entry, open_question, public_timeline


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the conversation. ``sentence`` says who did what, or only who; a
    plain one has neither words nor files."""

    entry: Entry
    sentence: str
    did: str

    @property
    def is_plain(self) -> bool:
        return not (self.entry.words or self.entry.files)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three steps; ``when`` is done, now or later."""

    label: str | Promise
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What this person may do with the report just now. Who only reads along has
    none of it."""

    answer: bool
    confirm: bool
    still_broken: bool
    works_again: bool
    withdraw: bool
    urge: bool
    bring_back: bool
    share: bool

    @property
    def take_back(self) -> bool:
        """Confirmed, and not closed yet: the word can still be taken back."""
        return self.still_broken and not self.confirm

    @property
    def is_more(self) -> bool:
        """Whether there is anything to offer below the conversation."""
        offered = self.works_again or self.withdraw or self.share or self.take_back
        return offered or self.urge


def choices(incident: Incident, user: User) -> Choices:
    resolved = incident.status == Status.RESOLVED
    confirmer = may.is_confirmer(incident, user)
    own = may.may_answer(incident, user)
    return Choices(
        answer=own and not incident.is_ended,
        confirm=confirmer and resolved and not incident.is_confirmed,
        still_broken=confirmer and resolved,
        works_again=confirmer and incident.is_open,
        withdraw=may.may_withdraw(incident, user) and incident.is_open,
        urge=own and incident.is_open,
        bring_back=own and incident.is_ended,
        share=user.pk == incident.reporter_id,
    )


def page_about(incident: Incident, user: User) -> dict[str, Any]:
    """The context of the page. The incident was fetched ``for_page``."""
    entries = public_timeline(incident)
    at = timezone.now()
    found = ledger_of(incident, at)
    state = reporter_state(incident, user, found.times)
    offered = choices(incident, user)
    asks = _waits_for_answer(incident)
    form = AnswerForm if asks else MessageForm
    return {
        "incident": incident,
        "state": state,
        "steps": steps(state.step),
        "promises": promises_for(found, incident, user),
        "choices": offered,
        "urged_at": _urged_at(incident, entries),
        "question": open_question(entries) if asks else "",
        "solution": _solution(entries, incident),
        "said": conversation(incident, entries, user),
        "report_files": _files_of_report(entries),
        "message_form": form(by=user) if offered.answer else None,
        "confirm_form": _confirm_form(incident) if offered.confirm else None,
        "can_reopen": incident.may_still_reopen(at),
        "announced": announced_about(incident),
    }


def announced_about(incident: Incident) -> Announcement | None:
    """The words that the desk told everybody last about what this report is part of."""
    masters = Link.objects.filter(from_incident=incident, kind=LinkKind.PARENT)
    told = Announcement.objects.filter(incident__in=masters.values("to_incident"))
    return told.first()


def joined(incident: Incident, user: User) -> dict[str, Any]:
    """What the receipt of a report says that *me too* made."""
    announced = announced_about(incident)
    asks = announced is not None and choices(incident, user).answer
    form = DifferentForm(by=user) if asks else None
    return {"announced": announced, "different_form": form}


def steps(at: int) -> list[Step]:
    """The three steps for somebody who stands at number ``at``; none for 0."""
    if not at:
        return []
    return [
        Step(label, "now" if number == at else "done" if number < at else "later")
        for number, label in STEPS
    ]


def conversation(
    incident: Incident, entries: Sequence[Entry], user: User
) -> list[Said]:
    """What was said and what happened, after the report itself, oldest first."""
    said = [
        _said(incident, entry, user) for entry in entries if entry.kind != Kind.REPORT
    ]
    return [one for one in said if one.did or not one.is_plain]


def _said(incident: Incident, entry: Entry, user: User) -> Said:
    did = happened(incident, entry, user)
    return Said(entry=entry, sentence=_sentence(did or "{who}", entry, user), did=did)


def _sentence(told: str, entry: Entry, user: User) -> str:
    """With the name in bold."""
    who = _("You") if entry.actor.pk == user.pk else entry.actor.name
    return format_html(told, who=format_html("<strong>{}</strong>", who))


def question_to(incident: Incident) -> str:
    """The question that the report waits with; ``""`` if it waits for none."""
    if not _waits_for_answer(incident):
        return ""
    return open_question(public_timeline(incident))


def ended_for_good(incident: Incident, at: datetime) -> bool:
    """Whether it comes back only as a follow-up."""
    return incident.is_ended and not incident.may_still_reopen(at)


def _waits_for_answer(incident: Incident) -> bool:
    return (
        incident.status == Status.ON_HOLD
        and incident.hold_reason == HoldReason.AWAITING_REPORTER
    )


def _urged_at(incident: Incident, entries: Sequence[Entry]) -> datetime | None:
    """When they told the present team that it is getting urgent. A query only where
    they ever said so of an open report."""
    said = [entry for entry in entries if entry.kind == Kind.URGE]
    if not said or not incident.is_open or said[-1].seq < stay_of(incident):
        return None
    return said[-1].at


def _solution(entries: Sequence[Entry], incident: Incident) -> str:
    """What was done, in the words of the current resolution."""
    if incident.resolution is None:
        return ""
    found = [
        words.text
        for entry in entries
        for words in entry.words
        if entry.seq == incident.resolution.seq and words.name == "solution"
    ]
    return found[0] if found else ""


def _files_of_report(entries: Sequence[Entry]) -> Sequence[Any]:
    return [file for entry in entries[:1] for file in entry.files]


def _confirm_form(incident: Incident) -> ConfirmForm:
    # Below it on the page is another form with a message.
    asked = {"resolution": incident.resolution_id}
    return ConfirmForm(
        initial=asked, uses=asked_of_confirmer(incident), auto_id="id_confirm_%s"
    )
