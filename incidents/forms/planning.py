"""What a form is about to do, as far as it is filled in: for previews."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError

from incidents.clocks.previewing import Plan
from incidents.events import Kind
from incidents.forms.escalating import TriageEscalateForm
from incidents.forms.move import MoveForm
from incidents.forms.working import HoldForm
from incidents.services.classifying import severity_counted
from incidents.services.confirming import team_to_return_to
from incidents.services.escalating import team_to_hand_back_to


class Answers:
    """What a form says, sent or not, field by field. Questions without an answer that
    counts are collected by their label in ``missing``; the form is left alone."""

    def __init__(self, form: MoveForm) -> None:
        self.form, self.incident = form, form.incident
        self.missing: list[str] = []

    def __call__(self, name: str) -> Any:
        """The cleaned answer; ``None`` if it does not count."""
        bound = self.form[name]
        try:
            return bound.field.clean(bound.value())
        except ValidationError:
            self.missing.append(str(bound.label))
            return None


Planned = Callable[[Answers], Plan | None]


def triage(answers: Answers) -> Plan:
    return replace(_triaged(answers), team=answers("team"))


def _triaged(answers: Answers) -> Plan:
    return Plan(
        kind=Kind.TRIAGE,
        nature=answers("kind"),
        service=answers("service"),
        severity=_severity(answers),
    )


def reclassify(answers: Answers) -> Plan:
    return Plan(
        kind=Kind.RECLASSIFY,
        nature=answers("kind"),
        service=answers("service"),
        severity=_severity(answers),
    )


def override(answers: Answers) -> Plan:
    incident, by_hand = answers.incident, answers("severity")
    if answers.missing:
        return Plan(kind=Kind.OVERRIDE)
    severity = severity_counted(by_hand, incident.impact, incident.urgency)
    return Plan(kind=Kind.OVERRIDE, severity=severity)


def hold(answers: Answers) -> Plan | None:
    """Nothing without what it waits for: that decides whether clocks pause."""
    reason, until = answers("reason"), _until(answers)
    if reason is None:
        return None
    return Plan(kind=Kind.HOLD, hold=reason, until=until)


def transfer(answers: Answers) -> Plan:
    return Plan(kind=Kind.TRANSFER, team=answers("team"))


def escalate(answers: Answers) -> Plan:
    return Plan(kind=Kind.ESCALATE, team=answers("team"))


def triage_and_escalate(answers: Answers) -> Plan:
    """Triaged for one's own desk, and then up; without a team above, for the desk."""
    desk = cast(TriageEscalateForm, answers.form).desk()
    first = replace(_triaged(answers), team=desk)
    return replace(first, kind=Kind.ESCALATE, team=answers("team") or desk, first=first)


def hand_back(answers: Answers) -> Plan:
    return Plan(kind=Kind.HAND_BACK, team=team_to_hand_back_to(answers.incident))


def reopen(answers: Answers) -> Plan:
    return Plan(kind=Kind.REOPEN, team=team_to_return_to(answers.incident))


def _severity(answers: Answers) -> int:
    incident = answers.incident
    return severity_counted(
        incident.severity_override,
        answers("impact") or incident.impact,
        answers("urgency") or incident.urgency,
    )


def _until(answers: Answers) -> datetime | None:
    """A moment of its own counts before the quick choice, as in the form."""
    moments = answers.form.moments if isinstance(answers.form, HoldForm) else {}
    until: datetime | None = answers("until")
    if until is not None or answers.form["until"].value():
        return until
    soon = answers("soon")
    return moments[soon][1] if soon in moments else None
