"""What another system said of its promises, beside what our clocks would have said."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import attrgetter
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from activity.models import Note
from incidents.clocks.what_if import (
    Supposition,
    events_of,
    severity_of,
    tiers_of_teams,
)
from incidents.codes import ClosureBasis, ImportSource
from incidents.models import ImportedIncident, Incident
from sla.clock import Reading
from sla.codes import Metric, State
from sla.schedule import NOTHING

AT_ONCE: Final = 500
# How the column stands in the note of what has no place here.
NOTE: Final = "unmapped"
COLUMN: Final = "made_sla: "
FLAGS: Final = {"true": True, "false": False}
# What is supposed where times were read in the zone of this name.
BySupposing = Callable[[str], Supposition]


class LeftOut(models.TextChoices):
    """Why an incident cannot be compared."""

    OPEN = "open", _("It was not closed there, or people went on with it here.")
    UNSAID = "unsaid", _("The log does not say whether it was in time.")
    UNPROMISED = "unpromised", _("Nothing is supposed for its severity.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One incident, by its id here and its number there: whether it was late by our
    clock, and by the log. ``zone`` is the one that its times were read in."""

    incident: int
    number: str
    zone: str
    severity: int
    elapsed: timedelta
    target: timedelta
    is_missed: bool
    was_missed: bool

    @property
    def agrees(self) -> bool:
        return self.is_missed == self.was_missed


@dataclass(slots=True)
class Comparison:
    compared: list[Compared] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    @property
    def by_severity(self) -> dict[int, list[Compared]]:
        """Most severe first."""
        ordered = sorted(self.compared, key=attrgetter("severity"))
        return {
            severity: list(found)
            for severity, found in groupby(ordered, key=attrgetter("severity"))
        }

    @property
    def disagreements(self) -> list[Compared]:
        """By their numbers."""
        found = [one for one in self.compared if not one.agrees]
        return sorted(found, key=attrgetter("number"))


def compare_made_sla(suppose: BySupposing, *, at: datetime) -> Comparison:
    """Every incident brought in from ServiceNow: ``made_sla`` of its last row beside
    its clock of the resolution at ``at``, had that been promised. Writes nothing.

    Measured is by the severity that it had when it was closed.
    """
    comparison, tiers = Comparison(), tiers_of_teams()
    for rows in _batches():
        numbers = {row.incident_id: row for row in rows}
        said = _said(numbers)
        events = groupby(events_of(numbers), key=attrgetter("subject_id"))
        for pk, history in events:
            zone = numbers[pk].run.options["time_zone"]
            readings = suppose(zone).readings(
                list(history), Metric.RESOLUTION, at, tiers=tiers
            )
            _put(comparison, numbers[pk], readings, said.get(pk))
    return comparison


def _put(
    comparison: Comparison,
    row: ImportedIncident,
    readings: Sequence[Reading],
    made: bool | None,
) -> None:
    """``made`` is what the log says."""
    if row.incident.closure_basis != ClosureBasis.IMPORTED:
        comparison.left_out[LeftOut.OPEN] += 1
    elif made is None:
        comparison.left_out[LeftOut.UNSAID] += 1
    elif not readings or readings[-1].target is None:
        comparison.left_out[LeftOut.UNPROMISED] += 1
    else:
        comparison.compared.append(_compared(row, readings[-1], made=made))


def _compared(row: ImportedIncident, reading: Reading, *, made: bool) -> Compared:
    return Compared(
        incident=row.incident_id,
        number=row.number,
        zone=row.run.options["time_zone"],
        severity=severity_of(reading),
        elapsed=reading.elapsed,
        target=reading.target or NOTHING,
        is_missed=reading.state == State.MISSED,
        was_missed=not made,
    )


def _batches() -> Iterator[list[ImportedIncident]]:
    rows = ImportedIncident.objects.filter(source=ImportSource.SERVICENOW)
    found = rows.select_related("run", "incident").order_by("pk").iterator(AT_ONCE)
    while batch := list(islice(found, AT_ONCE)):
        yield batch


def _said(incidents: Iterable[int]) -> dict[int, bool | None]:
    """What the last row of each says that says anything: what is missing stays as it
    was. A note that was emptied may have said it, so nobody knows any more."""
    notes = Note.objects.filter(
        event__subject_type=Incident.subject_type,
        event__subject_id__in=incidents,
        name=NOTE,
    )
    in_order = notes.order_by("event__subject_id", "event__seq")
    said: dict[int, bool | None] = {}
    for pk, text in in_order.values_list("event__subject_id", "text"):
        words = _column(text)
        if words is not None or not text:
            said[pk] = FLAGS.get(words or "")
    return said


def _column(text: str) -> str | None:
    for line in text.splitlines():
        if line.startswith(COLUMN):
            return line.removeprefix(COLUMN)
    return None
