"""The way through the tiers on the page of one incident, and what the next tier reads
first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import permissions as may
from incidents.codes import Why
from incidents.models import Incident
from incidents.tiers.faces import CAME, agreed_face
from incidents.tiers.path import Path, path_of
from incidents.timeline import Entry


def way_of(
    incident: Incident, entries: Iterable[Entry], *, by: User, at: datetime
) -> dict[str, Any]:
    """Stays with their times; the package for the team that has to work by it."""
    path = path_of(incident, at)
    return {
        "path": path,
        "path_steps": [
            {
                "step": step,
                "came": CAME[step.stay.why],
                "agreed": agreed_face(step, hold=incident.hold_reason),
            }
            for step in path.steps
        ],
        "package": _package(incident, path, entries, by),
    }


def _package(
    incident: Incident, path: Path, entries: Iterable[Entry], by: User
) -> Entry | None:
    """The words of the escalation that brought it here, for those it was sent to."""
    now = path.now
    if now is None or now.stay.why != Why.ESCALATE or not may.is_in_team(incident, by):
        return None
    told = (entry for entry in entries if entry.seq == now.stay.entered_seq)
    return next(told, None)
