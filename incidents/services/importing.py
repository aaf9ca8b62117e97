"""One import from the first row to the last: begun, taken up again, finished."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from activity import clock
from activity.refusals import broken_rule
from catalogue.services import default_desk
from incidents.codes import OPEN, ImportSource
from incidents.models import ImportRun
from incidents.replay import servicenow, vinst
from incidents.replay.files import Row, digest_of, rows
from incidents.replay.names import Names
from incidents.replay.ordering import Item, spooled
from incidents.replay.step import Reason, Refused, Step
from incidents.services.replaying import Refusal, replay_steps

ROWS_AT_ONCE: Final = 500
# Each has COLUMNS, the NUMBER among them that names an incident, and read().
FORMATS: Final[Mapping[str, Any]] = {
    ImportSource.SERVICENOW: servicenow,
    ImportSource.VINST: vinst,
}
Progress = Callable[[ImportRun], None]


class NotNow(Exception):  # noqa: N818 - an answer, not a fault
    """The import cannot run now; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A file of another system. ``zone`` is that of its times, where the file names
    none; ``first_line`` are its groups of tier 1."""

    path: Path
    source: ImportSource
    zone: ZoneInfo
    first_line: frozenset[str] = frozenset()

    @property
    def options(self) -> dict[str, Any]:
        return {"time_zone": self.zone.key, "first_line": sorted(self.first_line)}

    @property
    def format(self) -> Any:
        return FORMATS[self.source]

    def read(self, line: int, values: Mapping[str, str]) -> Step:
        """Raises ``Refused``."""
        step: Step = self.format.read(
            values, line=line, zone=self.zone, first_line=self.first_line
        )
        return step

    def items(self) -> Iterator[Item]:
        """Every row by its time. Raises ``DamagedFile``."""
        for row in rows(self.path, self.format.COLUMNS):
            yield self._item(row)

    def _item(self, row: Row) -> Item:
        if row.values is None:
            return ("", row.line, ["", Reason.FIELDS, str(row.found)])
        try:
            step = self.read(row.line, row.values)
        except Refused as refused:
            number = row.values[self.format.NUMBER]
            return ("", row.line, [number, refused.reason, refused.detail])
        # In UTC with all its digits, the text sorts as the time does.
        key = step.at.astimezone(UTC).isoformat(timespec="microseconds")
        return (key, row.line, [dict(row.values)])

    def row(self, item: Item) -> Step | Refusal:
        """What an item was made of."""
        _key, line, payload = item
        if len(payload) == 1:
            return self.read(line, payload[0])
        number, reason, detail = payload
        return Refusal(line, number, Reason(reason), detail)


def import_log(
    log: Log, *, progress: Progress, at_end: Progress, dry_run: bool = False
) -> ImportRun:
    """Replay a log, or the rest of it; a log that was replayed changes nothing.

    ``progress`` is told at the beginning and after every transaction, ``at_end``
    once. A dry run does the very same and takes everything back after ``at_end``;
    the ``ImportRun`` that it returns was never kept. Raises ``DamagedFile`` and
    ``NotNow`` before anything is changed.
    """
    with spooled(log.items()) as spool, _alone(log.source):
        digest = digest_of(log.path)
        _require_desk()
        with transaction.atomic() if dry_run else nullcontext():
            begun = _begin(log, digest, spool.count)
            run = _replay(begun, log, spool, progress)
            at_end(run)
            if dry_run:
                transaction.set_rollback(True)
        return run


def _replay(run: ImportRun, log: Log, spool: Any, progress: Progress) -> ImportRun:
    if run.is_finished:
        return run
    progress(run)
    names = Names(log.source)
    for items in _batches(spool.items(skip=run.position)):
        found = [log.row(item) for item in items]
        try:
            run = _take(run, found, names)
        except (IntegrityError, DataError):
            names = Names(log.source)
            run = _one_by_one(run, found, log)
        progress(run)
    return _finish(run)


def _one_by_one(run: ImportRun, found: Iterable[Step | Refusal], log: Log) -> ImportRun:
    """The database refused one of many: take the others, and say which it was."""
    for row in found:
        try:
            run = _take(run, [row], Names(log.source))
        except (IntegrityError, DataError) as error:
            rule = _broken(error)
            refusal = Refusal(row.line, row.number, Reason.GUARD, rule)
            run = _take(run, [refusal], Names(log.source))
    return run


def _broken(error: IntegrityError | DataError) -> str:
    """The name of the rule, where there is one."""
    rule = broken_rule(error) if isinstance(error, IntegrityError) else None
    return rule or type(error).__name__


@transaction.atomic
def _take(run: ImportRun, found: Sequence[Step | Refusal], names: Names) -> ImportRun:
    """All of them, and everything that a commit would ask, asked now: in a dry run
    there is no commit."""
    run = replay_steps(run, found, names=names)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return run


def _require_desk() -> None:
    try:
        default_desk()
    except LookupError:
        sentence = _("No service desk is at work here: make one in Django admin first.")
        raise NotNow(sentence) from None


def _begin(log: Log, digest: str, count: int) -> ImportRun:
    run, is_new = ImportRun.objects.get_or_create(
        source=log.source,
        digest=digest,
        defaults={
            "file_name": log.path.name[:255],
            "options": log.options,
            "rows": count,
            "started_at": clock.now(),
        },
    )
    if not is_new and not run.is_finished and run.options != log.options:
        sentence = _(
            "This file was begun with other options (%(options)s). Give the same ones"
            " to go on."
        )
        raise NotNow(sentence % {"options": run.options})
    return run


@transaction.atomic
def _finish(run: ImportRun) -> ImportRun:
    """Teams that hold something open are at work from now on."""
    Team.objects.filter(is_active=False, incidents__status__in=OPEN).update(
        is_active=True
    )
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    return run


@contextmanager
def _alone(source: ImportSource) -> Iterator[None]:
    """Raises ``NotNow`` where another import from this system runs."""
    key = f"import {source}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [key])
        if not cursor.fetchone()[0]:
            sentence = _(
                "Another import from %(source)s is running. Wait until it has ended."
            )
            raise NotNow(sentence % {"source": source.label})
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [key])


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, ROWS_AT_ONCE)):
        yield batch
