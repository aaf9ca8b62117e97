"""Every move that has a form: from where, by whom, with what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from accounts.models import Team
from incidents import services
from incidents.forms.checking import seal
from incidents.models import Incident
from tests.incidents import stories
from tests.people import Cast

Story = Callable[[Cast], Incident]
TEXT = "Because <b>the drum</b> is worn out."
ROUTES = {"share": "share_ticket"}


def of_who_left(cast: Cast) -> Incident:
    incident = stories.resolved(cast)
    cast.ann.is_active = False
    cast.ann.save()
    return incident


def major(cast: Cast) -> Incident:
    incident = stories.triaged(cast)
    services.declare_major(
        incident.pk, by=cast.lea, expected_version=None, reason="Nobody can print."
    )
    return stories.again(incident)


def solved_above(cast: Cast) -> Incident:
    above = stories.escalated(cast)
    work = stories.in_progress(cast, owner=cast.ned, of=above)
    return stories.resolved(cast, of=work)


def checked(cast: Cast) -> Incident:
    incident = stories.triaged(cast)
    stories.checked(incident, by=cast.bo)
    return stories.again(incident)


def with_another_desk(cast: Cast) -> Incident:
    Team.objects.create(name="North desk", tier=1, is_service_desk=True)
    return stories.triaged(cast)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``by`` may make the move from ``story``, ``other`` may not though they see it;
    from ``wrong`` nobody can. ``bad`` answers are not accepted."""

    move: str
    story: Story
    by: str = "bo"
    other: str = ""
    wrong: Story | None = None
    given: dict[str, Any] = field(default_factory=dict)
    bad: dict[str, Any] | None = None
    typed: str = TEXT
    status: str = ""


TRIAGE = {
    "kind": "incident",
    "impact": "2",
    "urgency": "1",
    "risks": ["financial"],
    "people_affected": "12",
}
PACKAGE = {
    "team": "Network",
    "symptom": TEXT,
    "diagnosis": "The port drops frames.",
    "tried": "Another cable: no change.",
    "wanted": "Look at the switch.",
}
CASES = [
    Case(
        move="triage",
        story=stories.reported,
        other="ned",
        wrong=stories.triaged,
        given=TRIAGE,
        bad={**TRIAGE, "urgency": ""},
        typed='value="12"',
        status="assigned",
    ),
    Case(
        move="reclassify",
        story=stories.triaged,
        other="ned",
        wrong=stories.reported,
        given={**TRIAGE, "reason": TEXT},
        bad={**TRIAGE, "impact": "", "reason": TEXT},
    ),
    Case(
        move="override_severity",
        story=stories.triaged,
        other="ned",
        wrong=stories.closed,
        given={"severity": "1", "reason": TEXT},
        bad={"severity": "9", "reason": TEXT},
    ),
    Case(
        move="retitle",
        story=stories.triaged,
        other="ned",
        wrong=stories.closed,
        given={"title": "Blank pages"},
        bad={"title": "x" * 151},
        typed="x" * 151,
    ),
    Case(
        move="assign",
        story=stories.triaged,
        by="lea",
        other="bo",
        wrong=stories.resolved,
        given={"to": "cy"},
        bad={"to": ""},
        typed="Choose who works on it.",
    ),
    Case(
        move="hand_over",
        story=stories.triaged,
        other="ned",
        wrong=stories.closed,
        given={"to": "cy"},
        bad={"to": ""},
        typed="Choose a desk owner.",
    ),
    Case(
        move="transfer",
        story=with_another_desk,
        other="ned",
        wrong=stories.resolved,
        given={"team": "North desk", "reason": TEXT},
        bad={"team": "", "reason": TEXT},
        status="assigned",
    ),
    Case(
        move="escalate",
        story=checked,
        other="ned",
        wrong=stories.resolved,
        given=PACKAGE,
        bad={**PACKAGE, "wanted": ""},
        status="assigned",
    ),
    Case(
        move="triage_and_escalate",
        story=stories.reported,
        other="ned",
        wrong=stories.triaged,
        given={**TRIAGE, **PACKAGE},
        bad={**TRIAGE, **PACKAGE, "wanted": ""},
        status="assigned",
    ),
    Case(
        move="hand_back",
        story=stories.escalated,
        by="ned",
        other="bo",
        wrong=solved_above,
        given={"reason": TEXT},
        bad={"reason": ""},
        typed="Tell the other team why they get it back.",
        status="assigned",
    ),
    Case(
        move="hold",
        story=stories.in_progress,
        other="cy",
        wrong=stories.resolved,
        given={"reason": "awaiting_supplier", "soon": "week", "explanation": TEXT},
        bad={"reason": "", "soon": "week", "explanation": TEXT},
        status="on_hold",
    ),
    Case(
        move="resolve",
        story=stories.in_progress,
        other="cy",
        wrong=stories.resolved,
        given={"code": "fixed", "text": TEXT, "verification": "Ann printed."},
        bad={"code": "fixed", "text": TEXT, "verification": ""},
        status="resolved",
    ),
    Case(
        move="announce",
        story=stories.triaged,
        other="ned",
        wrong=stories.resolved,
        given={"title": "Nothing prints", "text": TEXT, "service": ""},
        bad={"title": "", "text": TEXT, "service": ""},
    ),
    Case(
        move="record_call",
        story=stories.resolved,
        other="ned",
        wrong=stories.confirmed,
        given={"account": TEXT},
        bad={"account": " "},
        typed="Write down what they told you.",
    ),
    Case(
        move="reject",
        story=stories.resolved,
        other="ned",
        wrong=stories.triaged,
        given={"complaint": TEXT},
        bad={"complaint": ""},
        typed="Tell us what still does not work.",
        status="assigned",
    ),
    Case(
        move="waive",
        story=stories.reminded,
        by="lea",
        other="bo",
        wrong=stories.resolved,
        given={"reason": TEXT},
        bad={"reason": ""},
        typed="Say why it can be closed without an answer.",
    ),
    Case(
        move="cancel",
        story=stories.reported,
        other="ned",
        wrong=stories.resolved,
        given={"reason": "not_a_fault", "explanation": TEXT},
        bad={"reason": "duplicate", "master": "INC-99999999", "explanation": TEXT},
        status="cancelled",
    ),
    Case(
        move="reopen",
        story=stories.closed,
        other="ned",
        wrong=stories.triaged,
        given={"complaint": TEXT},
        bad={"complaint": ""},
        typed="Tell us what is wrong again.",
        status="assigned",
    ),
    Case(
        move="follow_up",
        story=stories.closed,
        other="ned",
        wrong=stories.triaged,
        given={"description": TEXT},
        bad={"description": ""},
        typed="Tell us what is going wrong.",
    ),
    Case(
        move="call_attention",
        story=stories.triaged,
        other="ned",
        wrong=stories.resolved,
        given={"reason": TEXT},
        bad={"reason": "x" * 10_001},
        typed="Shorten this to",
    ),
    Case(
        move="declare_major",
        story=stories.triaged,
        by="lea",
        other="bo",
        wrong=major,
        given={"reason": TEXT},
        bad={"reason": ""},
        typed="Say why.",
    ),
    Case(
        move="stand_down",
        story=major,
        by="lea",
        other="bo",
        wrong=stories.triaged,
        given={"reason": TEXT},
        bad={"reason": ""},
        typed="Say why.",
    ),
    Case(
        move="name_successor",
        story=of_who_left,
        by="lea",
        other="bo",
        wrong=stories.resolved,
        given={"successor": "zed@example.org", "reason": TEXT},
        bad={"successor": "nobody@example.org", "reason": TEXT},
    ),
    Case(
        move="ask",
        story=stories.triaged,
        given={"move": "waive", "to": "lea", "message": TEXT},
        bad={"move": "waive", "to": "", "message": TEXT},
    ),
    Case(
        move="share",
        story=stories.triaged,
        other="ned",
        given={"email": "zed@example.org"},
        bad={"email": "nobody@example.org"},
        typed="nobody@example.org",
    ),
    Case(
        move="link",
        story=stories.triaged,
        other="ned",
        given={"kind": "related", "to": "other"},
        bad={"kind": "related", "to": "INC-0"},
        typed="INC-0",
    ),
]
NEVER_TOO_LATE = {"follow_up", "ask", "share"}


def at(case: Case, incident: Incident) -> str:
    return reverse(f"incidents:{ROUTES.get(case.move, case.move)}", args=[incident.pk])


def answers(case: Case, cast: Cast, given: dict[str, Any], version: int) -> Any:
    """What the browser sends: names of the cast and of teams become their ids."""
    found: dict[str, Any] = {"version": version, **given}
    if case.move in {"triage", "reclassify", "triage_and_escalate"}:
        service, category = stories.catalogue()
        found |= {"service": service.pk, "category": category.pk}
    if case.move in {"triage", "reclassify"}:
        found |= {"team": cast.desk.pk, "then": ""}
    if found.get("to") == "other":
        found["to"] = stories.triaged(cast).reference
    elif found.get("to") in {"cy", "lea"}:
        found["to"] = getattr(cast, found["to"]).pk
    if case.move == "triage_and_escalate":
        found |= seen_nothing(cast)
    if case.move in {"transfer", "escalate", "triage_and_escalate"} and found["team"]:
        found["team"] = Team.objects.get(name=found["team"]).pk
    return found


def seen_nothing(cast: Cast) -> dict[str, str]:
    """That no known error was shown; the incident is the only one there is."""
    return {"shown": seal(Incident.objects.latest("pk"), [])}


def named(case: Case) -> str:
    return case.move


def overtake(incident: Incident, cast: Cast) -> None:
    services.add_note(
        incident.pk, by=cast.cy, expected_version=None, text="I looked at it too."
    )
