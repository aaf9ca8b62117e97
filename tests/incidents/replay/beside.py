"""Rows of a ServiceNow log beside the timeline that they became, to compare by eye.

    python -m tests.incidents.replay.beside FILE [SEED]

Picks three incidents at random (by ``SEED``) and prints, as Markdown, each row and
the event that says it came from that row, in the desk that ``DATA_DIR`` or
``DATABASE_URL`` names. The rows are read here once more, without the importer.
"""

import csv
import io
import lzma
import os
import random
import sys
from pathlib import Path
from typing import Any

COLUMNS = ("sys_updated_at", "incident_state", "assignment_group", "assigned_to")
HEADING = (
    "| line | updated | state | group | assigned to | prio | event | at (UTC) | from"
    " → to | team | owner | sev |"
)


def lines_of(path: Path) -> list[tuple[int, dict[str, str]]]:
    packed = path.read_bytes()
    text = lzma.decompress(packed) if packed.startswith(b"\xfd7zXZ") else packed
    rows: Any = csv.DictReader(io.StringIO(text.decode(), newline=""))
    return list(enumerate(rows, start=2))


def picked(numbers: set[str], seed: int) -> list[str]:
    return random.Random(seed).sample(sorted(numbers), 3)


def beside(rows: list[tuple[int, dict[str, str]]], number: str) -> list[str]:
    """The incident's rows in the order of the file, each with its event."""
    from accounts.models import Team, User  # noqa: PLC0415 - after django.setup()
    from activity.models import Event  # noqa: PLC0415
    from incidents.models import Incident  # noqa: PLC0415

    incident = Incident.objects.get(imported__number=number)
    events = {event.data.get("line"): event for event in Event.objects.about(incident)}
    teams = dict(Team.objects.values_list("pk", "name"))
    people = dict(User.objects.values_list("pk", "name"))
    told = [f"### {number} ({incident.reference})", "", HEADING, "|---" * 12 + "|"]
    report = Event.objects.about(incident)[0].data
    state: dict[str, Any] = {"owner": None, **report}
    for line, row in rows:
        if row["number"] != number:
            continue
        event = events[line]
        state |= {name: new for name, (_old, new) in event.data["changed"].items()}
        cells = [line, *(row[name] for name in COLUMNS), row["priority"][0]]
        move = f"{event.from_status} → {event.to_status}" if event.to_status else ""
        cells += [event.seq, f"{event.at:%d %b %Y %H:%M}", move]
        cells += [
            teams[state["team"]],
            people.get(state["owner"], ""),
            state["severity"],
        ]
        told.append("| " + " | ".join(map(str, cells)) + " |")
    return [*told, ""]


def main(path: Path, seed: int = 1) -> None:
    import django  # noqa: PLC0415 - this is a program of its own

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    django.setup()
    rows = lines_of(path)
    for number in picked({row["number"] for _line, row in rows}, seed):
        sys.stdout.write("\n".join(beside(rows, number)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
