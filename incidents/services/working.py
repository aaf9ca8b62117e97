"""Who works on it, and when work waits."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from activity import clock
from activity.lifecycle import check_version, fire, record
from activity.models.subject import mark_locked
from activity.refusals import Conflict
from incidents import permissions as may
from incidents.codes import HoldReason, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.arriving import arrive, can_be_assigned
from incidents.services.asking import (
    lock,
    refuse_ended,
    require_code,
    require_moment,
    some,
    stays_active,
    text_given,
)
from incidents.services.classifying import Classification, triage_and_go_on


@transaction.atomic
def take_incident(
    pk: int, *, by: User, expected_version: int | None, at: datetime | None = None
) -> Incident:
    """Make it one's own; an assigned one is in progress from then on."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    if incident.owner_id == by.pk and incident.is_open:
        raise Conflict(incident, move="take", why=_("It is yours already."))
    fire(incident.take, by=by, at=at, data={"owner": by.pk}, public=True)
    return incident


@transaction.atomic
def triage_and_take(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    classification: Classification,
    team: Team,
) -> Incident:
    """Say what it is, and begin with it: both or neither."""
    incident = triage_and_go_on(
        pk,
        by=by,
        expected_version=expected_version,
        classification=classification,
        team=team,
    )
    # Who took it from the queue before it was triaged owns it already.
    is_own = incident.owner_id == by.pk
    own = start_incident if is_own else take_incident
    own(pk, by=by, expected_version=None)
    return incident


@transaction.atomic
def take_next(*, by: User) -> Incident | None:
    """Take the most urgent incident of one's teams that nobody owns.

    Several people asking at once get different ones; ``None`` if nothing waits.
    """
    waiting = (
        Incident.objects.open()
        .exclude(status=Status.ON_HOLD)
        .unowned()
        .of_teams_of(by)
        .by_rank()
        .select_for_update(of=("self",), skip_locked=True)
    )
    found: Incident | None = waiting.first()
    if found is None:
        return None
    mark_locked([found])
    fire(found.take, by=by, data={"owner": by.pk}, public=True)
    return found


@transaction.atomic
def assign_incident(
    pk: int, *, by: User, expected_version: int | None, to: User
) -> Incident:
    """The lead of the owning team gives it to one of its members."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    _check_assignee(incident, to)
    fire(incident.assign, by=by, data={"owner": to.pk}, to=to)
    return incident


@transaction.atomic
def start_incident(pk: int, *, by: User, expected_version: int | None) -> Incident:
    """Begin to work on what is assigned to one."""
    incident: Incident = Incident.objects.lock(pk)
    fire(incident.start, by=by, expected_version=expected_version, public=True)
    return incident


@transaction.atomic
def hold_incident(  # noqa: PLR0913 - all by name
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    reason: str,
    until: datetime,
    question: str = "",
    explanation: str = "",
) -> Incident:
    """Let it wait until a moment (aware) at the latest.

    Waiting for the reporter needs a question, which they get; for any other reason
    ``explanation`` is an internal note.
    """
    incident: Incident = Incident.objects.lock(pk)
    at = clock.now()
    require_code("reason", reason, HoldReason.values)
    require_moment("until", until)
    if until <= at:
        raise ValidationError({"until": _("Enter a time that is still to come.")})
    notes = some({"reason": explanation})
    if reason == HoldReason.AWAITING_REPORTER:
        notes["question"] = text_given(
            "question", question, or_say=_("Write what you need to know.")
        )
        incident.responded_at = incident.responded_at or at
    fire(
        incident.hold,
        by=by,
        at=at,
        expected_version=expected_version,
        data={"reason": reason, "until": until.isoformat()},
        notes=notes,
        public=True,
        reason=reason,
        until=until,
    )
    return incident


@transaction.atomic
def resume_incident(pk: int, *, by: User, expected_version: int | None) -> Incident:
    """Go on with what was on hold."""
    incident: Incident = Incident.objects.lock(pk)
    fire(
        incident.resume,
        by=by,
        expected_version=expected_version,
        data={"because": "owner"},
        public=True,
    )
    return incident


@transaction.atomic
def transfer_incident(
    pk: int, *, by: User, expected_version: int | None, team: Team, reason: str
) -> Incident:
    """Correct a wrong turn: to another team of the same tier, with a reason."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    _check_transfer(incident, team)
    reason = text_given(
        "reason", reason, or_say=_("Tell the other team why they get this.")
    )
    data = {"from": incident.team_id, "team": team.pk, "owner": incident.owner_id}
    fire(
        incident.transfer,
        by=by,
        data=data,
        notes={"reason": reason},
        team=team,
    )
    incident.holdings.get_or_create(team=team)
    arrive(incident)
    return incident


@transaction.atomic
def hand_over_desk(
    pk: int, *, by: User, expected_version: int | None, to: User
) -> Incident:
    """Make another desk member accountable for it until it is closed."""
    incident = lock(
        pk,
        by=by,
        move="hand_over",
        may=may.may_hand_over,
        expected_version=expected_version,
    )
    refuse_ended(incident, "hand_over")
    if incident.status == Status.NEW:
        raise Conflict(incident, move="hand_over", why=_("Triage it first."))
    if incident.desk_id not in to.standing.desks:
        sentence = _("Choose a member of %(team)s.") % {"team": incident.desk.name}
        raise ValidationError({"to": sentence})
    data = {"from": incident.desk_owner_id, "to": to.pk}
    incident.desk_owner = to
    if incident.status == Status.RESOLVED:
        incident.owner = to
    incident.save()
    record(incident, Kind.DESK_OWNER, by=by, data=data)
    return incident


def _check_assignee(incident: Incident, to: User) -> None:
    if incident.owner_id == to.pk:
        sentence = _("%(name)s has it already. Choose somebody else.")
        raise ValidationError({"to": sentence % {"name": to.name}})
    if not can_be_assigned(incident.team, to, clock.now()):
        sentence = _("Choose somebody of %(team)s who is not away.")
        raise ValidationError({"to": sentence % {"team": incident.team.name}})


def _check_transfer(incident: Incident, team: Team) -> None:
    if team.pk == incident.team_id:
        sentence = _("%(team)s has it already. Choose another team.")
        raise ValidationError({"team": sentence % {"team": team.name}})
    # Of tier 1 only desks see what they get.
    unseen = team.tier == 1 and not team.is_service_desk
    if team.tier != incident.team.tier or unseen or not stays_active(team):
        raise ValidationError({"team": _("Choose an active team of the same tier.")})
