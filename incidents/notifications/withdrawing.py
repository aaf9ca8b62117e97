"""Calls that nobody has to answer any more do not leave the house."""

from collections.abc import Sequence
from typing import Final

from activity.models import Event
from activity.services.deliveries import withdraw
from incidents.events import Kind
from incidents.models import Incident

# Somebody attends to it, or there is nothing left to attend to.
ENDS_CALLS: Final = frozenset({Kind.ACKNOWLEDGE, Kind.RESOLVE, Kind.CANCEL})


def withdraw_calls(incident: Incident, events: Sequence[Event]) -> None:
    """Whoever was called and has not been sent it yet need not hear of it."""
    if any(event.kind in ENDS_CALLS for event in events):
        withdraw(Event.objects.about(incident).filter(kind=Kind.RUNG))
