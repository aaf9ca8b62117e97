"""The way through the tiers on the page of one incident, and what the team that gets it
reads first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from accounts.models import User
from activity import clock
from incidents import permissions as may
from incidents.codes import TIER_1, Why
from incidents.models import Incident, TierStay
from incidents.tiers.faces import CAME, agreed_face
from incidents.tiers.path import Path, path_of
from incidents.timeline import Entry, full_timeline

NOTHING: Final[dict[str, Any]] = {"package": None, "came_back": None, "came_from": None}


def way_of(
    incident: Incident, entries: Iterable[Entry], *, by: User, at: datetime
) -> dict[str, Any]:
    """Stays with their times; for the team that has it the package to work by, or why
    it was handed back."""
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
        **(_first_read(path, entries) if may.is_in_team(incident, by) else NOTHING),
    }


def what_came(incident: Incident) -> dict[str, Any]:
    """What the team that has it was told when it came, for who writes the next package;
    nothing at tier 1, where it is reported."""
    if incident.team.tier == TIER_1:
        return NOTHING
    path = path_of(incident, clock.now())
    return _first_read(path, full_timeline(incident))


def _first_read(path: Path, entries: Iterable[Entry]) -> dict[str, Any]:
    """``package``: the words of the escalation that brought it to this tier.
    ``came_back``: those of the team that handed it back, ``came_from``, as long as the
    stay goes on that began with it."""
    if path.now is None:
        return NOTHING
    told = {entry.seq: entry for entry in entries}
    if path.now.stay.why == Why.HAND_BACK:
        return {
            "package": None,
            "came_back": told.get(path.now.stay.entered_seq),
            "came_from": path.steps[-2].stay.team,
        }
    sent = _sent_up(path)
    return NOTHING | {"package": told.get(sent.entered_seq) if sent else None}


def _sent_up(path: Path) -> TierStay | None:
    """The stay that began with the escalation, where it was only transferred since: a
    transfer never leaves the tier."""
    passed = (step.stay for step in reversed(path.steps))
    first = next((stay for stay in passed if stay.why != Why.TRANSFER), None)
    return first if first is not None and first.why == Why.ESCALATE else None
