"""What a log says, counted from its file alone.

It shares no code with ``incidents.replay``: states, weights and times are written
down here a second time. Every row counts but exact repeats, so the file must be one
whose rows are all taken.

    python -m tests.incidents.replay.independent FILE servicenow|vinst [ZONE]
"""

import csv
import io
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

Kind = Literal["servicenow", "vinst"]
Row = dict[str, str]

OPEN = ("new", "assigned", "in_progress", "on_hold")
SERVICENOW_STATUS = {
    "New": "new",
    "Active": "in_progress",
    "Awaiting User Info": "on_hold",
    "Awaiting Evidence": "on_hold",
    "Awaiting Vendor": "on_hold",
    "Awaiting Problem": "on_hold",
    "Resolved": "resolved",
    "Closed": "closed",
    "-100": None,
}
VINST_STATUS = {
    "Accepted/In Progress": "in_progress",
    "Accepted/Assigned": "assigned",
    "Accepted/Wait": "on_hold",
    "Accepted/Wait - User": "on_hold",
    "Accepted/Wait - Customer": "on_hold",
    "Accepted/Wait - Vendor": "on_hold",
    "Accepted/Wait - Implementation": "on_hold",
    "Queued/Awaiting Assignment": "assigned",
    "Completed/Resolved": "resolved",
    "Completed/In Call": "closed",
    "Completed/Closed": "closed",
    "Completed/Cancelled": "cancelled",
    "Unmatched/Unmatched": None,
}
VINST_SEVERITY = {"Major": 1, "High": 2, "Medium": 3, "Low": 4}


@dataclass(frozen=True)
class Fact:
    """One row, as far as it is counted."""

    place: int
    number: str
    moment: float
    sequence: int
    state: str
    status: str | None
    team: str
    tier: int
    severity: int | None


@dataclass
class Counts:
    """``state_events`` are keyed (state before, state), in words of the source; the
    first state of an incident has "" before it. ``out_of_order`` are rows earlier
    than one above them of the same incident, ``gaps`` the places where its numbering
    of changes skips, ``doubled`` rows whose number of change was there before.
    ``tier_moves`` are keyed (tier before, tier); a jump is more than one tier.
    """

    rows: int = 0
    repeats: int = 0
    incidents: int = 0
    out_of_order: int = 0
    gaps: int = 0
    doubled: int = 0
    reopenings: int = 0
    reassignments: int = 0
    state_events: Counter[tuple[str, str]] = field(default_factory=Counter)
    tier_moves: Counter[tuple[int, int]] = field(default_factory=Counter)
    severities: Counter[int | None] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def tier_jumps(self) -> int:
        return sum(
            times
            for (before, after), times in self.tier_moves.items()
            if abs(after - before) > 1
        )


def count(path: Path | str, kind: Kind, zone: str = "UTC") -> Counts:
    """Count the file, plain or .xz. Times without an offset are clocks in ``zone``."""
    counts = Counts()
    seen: set[tuple[str, ...]] = set()
    histories: dict[str, list[Fact]] = {}
    interpret = _servicenow if kind == "servicenow" else _vinst
    for place, row in enumerate(_rows(Path(path))):
        counts.rows += 1
        values = tuple(row.values())
        if values in seen:
            counts.repeats += 1
            continue
        seen.add(values)
        fact = interpret(place, row, ZoneInfo(zone))
        histories.setdefault(fact.number, []).append(fact)
    counts.incidents = len(histories)
    for history in histories.values():
        _order(history, counts)
        history.sort(key=lambda fact: (fact.moment, fact.place))
        _states(history, counts)
        _teams(history, counts)
    return counts


def _rows(path: Path) -> Iterator[Row]:
    packed = path.read_bytes()
    if packed.startswith(b"\xfd7zXZ"):
        packed = lzma.decompress(packed)
    return csv.DictReader(io.StringIO(packed.decode(), newline=""))


def _servicenow(place: int, row: Row, zone: ZoneInfo) -> Fact:
    clock = datetime.strptime(row["sys_updated_at"], "%d/%m/%Y %H:%M")  # noqa: DTZ007
    team, priority = row["assignment_group"], row["priority"]
    return Fact(
        place=place,
        number=row["number"],
        moment=clock.replace(tzinfo=zone).timestamp(),
        sequence=int(row["sys_mod_count"]),
        state=row["incident_state"],
        status=SERVICENOW_STATUS[row["incident_state"]],
        team="" if team == "?" else team,
        tier=0,
        severity=None if priority in {"", "?"} else int(priority[0]),
    )


def _vinst(place: int, row: Row, zone: ZoneInfo) -> Fact:
    clock = datetime.fromisoformat(row["timestamp"])
    if clock.tzinfo is None:
        clock = clock.replace(tzinfo=zone)
    state = row["status"] + "/" + row["sub_status"]
    team = "" if row["support_team"] == "?" else row["support_team"]
    line = team.rpartition(" ")[2]
    return Fact(
        place=place,
        number=row["case_id"],
        moment=clock.timestamp(),
        sequence=int(row["event_no"]),
        state=state,
        status=VINST_STATUS[state],
        team=team,
        tier={"2nd": 2, "3rd": 3}.get(line, 1),
        severity=VINST_SEVERITY.get(row["impact"]),
    )


def _order(history: list[Fact], counts: Counts) -> None:
    """What is odd about the rows of one incident as the file has them."""
    latest = history[0].moment
    for fact in history[1:]:
        counts.out_of_order += fact.moment < latest
        latest = max(latest, fact.moment)
    numbers = sorted({fact.sequence for fact in history})
    counts.doubled += len(history) - len(numbers)
    counts.gaps += sum(after - before > 1 for before, after in pairwise(numbers))


def _states(history: list[Fact], counts: Counts) -> None:
    state, status, severity = "", "new", None
    for fact in history:
        severity = fact.severity or severity
        if fact.status is None or fact.state == state:
            continue
        counts.state_events[state, fact.state] += 1
        counts.reopenings += status not in OPEN and fact.status in OPEN
        state, status = fact.state, fact.status
    counts.severities[severity] += 1
    counts.statuses[status] += 1


def _teams(history: list[Fact], counts: Counts) -> None:
    known = [fact for fact in history if fact.team]
    for before, after in pairwise(known):
        counts.reassignments += before.team != after.team
        if before.tier != after.tier:
            counts.tier_moves[before.tier, after.tier] += 1


def _report(counts: Counts) -> str:
    lines = [
        f"{name}: {getattr(counts, name)}"
        for name in (
            "rows",
            "repeats",
            "incidents",
            "out_of_order",
            "gaps",
            "doubled",
            "reopenings",
            "reassignments",
            "tier_jumps",
        )
    ]
    tables: dict[str, Counter] = {
        "state events": counts.state_events,
        "tier moves": counts.tier_moves,
        "severities": counts.severities,
        "statuses": counts.statuses,
    }
    for name, table in tables.items():
        lines.append(f"{name}: {table.total()}")
        lines += [f"  {times:6} {key}" for key, times in table.most_common()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    arguments: list = sys.argv[1:]
    sys.stdout.write(_report(count(*arguments)))
