"""A whole log replayed, and what the desk says of it afterwards."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from activity.models import Event, Note
from incidents.codes import OPEN, ImportSource
from incidents.events import Kind
from incidents.models import (
    Holding,
    ImportedIncident,
    ImportRun,
    Incident,
    RefusedRow,
    Resolution,
)
from incidents.services.importing import Log, import_log

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[4] / "shared" / "data"
SERVICENOW = SHARED / "uci_incidents" / "incident_event_log.dev.csv.xz"
VINST = SHARED / "bpic2013_volvo" / "incidents.dev.csv.xz"
UTC = ZoneInfo("UTC")


def bring_in(path: Path, source: str = "servicenow", **options: Any) -> ImportRun:
    log = Log(path=path, source=ImportSource(source), zone=UTC)
    return import_log(log, progress=ignore, at_end=ignore, **options)


def ignore(_run: ImportRun) -> None:
    """Nobody looks."""


@dataclass
class Found:
    """What the database says, in the terms of ``independent.Counts``."""

    rows: int
    incidents: int
    reopenings: int
    reassignments: int
    state_events: Counter[tuple[str, str]] = field(default_factory=Counter)
    severities: Counter[int | None] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    tier_moves: Counter[tuple[int, int]] = field(default_factory=Counter)


def found(source: str) -> Found:
    """Counted from events and rows, each figure by a way of its own."""
    ours = Incident.objects.filter(imported__source=source)
    events = Event.objects.filter(kind=Kind.REPLAY, subject_id__in=ours)
    moves = events.filter(to_status__isnull=False)
    counted = Found(
        rows=events.count(),
        incidents=ours.count(),
        reopenings=moves.filter(to_status__in=OPEN)
        .exclude(from_status__in=OPEN)
        .count(),
        reassignments=events.filter(data__changed__has_key="reassigned").count(),
        severities=Counter(ours.values_list("severity", flat=True)),
        statuses=Counter(ours.values_list("status", flat=True)),
    )
    before: dict[int, str] = {}
    for pk, data in moves.order_by("subject_id", "seq").values_list(
        "subject_id", "data"
    ):
        counted.state_events[before.get(pk, ""), data["state"]] += 1
        before[pk] = data["state"]
    counted.tier_moves = _tier_moves(events)
    return counted


def _tier_moves(events: Any) -> Counter[tuple[int, int]]:
    from accounts.models import Team  # noqa: PLC0415

    tier = dict(Team.objects.values_list("pk", "tier"))
    jumps = events.filter(data__changed__has_key="reassigned").values_list(
        "data__changed__reassigned", flat=True
    )
    return Counter(
        (tier[old], tier[new]) for old, new in jumps if tier[old] != tier[new]
    )


def contents() -> dict[str, list[Any]]:
    """All that an import made, without what differs between two that are alike:
    ids, salts and the time of writing."""
    number = F("imported__number")
    return {
        "incidents": _rows(
            Incident.objects.alias(n=number).order_by("n"),
            *("imported__number", "title", "description", "status", "version"),
            *("severity", "impact", "urgency", "severity_override", "team__name"),
            *("owner__email", "reporter__email", "category__name", "service__name"),
            *("location__name", "hold_reason", "reported_at", "acknowledged_at"),
            *("resolved_at", "closed_at", "closed_by__email", "closure_basis"),
            *("resolution__number", "imported__state", "imported__counters"),
        ),
        "events": sorted(map(repr, _events())),
        "resolutions": _rows(
            Resolution.objects.order_by("incident__imported__number", "number"),
            *("incident__imported__number", "number", "seq", "at", "by__email"),
        ),
        "holdings": sorted(
            Holding.objects.values_list("incident__imported__number", "team__name")
        ),
        "refused": _rows(
            RefusedRow.objects.order_by("line"), "line", "number", "reason", "detail"
        ),
        "runs": _rows(
            ImportRun.objects.order_by("pk"),
            *("source", "rows", "position", "taken", "refused", "incidents", "moves"),
        ),
    }


def _events() -> list[Any]:
    number = dict(ImportedIncident.objects.values_list("incident", "number"))
    notes: dict[int, list[tuple[str, str]]] = {}
    for event, name, text in Note.objects.values_list("event", "name", "text"):
        notes.setdefault(event, []).append((name, text))
    plain = Event.objects.filter(subject_type="incident").values_list(
        *("pk", "subject_id", "seq", "kind", "from_status", "to_status"),
        *("actor__email", "at", "public", "data__line", "data__row", "data__state"),
    )
    return [
        (number[pk], *facts, sorted(notes.get(event, [])))
        for event, pk, *facts in plain.iterator()
    ]


def _rows(queryset: Any, *names: str) -> list[Any]:
    return list(queryset.values_list(*names))
