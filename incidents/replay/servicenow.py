"""The audit log of ServiceNow's incidents: its states and fields, in our words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from incidents.codes import HoldReason, Source, Status
from incidents.replay import cells
from incidents.replay.step import UNKNOWN, Reason, Refused, State, Step, TeamName

STATES: Final[dict[str, State]] = {
    state.code: state
    for state in (
        State("New", Status.NEW),
        State("Active", Status.IN_PROGRESS),
        State("Awaiting User Info", Status.ON_HOLD, HoldReason.AWAITING_REPORTER),
        State("Awaiting Evidence", Status.ON_HOLD, HoldReason.AWAITING_REPORTER),
        State("Awaiting Vendor", Status.ON_HOLD, HoldReason.AWAITING_SUPPLIER),
        State("Awaiting Problem", Status.ON_HOLD, HoldReason.AWAITING_PROBLEM),
        State("Resolved", Status.RESOLVED),
        State("Closed", Status.CLOSED),
        State("-100", None),
    )
}
SOURCES: Final[dict[str, str]] = {
    "Phone": Source.PHONE,
    "IVR": Source.PHONE,
    "Self service": Source.PORTAL,
    "Email": Source.EMAIL,
    "Direct opening": Source.IMPORT,
}
IMPACTS: Final = {"1 - High": 1, "2 - Medium": 2, "3 - Low": 3}
URGENCIES: Final = {"1 - High": 1, "2 - Medium": 2, "3 - Low": 3}
SEVERITIES: Final = {
    "1 - Critical": 1,
    "2 - High": 2,
    "3 - Moderate": 3,
    "4 - Low": 4,
}

# Column by column, what it becomes.
MAPPED: Final[dict[str, str]] = {
    "number": "number",
    "incident_state": "state",
    "caller_id": "reporter",
    "opened_by": "logged_by",
    "opened_at": "reported_at",
    "sys_updated_by": "actor",
    "sys_updated_at": "at",
    "contact_type": "source",
    "location": "location",
    "category": "category",
    "subcategory": "category",
    "u_symptom": "title",
    "impact": "impact",
    "urgency": "urgency",
    "priority": "severity",
    "assignment_group": "team",
    "assigned_to": "owner",
}
COUNTERS: Final = ("reassignment_count", "reopen_count", "sys_mod_count")
# The first two also stand in for opened_by and opened_at, the third for the solution.
EXTRAS: Final = (
    "sys_created_by",
    "sys_created_at",
    "closed_code",
    "made_sla",
    "cmdb_ci",
    "knowledge",
    "u_priority_confirmation",
    "notify",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "resolved_by",
    "resolved_at",
    "closed_at",
)
# It says again whether the state is Closed: an extra only where it disagrees.
ACTIVE: Final = "active"
NUMBER: Final = "number"
COLUMNS: Final = (
    "number",
    "incident_state",
    "active",
    "reassignment_count",
    "reopen_count",
    "sys_mod_count",
    "made_sla",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_created_by",
    "sys_created_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "u_symptom",
    "cmdb_ci",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "knowledge",
    "u_priority_confirmation",
    "notify",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "closed_code",
    "resolved_by",
    "resolved_at",
    "closed_at",
)


def read(
    values: Mapping[str, str],
    *,
    line: int,
    zone: ZoneInfo,
    first_line: frozenset[str],
) -> Step:
    """What the row says, or ``Refused``. ``values`` has every one of ``COLUMNS``.

    Times are those of the clocks in ``zone``. The groups named in ``first_line``
    are tier 1, all others tier 2.
    """
    number = cells.record_number(values["number"])
    at = cells.day_first(values["sys_updated_at"], zone)
    reported_at = _reported_at(values, zone)
    state = _state(values)
    return Step(
        line=line,
        digest=cells.digest(values),
        number=number,
        at=at,
        reported_at=reported_at,
        state=state,
        title=_title(values),
        description=_description(values),
        actor=cells.person(values["sys_updated_by"]),
        reporter=cells.person(values["caller_id"]),
        logged_by=cells.person(values["opened_by"])
        or cells.person(values["sys_created_by"]),
        team=_team(values, first_line),
        owner=cells.person(values["assigned_to"]),
        category=_category(values),
        location=cells.name(values["location"]),
        impact=cells.chosen("impact", values, IMPACTS),
        urgency=cells.chosen("urgency", values, URGENCIES),
        severity=cells.chosen("priority", values, SEVERITIES),
        source=cells.chosen("contact_type", values, SOURCES) or UNKNOWN,
        solution=_solution(values, state),
        counters=cells.counters(COUNTERS, values),
        extras=_extras(values, state),
    )


def _state(values: Mapping[str, str]) -> State:
    code = cells.text(values["incident_state"])
    if code not in STATES:
        raise Refused(Reason.STATE, code)
    return STATES[code]


def _reported_at(values: Mapping[str, str], zone: ZoneInfo) -> datetime:
    opened = cells.text(values["opened_at"])
    return cells.day_first(opened or values["sys_created_at"], zone)


def _team(values: Mapping[str, str], first_line: frozenset[str]) -> TeamName | None:
    name = cells.name(values["assignment_group"])
    if not name:
        return None
    is_first = cells.text(values["assignment_group"]) in first_line
    return TeamName(name, 1 if is_first else 2)


def _category(values: Mapping[str, str]) -> tuple[str, ...]:
    """From the top down; without a category nobody knows where the rest belongs."""
    category = cells.name(values["category"])
    subcategory = cells.name(values["subcategory"])
    if not category:
        return ()
    return (category, subcategory) if subcategory else (category,)


def _title(values: Mapping[str, str]) -> str:
    category, subcategory, symptom = _topic(values)
    return cells.subject(category or "Without category", symptom or subcategory)


def _description(values: Mapping[str, str]) -> str:
    words = ("category", "subcategory", "symptom")
    said = [
        f"{word} “{value}”"
        for word, value in zip(words, _topic(values), strict=True)
        if value
    ]
    return f"Imported without text: {', '.join(said) or 'no category'}."


def _topic(values: Mapping[str, str]) -> tuple[str, str, str]:
    return (
        cells.name(values["category"]),
        cells.name(values["subcategory"]),
        cells.name(values["u_symptom"]),
    )


def _solution(values: Mapping[str, str], state: State) -> str:
    """Every row carries the code of the end; it is known only from then on."""
    if state.solves or state.status in {Status.RESOLVED, Status.CLOSED}:
        return cells.name(values["closed_code"])
    return UNKNOWN


def _extras(values: Mapping[str, str], state: State) -> dict[str, str]:
    extras = cells.extras(EXTRAS, values)
    if not cells.name(values["category"]):
        extras |= cells.extras(["subcategory"], values)
    if cells.text(values[ACTIVE]) != _activity(state):
        extras |= cells.extras([ACTIVE], values)
    return extras


def _activity(state: State) -> str:
    return "false" if state.status == Status.CLOSED else "true"
