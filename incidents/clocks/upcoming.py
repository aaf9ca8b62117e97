"""The one clock of an incident that a list shows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from incidents.clocks.faces import Face, face
from incidents.models import Clock, Incident
from sla.codes import Metric, State
from sla.services.terms import schedules_of

# Of clocks that stand alike: solving is the promise that people ask about.
WEIGHT: Final = {Metric.RESOLUTION: 0, Metric.RESPONSE: 1, Metric.UPDATE: 2}


def next_faces(incidents: Sequence[Incident], at: datetime) -> dict[int, Face]:
    """How it stands at ``at``, by the incident's id: the running clock that is due
    first; while they wait, the paused one; at last, whether it was solved in time.

    Nothing where nothing is promised. Two queries, however many incidents.
    """
    told: dict[int, list[Clock]] = {}
    for clock in _last_cycles(incidents):
        told.setdefault(clock.incident_id, []).append(clock)
    chosen = {pk: one for pk, clocks in told.items() if (one := _shown(clocks))}
    schedules = schedules_of(clock.policy for clock in chosen.values())
    holds = {incident.pk: incident.hold_reason for incident in incidents}
    return {
        pk: face(clock, schedules[clock.policy.calendar_id], at, hold=holds[pk])
        for pk, clock in chosen.items()
        if clock.policy is not None
    }


def _last_cycles(incidents: Sequence[Incident]) -> Iterable[Clock]:
    found: Iterable[Clock] = (
        Clock.objects.filter(incident__in=[incident.pk for incident in incidents])
        .order_by("incident_id", "metric", "-cycle")
        .distinct("incident_id", "metric")
        .select_related("policy")
    )
    return (clock for clock in found if clock.target is not None)


def _shown(clocks: Iterable[Clock]) -> Clock | None:
    ranked = sorted(clocks, key=lambda clock: WEIGHT[Metric(clock.metric)])
    due = [
        (one.due_at, place, one)
        for place, one in enumerate(ranked)
        if one.state == State.RUNNING and one.due_at is not None
    ]
    if due:
        return min(due)[-1]
    paused = [one for one in ranked if one.state == State.PAUSED]
    ended = [one for one in ranked if one.metric == Metric.RESOLUTION]
    return next(iter([*paused, *ended]), None)
