"""What the page of one incident says of its announcement and of its parts."""

from typing import Any, Final

from accounts.models import User
from incidents import permissions as may
from incidents.models import Announcement, Incident
from incidents.services.parts import may_be_shared
from incidents.views.status import look_of

MOST_SHOWN: Final = 50


def together(incident: Incident, by: User) -> dict[str, Any]:
    """What everybody is told of it, and the reports that are part of it, as far as
    this person may see them."""
    parts = Incident.objects.parts_of(incident).visible_to(by)
    shown = list(parts.select_related("reporter").order_by("pk")[:MOST_SHOWN])
    is_all = len(shown) < MOST_SHOWN
    open_count = sum(part.is_open for part in shown) if is_all else parts.open().count()
    serves = may.may_resolve_parts(incident, by)
    return {
        "parts": [{"incident": part, "look": look_of(part)} for part in shown],
        "part_count": len(shown) if is_all else parts.count(),
        "open_parts": open_count,
        "solves_parts": bool(open_count and serves and may_be_shared(incident)),
        "announcement": _announcement(incident),
        "may_announce": incident.is_open and may.may_announce(incident, by),
    }


def _announcement(incident: Incident) -> Announcement | None:
    active = Announcement.objects.active().of(incident)
    return active.select_related("by").first() if incident.is_open else None
