"""Whether incidents of ServiceNow's log were in time, counted from its file alone.

It shares no code with the desk: a naive walk over the days of the week, on the clocks
that the file was written by. The clock runs from the report to the row that closes the
incident, and again from the row that reopens it; it is measured by the priority of the
row that closes it last.

    python -m tests.incidents.replay.made_sla_by_hand FILE
"""

import csv
import io
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

HOURS = {3: 153.4, 4: 345.6}
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Judged:
    """``counted`` is the time of the clock, ``by_column`` what there is from
    ``opened_at`` to ``closed_at``; both skip Saturdays and Sundays."""

    severity: int
    counted: timedelta
    by_column: timedelta
    made: bool

    @property
    def is_late(self) -> bool:
        return self.counted > timedelta(hours=HOURS[self.severity])

    @property
    def is_late_by_column(self) -> bool:
        return self.by_column > timedelta(hours=HOURS[self.severity])


def judge(path: Path | str) -> dict[str, Judged]:
    """Every incident that was closed in the end with one of these priorities."""
    histories: dict[str, list[dict[str, str]]] = {}
    for row in _rows(Path(path)):
        histories.setdefault(row["number"], []).append(row)
    judged = {}
    for number, rows in histories.items():
        rows.sort(key=lambda row: moment(row["sys_updated_at"]))
        found = _judge(rows)
        if found is not None:
            judged[number] = found
    return judged


def _judge(rows: list[dict[str, str]]) -> Judged | None:
    running: datetime | None = min(
        moment(rows[0]["opened_at"]), moment(rows[0]["sys_updated_at"])
    )
    counted, severity = timedelta(), 0
    for row in rows:
        at = moment(row["sys_updated_at"])
        if row["incident_state"] == "Closed" and running is not None:
            counted, severity = counted + weekdays(running, at), int(row["priority"][0])
            running = None
        if row["incident_state"] not in {"Closed", "-100"} and running is None:
            running = at
    if running is not None or severity not in HOURS:
        return None
    last = rows[-1]
    opened, closed = moment(last["opened_at"]), moment(last["closed_at"])
    made = [row["made_sla"] for row in rows if row["made_sla"] != "?"][-1] == "true"
    return Judged(severity, counted, weekdays(opened, closed), made)


def weekdays(start: datetime, end: datetime) -> timedelta:
    """The time between them that lies on Mondays to Fridays."""
    total = timedelta()
    while start < end:
        midnight = datetime(start.year, start.month, start.day) + DAY  # noqa: DTZ001
        until = min(midnight, end)
        if start.weekday() < SATURDAY:
            total += until - start
        start = until
    return total


def moment(words: str) -> datetime:
    return datetime.strptime(words, "%d/%m/%Y %H:%M")  # noqa: DTZ007


def _rows(path: Path) -> Iterator[dict[str, str]]:
    packed = path.read_bytes()
    if packed.startswith(b"\xfd7zXZ"):
        packed = lzma.decompress(packed)
    return csv.DictReader(io.StringIO(packed.decode(), newline=""))


def _report(judged: dict[str, Judged]) -> str:
    lines = []
    for severity in HOURS:
        found = [one for one in judged.values() if one.severity == severity]
        for name in ("is_late", "is_late_by_column"):
            cells = Counter((getattr(one, name), not one.made) for one in found)
            agreed = cells[True, True] + cells[False, False]
            lines.append(f"SEV{severity} {name}: {agreed} of {len(found)}, {cells}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(_report(judge(sys.argv[1])))
