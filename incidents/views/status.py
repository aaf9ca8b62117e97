"""How the status of an incident looks on the desk's pages."""

from typing import Final

from incidents.codes import HoldReason, Status
from incidents.models import Incident

# Kinds of partials/_status.html.
LOOKS: Final = {
    Status.NEW: "new",
    Status.ASSIGNED: "progress",
    Status.IN_PROGRESS: "progress",
    Status.ON_HOLD: "hold",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "closed",
    Status.CANCELLED: "closed",
}


def waits_for_reporter(incident: Incident) -> bool:
    """On hold until the reporter answers a question."""
    return incident.hold_reason == HoldReason.AWAITING_REPORTER


def look_of(incident: Incident) -> str:
    """The kind of its tag; one that waits for the reporter stands out."""
    return "waiting" if waits_for_reporter(incident) else LOOKS[Status(incident.status)]
