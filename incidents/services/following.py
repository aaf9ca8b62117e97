"""Who else hears of an incident."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import reads_figures_only
from activity.lifecycle import record
from incidents import permissions as may
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.asking import lock, require_sight


@transaction.atomic
def watch_incident(pk: int, *, by: User) -> Incident:
    """Hear of everything that happens to it."""
    incident = lock(pk, by=by, move="watch", may=may.may_watch)
    require_sight(incident, by, "watch")
    if not incident.watches.filter(user=by).exists():
        incident.watches.create(user=by)
        record(incident, Kind.WATCH, by=by, data={"user": by.pk})
    return incident


@transaction.atomic
def unwatch_incident(pk: int, *, by: User) -> Incident:
    """Hear of it no longer; also for who does not see it any more."""
    incident: Incident = Incident.objects.lock(pk)
    removed, _rows = incident.watches.filter(user=by).delete()
    if removed:
        record(incident, Kind.UNWATCH, by=by, data={"user": by.pk})
    return incident


@transaction.atomic
def share_incident(pk: int, *, by: User, email: str) -> Incident:
    """Let a colleague read the public part and hear of news."""
    incident = lock(pk, by=by, move="share", may=may.may_share)
    colleague = User.objects.people().active().filter(email__iexact=email).first()
    if colleague is None or colleague.pk == incident.reporter_id:
        sentence = _("Enter the address that a colleague logs in with here.")
        raise ValidationError({"email": sentence})
    if reads_figures_only(colleague):
        sentence = _("%(name)s reads figures, never tickets. Choose somebody else.")
        raise ValidationError({"email": sentence % {"name": colleague.name}})
    if not incident.shares.filter(user=colleague).exists():
        incident.shares.create(user=colleague, shared_by=by)
        data = {"user": colleague.pk}
        record(incident, Kind.SHARE, by=by, data=data, public=True)
    return incident


@transaction.atomic
def unshare_incident(pk: int, *, by: User, user: User) -> Incident:
    incident = lock(pk, by=by, move="share", may=may.may_share)
    removed, _rows = incident.shares.filter(user=user).delete()
    if removed:
        record(incident, Kind.UNSHARE, by=by, data={"user": user.pk}, public=True)
    return incident
