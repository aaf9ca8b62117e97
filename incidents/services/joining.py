"""*Me too*: a report of one's own, as part of what is announced."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity.lifecycle import record
from incidents.codes import OPEN, Impact, LinkKind
from incidents.events import Kind
from incidents.models import Announcement, Incident, Link
from incidents.services.reporting import Report, report_incident

NAMESPACE: Final = UUID("8f7f5b0c-55c3-5a4e-9d2b-0b1a6f0c9d55")


@transaction.atomic
def say_me_too(  # noqa: PLR0913 - all by name
    announcement: int,
    *,
    by: User,
    description: str = "",
    impact: int = Impact.ONE,
    urgency: int | None = None,
    files: Sequence[int] = (),
    at: datetime | None = None,
) -> Incident:
    """Report the same for oneself: with a reference, letters and a confirmer of its
    own. Who has an open report of it already gets that one again, however often and
    fast they press.

    Raises ``Announcement.DoesNotExist``, and ``ValidationError`` where it is announced
    no longer.
    """
    named = Announcement.objects.get(pk=announcement)
    # Everybody who has it too waits here for one moment, so nobody reports it twice.
    master: Incident = Incident.objects.lock(named.incident_id)
    active = Announcement.objects.active().of(master).select_related("service").first()
    own = open_report_of(master, by)
    if own is not None:
        return own
    if active is None:
        raise ValidationError(
            _(
                "This is not announced any more: it may work again. If it still goes"
                " wrong, send your own report."
            )
        )
    sentence = _("I have this too: %(title)s") % {"title": active.title}
    told = Report(
        title=active.title,
        description=description.strip() or sentence,
        impact=impact,
        urgency=urgency if urgency is not None else master.urgency,
        service=active.service,
        submission=_number(master, by),
        files=files,
    )
    made = report_incident(told, by=by, at=at, data={"part_of": master.pk})
    return _joined(made, master, active, by)


def open_report_of(master: Incident, person: User) -> Incident | None:
    """This person's open report of the same: the master itself, or a part of it."""
    if master.reporter_id == person.pk and master.is_open:
        return master
    found: Incident | None = (
        Incident.objects.parts_of(master)
        .filter(reporter=person, status__in=OPEN)
        .order_by("pk")
        .first()
    )
    return found


def _number(master: Incident, by: User) -> UUID:
    """The same for every press, until the report that it made has ended: the database
    refuses a second report with it as well."""
    former = Incident.objects.parts_of(master).filter(reporter=by).count()
    return uuid5(NAMESPACE, f"{master.pk}/{by.pk}/{former}")


def _joined(
    made: Incident, master: Incident, announcement: Announcement, by: User
) -> Incident:
    """Both histories say so."""
    part: Incident = Incident.objects.lock(made.pk)
    Link.objects.create(
        from_incident=part, to_incident=master, kind=LinkKind.PARENT, by=by
    )
    data = {"announcement": announcement.pk}
    record(part, Kind.ME_TOO, by=by, data=data | {"to": master.pk})
    record(master, Kind.ME_TOO, by=by, data=data | {"from": part.pk})
    return part
