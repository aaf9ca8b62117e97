"""Which timers an incident wants, and that just these are armed."""

from collections.abc import Iterator, Sequence
from typing import Final

from activity.handlers import Arming
from activity.models import Event
from activity.services.timers import rearm
from incidents.clocks.history import concerns_clocks
from incidents.codes import Origin, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.silence import coming_reminder
from incidents.timers.kinds import (
    ASK_CONFIRMER,
    CLOCKS,
    HOLD_ENDS,
    LADDER,
    step_of,
)
from sla.codes import Metric

ABOUT_CONFIRMING: Final = (Kind.CONFIRM, Kind.WAIVE, Kind.SUCCEED, Kind.REMIND)


def keep_timers(incident: Incident, events: Sequence[Event]) -> None:
    """Follow these new events of a locked incident, after its clocks did."""
    if any(_concerns_timers(incident, event) for event in events):
        keep_armed(incident)


def keep_armed(incident: Incident) -> None:
    """Let just those timers be armed that this locked incident wants as it is."""
    rearm(incident, list(wanted_timers(incident)))


def wanted_timers(incident: Incident) -> Iterator[Arming]:
    """By what the incident and its clocks say; the same however often it is asked."""
    if incident.status == Status.ON_HOLD and incident.hold_until is not None:
        yield Arming(kind=HOLD_ENDS, due_at=incident.hold_until)
    for row in incident.clocks.all():
        if row.tell_step is not None and row.tell_at is not None:
            kind, step = CLOCKS[Metric(row.metric)], step_of(row.cycle, row.tell_step)
            yield Arming(kind=kind, step=step, due_at=row.tell_at)
    if incident.rung_at is not None and incident.rung_position is not None:
        yield Arming(kind=LADDER, step=incident.rung_position, due_at=incident.rung_at)
    coming = coming_reminder(incident)
    if coming is not None:
        number, due_at = coming
        yield Arming(kind=ASK_CONFIRMER, step=number, due_at=due_at)


def _concerns_timers(incident: Incident, event: Event) -> bool:
    """What is brought in from another system arms nothing."""
    if event.kind == Kind.REPORT and incident.origin == Origin.IMPORT:
        return False
    return concerns_clocks(event) or event.kind in ABOUT_CONFIRMING
