"""Plans, and what carries them out: for each move that has a preview."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Team
from activity import clock
from incidents import services
from incidents.clocks.previewing import Plan
from incidents.codes import HoldReason, Severity
from incidents.events import Kind
from incidents.models import Clock, Incident
from sla.clock import Reading
from sla.codes import OnChange, OnMove, OnReopen, Pause, StopsAt
from tests.incidents import stories
from tests.people import Cast
from tests.sla.settings_cast import (
    ALWAYS,
    make_calendar,
    make_policy,
    without_defaults,
)

HOUR = timedelta(hours=1)
# Impact and urgency that make each severity.
MADE_BY = {1: (1, 1), 2: (1, 2), 3: (2, 2), 4: (3, 3)}
REASON = "Because it is so."


@dataclass(frozen=True, slots=True)
class Settings:
    on_change: OnChange
    on_move: OnMove
    on_reopen: OnReopen

    def __str__(self) -> str:
        return f"{self.on_change}-{self.on_move}-{self.on_reopen}"


SETTINGS = [
    Settings(change, move, reopen)
    for change in OnChange
    for move in OnMove
    for reopen in OnReopen
]
MOMENTS = {
    "office": datetime.fromisoformat("2026-03-03T15:00:00Z"),
    "night": datetime.fromisoformat("2026-03-04T23:40:00Z"),
    "weekend": datetime.fromisoformat("2026-03-07T12:00:00Z"),
    "monday": datetime.fromisoformat("2026-03-09T08:20:00Z"),
}


def promise(settings: Settings, other: Team) -> None:
    """One policy for each severity, one of its own for the other desk."""
    without_defaults()
    office, always = make_calendar("Office"), make_calendar("Always", shifts=ALWAYS)
    promised = {1: (15, 240, 30), 2: (30, 480, 60), 3: (120, 1440, 480)}
    for severity in Severity.values:
        response, resolution, update = promised.get(severity, (480, 2400, None))
        make_policy(
            f"Severity {severity}",
            severity=severity,
            calendar=always if severity < 3 else office,
            response_target=response,
            resolution_target=resolution,
            update_target=update,
            stops_at=StopsAt.CLOSED if severity == 2 else StopsAt.RESOLVED,
            pauses_on=[] if severity == 1 else [Pause.AWAITING_REPORTER, "scheduled"],
            **_moving(settings),
        )
    make_policy(
        "Other desk",
        team=other,
        calendar=office,
        resolution_target=360,
        update_target=120,
        pauses_on=Pause.values,
        **_moving(settings),
    )


def _moving(settings: Settings) -> dict[str, Any]:
    return {
        "on_change": settings.on_change,
        "on_transfer": settings.on_move,
        "on_tier_move": settings.on_move,
        "on_reject": settings.on_move,
        "on_reopen": settings.on_reopen,
    }


def prepared(cast: Cast, moment: datetime, severity: int) -> dict[str, Incident]:
    """One in each state, with hours behind it: by the name of its state."""
    impact, urgency = MADE_BY[severity]
    made = {}
    for name, states in HISTORIES.items():
        incident = None
        for hours, state in zip((9, 8, 5, 3, 2, 1), states, strict=False):
            given = {} if incident else {"impact": impact, "urgency": urgency}
            with clock.frozen_at(moment - hours * HOUR):
                story: Any = getattr(stories, state)
                incident = story(cast, **({"of": incident} if incident else given))
                if state == "triaged":
                    incident = _as_bad_as(incident, cast, severity)
        assert incident
        made[name] = incident
    return made


HISTORIES = {
    "new": ("reported",),
    "taken": ("reported", "in_progress"),
    "assigned": ("reported", "triaged"),
    "in_progress": ("reported", "triaged", "in_progress"),
    "on_hold": ("reported", "triaged", "in_progress", "on_hold"),
    "resolved": ("reported", "triaged", "in_progress", "resolved"),
    "closed": ("reported", "triaged", "in_progress", "resolved", "confirmed", "closed"),
    "cancelled": ("reported", "cancelled"),
}


def _as_bad_as(incident: Incident, cast: Cast, severity: int) -> Incident:
    """Triage in the stories says SEV4."""
    if incident.severity == severity:
        return incident
    services.override_severity(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        severity=severity,
        reason=REASON,
    )
    return stories.again(incident)


def plans(name: str, incident: Incident, other: Team, at: datetime) -> Iterator[Plan]:
    """All that may be planned for an incident in this state, within reason."""
    until = at + 20 * HOUR
    if name in {"new", "taken"}:
        triage = Plan(kind=Kind.TRIAGE, service=stories.catalogue()[0])
        yield replace(triage, team=incident.team, severity=_other(incident, 1))
        yield replace(triage, team=other, severity=_other(incident, 2))
        first = replace(triage, team=incident.team, severity=_other(incident, 3))
        above = Team.objects.get(name="Network")
        yield replace(first, kind=Kind.ESCALATE, team=above, first=first)
    if name in {"closed", "cancelled"}:
        yield Plan(kind=Kind.REOPEN, team=incident.team)
        return
    if name in {"assigned", "in_progress", "on_hold", "resolved"}:
        yield Plan(kind=Kind.OVERRIDE, severity=_other(incident, 1))
        yield Plan(kind=Kind.RECLASSIFY, severity=_other(incident, 2))
        yield Plan(kind=Kind.OVERRIDE, severity=_other(incident, 3))
    if name in {"assigned", "in_progress", "on_hold"}:
        yield Plan(kind=Kind.TRANSFER, team=other)
    if name == "in_progress":
        for reason in HoldReason.values:
            yield Plan(kind=Kind.HOLD, hold=reason, until=until)


def _other(incident: Incident, steps: int) -> int:
    return (incident.severity + steps - 1) % 4 + 1


def carry_out(plan: Plan, incident: Incident, cast: Cast, *, take: bool) -> None:
    """As the page of the move does."""
    given: dict[str, Any] = {"by": cast.bo, "expected_version": None}
    if plan.kind == Kind.TRIAGE:
        _set_aside(incident)
        act: Any = services.triage_and_take if take else services.triage_incident
        act(incident.pk, team=plan.team, classification=_as(plan), **given)
    elif plan.kind == Kind.ESCALATE:
        _set_aside(incident)
        stories.checked(incident, by=cast.bo)
        services.triage_and_escalate(
            incident.pk,
            classification=_as(plan),
            team=_team(plan),
            package=stories.package(),
            **given,
        )
    elif plan.kind == Kind.RECLASSIFY:
        _set_aside(incident)
        services.reclassify_incident(
            incident.pk, classification=_as(plan), reason=REASON, **given
        )
    elif plan.kind == Kind.OVERRIDE:
        services.override_severity(
            incident.pk, severity=plan.severity, reason=REASON, **given
        )
    elif plan.kind == Kind.TRANSFER:
        services.transfer_incident(
            incident.pk, team=_team(plan), reason=REASON, **given
        )
    elif plan.kind == Kind.REOPEN:
        services.reopen_incident(incident.pk, complaint="Blank again.", **given)
    else:
        _hold(plan, incident, given)


def _hold(plan: Plan, incident: Incident, given: dict[str, Any]) -> None:
    assert plan.until
    services.hold_incident(
        incident.pk,
        reason=plan.hold,
        until=plan.until,
        question="Which one?" if plan.hold == HoldReason.AWAITING_REPORTER else "",
        **given,
    )


def _team(plan: Plan) -> Team:
    assert plan.team
    return plan.team


def _as(plan: Plan) -> Any:
    impact, urgency = MADE_BY[plan.severity or 4]
    return stories.classification(impact=impact, urgency=urgency)


def _set_aside(incident: Incident) -> None:
    """What was set by hand would count before impact and urgency."""
    Incident.objects.filter(pk=incident.pk).update(severity_override=None)


Standing = dict[str, tuple[Any, ...]]


def as_kept(incident: Incident) -> Standing:
    """The last cycle of each clock, by its rows."""
    rows = Clock.objects.filter(incident=incident).order_by("cycle")
    last = {row.metric: row for row in rows}
    return {
        metric: _standing(row, row.policy_id or 0)
        for metric, row in last.items()
        if row.target
    }


def as_read(readings: list[Reading | None]) -> Standing:
    return {
        str(one.metric): _standing(one, one.policy)
        for one in readings
        if one is not None and one.target is not None
    }


def _standing(one: Any, policy: int) -> tuple[Any, ...]:
    return (
        one.cycle,
        policy,
        one.target,
        str(one.state),
        one.due_at,
        one.breached_at,
        one.stopped_at,
        one.elapsed,
    )
