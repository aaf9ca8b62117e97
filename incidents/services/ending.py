"""How an incident ends, and how it comes back."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import check_version, fire, record
from activity.refusals import Conflict, NotAllowed
from incidents import permissions as may
from incidents.codes import CancelReason, Channel, ClosureBasis, LinkKind, Status
from incidents.events import Kind
from incidents.models import Confirmation, Incident, Link
from incidents.services.arriving import arrive, can_be_assigned
from incidents.services.asking import lock, lock_in_order, some, text_given
from incidents.services.confirming import owner_to_return_to, team_to_return_to
from incidents.services.reporting import Report, report_incident


@transaction.atomic
def close_incident(
    pk: int, *, by: User, expected_version: int | None, at: datetime | None = None
) -> Incident:
    """Turn the second key: only the desk, only after the confirmer or a waiver."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    basis = closure_basis(incident)
    why = second_person_needed(incident, by)
    if why:
        raise Conflict(incident, move="close", why=why)
    fire(
        incident.close,
        by=by,
        at=at,
        data={
            "resolution": incident.resolution_id,
            "basis": basis,
            "recorded_by": _recorder(incident),
        },
        public=True,
        basis=basis,
    )
    return incident


@transaction.atomic
def cancel_incident(
    pk: int,
    *,
    by: User,
    reason: str,
    expected_version: int | None = None,
    explanation: str = "",
    master: Incident | None = None,
) -> Incident:
    """End what needs no solution; the reporter is told and may reinstate it.

    A duplicate names its ``master``. Everything but a withdrawal is explained.
    """
    master = _end_of(master) if reason == CancelReason.DUPLICATE else None
    held = lock_in_order(pk, master.pk if master else None)
    incident = held[pk]
    check_version(incident, expected_version)
    if reason not in CancelReason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    if incident.is_open and not may.may_cancel_as(incident, by, reason):
        raise NotAllowed(incident, move="cancel")
    if reason == CancelReason.DUPLICATE:
        master = _true_master(incident, held[master.pk] if master else None)
    notes = some({"explanation": explanation})
    if reason != CancelReason.WITHDRAWN:
        notes["explanation"] = text_given(
            "explanation", explanation, or_say=_("Tell the reporter why.")
        )
    data = {"reason": reason, "master": master.pk if master else None}
    fire(
        incident.cancel,
        by=by,
        data=data,
        notes=notes,
        public=True,
        reason=reason,
        master=master,
    )
    if master is not None:
        _link_duplicate(incident, master, by)
    return incident


@transaction.atomic
def reopen_incident(
    pk: int,
    *,
    by: User,
    complaint: str,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Incident:
    """Within 14 days of its end: reporter or desk bring it back, with a reason.

    What was closed returns to the team that resolved it.
    """
    master = Incident.objects.values_list("master_id", flat=True).get(pk=pk)
    held = lock_in_order(pk, master)
    incident = held[pk]
    check_version(incident, expected_version)
    complaint = text_given(
        "complaint", complaint, or_say=_("Tell us what is wrong again.")
    )
    at = at or clock.now()
    if incident.is_ended and not incident.may_still_reopen(at):
        why = _("It ended more than 14 days ago. Start a follow-up instead.")
        raise Conflict(incident, move="reopen", why=why)
    team, owner = team_to_return_to(incident), _owner_again(incident, at)
    data = {
        "from": str(incident.status),
        "resolution": incident.resolution_id,
        "team": team.pk,
        "owner": owner.pk if owner else None,
    }
    former = _held_master(incident, held)
    fire(
        incident.reopen,
        by=by,
        at=at,
        data=data,
        notes={"complaint": complaint},
        public=True,
        team=team,
        owner=owner,
    )
    incident.holdings.get_or_create(team=incident.team)
    if former is not None:
        _unlink_duplicate(incident, former, by)
    arrive(incident)
    return incident


@transaction.atomic
def follow_up_incident(
    pk: int,
    *,
    by: User,
    description: str,
    submission: UUID | None = None,
    at: datetime | None = None,
) -> Incident:
    """A new incident that goes on where an ended one stopped, and is linked to it.

    Sent again with the same ``submission``, it returns what the first one made.
    """
    former = lock(pk, by=by, move="follow_up", may=may.may_reopen)
    if not former.is_ended:
        why = _("It has not ended. Write a message instead.")
        raise Conflict(former, move="follow_up", why=why)
    # The desk starts it for the reporter, who may have left; others for themselves.
    for_reporter = may.may_report_for_others(by) and former.reporter.is_active
    report = Report(
        title=former.title,
        description=description,
        impact=former.impact,
        urgency=former.urgency,
        service=former.service,
        category=former.category,
        submission=submission,
    )
    incident = report_incident(
        report,
        by=by,
        reporter=former.reporter if for_reporter else by,
        at=at,
        data={"follows": former.pk},
    )
    _link, made = Link.objects.get_or_create(
        from_incident=incident,
        to_incident=former,
        kind=LinkKind.FOLLOW_UP,
        defaults={"by": by},
    )
    if not made:
        return incident
    record(former, Kind.LINK, by=by, data={"from": incident.pk, "kind": "follow_up"})
    return incident


def closure_basis(incident: Incident) -> str:
    """On what ground the desk may close it; ``""`` if on none yet."""
    resolution = incident.resolution
    confirmation = getattr(resolution, "confirmation", None)
    if confirmation is not None:
        called = confirmation.channel == Channel.CALL
        return str(ClosureBasis.CALL if called else ClosureBasis.CONFIRMED)
    if getattr(resolution, "waiver", None) is not None:
        return str(ClosureBasis.WAIVED)
    return ""


def second_person_needed(incident: Incident, by: User) -> str:
    """Why somebody else has to close it; ``""`` if nobody has to."""
    if incident.status != Status.RESOLVED or not incident.desk.second_person_closes:
        return ""
    if _recorder(incident) != by.pk:
        return ""
    return _(
        "You recorded the call, and %(team)s wants a second person to close. Ask a"
        " colleague."
    ) % {"team": incident.desk.name}


def _recorder(incident: Incident) -> int | None:
    confirmation: Confirmation | None = getattr(
        incident.resolution, "confirmation", None
    )
    return confirmation.recorded_by_id if confirmation else None


def _owner_again(incident: Incident, at: datetime) -> User | None:
    """Who solved it; for what was only cancelled, who had it. If they are here."""
    if incident.resolution is not None:
        return owner_to_return_to(incident.resolution, at)
    owner = incident.owner
    here = owner is not None and can_be_assigned(incident.team, owner, at)
    return owner if here else None


def _held_master(incident: Incident, held: Mapping[int, Incident]) -> Incident | None:
    """Its master, which is locked as well. Raises ``Conflict`` where it became the
    duplicate of another one before the lock was ours: that link would stay."""
    if incident.master_id is None:
        return None
    if incident.master_id not in held:
        raise Conflict(incident, move="reopen")
    return held[incident.master_id]


def _end_of(master: Incident | None) -> Incident | None:
    """Where the duplicates of duplicates lead to."""
    seen = set()
    while master is not None and master.master is not None and master.pk not in seen:
        seen.add(master.pk)
        master = master.master
    return master


def _true_master(incident: Incident, master: Incident | None) -> Incident:
    """The locked incident that goes on; never one that is itself a duplicate."""
    if master is None:
        raise ValidationError({"master": _("Name the incident that goes on.")})
    if master.pk == incident.pk or master.status == Status.CANCELLED:
        raise ValidationError(
            {"master": _("Choose another incident that is not cancelled.")}
        )
    return master


def _link_duplicate(incident: Incident, master: Incident, by: User) -> None:
    """Both histories say so."""
    Link.objects.get_or_create(
        from_incident=incident,
        to_incident=master,
        kind=LinkKind.DUPLICATE,
        defaults={"by": by},
    )
    data = {"from": incident.pk, "kind": str(LinkKind.DUPLICATE)}
    record(master, Kind.LINK, by=by, data=data)


def _unlink_duplicate(incident: Incident, master: Incident, by: User) -> None:
    """What was reinstated is no duplicate any more."""
    incident.links_out.filter(kind=LinkKind.DUPLICATE, to_incident=master).delete()
    data = {"with": incident.pk, "kind": str(LinkKind.DUPLICATE)}
    record(master, Kind.UNLINK, by=by, data=data)
