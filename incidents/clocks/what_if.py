"""How an incident's clocks would stand if something else had been promised.

Nothing is written, and nothing that was promised changes: it is the fold of the live
clocks over the incident's own events, with other terms.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import Team
from activity.models import Event
from incidents.clocks.history import MEANINGS, meanings
from incidents.clocks.replayed import Replayed
from incidents.events import Kind
from incidents.models import Clock, Incident
from sla.business_time import WorkingHours
from sla.clock import Mark, Reading, Terms, What, read
from sla.codes import Metric
from sla.models import Policy, PolicyVersion
from sla.schedule import Schedule
from sla.services.terms import schedules_of, terms_of

# Those that say how severe it is, besides what moves clocks anyway.
CLASSIFYING: Final = (Kind.REPORT, Kind.TRIAGE, Kind.RECLASSIFY, Kind.OVERRIDE)
CONCERNED: Final = (*MEANINGS, *CLASSIFYING, Kind.REPLAY)
NO_CALENDAR: Final = 0
LONG_AGO: Final = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is taken to have been promised from the report on: by severity, a version
    of a policy, be it published, a draft or never saved. Nothing without one.

    ``schedules`` are those of the versions, by the id of their calendar.
    """

    versions: Mapping[int, PolicyVersion]
    schedules: Mapping[int, Schedule]

    @classmethod
    def of(cls, versions: Mapping[int, PolicyVersion]) -> "Supposition":
        """By calendars of this desk, as they were published."""
        return cls(versions, schedules_of(versions.values()))

    def terms(self, severity: int, metric: Metric) -> Terms:
        return terms_of(self.versions.get(severity), metric, self.schedules)

    def readings(
        self,
        events: Sequence[Event],
        metric: Metric,
        at: datetime,
        *,
        tiers: Mapping[int, int],
    ) -> list[Reading]:
        """Every cycle of one clock as it would stand at ``at``; ``events`` are those
        of one incident from its report on, ``tiers`` those of the teams by their id.

        What was resolved, held, passed on or reopened in another system counts like
        what was done here.
        """
        return read(metric, list(self._marks(events, metric, tiers)), at)

    def _marks(
        self, events: Iterable[Event], metric: Metric, tiers: Mapping[int, int]
    ) -> Iterator[Mark]:
        """What a row says of the severity holds for what it does as well."""
        replayed = Replayed(tiers)
        for event in events:
            severity = severity_from(event)
            if severity is not None:
                what = What.START if event.kind == Kind.REPORT else What.TERMS
                terms = self.terms(severity, metric)
                yield Mark(event.at, event.seq, what, terms=terms)
            for what, reason in _meanings(event, replayed):
                yield Mark(event.at, event.seq, what, reason)


def invented(
    promises: Mapping[int, int], hours: WorkingHours, **settings: Any
) -> Supposition:
    """Of versions that no row holds and nobody may save: ``promises`` are minutes to
    resolve by severity, ``settings`` those of ``PolicyVersion``. See ``severity_of``.
    """
    versions = {
        severity: PolicyVersion(
            pk=-severity,
            policy=Policy(name=_("Supposed")),
            calendar_id=NO_CALENDAR,
            severity=severity,
            resolution_target=minutes,
            **settings,
        )
        for severity, minutes in promises.items()
    }
    return Supposition(versions, {NO_CALENDAR: Schedule(((LONG_AGO, hours),))})


def severity_of(reading: Reading) -> int:
    """By which severity it was measured, where the versions were ``invented``."""
    return -reading.policy


def clock_of(incident: Incident, reading: Reading) -> Clock:
    """What a row of this clock would say, to be shown. It is never saved."""
    return Clock(
        incident=incident,
        metric=reading.metric,
        cycle=reading.cycle,
        target=reading.target,
        state=reading.state,
        started_at=reading.started_at,
        stopped_at=reading.stopped_at,
        due_at=reading.due_at,
        breached_at=reading.breached_at,
        elapsed=reading.elapsed,
    )


def events_of(incidents: Iterable[int]) -> Any:
    """What matters of these incidents, one after the other, each from its report on."""
    events = Event.objects.filter(
        subject_type=Incident.subject_type,
        subject_id__in=incidents,
        kind__in=CONCERNED,
    )
    return events.order_by("subject_id", "seq")


def tiers_of_teams() -> dict[int, int]:
    return dict(Team.objects.values_list("pk", "tier"))


def severity_from(event: Event) -> int | None:
    """How severe it is from this event on; ``None`` where that stays as it was."""
    if event.kind == Kind.REPORT:
        severity: int = event.data["severity"]
        return severity
    changed = event.data.get("changed", {}).get("severity")
    return changed[1] if changed else None


def _meanings(event: Event, replayed: Replayed) -> Iterator[tuple[What, str]]:
    if event.kind == Kind.REPLAY:
        yield from replayed.meanings(event)
        return
    for what in meanings(event):
        yield what, event.data.get("reason", "")
