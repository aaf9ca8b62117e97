"""The way through the tiers on the page of one incident, and what the next tier reads
first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import permissions as may
from incidents.codes import Why
from incidents.models import Incident, TierStay
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
    """The words of the escalation that brought it to this tier, for who has it."""
    sent = _sent_up(path) if path.now and may.is_in_team(incident, by) else None
    if sent is None:
        return None
    told = (entry for entry in entries if entry.seq == sent.entered_seq)
    return next(told, None)


def _sent_up(path: Path) -> TierStay | None:
    """The stay that began with the escalation, where it was only transferred since: a
    transfer never leaves the tier."""
    passed = (step.stay for step in reversed(path.steps))
    first = next((stay for stay in passed if stay.why != Why.TRANSFER), None)
    return first if first is not None and first.why == Why.ESCALATE else None
