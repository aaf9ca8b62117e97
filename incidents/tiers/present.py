"""How many tickets at once stand against what the teams that have them agreed to: the
stay that goes on, as its page reads it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q

from activity.models import Event
from incidents.codes import OPEN
from incidents.models import Incident, TierStay
from incidents.tiers.faces import AgreedFace, face_of
from incidents.tiers.keeping import as_stay
from incidents.tiers.path import agreed_of
from incidents.tiers.spent import CONCERNED, pieces_of
from sla.codes import State
from sla.operational import OperationalReading
from sla.services import Agreement


def past_own_target(agreements: Mapping[int, Agreement], at: datetime) -> set[int]:
    """The numbers of open tickets that these teams have, and whose agreement is used up
    by the present stay. Two queries, none where nothing was agreed.

    Working time is never more than the time that went by, so what came later than the
    target is long is not even read.
    """
    if not agreements:
        return set()
    long_here = Q()
    for team, agreement in agreements.items():
        long_here |= Q(team=team, entered_at__lt=at - agreement.target.amount)
    stays = TierStay.objects.open().filter(long_here, incident__status__in=OPEN)
    readings = _readings(stays, agreements, at)
    return {pk for pk, found in readings.items() if found.state == State.MISSED}


def agreed_faces(
    holds: Mapping[int, str], agreements: Mapping[int, Agreement], at: datetime
) -> dict[int, AgreedFace]:
    """How each of these stands at ``at``, by its id; nothing where the team that has it
    agreed to nothing, or where it is solved or has ended. ``holds`` are what they wait
    for. Two queries, none where nothing was agreed."""
    if not agreements:
        return {}
    stays = TierStay.objects.open().filter(incident__in=holds, team__in=agreements)
    return {
        pk: face_of(reading, is_here=True, hold=holds[pk])
        for pk, reading in _readings(stays, agreements, at).items()
    }


def _readings(
    stays: Any, agreements: Mapping[int, Agreement], at: datetime
) -> dict[int, OperationalReading]:
    """Of these open stays, by the incident's id. Two queries."""
    rows = {row.incident_id: row for row in stays.order_by()}
    found = {}
    for pk, events in groupby(_events_of(rows), key=lambda event: event.subject_id):
        (own,) = pieces_of([as_stay(rows[pk])], events)
        reading = agreed_of(own, agreements[rows[pk].team_id], at)
        if reading is not None:
            found[pk] = reading
    return found


def _events_of(incidents: Collection[int]) -> Any:
    """What says who owned them and what they waited for, oldest first."""
    told = Event.objects.filter(
        subject_type=Incident.subject_type,
        subject_id__in=list(incidents),
        kind__in=CONCERNED,
    )
    return told.order_by("subject_id", "seq").defer("hash", "request_id")
