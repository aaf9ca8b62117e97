"""Somebody calls, or stands there: one screen, one transaction."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Team, User
from incidents import permissions as may
from incidents.models import Incident
from incidents.services.classifying import Classification, triage_and_go_on
from incidents.services.reporting import Report, report_incident
from incidents.services.resolving import Solution, resolve_incident
from incidents.services.working import take_incident


@transaction.atomic
def log_contact(
    report: Report, *, by: User, reporter: User, classification: Classification
) -> Incident:
    """Report for somebody, triage and take it: the agent goes on with it.

    Sent again with the same ``submission``, it returns what the first one made.
    """
    return _log(report, by, reporter, classification, {})


@transaction.atomic
def resolve_at_first_contact(
    report: Report,
    *,
    by: User,
    reporter: User,
    classification: Classification,
    solution: Solution,
) -> Incident:
    """Report, triage, take and resolve in one go: most calls end like this.

    Sent again with the same ``submission``, it returns what the first one made.
    """
    data = {"first_contact": True}
    incident = _log(report, by, reporter, classification, data)
    # Sent once more after the reporter said no: what it solved then is no answer now.
    if not incident.is_open or incident.resolutions.exists():
        return incident
    return resolve_incident(
        incident.pk, by=by, expected_version=None, solution=solution
    )


def _log(
    report: Report,
    by: User,
    reporter: User,
    classification: Classification,
    data: Mapping[str, object],
) -> Incident:
    if not may.may_report_for_others(by):
        raise PermissionDenied
    incident = report_incident(report, by=by, reporter=reporter, data=data)
    if incident.version > 1:
        return incident
    triage_and_go_on(
        incident.pk,
        by=by,
        expected_version=None,
        classification=classification,
        team=own_desk(incident, by),
    )
    return take_incident(incident.pk, by=by, expected_version=None)


def own_desk(incident: Incident, by: User) -> Team:
    """The desk that received it, if the agent works there; otherwise their own."""
    if incident.desk_id in by.standing.desks:
        return incident.desk
    return Team.objects.filter(pk__in=by.standing.desks).order_by("pk")[0]
