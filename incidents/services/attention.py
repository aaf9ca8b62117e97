"""How far up a ticket is looked at. It never changes severity, status or owner."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from activity.lifecycle import record
from activity.models import Event
from incidents.events import Kind
from incidents.models import Incident
from sla.codes import Attention


def raise_attention(
    incident: Incident,
    *,
    level: int,
    because: str,
    by: User | None = None,
    values: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Event | None:
    """Let a locked incident be looked at from this level, if it is not yet.

    ``level`` is one of ``Attention``. ``because`` is a code and ``values`` are its
    numbers: together they say why. Without ``by`` the product itself does it. The
    event, or ``None`` where nothing changed: attention only ever rises, until
    ``lower_attention`` ends the climb.
    """
    level, former = Attention(level), incident.attention
    if level <= former:
        return None
    incident.attention = int(level)
    incident.save(update_fields=["attention"])
    data = {
        "level": int(level),
        "former": former,
        "because": str(because),
        "values": dict(values or {}),
    }
    by = by or User.objects.system()
    return record(incident, Kind.RAISE_ATTENTION, by=by, at=at, data=data)


def lower_attention(
    incident: Incident,
    *,
    because: str,
    by: User | None = None,
    at: datetime | None = None,
) -> Event | None:
    """End the climb of a locked incident: nobody above has to look at it any more."""
    former = incident.attention
    if not former:
        return None
    incident.attention = 0
    incident.save(update_fields=["attention"])
    data = {"level": 0, "former": former, "because": str(because)}
    by = by or User.objects.system()
    return record(incident, Kind.LOWER_ATTENTION, by=by, at=at, data=data)
