"""The desk tells everybody what many would report otherwise."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import record
from activity.models import Event
from activity.refusals import Conflict
from catalogue.models import Service
from incidents import permissions as may
from incidents.events import Kind
from incidents.models import Announcement, Incident
from incidents.models.announcement import LONGEST_HEADLINE, LONGEST_NOTICE
from incidents.services.asking import lock


@transaction.atomic
def announce_incident(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    title: str,
    text: str = "",
    service: Service | None = None,
) -> Announcement:
    """Tell everybody who logs in, in words made for them; the reporter's own words
    stay where they are. Announced already, the new words take the place of the old.

    Raises ``Conflict`` for what is not open any more.
    """
    incident = lock(
        pk,
        by=by,
        move="announce",
        may=may.may_announce,
        expected_version=expected_version,
    )
    if not incident.is_open:
        why = _("Only what is open is announced.")
        raise Conflict(incident, move="announce", why=why)
    title, text = _checked(title, text)
    at = clock.now()
    _end_active(incident, by, at)
    made = Announcement.objects.create(
        incident=incident,
        seq=incident.version + 1,
        by=by,
        at=at,
        title=title,
        text=text,
        service=service,
    )
    data = {"announcement": made.pk, "service": service.pk if service else None}
    record(incident, Kind.ANNOUNCE, by=by, at=at, data=data)
    return made


@transaction.atomic
def end_announcement(
    pk: int, *, by: User, expected_version: int | None = None
) -> Incident:
    """Take it from the portal. What was reported with *me too* stays reported."""
    incident = lock(
        pk,
        by=by,
        move="end_announcement",
        may=may.may_announce,
        expected_version=expected_version,
    )
    if not _end_active(incident, by, clock.now()):
        why = _("It is not announced any more.")
        raise Conflict(incident, move="end_announcement", why=why)
    return incident


def end_with_incident(incident: Incident, events: Sequence[Event]) -> None:
    """Follow these new events of a locked incident: what is solved or has ended is
    announced no longer."""
    moved = [event for event in events if event.to_status]
    if moved and not incident.is_open and moved[-1].kind != Kind.REPLAY:
        _end_active(incident, moved[-1].actor, moved[-1].at)


def _end_active(incident: Incident, by: User, at: datetime) -> bool:
    """Whether there was anything to end."""
    active = Announcement.objects.active().of(incident).first()
    if active is None:
        return False
    # A move may tell an earlier time than the one at which it is written down.
    active.ended_at = max(at, active.at)
    active.ended_by = by
    active.end_seq = incident.version + 1
    active.save(update_fields=["ended_at", "ended_by", "end_seq"])
    data = {"announcement": active.pk}
    record(incident, Kind.END_ANNOUNCEMENT, by=by, at=at, data=data)
    return True


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = " ".join(title.split()), text.strip()
    if not title:
        raise ValidationError({"title": _("Say in one sentence what is going wrong.")})
    for name, said, limit in (
        ("title", title, LONGEST_HEADLINE),
        ("text", text, LONGEST_NOTICE),
    ):
        if len(said) > limit:
            sentence = _("Shorten this to %(count)d characters.") % {"count": limit}
            raise ValidationError({name: sentence})
    return title, text
