"""The flag of a major incident."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity.lifecycle import check_version, fire
from incidents.models import Incident
from incidents.services.asking import text_given


@transaction.atomic
def declare_major(
    pk: int, *, by: User, expected_version: int | None, reason: str
) -> Incident:
    """Say that it is a major incident; a severity does not change by that."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    notes = {"reason": text_given("reason", reason, or_say=_("Say why."))}
    fire(incident.declare_major, by=by, notes=notes)
    return incident


@transaction.atomic
def stand_down(
    pk: int, *, by: User, expected_version: int | None, reason: str
) -> Incident:
    """Say that it is no longer a major incident."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    notes = {"reason": text_given("reason", reason, or_say=_("Say why."))}
    fire(incident.stand_down, by=by, notes=notes)
    return incident
