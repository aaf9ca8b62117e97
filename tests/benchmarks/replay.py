"""How fast a log is replayed with every guard on, and whether memory stays flat.

    DATA_DIR=/tmp/replay python -m tests.benchmarks.replay FILE servicenow|vinst

Use an empty ``DATA_DIR``: what is there already would be recognised, not replayed. One
line for each tenth of the file: rows done, rows a second since the line before, and
what the process holds of memory.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

TENTHS = 10
PAGE = os.sysconf("SC_PAGE_SIZE")


class Gauge:
    def __init__(self) -> None:
        self.began = self.last = time.monotonic()
        self.rows = 0

    def show(self, run: Any) -> None:
        """One more tenth, if it is done."""
        if run.position and run.position - self.rows < run.rows / TENTHS:
            return
        now = time.monotonic()
        rate = (run.position - self.rows) / (now - self.last)
        sys.stdout.write(f"{run.position:>8} rows {rate:>7.0f}/s {resident():>5} MB\n")
        self.rows, self.last = run.position, now

    def end(self, run: Any) -> None:
        seconds = time.monotonic() - self.began
        rate = run.position / seconds
        sys.stdout.write(f"{run.position} rows in {seconds:.0f} s, {rate:.0f}/s\n")


def resident() -> int:
    """Megabytes of memory that this process holds just now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE // 1_000_000


def main(path: Path, source: str) -> None:
    import django  # noqa: PLC0415 - this is a program of its own

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from incidents.codes import ImportSource  # noqa: PLC0415
    from incidents.services.importing import Log, import_log  # noqa: PLC0415
    from servicedesk.demonstration import furnish  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    furnish()
    gauge = Gauge()
    log = Log(path=path, source=ImportSource(source), zone=ZoneInfo("UTC"))
    import_log(log, progress=gauge.show, at_end=gauge.end)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
