"""Attention follows the ladder up, and is nobody's any more when it is over."""

from collections.abc import Sequence

from activity.models import Event
from incidents.codes import Because
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.attention import lower_attention, raise_attention


def carry_attention(incident: Incident, events: Sequence[Event]) -> None:
    """Follow these new events of a locked incident: a rung carries it up to its level;
    what is solved or has ended needs nobody above."""
    for event in events:
        if event.kind == Kind.RUNG:
            raise_attention(
                incident,
                level=event.data["level"],
                because=Because.LADDER,
                values={"rung": event.data["rung"], "climb": event.data["climb"]},
                at=event.at,
            )
    moved = [event for event in events if event.to_status]
    if moved and not incident.is_open and moved[-1].kind != Kind.REPLAY:
        lower_attention(incident, because=Because.OVER, at=moved[-1].at)
