"""What each move of the desk asks, does and says: the tables behind its page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from incidents import services
from incidents.codes import Impact, Severity, Urgency
from incidents.forms import (
    announcing,
    ending,
    escalating,
    planning,
    talking,
    triage,
    working,
)
from incidents.forms.move import MoveForm
from incidents.forms.versioned import VersionedForm
from incidents.models import Incident, SeverityLevel, SeverityRule
from incidents.moves.table import Words
from incidents.services.escalating import team_to_hand_back_to
from incidents.silence import reminders_of
from incidents.views.candidates import candidates_in
from incidents.views.tiers import what_came


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A move without words. ``said`` is the sentence afterwards; it may name the
    ``{reference}``, the ``{confirmer}`` and the ``{severity}``."""

    act: Callable[..., Any]
    said: Words
    is_versioned: bool = True

    def given(self, request: HttpRequest, incident: Incident) -> dict[str, Any]:
        if not self.is_versioned:
            return {}
        form = VersionedForm(request.POST, incident=incident, by=request.user)
        if not form.is_valid():
            raise BadRequest("A move names the version that it saw.")
        return {"expected_version": form.expected_version}


PRESSES = {
    "take": Press(act=services.take_incident, said=_("{reference} is yours.")),
    "start": Press(
        act=services.start_incident, said=_("{reference} is in progress now.")
    ),
    "resume": Press(act=services.resume_incident, said=_("{reference} goes on.")),
    "remind": Press(
        act=services.remind_confirmer,
        said=_("We asked {confirmer} again whether it works."),
    ),
    "end_announcement": Press(
        act=services.end_announcement,
        said=_("{reference} is no longer announced."),
    ),
    "end_attention": Press(
        act=services.end_attention,
        said=_("Nobody above has to look at {reference} any more."),
    ),
    "close": Press(act=services.close_incident, said=_("{reference} is closed.")),
    "watch": Press(
        act=services.watch_incident,
        said=_("You follow {reference} and hear of everything."),
        is_versioned=False,
    ),
    "unwatch": Press(
        act=services.unwatch_incident,
        said=_("You no longer follow {reference}."),
        is_versioned=False,
    ),
}


def in_words(said: Words, incident: Incident, after: Any = None) -> str:
    """The sentence with its values; ``after`` is what the service returned."""
    now = after if isinstance(after, Incident) else incident
    return str(said).format(
        reference=incident.reference,
        confirmer=incident.confirmer.name,
        severity=Severity(now.severity).label,
        team=now.team.name,
    )


def _triage(form: MoveForm, pk: int, by: User) -> Incident:
    takes = cast(triage.TriageForm, form).takes
    act = services.triage_and_take if takes else services.triage_incident
    return act(pk, by=by, **form.given())


def _with(service: Callable[..., Any]) -> Callable[[MoveForm, int, User], Any]:
    def act(form: MoveForm, pk: int, by: User) -> Any:
        return service(pk, by=by, **form.given())

    return act


def _escalate(service: Callable[..., Any]) -> Callable[[MoveForm, int, User], Any]:
    def act(form: MoveForm, pk: int, by: User) -> Any:
        """The check for known errors and the escalation, or neither."""
        asks, seen = cast(escalating.PackageForm, form), form.expected_version
        if not asks.checks:
            return service(pk, by=by, expected_version=seen, **form.given())
        with transaction.atomic():
            services.check_known_errors(
                pk,
                by=by,
                expected_version=seen,
                shown=asks.numbers,
                decisions=asks.decisions,
            )
            return service(pk, by=by, expected_version=None, **form.given())

    return act


def _resolve(form: MoveForm, pk: int, by: User) -> Any:
    """The incident first; then, each for itself, what is part of it."""
    made = services.resolve_incident(pk, by=by, **form.given())
    if cast(announcing.ResolveTogetherForm, form).takes_parts:
        return services.resolve_parts(pk, by=by)
    return made


def severities(incident: Incident) -> dict[str, Any]:
    """The matrix and the agreed meanings, to choose by."""
    cells = {(row.impact, row.urgency): row for row in SeverityRule.objects.all()}
    matrix = [
        (impact.label, [cells[impact, urgency] for urgency in Urgency])
        for impact in Impact
    ]
    labels = [urgency.label for urgency in Urgency]
    return {
        "matrix": matrix,
        "urgencies": labels,
        "levels": SeverityLevel.objects.all(),
    }


def reminders(incident: Incident) -> dict[str, Any]:
    return {"reminders": reminders_of(incident)}


def nothing(incident: Incident) -> dict[str, Any]:
    return {}


def nothing_around(form: MoveForm) -> dict[str, Any]:
    return {}


def known_errors(form: MoveForm) -> dict[str, Any]:
    """Those that the form asks about, where nobody checked for them yet."""
    asks = cast(escalating.PackageForm, form)
    return {"candidates": candidates_in(asks, by=form.by)} if asks.checks else {}


def receiver(incident: Incident) -> dict[str, Any]:
    """Who gets back what is handed back, with what they have on their hands."""
    team = team_to_hand_back_to(incident)
    return {"receiver": escalating.with_load(Team.objects.filter(pk=team.pk)).get()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A move that asks. ``lead`` says what follows from it, ``beside`` fills what
    the template shows next to the form, ``around`` what it shows of the form. With
    ``plan`` the page says beforehand what it does to the clocks, and with
    ``leads_on`` the page of what was made comes next.
    """

    form: type[MoveForm]
    act: Callable[[MoveForm, int, User], Any]
    said: Words
    lead: Words = ""
    template: str = "incidents/ticket/move.html"
    beside: Callable[[Incident], dict[str, Any]] = nothing
    around: Callable[[MoveForm], dict[str, Any]] = nothing_around
    plan: planning.Planned | None = None
    leads_on: bool = False


PAGES = {
    "triage": Page(
        form=triage.TriageForm,
        act=_triage,
        said=_("{reference} is triaged: {severity}."),
        lead=_("Say what it is and who works on it. You answer for it from then on."),
        template="incidents/ticket/triage.html",
        beside=severities,
        plan=planning.triage,
    ),
    "reclassify": Page(
        form=triage.ReclassifyForm,
        act=_with(services.reclassify_incident),
        said=_("{reference} is classified again: {severity}."),
        lead=_("The severity follows from impact and urgency."),
        template="incidents/ticket/classify.html",
        beside=severities,
        plan=planning.reclassify,
    ),
    "override_severity": Page(
        form=triage.OverrideForm,
        act=_with(services.override_severity),
        said=_("The severity of {reference} is {severity} now."),
        lead=_("It counts before what impact and urgency say, until you change it."),
        template="incidents/ticket/classify.html",
        beside=severities,
        plan=planning.override,
    ),
    "retitle": Page(
        form=triage.RetitleForm,
        act=_with(services.retitle_incident),
        said=_("{reference} has its new subject."),
    ),
    "assign": Page(
        form=working.AssignForm,
        act=_with(services.assign_incident),
        said=_("{reference} is assigned."),
    ),
    "hand_over": Page(
        form=working.HandOverForm,
        act=_with(services.hand_over_desk),
        said=_("{reference} has a new desk owner."),
    ),
    "transfer": Page(
        form=working.TransferForm,
        act=_with(services.transfer_incident),
        said=_("{reference} is with the other team now."),
        lead=_("For what came to the wrong team. Nobody owns it until they take it."),
        plan=planning.transfer,
    ),
    "escalate": Page(
        form=escalating.EscalateForm,
        act=_escalate(services.escalate_incident),
        said=_("{reference} is with {team} now."),
        lead=_("The next team reads this first. Nobody owns it until they take it."),
        template="incidents/ticket/escalate.html",
        beside=what_came,
        around=known_errors,
        plan=planning.escalate,
    ),
    "triage_and_escalate": Page(
        form=escalating.TriageEscalateForm,
        act=_escalate(services.triage_and_escalate),
        said=_("{reference} is triaged and with {team} now."),
        lead=_(
            "Say what it is, and what the next tier should know. You answer for it at"
            " the desk from then on."
        ),
        template="incidents/ticket/triage_and_escalate.html",
        beside=severities,
        around=known_errors,
        plan=planning.triage_and_escalate,
    ),
    "hand_back": Page(
        form=escalating.HandBackForm,
        act=_with(services.hand_back_incident),
        said=_("{reference} is back with the team that sent it."),
        lead=_("It goes back to the team below that sent it, with your reason."),
        template="incidents/ticket/hand_back.html",
        beside=receiver,
        plan=planning.hand_back,
    ),
    "hold": Page(
        form=working.HoldForm,
        act=_with(services.hold_incident),
        said=_("{reference} is on hold."),
        lead=_("It goes on by itself at the time you choose, or when you resume it."),
        template="incidents/ticket/hold.html",
        plan=planning.hold,
    ),
    "resolve": Page(
        form=announcing.ResolveTogetherForm,
        act=_resolve,
        said=_("{reference} is resolved. We ask {confirmer} whether it works."),
        lead=_("We ask {confirmer} whether it works; then the service desk closes it."),
    ),
    "announce": Page(
        form=announcing.AnnounceForm,
        act=_with(services.announce_incident),
        said=_("{reference} is announced on the portal."),
        lead=_(
            "Others read it before they report the same, and report it with one press."
            " It goes from the portal by itself when this is solved."
        ),
    ),
    "record_call": Page(
        form=ending.RecordCallForm,
        act=_with(services.record_call),
        said=_("The call is recorded. {confirmer} gets an e-mail about it."),
        lead=_(
            "{confirmer} told you that it works. They get an e-mail about it and can"
            " say that it is not so."
        ),
    ),
    "reject": Page(
        form=ending.RejectForm,
        act=_with(services.reject_resolution),
        said=_("{reference} is back with the team that solved it."),
        lead=_("It goes back to the team that solved it."),
    ),
    "waive": Page(
        form=ending.WaiveForm,
        act=_with(services.waive_confirmation),
        said=_("The confirmation of {reference} is waived. The desk can close it."),
        lead=_(
            "{confirmer} did not answer. Every waiver is counted and stays on record."
        ),
        template="incidents/ticket/waive.html",
        beside=reminders,
    ),
    "cancel": Page(
        form=ending.CancelForm,
        act=_with(services.cancel_incident),
        said=_("{reference} is cancelled."),
        lead=_("For what needs no solution. The reporter is told why."),
    ),
    "reopen": Page(
        form=ending.ComplaintForm,
        act=_with(services.reopen_incident),
        said=_("{reference} is open again."),
        plan=planning.reopen,
    ),
    "follow_up": Page(
        form=ending.FollowUpForm,
        act=_with(services.follow_up_incident),
        said=_("The follow-up of {reference} is reported."),
        lead=_("A new report that is linked to this one."),
        leads_on=True,
    ),
    "call_attention": Page(
        form=ending.AttentionForm,
        act=_with(services.call_attention),
        said=_("Attention is asked for. Whoever is told has to answer."),
        lead=_(
            "The ladder of its policy says who is told, and who is next if nobody"
            " answers. It changes neither severity nor owner."
        ),
    ),
    "declare_major": Page(
        form=ending.ReasonForm,
        act=_with(services.declare_major),
        said=_("{reference} is a major incident."),
    ),
    "stand_down": Page(
        form=ending.ReasonForm,
        act=_with(services.stand_down),
        said=_("{reference} is no longer a major incident."),
    ),
    "name_successor": Page(
        form=ending.SuccessorForm,
        act=_with(services.name_successor),
        said=_("Somebody else confirms {reference} from now on."),
        lead=_("{confirmer} has left. Somebody else says whether it works."),
    ),
    "ask": Page(
        form=talking.AskForm,
        act=_with(services.ask_colleague),
        said=_("Your question is sent."),
        lead=_("They get an e-mail with your words."),
    ),
    "share": Page(
        form=talking.ShareForm,
        act=_with(services.share_incident),
        said=_("{reference} is shared."),
    ),
    "link": Page(
        form=talking.LinkForm,
        act=_with(services.link_incidents),
        said=_("{reference} is linked."),
        lead=_("Both histories say so."),
    ),
}
