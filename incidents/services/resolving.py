"""The desk thinks it works again, or the reporter knows it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import check_version, fire
from activity.refusals import Conflict
from incidents import permissions as may
from incidents.codes import SOLVER_CODES, AskedOf, Channel, ResolutionCode
from incidents.models import Incident, Resolution
from incidents.models.life_cycle import WORKED
from incidents.services.asking import (
    require,
    require_code,
    require_moment,
    some,
    text_given,
)
from incidents.services.confirming import (
    NOTHING_SAID,
    OWN_CHANNELS,
    write_confirmation,
)
from incidents.services.using import judge_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What was done. ``text`` is for the reporter, ``verification`` for colleagues;
    ``restored_at`` (aware) is when the service worked again, ``None`` if unknown."""

    code: str
    text: str
    verification: str
    restored_at: datetime | None = None


@transaction.atomic
def resolve_incident(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    solution: Solution,
    helped: Mapping[int, str] = NOTHING_SAID,
    at: datetime | None = None,
) -> Incident:
    """Say what was done and how it was verified, and ask the confirmer.

    What is left belongs to the desk from then on. ``helped`` says of known errors
    that were used whether they did, by the id of the use.
    """
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    # A resolution is a row of its own, written before the move: so ask before it.
    if incident.status not in WORKED:
        raise Conflict(incident, move="resolve")
    require(may.is_owner, incident, by, "resolve")
    at = at or clock.now()
    notes = _notes(solution, incident, at)
    incident.responded_at = incident.responded_at or at
    resolution = _resolution(incident, by, at, solution.code, solution.restored_at)
    fire(
        incident.resolve,
        by=by,
        at=at,
        data=_facts(resolution, incident),
        notes=notes,
        public=True,
        resolution=resolution,
    )
    judge_all(incident, helped, by=by, asked=AskedOf.DESK, at=at)
    return incident


@transaction.atomic
def report_works_again(
    pk: int,
    *,
    by: User,
    message: str = "",
    channel: str = Channel.PORTAL,
    helped: Mapping[int, str] = NOTHING_SAID,
    at: datetime | None = None,
) -> Incident:
    """The confirmer says that it works again: resolved and confirmed at once.

    ``helped`` is what they say of known errors they were told, by the id of the use.
    """
    incident: Incident = Incident.objects.lock(pk)
    require_code("channel", channel, OWN_CHANNELS)
    if not incident.is_open:
        raise Conflict(incident, move="works_again")
    require(may.is_confirmer, incident, by, "works_again")
    at = at or clock.now()
    resolution = _resolution(incident, by, at, ResolutionCode.BY_REPORTER, at)
    fire(
        incident.works_again,
        by=by,
        at=at,
        data=_facts(resolution, incident),
        notes=some({"message": message}),
        public=True,
        resolution=resolution,
    )
    write_confirmation(incident, by=by, channel=channel, at=at)
    judge_all(incident, helped, by=by, asked=AskedOf.CONFIRMER, at=at)
    return incident


def _notes(solution: Solution, incident: Incident, at: datetime) -> dict[str, str]:
    if solution.code not in SOLVER_CODES:
        raise ValidationError({"code": _("Choose how it was solved.")})
    restored = solution.restored_at
    require_moment("restored_at", restored)
    if restored is not None and restored > at:
        sentence = _("Enter a time that has already passed.")
        raise ValidationError({"restored_at": sentence})
    # It may have been noticed, or told to us, only after it worked again.
    begun = incident.occurred_at
    if restored is not None and begun is not None and restored < begun:
        sentence = _("Enter a time after the trouble began.")
        raise ValidationError({"restored_at": sentence})
    return {
        "solution": text_given(
            "text", solution.text, or_say=_("Tell the reporter what you did.")
        ),
        "verification": text_given(
            "verification",
            solution.verification,
            or_say=_("Say how you made sure that it works."),
        ),
    }


def _resolution(
    incident: Incident, by: User, at: datetime, code: str, restored: datetime | None
) -> Resolution:
    return Resolution.objects.create(
        incident=incident,
        number=incident.resolutions.count() + 1,
        seq=incident.version + 1,
        code=code,
        team=incident.team,
        by=by,
        at=at,
        restored_at=restored,
    )


def _facts(resolution: Resolution, incident: Incident) -> dict[str, object]:
    """``team`` solved it, ``desk`` has what is left."""
    restored = resolution.restored_at
    return {
        "resolution": resolution.pk,
        "number": resolution.number,
        "code": str(resolution.code),
        "team": resolution.team_id,
        "desk": incident.desk_id,
        "restored_at": restored.isoformat() if restored else None,
    }
