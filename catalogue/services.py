"""Which place and which desk a person belongs to."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Team, User
from catalogue.models import Location


def location_of(user: User) -> Location | None:
    """Where this person works, if that is known."""
    places = Location.objects.select_related("desk")
    found: Location | None = places.filter(workplaces__user=user).first()
    return found


def desk_for(user: User) -> Team:
    """The service desk that receives what this person reports.

    The nearest location, from theirs upwards, that names a desk at work; otherwise
    the default desk, or the oldest desk where nobody chose one: no report is lost
    over a setting. Raises ``LookupError`` where no desk is at work.
    """
    for location in _upwards(location_of(user)):
        if location.desk is not None and location.desk.is_active:
            return location.desk
    return default_desk()


def default_desk() -> Team:
    """The desk of whoever has no other. Raises ``LookupError`` where none is at
    work."""
    desks = Team.objects.active().filter(is_service_desk=True)
    found = desks.order_by("-is_default_desk", "pk").first()
    if found is None:
        raise LookupError("No service desk is at work.")
    return found


def _upwards(location: Location | None) -> Iterator[Location]:
    """This location and those above it; ``location_no_circle`` lets it end."""
    place: Any = location
    while place is not None:
        yield place
        place = place.parent
