"""Escalation, bounces and time per tier of VINST's log, counted from its file alone.

It shares no code with the desk. A team has a ticket from the row that names it until
the row that names another one or ends the ticket; a row that brings it back begins
anew. Rows of one moment keep the order of the file.

    python -m tests.incidents.tiers.by_hand FILE
"""

import csv
import io
import lzma
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

ENDED = {
    "Completed/Closed",
    "Completed/In Call",
    "Completed/Cancelled",
}
NOTHING_SAID = "Unmatched/Unmatched"


@dataclass
class Counted:
    tickets: int = 0
    escalated: int = 0
    bounced: int = 0
    bounces: int = 0
    skips: int = 0
    first_line: int = 0
    time: dict[int, timedelta] = field(default_factory=dict)
    stays: dict[int, int] = field(default_factory=dict)


def tier_of(team: str) -> int:
    if team.endswith(" 2nd"):
        return 2
    return 3 if team.endswith(" 3rd") else 1


def count(path: Path) -> Counted:
    """Only tickets that have ended are measured to an end; the others until now are
    left out of ``time``."""
    packed = path.read_bytes()
    text = lzma.decompress(packed) if packed.startswith(b"\xfd7zXZ") else packed
    rows: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text.decode())):
        rows.setdefault(row["case_id"], {})[tuple(row.values())] = row
    counted = Counted()
    for own in rows.values():
        told = sorted(
            own.values(), key=lambda row: datetime.fromisoformat(row["timestamp"])
        )
        _ticket(told, counted)
    return counted


def _ticket(rows: list[dict[str, str]], counted: Counted) -> None:
    """Each of ``had`` is a team with its first and its last moment. Until a row names
    one, nobody knows who had it."""
    had: list[tuple[str, datetime, datetime | None]] = []
    team, state = "", ""
    for row in rows:
        at = datetime.fromisoformat(row["timestamp"])
        team = row["support_team"].replace("?", "") or team
        now = f"{row['status']}/{row['sub_status']}"
        moves = now not in (state, NOTHING_SAID)
        state = now if moves else state
        is_open = bool(had) and had[-1][2] is None
        if not had and team:
            had.append((team, at, None))
            is_open = True
        if moves and state in ENDED:
            if is_open:
                had[-1] = (had[-1][0], had[-1][1], at)
        elif is_open and had[-1][0] != team:
            had[-1] = (had[-1][0], had[-1][1], at)
            had.append((team, at, None))
        elif not is_open and moves and team:
            had.append((team, at, None))
    _add(had, counted)


def _add(had: list[tuple[str, datetime, datetime | None]], counted: Counted) -> None:
    tiers = [tier_of(team) for team, _from, _to in had]
    steps = [after - before for before, after in pairwise(tiers)]
    seen: set[str] = set()
    bounces = 0
    for team, _from, _to in had:
        bounces += team in seen
        seen.add(team)
    counted.tickets += 1
    counted.escalated += any(step > 0 for step in steps)
    counted.skips += sum(abs(step) > 1 for step in steps)
    counted.bounced += bounces > 0
    counted.bounces += bounces
    counted.first_line += set(tiers) == {1}
    for tier, (_team, begins, ends) in zip(tiers, had, strict=True):
        counted.stays[tier] = counted.stays.get(tier, 0) + 1
        if ends is not None:
            before = counted.time.get(tier, timedelta())
            counted.time[tier] = before + (ends - begins)


if __name__ == "__main__":
    sys.stdout.write(f"{count(Path(sys.argv[1]))}\n")
