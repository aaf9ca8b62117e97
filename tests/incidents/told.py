"""What everybody is told of, and who has it too."""

from typing import Any

from accounts.models import User
from incidents import services
from incidents.models import Announcement, Incident
from tests.incidents import stories
from tests.people import Cast

HEADLINE = "Nothing prints on the second floor"
NOTICE = "Use the printers on the first floor meanwhile."


def announced(
    cast: Cast, *, of: Incident | None = None, title: str = HEADLINE, **report: Any
) -> Incident:
    """Bo has it, and tells everybody."""
    incident = of or stories.in_progress(cast, **report)
    services.announce_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        title=title,
        text=NOTICE,
        service=stories.catalogue()[0],
    )
    return stories.again(incident)


def announcement_of(incident: Incident) -> Announcement:
    found = Announcement.objects.active().of(incident).first()
    assert found is not None
    return found


def joined(master: Incident, *, by: User, **given: Any) -> Incident:
    """``by`` has it too."""
    made = services.say_me_too(announcement_of(master).pk, by=by, **given)
    return stories.again(made)
