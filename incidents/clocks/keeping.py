"""The cache of an incident's clocks, kept with its events, and its proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from activity import clock
from activity.models import Event
from incidents.clocks.history import (
    REMATCHED,
    concerns_clocks,
    history_of,
)
from incidents.codes import Origin
from incidents.events import Kind
from incidents.models import Clock, Incident, PolicyMatch
from sla.clock import Reading
from sla.services import match_policy

CACHED: Final = (
    "policy_id",
    "target",
    "state",
    "started_at",
    "stopped_at",
    "due_at",
    "breached_at",
    "elapsed",
    "promised_seq",
)
INCIDENTS_AT_ONCE: Final = 500


def keep_clocks(incident: Incident, events: Sequence[Event]) -> None:
    """Follow these new events of a locked incident: the policy, then every clock."""
    concerned = [event for event in events if concerns_clocks(event)]
    if not concerned:
        return
    for event in concerned:
        _match_again(incident, event)
    cache_readings(incident)


def cache_readings(incident: Incident) -> None:
    """Write down how each clock stood when something happened for the last time."""
    history = history_of(incident)
    if not history.is_promised:
        return
    at = history.latest_at
    readings = history.readings(at)
    if not readings:
        return
    kept_at = clock.now()
    Clock.objects.bulk_create(
        [_row(incident, reading, at, kept_at) for reading in readings],
        update_conflicts=True,
        unique_fields=["incident", "metric", "cycle"],
        update_fields=[
            name.removesuffix("_id") for name in (*CACHED, "as_of", "kept_at")
        ],
    )


def _match_again(incident: Incident, event: Event) -> None:
    """Write down which policy holds from this event on, where it is another one.
    Nobody here promised anything for what another system reports."""
    is_theirs = event.kind == Kind.REPORT and incident.origin == Origin.IMPORT
    if event.kind not in REMATCHED or is_theirs:
        return
    match = match_policy(
        service=incident.service,
        team=incident.team,
        kind=incident.kind,
        severity=incident.severity,
        at=event.at,
    )
    before = incident.policy_matches.last()
    version = match.version if match else None
    if before is not None and before.version_id == (version and version.pk):
        return
    PolicyMatch.objects.create(
        incident=incident,
        seq=event.seq,
        at=event.at,
        version=version,
        why=[name for name, _value in match.why] if match else [],
    )


def _row(
    incident: Incident, reading: Reading, at: datetime, kept_at: datetime
) -> Clock:
    return Clock(
        incident=incident,
        metric=reading.metric,
        cycle=reading.cycle,
        as_of=at,
        kept_at=kept_at,
        **_values(reading),
    )


def _values(reading: Reading) -> dict[str, Any]:
    return {
        "policy_id": reading.policy,
        "target": reading.target,
        "state": str(reading.state),
        "started_at": reading.started_at,
        "stopped_at": reading.stopped_at,
        "due_at": reading.due_at,
        "breached_at": reading.breached_at,
        "elapsed": reading.elapsed,
        "promised_seq": reading.promised_seq,
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """A clock whose cache is not what its events say."""

    incident: Incident
    metric: str
    cycle: int
    what: str

    def __str__(self) -> str:
        return f"{self.incident}, {self.metric} {self.cycle}: {self.what}"


def differences() -> Iterator[Difference]:
    """Every clock of the desk, read anew from its events and compared with its row.

    Beside a desk at work, and without a transaction that lasts: an incident that
    seems to differ is read once more, held against whoever writes just then.
    """
    promised = PolicyMatch.objects.filter(incident=OuterRef("pk"))
    incidents = Incident.objects.filter(Exists(promised)).order_by("pk")
    last = 0
    while found := list(incidents.filter(pk__gt=last)[:INCIDENTS_AT_ONCE]):
        for incident in found:
            if any(_compare(incident)):
                yield from _compare_held(incident.pk)
        last = found[-1].pk


@transaction.atomic
def _compare_held(pk: int) -> list[Difference]:
    return list(_compare(Incident.objects.lock(pk)))


def _compare(incident: Incident) -> Iterator[Difference]:
    rows = {(row.metric, row.cycle): row for row in incident.clocks.all()}
    as_of = max((row.as_of for row in rows.values()), default=None)
    if as_of is None:
        as_of = incident.policy_matches.order_by("seq")[0].at
    for reading in history_of(incident).readings(as_of):
        key = (str(reading.metric), reading.cycle)
        row = rows.pop(key, None)
        if row is None:
            yield Difference(incident, *key, "it is not there")
            continue
        for name, value in _values(reading).items():
            if getattr(row, name) != value:
                words = f"{name} is {getattr(row, name)}, its events say {value}"
                yield Difference(incident, *key, words)
    for metric, cycle in rows:
        yield Difference(incident, metric, cycle, "its events know nothing of it")
