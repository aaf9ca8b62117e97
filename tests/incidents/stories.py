"""How incidents came to where they are: one function for each state.

Everything goes through the services, as in real life. Each takes the cast and
returns the incident freshly read. ``of`` goes on with an incident that exists;
other names are answers of the report (``title``, ``impact``, ``service``, ...).
"""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Team, User
from activity import clock
from catalogue.models import Category, Service
from incidents import services
from incidents.codes import (
    CancelReason,
    Decided,
    HoldReason,
    Impact,
    Refusal,
    ResolutionCode,
    Status,
    Urgency,
)
from incidents.models import Incident
from incidents.services.checking import Decision, candidates_for
from incidents.services.classifying import Classification
from incidents.services.escalating import Package
from incidents.services.reporting import Report
from incidents.services.resolving import Solution
from tests.people import Cast

DESCRIPTION = "The printer on the second floor prints blank pages."
REMINDED_AFTER_DAYS = (1, 3, 5)
WAIVED_AFTER_DAYS = 10


def catalogue() -> tuple[Service, Category]:
    """One service and one category, the same ones every time."""
    service, _ = Service.objects.get_or_create(name="Printing")
    category, _ = Category.objects.get_or_create(name="Hardware")
    return service, category


def classification(**answers: Any) -> Classification:
    """What triage says: one person, hindered, so SEV4."""
    service, category = catalogue()
    given: dict[str, Any] = {
        "service": service,
        "category": category,
        "impact": Impact.ONE,
        "urgency": Urgency.HINDERED,
    }
    return Classification(**(given | answers))


def solution(**answers: Any) -> Solution:
    given: dict[str, Any] = {
        "code": ResolutionCode.FIXED,
        "text": "We replaced the drum.",
        "verification": "Ann printed a page while we watched.",
    }
    return Solution(**(given | answers))


def again(incident: Incident) -> Incident:
    """The same incident as the database has it now."""
    found: Incident = Incident.objects.get(pk=incident.pk)
    return found


def reported(
    cast: Cast,
    *,
    by: User | None = None,
    reporter: User | None = None,
    at: datetime | None = None,
    **report: Any,
) -> Incident:
    """New: Ann said what is wrong, nobody has looked at it."""
    told = Report(**({"description": DESCRIPTION} | report))
    made = services.report_incident(told, by=by or cast.ann, reporter=reporter, at=at)
    return again(made)


def triaged(
    cast: Cast,
    *,
    by: User | None = None,
    team: Team | None = None,
    of: Incident | None = None,
    at: datetime | None = None,
    **report: Any,
) -> Incident:
    """Assigned to the desk without an owner; Bo triaged it."""
    incident = of or reported(cast, at=at, **report)
    services.triage_incident(
        incident.pk,
        by=by or cast.bo,
        expected_version=None,
        classification=classification(),
        team=team or cast.desk,
        at=at,
    )
    return again(incident)


def package(**words: str) -> Package:
    given = {
        "symptom": "Every page comes out blank, from every computer.",
        "diagnosis": "The print server answers, the printer does not.",
        "tried": "Restarted the printer: no change. Other cable: no change.",
        "wanted": "Look at the switch port of the printer.",
    }
    return Package(**(given | words))


def checked(incident: Incident, *, by: User) -> None:
    """Somebody looked whether it is a known error; it is none."""
    shown = [one.version.pk for one in candidates_for(again(incident), by)]
    no = Decision(decided=Decided.REFUSED, refusal=Refusal.OTHER_SYMPTOM)
    services.check_known_errors(
        incident.pk,
        by=by,
        expected_version=None,
        shown=shown,
        decisions=dict.fromkeys(shown, no),
    )


def escalated(
    cast: Cast,
    *,
    by: User | None = None,
    team: Team | None = None,
    of: Incident | None = None,
    at: datetime | None = None,
    **report: Any,
) -> Incident:
    """With Network, from Bo; with ``of``, wherever it is, to ``team`` of the next
    tier."""
    incident = of or triaged(cast, at=at, **report)
    by = by or cast.bo
    if incident.team.tier == 1:
        checked(incident, by=by)
    services.escalate_incident(
        incident.pk,
        by=by,
        expected_version=None,
        team=team or cast.network,
        package=package(),
        at=at,
    )
    return again(incident)


def handed_back(
    cast: Cast, *, by: User | None = None, of: Incident | None = None, **report: Any
) -> Incident:
    """Back with the desk, from Ned."""
    incident = of or escalated(cast, **report)
    services.hand_back_incident(
        incident.pk,
        by=by or cast.ned,
        expected_version=None,
        reason="The port is fine: look at the driver.",
    )
    return again(incident)


def in_progress(
    cast: Cast,
    *,
    owner: User | None = None,
    of: Incident | None = None,
    at: datetime | None = None,
    **report: Any,
) -> Incident:
    """Bo took it, or began with what came back to him."""
    incident = of or triaged(cast, at=at, **report)
    by = owner or cast.bo
    if incident.owner_id == by.pk and incident.status == Status.ASSIGNED:
        services.start_incident(incident.pk, by=by, expected_version=None)
    else:
        services.take_incident(incident.pk, by=by, expected_version=None, at=at)
    return again(incident)


def on_hold(
    cast: Cast,
    *,
    reason: str = HoldReason.AWAITING_REPORTER,
    until: datetime | None = None,
    question: str = "Which printer is it?",
    of: Incident | None = None,
    **report: Any,
) -> Incident:
    """It waits for an answer of the reporter, two days at most."""
    incident = of or in_progress(cast, **report)
    services.hold_incident(
        incident.pk,
        by=_owner(incident),
        expected_version=None,
        reason=reason,
        until=until or clock.now() + timedelta(days=2),
        question=question if reason == HoldReason.AWAITING_REPORTER else "",
    )
    return again(incident)


def resolved(
    cast: Cast,
    *,
    of: Incident | None = None,
    at: datetime | None = None,
    **report: Any,
) -> Incident:
    """Solved by its owner, and the confirmer is asked."""
    incident = of or in_progress(cast, at=at, **report)
    services.resolve_incident(
        incident.pk,
        by=_owner(incident),
        expected_version=None,
        solution=solution(),
        at=at,
    )
    return again(incident)


def confirmed(
    cast: Cast,
    *,
    of: Incident | None = None,
    at: datetime | None = None,
    **report: Any,
) -> Incident:
    """The confirmer says that it works."""
    incident = of or resolved(cast, at=at, **report)
    services.confirm_resolution(
        incident.pk, by=incident.confirmer, resolution=current(incident), at=at
    )
    return again(incident)


def called(cast: Cast, *, by: User | None = None, **report: Any) -> Incident:
    """The confirmer said so on the telephone, and Bo wrote it down."""
    incident = resolved(cast, **report)
    services.record_call(
        incident.pk,
        by=by or cast.bo,
        expected_version=None,
        account="Ann told me at noon that it prints again.",
    )
    return again(incident)


def reminded(
    cast: Cast, *, of: Incident | None = None, times: int = 3, **report: Any
) -> Incident:
    """Asked up to three times, after one, three and five days: all in the past,
    so that five working days have gone by since, whatever day and hour it is."""
    start = clock.now() - timedelta(days=WAIVED_AFTER_DAYS)
    incident = of or resolved(cast, at=start, **report)
    for days in REMINDED_AFTER_DAYS[:times]:
        services.remind_confirmer(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            at=(incident.resolved_at or start) + timedelta(days=days),
        )
    return again(incident)


def waived(cast: Cast, *, of: Incident | None = None, **report: Any) -> Incident:
    """No answer to three reminders, so Lea does without it."""
    incident = of or reminded(cast, **report)
    services.waive_confirmation(
        incident.pk,
        by=cast.lea,
        expected_version=None,
        reason="Ann is travelling, and the printer prints.",
    )
    return again(incident)


def closed(
    cast: Cast,
    *,
    by: User | None = None,
    of: Incident | None = None,
    at: datetime | None = None,
    **report: Any,
) -> Incident:
    """Confirmed by Ann and closed by Cy; with ``of``, what is confirmed or waived."""
    incident = of or confirmed(cast, at=at, **report)
    services.close_incident(incident.pk, by=by or cast.cy, expected_version=None, at=at)
    return again(incident)


def cancelled(
    cast: Cast,
    *,
    by: User | None = None,
    reason: str = CancelReason.NOT_A_FAULT,
    master: Incident | None = None,
    of: Incident | None = None,
    **report: Any,
) -> Incident:
    """Bo ended it before work began, and said why."""
    incident = of or reported(cast, **report)
    services.cancel_incident(
        incident.pk,
        by=by or cast.bo,
        reason=reason,
        explanation="The printer was out of paper.",
        master=master,
    )
    return again(incident)


def first_contact(
    cast: Cast,
    *,
    by: User | None = None,
    reporter: User | None = None,
    **report: Any,
) -> Incident:
    """Ann called, and Bo solved it while she was on the line."""
    told = {"description": DESCRIPTION, "source": "phone"} | report
    made = services.resolve_at_first_contact(
        Report(**told),
        by=by or cast.bo,
        reporter=reporter or cast.ann,
        classification=classification(),
        solution=solution(),
    )
    return again(made)


def everything(cast: Cast) -> dict[str, Incident]:
    """One in each state, and the ones in between, by the name of the story."""
    return {
        "new": reported(cast),
        "assigned": triaged(cast),
        "in_progress": in_progress(cast),
        "on_hold": on_hold(cast),
        "resolved": resolved(cast),
        "confirmed": confirmed(cast),
        "waived": waived(cast),
        "closed": closed(cast),
        "cancelled": cancelled(cast),
    }


def current(incident: Incident) -> int:
    """The id of the resolution that the confirmer is asked about."""
    if incident.resolution_id is None:
        raise AssertionError("This incident is not resolved.")
    return incident.resolution_id


def _owner(incident: Incident) -> User:
    if incident.owner is None:
        raise AssertionError("Nobody owns this incident.")
    return incident.owner
