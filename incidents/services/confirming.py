"""The first key: what the confirmer says to a resolution."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.permissions import reads_figures_only
from activity import clock
from activity.lifecycle import check_version, fire, record
from activity.models import Event
from activity.refusals import Conflict, NotAllowed
from incidents import permissions as may
from incidents.codes import AskedOf, Channel, Status
from incidents.events import Kind
from incidents.models import Confirmation, Incident, Rejection, Resolution, Waiver
from incidents.models.life_cycle import is_unanswered
from incidents.services.arriving import arrive, can_be_assigned
from incidents.services.asking import (
    lock,
    receiving_desk,
    refuse_ended,
    require_code,
    some,
    stays_active,
    text_given,
)
from incidents.services.using import judge_all
from incidents.silence import (
    BETWEEN_REMINDERS,
    asked_since,
    reminders_of,
    waiver_is_early,
)

# One's own word; a call is what somebody else wrote down.
OWN_CHANNELS = (Channel.PORTAL, Channel.LINK, Channel.LOG_IN)
NOTHING_SAID: Mapping[int, str] = {}


@transaction.atomic
def confirm_resolution(  # noqa: PLR0913 - all by name
    pk: int,
    *,
    by: User,
    resolution: int,
    channel: str = Channel.PORTAL,
    message: str = "",
    helped: Mapping[int, str] = NOTHING_SAID,
    at: datetime | None = None,
) -> Incident:
    """The confirmer says that this resolution (its id) works.

    ``helped`` is what they say of known errors they were told, by the id of the use.
    Raises ``Conflict`` when another resolution is asked about by now.
    """
    incident: Incident = Incident.objects.lock(pk)
    require_code("channel", channel, OWN_CHANNELS)
    _check_current(incident, resolution, "confirm")
    if incident.status == Status.RESOLVED and not may.is_confirmer(incident, by):
        raise NotAllowed(incident, move="confirm")
    at = at or clock.now()
    write_confirmation(incident, by=by, channel=channel, at=at, message=message)
    judge_all(incident, helped, by=by, asked=AskedOf.CONFIRMER, at=at)
    return incident


@transaction.atomic
def record_call(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    account: str,
    helped: Mapping[int, str] = NOTHING_SAID,
) -> Incident:
    """A desk member writes down that the confirmer said it works, and what helped.

    ``account`` says who said what, and when; the confirmer is told and may object.
    """
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    if incident.status == Status.RESOLVED and not may.may_record_call(incident, by):
        raise NotAllowed(incident, move="confirm")
    _refuse_without_confirmer(incident, "confirm")
    account = text_given("account", account, or_say=_("Write down what they told you."))
    at = clock.now()
    event = fire(
        incident.confirm,
        by=by,
        at=at,
        data=_facts(incident, Channel.CALL) | {"recorded_by": by.pk},
        notes={"reason": account},
        public=True,
    )
    _confirmation(incident, event, incident.confirmer, Channel.CALL, recorded_by=by)
    judge_all(incident, helped, by=by, asked=AskedOf.CONFIRMER, at=at)
    return incident


def write_confirmation(
    incident: Incident, *, by: User, channel: str, at: datetime, message: str = ""
) -> None:
    """Move a locked incident and write the row of the confirmation beside."""
    event = fire(
        incident.confirm,
        by=by,
        at=at,
        data=_facts(incident, channel),
        notes=some({"message": message}),
        public=True,
    )
    _confirmation(incident, event, by, channel)


@transaction.atomic
def reject_resolution(  # noqa: PLR0913 - all by name
    pk: int,
    *,
    by: User,
    complaint: str,
    resolution: int | None = None,
    expected_version: int | None = None,
    channel: str = Channel.PORTAL,
    helped: Mapping[int, str] = NOTHING_SAID,
    at: datetime | None = None,
) -> Incident:
    """It still does not work: back to the team that resolved it, and its solver.

    The confirmer names the ``resolution`` they were asked about, the desk the
    ``expected_version`` it looked at. ``helped`` is as for ``confirm_resolution``.
    """
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    require_code("channel", channel, Channel.values)
    if resolution is not None:
        _check_current(incident, resolution, "reject")
    complaint = text_given(
        "complaint", complaint, or_say=_("Tell us what still does not work.")
    )
    at = at or clock.now()
    rejected = incident.resolution
    team = team_to_return_to(incident)
    owner = owner_to_return_to(rejected, at)
    facts = _facts(incident, channel) if rejected else {}
    event = fire(
        incident.reject,
        by=by,
        at=at,
        data=facts | {"team": team.pk, "owner": owner.pk if owner else None},
        notes={"complaint": complaint},
        public=True,
        team=team,
        owner=owner,
    )
    incident.holdings.get_or_create(team=team)
    if rejected is not None:
        _rejection(incident, rejected, event, channel)
    arrive(incident)
    if may.is_confirmer(incident, by):
        judge_all(incident, helped, by=by, asked=AskedOf.CONFIRMER, at=at)
    return incident


@transaction.atomic
def remind_confirmer(
    pk: int, *, by: User, expected_version: int | None, at: datetime | None = None
) -> Event:
    """Ask once more whether it works; at most once a day."""
    incident = lock(
        pk, by=by, move="remind", may=may.may_remind, expected_version=expected_version
    )
    at = at or clock.now()
    _refuse_unless_asking(incident, "remind")
    _refuse_without_confirmer(incident, "remind")
    earlier = reminders_of(incident)
    asked_at = earlier[-1].at if earlier else asked_since(incident)
    if asked_at is not None and at - asked_at < BETWEEN_REMINDERS:
        why = _("We asked less than a day ago. Ask again tomorrow, or call.")
        raise Conflict(incident, move="remind", why=why)
    data = {"resolution": incident.resolution_id, "number": len(earlier) + 1}
    return record(incident, Kind.REMIND, by=by, at=at, data=data, public=True)


@transaction.atomic
def waive_confirmation(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    reason: str,
    at: datetime | None = None,
) -> Incident:
    """Do without the confirmation, after three reminders and five working days of
    silence."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    reason = text_given(
        "reason", reason, or_say=_("Say why it can be closed without an answer.")
    )
    at = at or clock.now()
    why = waiver_is_early(incident, at)
    if why and may.may_waive(incident, by):
        raise Conflict(incident, move="waive", why=why)
    event = fire(
        incident.waive,
        by=by,
        at=at,
        data={"resolution": incident.resolution_id},
        notes={"reason": reason},
        public=True,
    )
    Waiver.objects.create(
        incident=incident,
        resolution=_current(incident),
        seq=event.seq,
        by=by,
        at=at,
    )
    return incident


@transaction.atomic
def name_successor(
    pk: int, *, by: User, expected_version: int | None, successor: User, reason: str
) -> Incident:
    """Whose confirmation counts instead of somebody's who left."""
    incident = lock(
        pk,
        by=by,
        move="name_successor",
        may=may.may_name_successor,
        expected_version=expected_version,
    )
    refuse_ended(incident, "name_successor")
    if incident.confirmer.is_active:
        why = _("%(name)s is still here. Only who has left is replaced.")
        raise Conflict(
            incident,
            move="name_successor",
            why=why % {"name": incident.confirmer.name},
        )
    if not successor.is_active or successor.pk == by.pk:
        raise ValidationError(
            {"successor": _("Choose an active person other than yourself.")}
        )
    if reads_figures_only(successor):
        sentence = _("%(name)s reads figures, never tickets. Choose somebody else.")
        raise ValidationError({"successor": sentence % {"name": successor.name}})
    reason = text_given("reason", reason, or_say=_("Say why this person."))
    data = {"from": incident.confirmer_id, "to": successor.pk}
    incident.confirmer = successor
    incident.save()
    record(incident, Kind.SUCCEED, by=by, data=data, notes={"reason": reason})
    return incident


def owner_to_return_to(resolution: Resolution | None, at: datetime) -> User | None:
    """Who solved it, if they still work in that team and are here."""
    if resolution is None or not can_be_assigned(resolution.team, resolution.by, at):
        return None
    return resolution.by


def team_to_return_to(incident: Incident) -> Team:
    """Who solved it, or who held it. Where that team is no more: its desk, or the
    desk that receives the reporter's reports now."""
    resolution = incident.resolution
    last = resolution.team if resolution is not None else incident.team
    for team in (last, incident.desk):
        if stays_active(team):
            return team
    return receiving_desk(incident.reporter)


def _check_current(incident: Incident, resolution: int, move: str) -> None:
    if incident.resolution_id != resolution:
        why = _(
            "This question is about an earlier solution. Look at what is being done"
            " now."
        )
        raise Conflict(incident, move=move, why=why)


def _refuse_without_confirmer(incident: Incident, move: str) -> None:
    """Nobody asks, or calls, who has left: a lead names whose word counts instead."""
    if not incident.confirmer.is_active:
        why = _("%(name)s has left. A lead names who confirms instead.")
        raise Conflict(incident, move=move, why=why % {"name": incident.confirmer.name})


def _refuse_unless_asking(incident: Incident, move: str) -> None:
    if incident.status != Status.RESOLVED or not is_unanswered(incident):
        raise Conflict(
            incident, move=move, why=_("Nobody is being asked for a confirmation.")
        )


def _current(incident: Incident) -> Resolution:
    """The resolution of an incident that is resolved, as the database ensures."""
    if incident.resolution is None:
        raise Conflict(incident)
    return incident.resolution


def _facts(incident: Incident, channel: str) -> dict[str, object]:
    return {"resolution": incident.resolution_id, "channel": str(channel)}


def _rejection(
    incident: Incident, rejected: Resolution, event: Event, channel: str
) -> None:
    Rejection.objects.create(
        incident=incident,
        resolution=rejected,
        seq=event.seq,
        by=event.actor,
        at=event.at,
        channel=channel,
    )


def _confirmation(
    incident: Incident,
    event: Event,
    by: User,
    channel: str,
    recorded_by: User | None = None,
) -> None:
    Confirmation.objects.create(
        incident=incident,
        resolution=_current(incident),
        seq=event.seq,
        by=by,
        at=event.at,
        channel=channel,
        recorded_by=recorded_by,
    )
