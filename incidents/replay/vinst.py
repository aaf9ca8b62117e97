"""The log of VINST, the incident system of Volvo IT: its states and fields, in our
words."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from incidents.codes import HoldReason, Status
from incidents.replay import cells
from incidents.replay.step import Reason, Refused, State, Step, TeamName


class Weight(NamedTuple):
    """What one word of the source says about impact, urgency and severity."""

    impact: int | None
    urgency: int | None
    severity: int | None


# The code is status/sub_status.
STATES: Final[dict[str, State]] = {
    state.code: state
    for state in (
        State("Accepted/In Progress", Status.IN_PROGRESS),
        State("Accepted/Assigned", Status.ASSIGNED),
        State("Accepted/Wait", Status.ON_HOLD, HoldReason.SCHEDULED),
        State("Accepted/Wait - User", Status.ON_HOLD, HoldReason.AWAITING_REPORTER),
        State("Accepted/Wait - Customer", Status.ON_HOLD, HoldReason.AWAITING_REPORTER),
        State("Accepted/Wait - Vendor", Status.ON_HOLD, HoldReason.AWAITING_SUPPLIER),
        State(
            "Accepted/Wait - Implementation",
            Status.ON_HOLD,
            HoldReason.AWAITING_CHANGE,
        ),
        State("Queued/Awaiting Assignment", Status.ASSIGNED, is_owned=False),
        State("Completed/Resolved", Status.RESOLVED),
        State("Completed/In Call", Status.CLOSED, solves=True),
        State("Completed/Closed", Status.CLOSED),
        State("Completed/Cancelled", Status.CANCELLED),
        State("Unmatched/Unmatched", None),
    )
}
WEIGHTS: Final = {
    "Major": Weight(1, 1, 1),
    "High": Weight(1, 2, 2),
    "Medium": Weight(2, 2, 3),
    "Low": Weight(3, 3, 4),
}
TIERS: Final = {" 2nd": 2, " 3rd": 3}

# Column by column, what it becomes.
MAPPED: Final[dict[str, str]] = {
    "case_id": "number",
    "timestamp": "at",
    "status": "state",
    "sub_status": "state",
    "support_team": "team",
    "owner": "owner",
    "impact": "severity",
    "product": "service",
}
COUNTERS: Final = ("event_no",)
# The word of the impact is one of three things here: it is kept as well.
EXTRAS: Final = (
    "function_division",
    "org_line",
    "org_country",
    "owner_country",
    "impact",
)
NUMBER: Final = "case_id"
COLUMNS: Final = (
    "case_id",
    "event_no",
    "timestamp",
    "status",
    "sub_status",
    "support_team",
    "owner",
    "function_division",
    "org_line",
    "org_country",
    "owner_country",
    "impact",
    "product",
)


def read(
    values: Mapping[str, str],
    *,
    line: int,
    zone: ZoneInfo,
    first_line: frozenset[str],
) -> Step:
    """What the row says, or ``Refused``. ``values`` has every one of ``COLUMNS``.

    No row says when the incident was reported: ``reported_at`` is the time of the
    row, and right only in the first row of its incident. ``zone`` is for times
    without an offset; ``first_line`` does nothing, the log names its support lines.
    """
    number = cells.record_number(values["case_id"])
    at = cells.iso(values["timestamp"], zone)
    state = _state(values)
    service = cells.name(values["product"])
    owner = cells.person(values["owner"])
    weight = cells.chosen("impact", values, WEIGHTS) or Weight(None, None, None)
    return Step(
        line=line,
        digest=cells.digest(values),
        number=number,
        at=at,
        reported_at=at,
        state=state,
        title=cells.subject(service or "Without product"),
        description=_description(service),
        actor=owner,
        team=_team(values),
        owner=owner,
        service=service,
        impact=weight.impact,
        urgency=weight.urgency,
        severity=weight.severity,
        counters=cells.counters(COUNTERS, values),
        extras=cells.extras(EXTRAS, values),
    )


def _state(values: Mapping[str, str]) -> State:
    code = f"{cells.text(values['status'])}/{cells.text(values['sub_status'])}"
    if code not in STATES:
        raise Refused(Reason.STATE, code)
    return STATES[code]


def _team(values: Mapping[str, str]) -> TeamName | None:
    team = cells.name(values["support_team"])
    if not team:
        return None
    return TeamName(team, TIERS.get(cells.text(values["support_team"])[-4:], 1))


def _description(service: str) -> str:
    product = f"product “{service}”" if service else "no product"
    return f"Imported without text: {product}."
