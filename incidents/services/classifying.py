"""What an incident is about and how bad it is."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from activity import clock
from activity.lifecycle import check_version, fire, record
from activity.models import Event
from activity.refusals import Conflict
from catalogue.models import Category, Service
from incidents import permissions as may
from incidents.codes import TIER_1, Severity, Source, Status
from incidents.codes import Kind as Nature
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.arriving import can_be_assigned, give
from incidents.services.asking import (
    changes,
    lock,
    refuse_ended,
    require_code,
    require_count,
    stays_active,
    text_given,
)
from incidents.services.reporting import LONGEST_TITLE, confirmer_for, severity_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The answers of triage. ``risks`` holds codes of ``Risk``."""

    category: Category
    service: Service
    impact: int
    urgency: int
    kind: str = Nature.INCIDENT
    risks: Collection[str] = field(default_factory=tuple)
    people_affected: int | None = None


@transaction.atomic
def triage_incident(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    classification: Classification,
    team: Team,
    at: datetime | None = None,
) -> Incident:
    """Say what it is and which tier 1 team works on it; ``by`` answers for it. Whoever
    owns it goes on with it, if they are in that team and not away. What nobody owns
    then is given by the rule of the team."""
    incident = _triage(pk, by, expected_version, classification, team, at)
    if incident.owner is None:
        give(incident, clock.now())
    return incident


@transaction.atomic
def triage_and_go_on(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    classification: Classification,
    team: Team,
) -> Incident:
    """The same for whoever takes it or sends it up in the same transaction: nobody else
    is given it meanwhile."""
    return _triage(pk, by, expected_version, classification, team, None)


def _triage(
    pk: int,
    by: User,
    expected_version: int | None,
    classification: Classification,
    team: Team,
    at: datetime | None,
) -> Incident:
    incident: Incident = Incident.objects.lock(pk)
    _check_team(team)
    # Asked before anything changes on the instance; fire asks again.
    check_version(incident, expected_version)
    desk = team if team.is_service_desk else incident.desk
    data = _classify(incident, classification, desk)
    kept = _owner_kept_by(incident, by, team)
    data |= {"team": team.pk, "owner": kept.pk if kept else None}
    fire(
        incident.triage,
        by=by,
        at=at,
        expected_version=expected_version,
        data=data,
        public=True,
        team=team,
        owner=kept,
    )
    incident.holdings.get_or_create(team=team)
    return incident


def _owner_kept_by(incident: Incident, by: User, team: Team) -> User | None:
    """Who owns it and goes on with it where ``team`` gets it; who triages is here."""
    owner = incident.owner
    if owner is None or owner == by:
        return owner if team.pk in by.standing.teams else None
    return owner if can_be_assigned(team, owner, clock.now()) else None


@transaction.atomic
def reclassify_incident(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    classification: Classification,
    reason: str,
) -> Incident:
    """Change what triage said. Needs a reason; the share of incidents changed after
    triage is a figure of the desk."""
    incident = lock(
        pk,
        by=by,
        move="reclassify",
        may=may.may_reclassify,
        expected_version=expected_version,
    )
    _refuse_unless_triaged(incident, "reclassify")
    reason = text_given("reason", reason, or_say=_("Say why this changes."))
    data = _classify(incident, classification, incident.desk)
    if not data["changed"]:
        raise ValidationError(_("Nothing is different. Change a value first."))
    incident.save()
    record(incident, Kind.RECLASSIFY, by=by, data=data, notes={"reason": reason})
    return incident


@transaction.atomic
def override_severity(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    severity: int | None,
    reason: str,
) -> Incident:
    """Set the severity by hand; ``None`` goes back to what the matrix says."""
    incident = lock(
        pk,
        by=by,
        move="override_severity",
        may=may.may_override_severity,
        expected_version=expected_version,
    )
    _refuse_unless_triaged(incident, "override_severity")
    reason = text_given("reason", reason, or_say=_("Say why this changes."))
    if severity is not None:
        require_code("severity", severity, Severity.values)
    before = incident.severity
    incident.severity_override = severity
    incident.severity = severity_counted(severity, incident.impact, incident.urgency)
    incident.save()
    data = {"override": severity, "changed": {"severity": [before, incident.severity]}}
    record(incident, Kind.OVERRIDE, by=by, data=data, notes={"reason": reason})
    return incident


@transaction.atomic
def retitle_incident(
    pk: int, *, by: User, expected_version: int | None, title: str
) -> Incident:
    """Give it a better subject; the old one stays beside the event."""
    incident = lock(
        pk, by=by, move="retitle", may=may.may_work, expected_version=expected_version
    )
    refuse_ended(incident, "retitle")
    title = " ".join(title.split())
    if not title:
        raise ValidationError({"title": _("Enter a subject.")})
    if len(title) > LONGEST_TITLE:
        sentence = _("Shorten the subject to %(count)d characters.")
        raise ValidationError({"title": sentence % {"count": LONGEST_TITLE}})
    if title == incident.title:
        return incident
    notes = {"former_title": incident.title}
    incident.title = title
    incident.save()
    record(incident, Kind.RETITLE, by=by, notes=notes)
    return incident


def severity_counted(by_hand: int | None, impact: int, urgency: int) -> int:
    """What was set by hand, else what the matrix says. Raises ``ValidationError`` for
    what is not in it."""
    return by_hand or severity_for(impact, urgency)


def _check_team(team: Team) -> None:
    """An active team of tier 1 whose members can see what they get: a desk."""
    is_desk = team.tier == TIER_1 and team.is_service_desk
    if not is_desk or not stays_active(team):
        raise ValidationError({"team": _("Choose a service desk that is active.")})


def _refuse_unless_triaged(incident: Incident, move: str) -> None:
    refuse_ended(incident, move)
    if incident.status == Status.NEW:
        raise Conflict(incident, move=move, why=_("Triage it first."))


def _classify(incident: Incident, new: Classification, desk: Team) -> dict[str, Any]:
    """Set the values and return what an event says of them."""
    require_code("kind", new.kind, Nature.values)
    require_count("people_affected", new.people_affected)
    by_hand = incident.severity_override
    severity = severity_counted(by_hand, new.impact, new.urgency)
    values = {
        "kind": str(new.kind),
        "category": new.category,
        "service": new.service,
        "impact": int(new.impact),
        "urgency": int(new.urgency),
        "severity": severity,
        "people_affected": new.people_affected,
    }
    if _asks_by_service(incident):
        values["confirmer"] = confirmer_for(
            incident.source, incident.reporter, new.service, desk
        )
    changed = changes(incident, values)
    risks = sorted(str(risk) for risk in new.risks)
    if risks != sorted(incident.risks):
        changed["risks"] = [sorted(incident.risks), risks]
    for name, value in values.items():
        setattr(incident, name, value)
    incident.set_risks(risks)
    return {
        "kind": str(new.kind),
        "category": new.category.pk,
        "service": new.service.pk,
        "impact": int(new.impact),
        "urgency": int(new.urgency),
        "severity": severity,
        "risks": risks,
        "changed": changed,
    }


def _asks_by_service(incident: Incident) -> bool:
    """Whose word counts follows the service: for what monitoring opened, until a lead
    names somebody."""
    if incident.source != Source.MONITORING or not incident.is_open:
        return False
    named = Event.objects.about(incident).filter(kind=Kind.SUCCEED)
    return not named.exists()
