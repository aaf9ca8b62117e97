"""What the commands that bring in another system's history share."""

import zoneinfo
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from accounts.models import validate_time_zone
from incidents.codes import ImportSource
from incidents.import_report import report_lines
from incidents.models import ImportRun
from incidents.replay import cells
from incidents.replay.files import DamagedFile
from incidents.services.importing import Log, NotNow, import_log


class ImportCommand(BaseCommand):
    """``manage.py import_<system> FILE``."""

    source: ClassVar[ImportSource]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the log, plain or packed (.xz)")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="do everything, say what came of it, and take it all back",
        )
        parser.add_argument(
            "--time-zone",
            default=settings.TIME_ZONE,
            help="the zone of times that name none (default: %(default)s)",
        )
        parser.add_argument(
            "--first-line",
            action="append",
            default=[],
            metavar="NAME",
            help="a group of tier 1; give it once for each",
        )
        parser.add_argument(
            "--report",
            type=Path,
            help="where to write the rows that were not taken, as CSV",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        log = Log(
            path=options["file"],
            source=self.source,
            zone=self._zone(options["time_zone"]),
            first_line=frozenset(map(cells.text, options["first_line"])),
        )
        try:
            with Bar(self.stderr, is_quiet=options["verbosity"] == 0) as bar:
                import_log(
                    log,
                    progress=bar.show,
                    at_end=lambda run: self._report(run, options["report"]),
                    dry_run=options["dry_run"],
                )
        except (DamagedFile, NotNow) as problem:
            raise CommandError(str(problem)) from None
        if not bar.was_used:
            self.stdout.write(_("It was brought in already: nothing has changed."))
        elif options["dry_run"]:
            self.stdout.write(_("This was a dry run: nothing was kept."))

    def _zone(self, name: str) -> zoneinfo.ZoneInfo:
        try:
            validate_time_zone(name)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        return zoneinfo.ZoneInfo(name)

    def _report(self, run: ImportRun, path: Path | None) -> None:
        sentence = _(
            "%(rows)d rows: %(taken)d taken, %(refused)d not taken; %(incidents)d new"
            " incidents, %(moves)d changes of state."
        )
        counts = ("rows", "taken", "refused", "incidents", "moves")
        self.stdout.write(sentence % {name: getattr(run, name) for name in counts})
        for reason, count in run.refusals_by_reason():
            self.stdout.write(f"  {count:>7}  {reason.label}")
        if path is not None:
            self._write(run, path)

    def _write(self, run: ImportRun, path: Path) -> None:
        try:
            path.write_text("".join(report_lines(run)), encoding="utf-8")
        except OSError as problem:
            sentence = _(
                "The report could not be written to %(path)s (%(why)s). Run the same"
                " command again with another --report; nothing is taken twice."
            )
            given = {"path": path, "why": problem.strerror}
            self.stderr.write(sentence % given)
            return
        self.stdout.write(_("The report is in %(path)s.") % {"path": path})


class Bar:
    """How far an import is, how fast, and how long it will take."""

    def __init__(self, stream: Any, *, is_quiet: bool) -> None:
        self.bar = tqdm(
            file=stream, unit=_(" rows"), disable=is_quiet, mininterval=0.5, ascii=True
        )
        self.was_used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.bar.close()

    def show(self, run: ImportRun) -> None:
        """Set to where ``run`` is; where it was taken up counts for no rate."""
        if not self.was_used:
            self.was_used = True
            self.bar.reset(total=run.rows)
            self.bar.initial = self.bar.n = run.position
            self.bar.refresh()
            return
        self.bar.update(run.position - self.bar.n)
