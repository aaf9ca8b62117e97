"""The moves of an incident (RULES of the desk, 2): from where, to where, by whom.

A method sets only what the new state forces. Services lock, choose the arguments,
call ``activity.lifecycle.fire`` and write the rows beside.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django_fsm import RETURN_VALUE, transition

from accounts.models import Team, User
from activity.transitions import only_if
from incidents import permissions as may
from incidents.codes import OPEN, OPEN_TRIAGED, ClosureBasis, Status

if TYPE_CHECKING:
    from incidents.models import Incident, Resolution

WORKED = [Status.ASSIGNED, Status.IN_PROGRESS]


def is_unconfirmed(incident: Any) -> bool:
    return incident.confirmed_at is None


def is_unanswered(incident: Any) -> bool:
    """Neither confirmed nor waived."""
    return is_unconfirmed(incident) and not has_waiver(incident)


def has_waiver(incident: Any) -> bool:
    resolution = incident.resolution
    return resolution is not None and hasattr(resolution, "waiver")


def is_answered(incident: Any) -> bool:
    """Confirmed, or waived: the first key has turned."""
    return not is_unanswered(incident)


def is_major(incident: Any) -> bool:
    return bool(incident.is_major)


def is_not_major(incident: Any) -> bool:
    return not incident.is_major


def has_owner(incident: Any) -> bool:
    return incident.owner_id is not None


def is_above_desk(incident: Any) -> bool:
    """With a team of a higher tier: somebody below sent it there."""
    return int(incident.team.tier) > 1


class LifeCycle:
    """Mixin of ``Incident``; kept apart so that the moves read as one table."""

    @transition(
        "status",
        source=[Status.NEW],
        target=Status.ASSIGNED,
        permission=only_if(may.may_triage),
    )
    def triage(self, *, by: User, at: datetime, team: Team, owner: User | None) -> None:
        incident = cast("Incident", self)
        incident.team = team
        incident.desk_owner = by
        if team.is_service_desk:
            incident.desk = team
        incident.owner = owner

    @transition(
        "status",
        source=list(OPEN),
        target=RETURN_VALUE(*OPEN),
        permission=only_if(may.may_take),
    )
    def take(self, *, by: User, at: datetime) -> str:
        incident = cast("Incident", self)
        incident.owner = by
        incident.acknowledged_at = incident.acknowledged_at or at
        if incident.desk_owner is None and incident.team.is_service_desk:
            incident.desk_owner = by
        if incident.status == Status.ASSIGNED:
            return str(Status.IN_PROGRESS)
        return str(incident.status)

    @transition(
        "status",
        source=list(OPEN),
        target=RETURN_VALUE(*OPEN),
        permission=only_if(may.may_assign),
    )
    def assign(self, *, by: User, at: datetime, to: User) -> str:
        incident = cast("Incident", self)
        incident.owner = to
        return str(incident.status)

    @transition(
        "status",
        source=[Status.ASSIGNED],
        target=Status.IN_PROGRESS,
        conditions=[has_owner],
        permission=only_if(may.is_owner),
    )
    def start(self, *, by: User, at: datetime) -> None:
        incident = cast("Incident", self)
        incident.acknowledged_at = incident.acknowledged_at or at

    @transition(
        "status",
        source=WORKED,
        target=Status.ON_HOLD,
        permission=only_if(may.is_owner),
    )
    def hold(self, *, by: User, at: datetime, reason: str, until: datetime) -> None:
        incident = cast("Incident", self)
        incident.acknowledged_at = incident.acknowledged_at or at
        incident.hold_reason = reason
        incident.hold_until = until

    @transition(
        "status",
        source=[Status.ON_HOLD],
        target=RETURN_VALUE(Status.ASSIGNED, Status.IN_PROGRESS),
        permission=only_if(may.may_resume),
    )
    def resume(self, *, by: User, at: datetime) -> str:
        incident = cast("Incident", self)
        end_hold(incident)
        return str(Status.IN_PROGRESS if incident.owner_id else Status.ASSIGNED)

    @transition(
        "status",
        source=list(OPEN_TRIAGED),
        target=Status.ASSIGNED,
        permission=only_if(may.may_transfer),
    )
    def transfer(self, *, by: User, at: datetime, team: Team) -> None:
        pass_on(cast("Incident", self), team)

    @transition(
        "status",
        source=list(OPEN_TRIAGED),
        target=Status.ASSIGNED,
        permission=only_if(may.may_escalate),
    )
    def escalate(self, *, by: User, at: datetime, team: Team) -> None:
        pass_on(cast("Incident", self), team)

    @transition(
        "status",
        source=list(OPEN_TRIAGED),
        target=Status.ASSIGNED,
        conditions=[is_above_desk],
        permission=only_if(may.may_hand_back),
    )
    def hand_back(self, *, by: User, at: datetime, team: Team) -> None:
        pass_on(cast("Incident", self), team)

    @transition(
        "status",
        source=WORKED,
        target=Status.RESOLVED,
        permission=only_if(may.is_owner),
    )
    def resolve(self, *, by: User, at: datetime, resolution: "Resolution") -> None:
        incident = cast("Incident", self)
        incident.acknowledged_at = incident.acknowledged_at or at
        back_to_desk(incident, resolution)

    @transition(
        "status",
        source=list(OPEN),
        target=Status.RESOLVED,
        permission=only_if(may.is_confirmer),
    )
    def works_again(self, *, by: User, at: datetime, resolution: "Resolution") -> None:
        incident = cast("Incident", self)
        end_hold(incident)
        back_to_desk(incident, resolution)

    @transition(
        "status",
        source=[Status.RESOLVED],
        target=Status.RESOLVED,
        conditions=[is_unconfirmed],
        permission=only_if(may.may_confirm),
    )
    def confirm(self, *, by: User, at: datetime) -> None:
        cast("Incident", self).confirmed_at = at

    @transition(
        "status",
        source=[Status.RESOLVED],
        target=Status.ASSIGNED,
        permission=only_if(may.may_reject),
    )
    def reject(self, *, by: User, at: datetime, team: Team, owner: User | None) -> None:
        back_to_work(cast("Incident", self), team, owner)

    @transition(
        "status",
        source=[Status.RESOLVED],
        target=Status.RESOLVED,
        conditions=[is_unanswered],
        permission=only_if(may.may_waive),
    )
    def waive(self, *, by: User, at: datetime) -> None:
        """The waiver is a row beside; the incident only counts the event."""

    @transition(
        "status",
        source=[Status.RESOLVED],
        target=Status.CLOSED,
        conditions=[is_answered],
        permission=only_if(may.may_close),
    )
    def close(self, *, by: User, at: datetime, basis: str) -> None:
        incident = cast("Incident", self)
        incident.closed_by = by
        incident.closed_at = at
        incident.closure_basis = basis
        incident.due_at = None

    @transition(
        "status",
        source=[Status.CLOSED, Status.CANCELLED],
        target=Status.ASSIGNED,
        permission=only_if(may.may_reopen),
    )
    def reopen(self, *, by: User, at: datetime, team: Team, owner: User | None) -> None:
        incident = cast("Incident", self)
        back_to_work(incident, team, owner)
        forget_end(incident)

    @transition(
        "status",
        source=list(OPEN),
        target=Status.CANCELLED,
        permission=only_if(may.may_cancel),
    )
    def cancel(
        self, *, by: User, at: datetime, reason: str, master: "Incident | None"
    ) -> None:
        incident = cast("Incident", self)
        end_hold(incident)
        incident.cancel_reason = reason
        incident.cancelled_at = at
        incident.due_at = None
        forget_rung(incident)
        incident.master = master

    @transition(
        "status",
        source=list(OPEN),
        target=RETURN_VALUE(*OPEN),
        conditions=[is_not_major],
        permission=only_if(may.may_declare_major),
    )
    def declare_major(self, *, by: User, at: datetime) -> str:
        incident = cast("Incident", self)
        incident.is_major = True
        return str(incident.status)

    @transition(
        "status",
        source=[*OPEN, Status.RESOLVED],
        target=RETURN_VALUE(*OPEN, Status.RESOLVED),
        conditions=[is_major],
        permission=only_if(may.may_declare_major),
    )
    def stand_down(self, *, by: User, at: datetime) -> str:
        incident = cast("Incident", self)
        incident.is_major = False
        return str(incident.status)

    @transition(
        "status",
        source=list(Status),
        target=RETURN_VALUE(*Status),
        permission=only_if(may.is_imported),
    )
    def replay(
        self,
        *,
        by: User,
        at: datetime,
        status: str,
        hold_reason: str = "",
        resolution: "Resolution | None" = None,
    ) -> str:
        """What happened in another system. ``resolution`` is a new one, if any;
        what the log does not say stays unknown: how long a hold was meant to last,
        when the service worked again, why it was cancelled."""
        incident = cast("Incident", self)
        end_hold(incident)
        forget_end(incident)
        if status not in {Status.RESOLVED, Status.CLOSED}:
            forget_resolution(incident)
        if status not in OPEN:
            incident.due_at = None
            forget_rung(incident)
        if status == Status.ON_HOLD:
            incident.hold_reason = hold_reason
        if resolution is not None:
            incident.resolution = resolution
            incident.resolved_at = resolution.at
        if status not in {Status.NEW, Status.ASSIGNED}:
            incident.acknowledged_at = incident.acknowledged_at or at
        if status == Status.CLOSED:
            incident.closed_by, incident.closed_at = by, at
            incident.closure_basis = ClosureBasis.IMPORTED
        if status == Status.CANCELLED:
            incident.cancelled_at = at
        return status


def pass_on(incident: "Incident", team: Team) -> None:
    """Another team has it, and nobody of it yet; a desk then answers for it, too."""
    incident.team = team
    incident.owner = None
    end_hold(incident)
    if team.is_service_desk and team.pk != incident.desk_id:
        incident.desk = team
        incident.desk_owner = None


def end_hold(incident: "Incident") -> None:
    incident.hold_reason = ""
    incident.hold_until = None


def back_to_desk(incident: "Incident", resolution: "Resolution") -> None:
    """The resolution becomes the current one, and the desk owns what is left."""
    incident.resolution = resolution
    incident.resolved_at = resolution.at
    incident.restored_at = resolution.restored_at
    forget_rung(incident)
    incident.team = incident.desk
    accountable = incident.desk_owner
    on_desk = accountable and incident.desk_id in accountable.standing.desks
    incident.owner = accountable if on_desk else None


def back_to_work(incident: "Incident", team: Team, owner: User | None) -> None:
    """The current resolution no longer counts; ``team`` goes on."""
    incident.team = team
    if team.is_service_desk and team.pk != incident.desk_id:
        incident.desk = team
        incident.desk_owner = None
    incident.owner = owner
    forget_resolution(incident)


def forget_resolution(incident: "Incident") -> None:
    incident.resolution = None
    incident.resolved_at = incident.restored_at = incident.confirmed_at = None


def forget_rung(incident: "Incident") -> None:
    """The ladder calls nobody to what is not open."""
    incident.rung_at = incident.rung_position = None


def forget_end(incident: "Incident") -> None:
    """It is neither closed nor cancelled any more."""
    incident.closed_at = incident.cancelled_at = None
    incident.closed_by = incident.master = None
    incident.closure_basis = incident.cancel_reason = ""
