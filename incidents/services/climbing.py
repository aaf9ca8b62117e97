"""Calling for attention, and answering the call. Nothing of it moves a ticket."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import record
from activity.models import Event
from activity.refusals import Conflict, NotAllowed
from incidents import permissions as may
from incidents.clocks.history import history_of
from incidents.codes import Because
from incidents.events import Kind
from incidents.ladders.climbing import Climb
from incidents.ladders.keeping import climb_of, rungs_of
from incidents.models import Incident, TierStay
from incidents.services.asking import lock, text_given
from incidents.services.attention import lower_attention, raise_attention
from sla.codes import Attention, Trigger


@transaction.atomic
def call_attention(
    pk: int, *, by: User, expected_version: int | None, reason: str
) -> Incident:
    """Ask those above to look at it: the rung of the ladder that waits for that is told
    next, and the ones above it until somebody answers."""
    incident = lock(
        pk,
        by=by,
        move="call_attention",
        may=may.may_call_attention,
        expected_version=expected_version,
    )
    _require_open(incident, "call_attention")
    history = history_of(incident)
    rungs = rungs_of(history)
    why = _asked_in_vain(climb_of(history, rungs))
    if why:
        raise Conflict(incident, move="call_attention", why=why)
    reason = text_given("reason", reason, or_say=_("Say why it needs attention."))
    at = clock.now()
    record(
        incident,
        Kind.CALL_ATTENTION,
        by=by,
        at=at,
        data={"heard": any(rung.trigger == Trigger.BY_HAND for rung in rungs)},
        notes={"reason": reason},
    )
    level = Attention.TEAM
    raise_attention(incident, level=level, because=Because.BY_HAND, by=by, at=at)
    return incident


@transaction.atomic
def urge(pk: int, *, by: User, reason: str) -> Incident:
    """The reporter says that it is getting urgent: the lead of the team hears it, once
    for as long as the same team has it."""
    incident = lock(pk, by=by, move="urge", may=may.may_answer)
    _require_open(incident, "urge")
    if urged_at(incident) is not None:
        raise Conflict(incident, move="urge", why=_urged_already())
    reason = text_given("reason", reason, or_say=_("Say what makes it urgent now."))
    at = clock.now()
    record(
        incident,
        Kind.URGE,
        by=by,
        at=at,
        data={"stay": stay_of(incident)},
        notes={"urgency": reason},
        public=True,
    )
    level = Attention.TEAM
    raise_attention(incident, level=level, because=Because.COMPLAINT, by=by, at=at)
    return incident


@transaction.atomic
def acknowledge_attention(pk: int, *, by: User, climb: int | None = None) -> Incident:
    """Answer the call: nobody else is called until it comes back or somebody asks anew.

    Whoever was called may, and who answers for the team or the desk. ``climb`` is what
    a link was about: it is void once another climb goes on.
    """
    incident: Incident = Incident.objects.lock(pk)
    present = present_climb_of(incident)
    if present is None or not present.told or climb not in {None, present.seq}:
        why = _("Nobody is called for it any more: there is nothing to answer to.")
        raise Conflict(incident, move="acknowledge_attention", why=why)
    if present.is_answered:
        why = _("Somebody answered before you: nobody else is called.")
        raise Conflict(incident, move="acknowledge_attention", why=why)
    _require_open(incident, "acknowledge_attention")
    if not may.may_attend(incident, by, called_in(incident, present)):
        raise NotAllowed(incident, move="acknowledge_attention")
    data = {"climb": present.seq, "rung": present.told[-1].position}
    record(incident, Kind.ACKNOWLEDGE, by=by, data=data)
    return incident


@transaction.atomic
def end_attention(pk: int, *, by: User, expected_version: int | None) -> Incident:
    """Say that nobody above has to look at it any more. An unanswered call goes on."""
    incident = lock(
        pk,
        by=by,
        move="end_attention",
        may=may.may_end_attention,
        expected_version=expected_version,
    )
    if lower_attention(incident, because=Because.BY_HAND, by=by) is None:
        why = _("Nobody above looks at it just now.")
        raise Conflict(incident, move="end_attention", why=why)
    return incident


def present_climb_of(incident: Incident) -> Climb | None:
    history = history_of(incident)
    return climb_of(history, rungs_of(history))


def called_in(incident: Incident, climb: Climb) -> set[int]:
    """The ids of those who were called in this climb."""
    told = Event.objects.about(incident).filter(kind=Kind.RUNG, data__climb=climb.seq)
    return {pk for event in told for pk in event.data["recipients"]}


def why_not_called(incident: Incident) -> str:
    """Why attention is not asked for just now: it was, and nobody answered yet."""
    return _asked_in_vain(present_climb_of(incident))


def stay_of(incident: Incident) -> int:
    """The number of the event that brought it to the team that has it."""
    return (
        TierStay.objects.filter(incident=incident)
        .open()
        .values_list("entered_seq", flat=True)
        .get()
    )


def urged_at(incident: Incident) -> datetime | None:
    """When its reporter said to this team that it is getting urgent."""
    urged = Event.objects.about(incident).filter(
        kind=Kind.URGE, data__stay=stay_of(incident)
    )
    return urged.values_list("at", flat=True).first()


def _asked_in_vain(climb: Climb | None) -> str:
    if climb is None or climb.is_answered or Trigger.BY_HAND not in climb.words:
        return ""
    asked_at = localtime(climb.words[Trigger.BY_HAND])
    return _("It was asked for at %(moment)s, and nobody has answered yet.") % {
        "moment": date_format(asked_at, "DATETIME_FORMAT")
    }


def _urged_already() -> str:
    return _("You told us already that it is getting urgent. The team was told.")


def _require_open(incident: Incident, move: str) -> None:
    if not incident.is_open:
        why = _("%(reference)s is solved or has ended: nobody is called for it.")
        raise Conflict(incident, move=move, why=why % {"reference": incident.reference})
