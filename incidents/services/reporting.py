"""A report becomes an incident."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from activity import clock
from activity.lifecycle import begin
from activity.refusals import broken_rule
from catalogue.models import Category, Location, Service
from catalogue.services import location_of
from incidents import permissions as may
from incidents.codes import Impact, Source, Urgency
from incidents.events import Kind
from incidents.models import Incident, SeverityRule
from incidents.services.arriving import arrive
from incidents.services.asking import (
    receiving_desk,
    require_code,
    require_count,
    require_moment,
    text_given,
)
from incidents.services.uploading import attach_waiting, waiting_among

LONGEST_TITLE = 150
GENERATED_TITLE = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody tells us. Times are aware; ``files`` are ids of waiting uploads.

    ``submission`` is the form's one-time number: the same person sending it twice
    makes one incident.
    """

    description: str
    title: str = ""
    impact: int = Impact.ONE
    urgency: int = Urgency.CAN_WAIT
    service: Service | None = None
    category: Category | None = None
    location: Location | None = None
    people_affected: int | None = None
    source: str = Source.PORTAL
    occurred_at: datetime | None = None
    detected_at: datetime | None = None
    submission: UUID | None = None
    files: Sequence[int] = field(default_factory=tuple)


@transaction.atomic
def report_incident(
    report: Report,
    *,
    by: User,
    reporter: User | None = None,
    at: datetime | None = None,
    data: Mapping[str, object] | None = None,
) -> Incident:
    """Anyone reports for themselves, the desk also for others.

    The severity follows from impact and urgency; the report belongs to the desk of
    the reporter's location, or to the default desk. Sent again with the same
    ``submission``, it returns the incident that the first one made.
    Raises ``PermissionDenied`` and ``ValidationError``.
    """
    reporter = reporter or by
    _may_report(by, reporter)
    earlier = _earlier(report, by)
    if earlier is not None:
        return earlier
    at = at or clock.now()
    _check_times(report, at)
    _check_codes(report)
    incident = _new(report, by, reporter, at)
    try:
        with transaction.atomic():
            _begin(incident, report, by, at, data or {})
    except IntegrityError as error:
        if broken_rule(error) != "incident_submitted_once":
            raise
        return Incident.objects.get(logged_by=by, submission=report.submission)
    return incident


def severity_for(impact: int, urgency: int) -> int:
    """What the matrix says. Raises ``ValidationError`` for what is not in it."""
    require_code("impact", impact, Impact.values)
    require_code("urgency", urgency, Urgency.values)
    return SeverityRule.objects.get(impact=impact, urgency=urgency).severity


def title_from(description: str) -> str:
    """The first words of a report, at most 70 characters, cut between words."""
    words = " ".join(description.split())
    if len(words) <= GENERATED_TITLE:
        return words
    cut = words[:GENERATED_TITLE].rsplit(" ", 1)[0]
    return f"{cut.rstrip('.,;:')}…"


def confirmer_for(
    source: str, reporter: User, service: Service | None, desk: Team
) -> User:
    """Whose confirmation counts: the reporter's; for what monitoring opened the
    service's owner's, else the desk lead's, whoever of them is still here."""
    if source != Source.MONITORING:
        return reporter
    asked = (service.owner if service is not None else None, desk.lead)
    here = [person for person in asked if person is not None and person.is_active]
    return here[0] if here else reporter


def _may_report(by: User, reporter: User) -> None:
    if not may.may_report(by):
        raise PermissionDenied
    if reporter.pk == by.pk:
        return
    if not may.may_report_for_others(by):
        raise PermissionDenied
    if not reporter.is_active:
        sentence = _("%(name)s has left. Choose who reports it now.")
        raise ValidationError({"reporter": sentence % {"name": reporter.name}})


def _earlier(report: Report, by: User) -> Incident | None:
    if report.submission is None:
        return None
    found: Incident | None = Incident.objects.filter(
        logged_by=by, submission=report.submission
    ).first()
    return found


def _check_times(report: Report, at: datetime) -> None:
    for name in ("occurred_at", "detected_at"):
        moment = getattr(report, name)
        require_moment(name, moment)
        if moment is not None and moment > at:
            raise ValidationError({name: _("Enter a time that has already passed.")})


def _check_codes(report: Report) -> None:
    require_code("source", report.source, Source.values)
    require_count("people_affected", report.people_affected)


def _desk_for(reporter: User) -> Team:
    try:
        return receiving_desk(reporter)
    except LookupError:
        sentence = _(
            "No service desk is at work here. Ask for help in person; an administrator"
            " has to set one up."
        )
        raise ValidationError(sentence) from None


def _new(report: Report, by: User, reporter: User, at: datetime) -> Incident:
    description = text_given(
        "description", report.description, or_say=_("Tell us what is going wrong.")
    )
    desk = _desk_for(reporter)
    detected = min(filter(None, [report.detected_at, at]))
    return Incident(
        title=(" ".join(report.title.split()) or title_from(description))[
            :LONGEST_TITLE
        ],
        description=description,
        reporter=reporter,
        logged_by=by,
        confirmer=confirmer_for(report.source, reporter, report.service, desk),
        location=report.location or location_of(reporter),
        team=desk,
        desk=desk,
        service=report.service,
        category=report.category,
        impact=report.impact,
        urgency=report.urgency,
        severity=severity_for(report.impact, report.urgency),
        people_affected=report.people_affected,
        source=report.source,
        submission=report.submission,
        occurred_at=report.occurred_at,
        detected_at=detected,
        reported_at=at,
    )


def _begin(
    incident: Incident,
    report: Report,
    by: User,
    at: datetime,
    data: Mapping[str, object],
) -> None:
    files = waiting_among(report.files, by=by)
    facts = {
        "source": report.source,
        "impact": int(report.impact),
        "urgency": int(report.urgency),
        "severity": incident.severity,
        "reporter": incident.reporter_id,
        "team": incident.team_id,
        "files": files,
        **data,
    }
    event = begin(incident, Kind.REPORT, by=by, at=at, data=facts, public=True)
    incident.holdings.create(team=incident.team)
    attach_waiting(incident, files, by=by, seq=event.seq, public=True)
    # Who logs it for somebody goes on with it, or leaves it to their colleagues.
    if incident.team_id not in by.standing.teams:
        arrive(incident)
