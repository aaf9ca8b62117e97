"""How many tickets at once stand against what the teams that have them agreed to: the
stay that goes on, as its page reads it."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from activity.models import Event
from incidents.codes import OPEN
from incidents.events import Kind
from incidents.models import Incident, TierStay
from incidents.tiers.faces import AgreedFace, face_of
from incidents.tiers.keeping import as_stay
from incidents.tiers.path import agreed_of
from incidents.tiers.spent import CONCERNED, pieces_of
from sla.codes import State
from sla.operational import OperationalReading, missed_if_before
from sla.services import Agreement

NONE: Final = Q(pk__in=())
# Where none of these happened, all of the stay counts.
STOPPED: Final = (Kind.HOLD, Kind.REPLAY)


def past_own_target(agreements: Mapping[int, Agreement], at: datetime) -> Q:
    """Open, with one of these teams, and the present stay has used up what the team
    agreed to. Two queries, none where nothing was agreed.

    Only what ever stood still is read: everything else is past it by when it came.
    """
    long_here = NONE
    for team, agreement in agreements.items():
        target, schedule = agreement.target.amount, agreement.schedule
        if moment := missed_if_before(target, schedule, at):
            long_here |= Q(team=team, entered_at__lt=moment)
    if long_here == NONE:
        return NONE
    stays = TierStay.objects.open().filter(long_here, incident__status__in=OPEN)
    still = _events().filter(subject_id=OuterRef("incident"), kind__in=STOPPED)
    rows = _by_incident(stays.filter(Exists(still)))
    readings = _readings(rows, agreements, at)
    late = {pk for pk, found in readings.items() if found.state == State.MISSED}
    here = Q(Exists(stays.filter(incident=OuterRef("pk"))))
    return here & ~Q(pk__in=rows.keys() - late)


def agreed_faces(
    holds: Mapping[int, str], agreements: Mapping[int, Agreement], at: datetime
) -> dict[int, AgreedFace]:
    """How each of these stands at ``at``, by its id; nothing where the team that has it
    agreed to nothing, or where it is solved or has ended. ``holds`` are what they wait
    for. Two queries, none where nothing was agreed."""
    if not agreements:
        return {}
    stays = TierStay.objects.open().filter(incident__in=holds, team__in=agreements)
    readings = _readings(_by_incident(stays), agreements, at)
    return {
        pk: face_of(reading, is_here=True, hold=holds[pk])
        for pk, reading in readings.items()
    }


def _by_incident(stays: Any) -> dict[int, TierStay]:
    return {row.incident_id: row for row in stays.order_by()}


def _readings(
    rows: Mapping[int, TierStay], agreements: Mapping[int, Agreement], at: datetime
) -> dict[int, OperationalReading]:
    """Of these open stays, by the incident's id. One query."""
    told = _events().filter(subject_id__in=list(rows)).order_by("subject_id", "seq")
    found = {}
    for pk, events in groupby(told, key=lambda event: event.subject_id):
        (own,) = pieces_of([as_stay(rows[pk])], events)
        reading = agreed_of(own, agreements[rows[pk].team_id], at)
        if reading is not None:
            found[pk] = reading
    return found


def _events() -> QuerySet[Event]:
    """What says who owned an incident and what it waited for."""
    told: QuerySet[Event] = Event.objects.filter(
        subject_type=Incident.subject_type, kind__in=CONCERNED
    )
    return told.defer("hash", "request_id")
