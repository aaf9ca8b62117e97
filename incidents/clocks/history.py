"""An incident's events as marks that clocks are read from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from activity.models import Event
from incidents.events import Kind
from incidents.models import Incident, PolicyMatch
from sla.clock import Mark, Reading, Terms, What, read
from sla.codes import Metric
from sla.models import PolicyVersion
from sla.schedule import Schedule
from sla.services.terms import schedules_of, terms_of

# What an event is to the clocks, in this order. Taking it up, or beginning, answers;
# so does a question, and saying what was done.
MEANINGS: Final[dict[str, tuple[What, ...]]] = {
    Kind.TAKE: (What.RESPOND,),
    Kind.START: (What.RESPOND,),
    Kind.REPLY: (What.RESPOND, What.UPDATE),
    Kind.HOLD: (What.HOLD,),
    Kind.RESUME: (What.RESUME,),
    Kind.TRANSFER: (What.TRANSFER,),
    Kind.ESCALATE: (What.TIER_MOVE,),
    Kind.HAND_BACK: (What.TIER_MOVE,),
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
    Kind.ESCALATE,
    Kind.HAND_BACK,
    Kind.REJECT,
    Kind.REOPEN,
)
# What the ladder of the policy called for, and who answered; it moves no clock.
CLIMBED: Final = (Kind.URGE, Kind.CALL_ATTENTION, Kind.RUNG, Kind.ACKNOWLEDGE)


CONCERNED: Final = frozenset({*MEANINGS, *REMATCHED, *TOLD, *CLIMBED})


def concerns_clocks(event: Event) -> bool:
    return event.kind in CONCERNED


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
        changes = not self.matches or self.version != version
        matches = {**self.matches, event.seq: match} if changes else self.matches
        return replace(self, events=[*self.events, event], matches=matches)

    @property
    def latest_at(self) -> datetime:
        """When something happened for the last time, in whatever order it was told."""
        return max(event.at for event in self.events)

    @property
    def version(self) -> PolicyVersion | None:
        """The version of a policy that holds."""
        return self.matches[max(self.matches)].version if self.matches else None

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

    def readings(
        self, at: datetime, schedules: Mapping[int, Schedule] | None = None
    ) -> list[Reading]:
        """Every cycle of every clock as it stands at ``at``, by the events up to
        then; by these ``schedules``, where they are known already or would be
        others."""
        if not self.is_promised:
            return []
        if schedules is None:
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
    events = Event.objects.about(incident).filter(kind__in=CONCERNED)
    matches = incident.policy_matches.select_related("version")
    return History(list(events), {match.seq: match for match in matches})


def histories_of(
    incidents: Iterable[int], also: Iterable[str] = ()
) -> dict[int, History]:
    """The histories of the incidents with these ids, in two statements; ``also`` with
    events of these kinds, which move no clock."""
    pks = list(incidents)
    events: dict[int, list[Event]] = {pk: [] for pk in pks}
    matches: dict[int, dict[int, PolicyMatch]] = {pk: {} for pk in pks}
    told = Event.objects.filter(
        subject_type=Incident.subject_type,
        subject_id__in=pks,
        kind__in=CONCERNED | set(also),
    )
    for event in told.order_by("subject_id", "seq").defer("hash", "request_id"):
        events[event.subject_id].append(event)
    rows = PolicyMatch.objects.filter(incident__in=pks).select_related("version")
    for match in rows.order_by("incident_id", "seq"):
        matches[match.incident_id][match.seq] = match
    return {pk: History(events[pk], matches[pk]) for pk in pks}


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
