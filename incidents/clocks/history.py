"""An incident's events as marks that clocks are read from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from activity.models import Event
from incidents.events import Kind
from incidents.models import Incident, PolicyMatch
from sla import services
from sla.business_time import WorkingHours
from sla.clock import Mark, Reading, Terms, What, read
from sla.codes import Metric, OnChange, OnMove, OnReopen, StopsAt
from sla.models import PolicyVersion
from sla.schedule import Schedule

# What an event is to the clocks, in this order. Taking it up, or beginning, answers;
# so does a question, and saying what was done.
MEANINGS: Final[dict[str, tuple[What, ...]]] = {
    Kind.TAKE: (What.RESPOND,),
    Kind.START: (What.RESPOND,),
    Kind.REPLY: (What.RESPOND, What.UPDATE),
    Kind.HOLD: (What.HOLD,),
    Kind.RESUME: (What.RESUME,),
    Kind.TRANSFER: (What.TRANSFER,),
    Kind.RESOLVE: (What.RESPOND, What.RESOLVE),
    Kind.WORKS_AGAIN: (What.RESOLVE,),
    Kind.REJECT: (What.REJECT,),
    Kind.CLOSE: (What.CLOSE,),
    Kind.CANCEL: (What.CANCEL,),
    Kind.REOPEN: (What.REOPEN,),
}
ASKED: Final = (What.RESPOND, What.UPDATE)
# What people were told of the clocks; it moves none.
TOLD: Final = (Kind.WARN, Kind.BREACH)
# After these another policy may match.
REMATCHED: Final = (
    Kind.REPORT,
    Kind.TRIAGE,
    Kind.RECLASSIFY,
    Kind.OVERRIDE,
    Kind.TRANSFER,
    Kind.REJECT,
    Kind.REOPEN,
)
TARGETS: Final = {
    Metric.RESPONSE: "response_target",
    Metric.RESOLUTION: "resolution_target",
    Metric.UPDATE: "update_target",
}
NO_POLICY: Final = 0
DAYS = range(7)
ALWAYS: Final = Schedule(
    (
        (
            datetime(2000, 1, 1, tzinfo=UTC),
            WorkingHours(
                "UTC", {day: ((time(), time()),) for day in DAYS}, frozenset()
            ),
        ),
    )
)
NOTHING: Final = Terms(
    policy=NO_POLICY,
    target=None,
    schedule=ALWAYS,
    pauses_on=frozenset(),
    stops_at=StopsAt.RESOLVED,
    on_change=OnChange.RETROACTIVE,
    on_transfer=OnMove.CARRY,
    on_tier_move=OnMove.CARRY,
    on_reject=OnMove.CARRY,
    on_reopen=OnReopen.NEW_CYCLE,
)


def concerns_clocks(event: Event) -> bool:
    return event.kind in MEANINGS or event.kind in (*REMATCHED, *TOLD)


@dataclass(frozen=True, slots=True)
class History:
    """What of an incident matters to its clocks: events, oldest first, and which
    policy matched from which of them on."""

    events: Sequence[Event]
    matches: Mapping[int, PolicyMatch]

    @property
    def is_promised(self) -> bool:
        return bool(self.matches)

    def followed_by(self, event: Event, version: PolicyVersion | None) -> "History":
        """This history as if ``event``, which is not saved, had come next and
        ``version`` held from it on: for previews. Its ``seq`` is set."""
        event.seq = max(one.seq for one in self.events) + 1
        match = PolicyMatch(seq=event.seq, at=event.at, version=version)
        last = self.matches[max(self.matches)].version if self.matches else None
        changes = not self.matches or last != version
        matches = {**self.matches, event.seq: match} if changes else self.matches
        return replace(self, events=[*self.events, event], matches=matches)

    @property
    def latest_at(self) -> datetime:
        """When something happened for the last time, in whatever order it was told."""
        return max(event.at for event in self.events)

    def warnings_of(self, reading: Reading) -> list[int]:
        """At which per cents of its target the policy of this reading warns."""
        for match in self.matches.values():
            if match.version is not None and match.version.pk == reading.policy:
                return match.version.warnings_of(reading.metric)
        return []

    @property
    def forewarnings(self) -> list[Event]:
        """When the reporter was told that a promise may be missed."""
        return [
            event for event in self.events if event.kind == Kind.WARN and event.public
        ]

    def readings(self, at: datetime) -> list[Reading]:
        """Every cycle of every clock as it stands at ``at``, by the events up to
        then."""
        if not self.is_promised:
            return []
        schedules = schedules_of(match.version for match in self.matches.values())
        return [
            reading
            for metric in Metric
            for reading in read(metric, self.marks(metric, schedules), at)
        ]

    def marks(self, metric: Metric, schedules: Mapping[int, Schedule]) -> list[Mark]:
        """What the events are to this clock, if the calendars say ``schedules``. Asks
        that something was promised."""
        terms = {
            seq: terms_of(match.version, metric, schedules)
            for seq, match in self.matches.items()
        }
        return list(_marks(self.events, terms))


def history_of(incident: Incident) -> History:
    events = Event.objects.about(incident).filter(
        kind__in=[*MEANINGS, *REMATCHED, *TOLD]
    )
    matches = incident.policy_matches.select_related("version")
    return History(list(events), {match.seq: match for match in matches})


def schedules_of(versions: Iterable[PolicyVersion | None]) -> dict[int, Schedule]:
    """The schedules of their calendars, by the calendar's id."""
    found = services.schedules_of(one.calendar_id for one in versions if one)
    return {pk: Schedule(versions) for pk, versions in found.items()}


def _marks(events: Iterable[Event], matches: Mapping[int, Terms]) -> Iterator[Mark]:
    """Clocks begin where a policy was matched for the first time: at the report, or
    later for what was brought in from another system."""
    first = min(matches)
    for event in events:
        terms = matches.get(event.seq)
        if event.seq == first:
            yield Mark(event.at, event.seq, What.START, terms=terms)
        if event.seq <= first:
            continue
        for what in meanings(event):
            brings = terms if what is What.REOPEN else None
            yield Mark(event.at, event.seq, what, event.data.get("reason", ""), brings)
        if terms is not None and event.kind != Kind.REOPEN:
            yield Mark(event.at, event.seq, What.TERMS, terms=terms)


def meanings(event: Event) -> Iterator[What]:
    """What happened by it, as far as clocks care; nothing for a replayed row."""
    if event.kind == Kind.HOLD and "question" in event.data.get("notes", {}):
        yield from ASKED
    yield from MEANINGS.get(event.kind, ())


def terms_of(
    version: PolicyVersion | None, metric: Metric, schedules: Mapping[int, Schedule]
) -> Terms:
    """What this version promises for one metric; nothing without a version."""
    if version is None:
        return NOTHING
    minutes = getattr(version, TARGETS[metric])
    return Terms(
        policy=version.pk,
        target=timedelta(minutes=minutes) if minutes else None,
        schedule=schedules[version.calendar_id],
        pauses_on=frozenset(version.pauses_on),
        stops_at=StopsAt(version.stops_at),
        on_change=OnChange(version.on_change),
        on_transfer=OnMove(version.on_transfer),
        on_tier_move=OnMove(version.on_tier_move),
        on_reject=OnMove(version.on_reject),
        on_reopen=OnReopen(version.on_reopen),
    )
