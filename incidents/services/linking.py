"""Incidents that belong together."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity.lifecycle import record
from incidents import permissions as may
from incidents.codes import LinkKind
from incidents.events import Kind
from incidents.models import Incident, Link
from incidents.services.asking import lock

BY_HAND = (LinkKind.PARENT, LinkKind.RELATED)


@transaction.atomic
def link_incidents(
    pk: int, *, by: User, to: int, kind: str, expected_version: int | None = None
) -> Incident:
    """Say that two incidents belong together; both histories say so."""
    if kind not in BY_HAND:
        raise ValidationError({"kind": _("Choose how they belong together.")})
    incident, other = _lock_both(pk, to, by, expected_version)
    _link, made = Link.objects.get_or_create(
        from_incident=incident, to_incident=other, kind=kind, defaults={"by": by}
    )
    if made:
        record(incident, Kind.LINK, by=by, data={"to": other.pk, "kind": kind})
        record(other, Kind.LINK, by=by, data={"from": incident.pk, "kind": kind})
    return incident


@transaction.atomic
def unlink_incidents(
    pk: int, *, by: User, link: int, expected_version: int | None = None
) -> Incident:
    """Take a link back that somebody made by hand. Raises ``Link.DoesNotExist``."""
    found = Link.objects.filter(kind__in=BY_HAND).get(pk=link)
    ends = {found.from_incident_id, found.to_incident_id}
    if pk not in ends:
        raise Link.DoesNotExist
    other = (ends - {pk}).pop()
    incident, neighbour = _lock_both(pk, other, by, expected_version)
    if not Link.objects.filter(pk=link).delete()[0]:
        raise Link.DoesNotExist
    data = {"kind": str(found.kind)}
    record(incident, Kind.UNLINK, by=by, data=data | {"with": other})
    record(neighbour, Kind.UNLINK, by=by, data=data | {"with": pk})
    return incident


def _lock_both(
    pk: int, to: int, by: User, expected_version: int | None
) -> tuple[Incident, Incident]:
    """In order of id, so that two people linking crosswise never wait in a circle."""
    if pk == to or not Incident.objects.visible_to(by).filter(pk=to).exists():
        sentence = _("Enter the number of another incident that you can see.")
        raise ValidationError({"to": sentence})
    held = {}
    for one in sorted((pk, to)):
        held[one] = lock(
            one,
            by=by,
            move="link",
            may=may.may_work if one == pk else may.may_see_internal,
            expected_version=expected_version if one == pk else None,
        )
    return held[pk], held[to]
