"""The table of moves: where each is worth mentioning, who may make it, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents import permissions as may
from incidents.codes import ENDED, OPEN, OPEN_TRIAGED, Status
from incidents.models import Incident
from incidents.moves import who, why

Words = str | Promise
Blocked = Callable[[Incident, User, datetime], str]
NEW = (Status.NEW,)
RESOLVED = (Status.RESOLVED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Something a person may do; its address is ``incidents:<name>``.

    ``shown`` are the states in which it is worth mentioning, ``blocked`` says why
    the moment is not right (``""`` if it is), ``only`` who may, in words. With
    ``asks`` it has a form of its own; otherwise one press does it. A rare move is
    mentioned only when it can be made.
    """

    name: str
    label: Words
    shown: tuple[Status, ...]
    permitted: Callable[[Incident, User], bool]
    who: Callable[[Incident], QuerySet[User]]
    only: Words
    blocked: Blocked = why.free
    asks: bool = True
    is_rare: bool = False

    def offer(self, incident: Incident, user: User, at: datetime) -> "Offer":
        permitted = self.permitted(incident, user)
        words = self.blocked(incident, user, at) if permitted else str(self.only)
        return Offer(
            name=self.name,
            label=self.label,
            url=reverse(f"incidents:{self.name}", args=[incident.pk]),
            asks=self.asks,
            is_allowed=permitted and not words,
            is_permitted=permitted,
            why=words,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One move as one person sees it. ``why`` is empty when it is allowed."""

    name: str
    label: Words
    url: str
    asks: bool
    is_allowed: bool
    is_permitted: bool
    why: str


TALKED = (*OPEN, Status.RESOLVED)
ALWAYS = tuple(Status)
ONLY_HOLDERS = gettext_lazy("Only the service desk and the team that holds it.")

# In the order in which they are offered: the first allowed one is the next step.
MOVES = (
    Move(
        name="triage",
        label=gettext_lazy("Triage"),
        shown=NEW,
        permitted=may.may_triage,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk triages."),
    ),
    Move(
        name="take",
        label=gettext_lazy("Take"),
        shown=OPEN,
        permitted=may.may_take,
        who=who.team_members,
        only=gettext_lazy("Only the team that holds it takes it."),
        blocked=why.already_yours,
        asks=False,
        is_rare=True,
    ),
    Move(
        name="start",
        label=gettext_lazy("Start work"),
        shown=(Status.ASSIGNED,),
        permitted=may.is_owner,
        who=who.owner_or_lead,
        only=gettext_lazy("Only the owner or the team's lead starts work."),
        blocked=why.not_started,
        asks=False,
    ),
    Move(
        name="resume",
        label=gettext_lazy("Resume"),
        shown=(Status.ON_HOLD,),
        permitted=may.may_resume,
        who=who.owner_or_lead,
        only=gettext_lazy("Only the owner or the team's lead resumes it."),
        asks=False,
    ),
    Move(
        name="close",
        label=gettext_lazy("Close"),
        shown=RESOLVED,
        permitted=may.may_close,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk closes, never who confirms."),
        blocked=why.not_confirmed,
        asks=False,
    ),
    Move(
        name="resolve",
        label=gettext_lazy("Resolve"),
        shown=OPEN,
        permitted=may.is_owner,
        who=who.owner_or_lead,
        only=gettext_lazy("Only the owner or the team's lead resolves it."),
        blocked=why.not_worked_on,
    ),
    Move(
        name="record_call",
        label=gettext_lazy("Record a call"),
        shown=RESOLVED,
        permitted=may.may_record_call,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk records what others said."),
        blocked=why.cannot_be_called,
    ),
    Move(
        name="reject",
        label=gettext_lazy("It does not work"),
        shown=RESOLVED,
        permitted=may.may_reject,
        who=who.desk_members,
        only=gettext_lazy("Only who confirms, or the service desk."),
    ),
    Move(
        name="remind",
        label=gettext_lazy("Ask again"),
        shown=RESOLVED,
        permitted=may.may_remind,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk asks for confirmations."),
        blocked=why.too_soon_to_remind,
        asks=False,
    ),
    Move(
        name="waive",
        label=gettext_lazy("Waive the confirmation"),
        shown=RESOLVED,
        permitted=may.may_waive,
        who=who.desk_leads,
        only=gettext_lazy("Only the lead of a service desk waives."),
        blocked=why.too_early_to_waive,
    ),
    Move(
        name="hold",
        label=gettext_lazy("Put on hold"),
        shown=(Status.ASSIGNED, Status.IN_PROGRESS),
        permitted=may.is_owner,
        who=who.owner_or_lead,
        only=gettext_lazy("Only the owner or the team's lead puts it on hold."),
    ),
    Move(
        name="assign",
        label=gettext_lazy("Assign"),
        shown=OPEN,
        permitted=may.may_assign,
        who=who.team_lead,
        only=gettext_lazy("Only the team's lead assigns; members take."),
    ),
    Move(
        name="transfer",
        label=gettext_lazy("Transfer"),
        shown=OPEN,
        permitted=may.may_transfer,
        who=who.team_members,
        only=gettext_lazy("Only the team that holds it transfers it."),
        blocked=why.not_triaged,
    ),
    Move(
        name="escalate",
        label=gettext_lazy("Escalate"),
        shown=OPEN,
        permitted=may.may_escalate,
        who=who.team_members,
        only=gettext_lazy("Only the team that holds it escalates it."),
        blocked=why.not_to_be_escalated,
    ),
    Move(
        name="hand_back",
        label=gettext_lazy("Hand back"),
        shown=OPEN,
        permitted=may.may_hand_back,
        who=who.team_members,
        only=gettext_lazy("Only the team that holds it hands it back."),
        blocked=why.nobody_sent_it,
        is_rare=True,
    ),
    Move(
        name="reclassify",
        label=gettext_lazy("Classify again"),
        shown=(*OPEN_TRIAGED, Status.RESOLVED),
        permitted=may.may_reclassify,
        who=who.desk_members,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="override_severity",
        label=gettext_lazy("Set the severity"),
        shown=(*OPEN_TRIAGED, Status.RESOLVED),
        permitted=may.may_override_severity,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk or an incident commander."),
    ),
    Move(
        name="call_attention",
        label=gettext_lazy("Ask for attention"),
        shown=OPEN,
        permitted=may.may_call_attention,
        who=who.holders,
        only=ONLY_HOLDERS,
        blocked=why.asked_in_vain,
        is_rare=True,
    ),
    Move(
        name="end_attention",
        label=gettext_lazy("End the attention"),
        shown=OPEN,
        permitted=may.may_end_attention,
        who=who.attending,
        only=gettext_lazy("Only the team's lead, or who leads a service desk."),
        blocked=why.nobody_looks,
        asks=False,
        is_rare=True,
    ),
    Move(
        name="declare_major",
        label=gettext_lazy("Declare a major incident"),
        shown=OPEN,
        permitted=may.may_declare_major,
        who=who.commanders,
        only=gettext_lazy("Only the lead of a service desk or an incident commander."),
        blocked=why.major_already,
        is_rare=True,
    ),
    Move(
        name="stand_down",
        label=gettext_lazy("Stand the major incident down"),
        shown=TALKED,
        permitted=may.may_declare_major,
        who=who.commanders,
        only=gettext_lazy("Only the lead of a service desk or an incident commander."),
        blocked=why.not_major,
        is_rare=True,
    ),
    Move(
        name="name_successor",
        label=gettext_lazy("Name who confirms instead"),
        shown=TALKED,
        permitted=may.may_name_successor,
        who=who.desk_leads,
        only=gettext_lazy("Only the lead of a service desk."),
        blocked=why.confirmer_is_here,
        is_rare=True,
    ),
    Move(
        name="cancel",
        label=gettext_lazy("Cancel"),
        shown=OPEN,
        permitted=may.may_cancel,
        who=who.desk_leads,
        only=gettext_lazy(
            "Only the service desk; once work has started, only its lead, except for"
            " duplicates."
        ),
    ),
    Move(
        name="retitle",
        label=gettext_lazy("Change the subject"),
        shown=TALKED,
        permitted=may.may_work,
        who=who.desk_members,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="hand_over",
        label=gettext_lazy("Change the desk owner"),
        shown=(*OPEN_TRIAGED, Status.RESOLVED),
        permitted=may.may_hand_over,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk."),
    ),
    Move(
        name="reopen",
        label=gettext_lazy("Reopen"),
        shown=ENDED,
        permitted=may.may_reopen,
        who=who.desk_members,
        only=gettext_lazy("Only the reporter or the service desk."),
        blocked=why.window_over,
    ),
    Move(
        name="follow_up",
        label=gettext_lazy("Start a follow-up"),
        shown=ENDED,
        permitted=may.may_reopen,
        who=who.desk_members,
        only=gettext_lazy("Only the reporter or the service desk."),
    ),
)
# What stands elsewhere on the page, or is another's to do; refusals know its words.
OTHERS = (
    Move(
        name="triage_and_escalate",
        label=gettext_lazy("Triage and escalate"),
        shown=NEW,
        permitted=may.may_triage,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk triages."),
    ),
    Move(
        name="reply",
        label=gettext_lazy("Reply"),
        shown=TALKED,
        permitted=may.may_work,
        who=who.holders,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="apply_known_error",
        label=gettext_lazy("I applied it"),
        shown=TALKED,
        permitted=may.may_work,
        who=who.holders,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="judge_known_error",
        label=gettext_lazy("Say whether it helped"),
        shown=ALWAYS,
        permitted=may.may_work,
        who=who.holders,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="note",
        label=gettext_lazy("Write an internal note"),
        shown=ALWAYS,
        permitted=may.may_work,
        who=who.holders,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="link",
        label=gettext_lazy("Link another incident"),
        shown=ALWAYS,
        permitted=may.may_work,
        who=who.holders,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="check_known_errors",
        label=gettext_lazy("Check for known errors"),
        shown=OPEN,
        permitted=may.may_work,
        who=who.holders,
        only=ONLY_HOLDERS,
    ),
    Move(
        name="write_article",
        label=gettext_lazy("Create an article"),
        shown=ALWAYS,
        permitted=may.may_write_article,
        who=who.holders,
        only=gettext_lazy("Only who works on tickets writes articles."),
    ),
    Move(
        name="announce",
        label=gettext_lazy("Announce it on the portal"),
        shown=OPEN,
        permitted=may.may_announce,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk announces."),
    ),
    Move(
        name="end_announcement",
        label=gettext_lazy("Take it from the portal"),
        shown=OPEN,
        permitted=may.may_announce,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk announces."),
        asks=False,
    ),
    Move(
        name="resolve_parts",
        label=gettext_lazy("Resolve its reports too"),
        shown=(Status.RESOLVED, Status.CLOSED),
        permitted=may.may_resolve_parts,
        who=who.desk_members,
        only=gettext_lazy("Only the service desk resolves what others reported."),
        asks=False,
    ),
    Move(
        name="share",
        label=gettext_lazy("Share it"),
        shown=ALWAYS,
        permitted=may.may_share,
        who=who.desk_members,
        only=gettext_lazy("Only the reporter or the service desk."),
    ),
    Move(
        name="ask",
        label=gettext_lazy("Ask a colleague"),
        shown=ALWAYS,
        permitted=may.may_see_internal,
        who=who.desk_members,
        only=gettext_lazy("Only those who work on it."),
    ),
    Move(
        name="confirm",
        label=gettext_lazy("Confirm"),
        shown=RESOLVED,
        permitted=may.may_confirm,
        who=who.the_confirmer,
        only=gettext_lazy("Only the person who is asked confirms."),
    ),
    Move(
        name="works_again",
        label=gettext_lazy("It works again"),
        shown=OPEN,
        permitted=may.is_confirmer,
        who=who.the_confirmer,
        only=gettext_lazy("Only the person who confirms says so."),
    ),
    Move(
        name="acknowledge_attention",
        label=gettext_lazy("Say that you attend to it"),
        shown=OPEN,
        permitted=may.may_attend,
        who=who.attending,
        only=gettext_lazy("Only who was told, or answers for the team or the desk."),
        asks=False,
    ),
    Move(
        name="urge",
        label=gettext_lazy("Say that it is getting urgent"),
        shown=OPEN,
        permitted=may.may_answer,
        who=who.the_confirmer,
        only=gettext_lazy("Only who reported it, or confirms it, says so."),
    ),
    Move(
        name="answer",
        label=gettext_lazy("Write to the desk"),
        shown=TALKED,
        permitted=may.may_answer,
        who=who.the_confirmer,
        only=gettext_lazy("Only who reported it, or confirms it, writes to the desk."),
    ),
)
BY_NAME = {move.name: move for move in (*MOVES, *OTHERS)}
