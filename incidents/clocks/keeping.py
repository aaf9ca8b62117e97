"""The cache of an incident's clocks, kept with its events, and its proof."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from activity import clock
from activity.models import Event
from incidents.clocks.history import (
    REMATCHED,
    History,
    concerns_clocks,
    history_of,
)
from incidents.clocks.telling import Telling, tellings
from incidents.codes import Origin
from incidents.events import Kind
from incidents.ladders.climbing import Coming
from incidents.ladders.keeping import coming_of
from incidents.models import Clock, Incident, PolicyMatch
from sla.clock import Reading
from sla.codes import State
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
    "told",
    "tell_step",
    "tell_at",
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
    # Before reading: what is published meanwhile has to be seen as newer.
    kept_at = clock.now()
    history = history_of(incident)
    if not history.is_promised:
        return
    at = history.latest_at
    found = list(tellings(history, at))
    if not found:
        return
    Clock.objects.bulk_create(
        [
            Clock(incident=incident, as_of=at, kept_at=kept_at, **_values(*each))
            for each in found
        ],
        update_conflicts=True,
        unique_fields=["incident", "metric", "cycle"],
        update_fields=[
            name.removesuffix("_id") for name in (*CACHED, "as_of", "kept_at")
        ],
    )
    readings = [reading for reading, _told in found]
    _keep_next(incident, next_due(readings), coming_of(incident, history, readings))


def next_due(readings: Iterable[Reading]) -> datetime | None:
    """The nearest promise of those that run; ``None`` where there is none."""
    running = [one.due_at for one in readings if one.state == State.RUNNING]
    return min((due_at for due_at in running if due_at), default=None)


def _keep_next(
    incident: Incident, due_at: datetime | None, coming: Coming | None
) -> None:
    """For lists, and for the timers."""
    kept = {
        "due_at": due_at,
        "rung_at": coming.at if coming else None,
        "rung_position": coming.rung.position if coming else None,
    }
    changed = {
        name: value for name, value in kept.items() if getattr(incident, name) != value
    }
    if changed:
        Incident.objects.filter(pk=incident.pk).update(**changed)
        for name, value in changed.items():
            setattr(incident, name, value)


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


def _values(reading: Reading, told: Telling) -> dict[str, Any]:
    return {
        "metric": str(reading.metric),
        "cycle": reading.cycle,
        "policy_id": reading.policy or None,
        "target": reading.target,
        "state": str(reading.state),
        "started_at": reading.started_at,
        "stopped_at": reading.stopped_at,
        "due_at": reading.due_at,
        "breached_at": reading.breached_at,
        "elapsed": reading.elapsed,
        "promised_seq": reading.promised_seq,
        "told": told.told,
        "tell_step": told.step,
        "tell_at": told.at,
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """A clock whose cache is not what its events say; cycle 0 is the incident's own
    ``due_at``."""

    incident: Incident
    metric: str
    cycle: int
    what: str

    def __str__(self) -> str:
        named = f"{self.metric} {self.cycle}" if self.cycle else self.metric
        return f"{self.incident}, {named}: {self.what}"


def differences() -> Iterator[Difference]:
    """Every clock of the desk, read anew from its events and compared with its row.

    Beside a desk at work, and without a transaction that lasts: an incident that
    seems to differ is read once more, held against whoever writes just then.
    """
    promised = PolicyMatch.objects.filter(incident=OuterRef("pk"))
    concerned = Incident.objects.filter(Exists(promised) | Q(due_at__isnull=False))
    last = 0
    while found := list(
        concerned.filter(pk__gt=last).order_by("pk")[:INCIDENTS_AT_ONCE]
    ):
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
    history = history_of(incident)
    found = list(tellings(history, as_of or history.latest_at))
    yield from _compare_next(incident, history, [reading for reading, _told in found])
    for reading, told in found:
        key = (str(reading.metric), reading.cycle)
        row = rows.pop(key, None)
        if row is None:
            yield Difference(incident, *key, "it is not there")
            continue
        for name, value in _values(reading, told).items():
            if getattr(row, name) != value:
                words = f"{name} is {getattr(row, name)}, its events say {value}"
                yield Difference(incident, *key, words)
    for metric, cycle in rows:
        yield Difference(incident, metric, cycle, "its events know nothing of it")


def _compare_next(
    incident: Incident, history: History, readings: Sequence[Reading]
) -> Iterator[Difference]:
    due_at = next_due(readings)
    if incident.due_at != due_at:
        words = f"due_at is {incident.due_at}, its events say {due_at}"
        yield Difference(incident, "next promise", 0, words)
    coming = coming_of(incident, history, readings)
    said = (coming.rung.position, coming.at) if coming else (None, None)
    kept = (incident.rung_position, incident.rung_at)
    if kept != said:
        words = f"the next rung is {kept}, its events say {said}"
        yield Difference(incident, "next rung", 0, words)
