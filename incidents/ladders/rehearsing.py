"""What a ladder would have told: past tickets, read again with a draft in force.

The same function says what comes next as for the timers, so a rehearsal of what holds
tells what was told. It writes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from accounts.models import User
from activity.models import Event
from incidents.clocks.history import History, histories_of
from incidents.codes import ENDED, OPEN, Status
from incidents.events import Kind
from incidents.ladders.climbing import Coming, coming_rung, present_climb
from incidents.ladders.held import OWNING, Hands
from incidents.ladders.people import commanders, whom
from incidents.ladders.telling import told
from incidents.models import Incident, PolicyMatch, TierStay
from incidents.tiers.bounces import bounces_of
from sla.clock import Reading
from sla.models import PolicyVersion, Rung
from sla.schedule import Schedule
from sla.services.terms import schedules_of

PAST_TICKETS: Final = 50
# So often a ladder could be climbed anew by one ticket; more would be an endless one.
MOST_TELLINGS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One rung: when, why (the values of its event), and whom."""

    incident: Incident
    at: datetime
    data: Mapping[str, Any]
    people: Sequence[User]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """``tickets`` were read; ``tellings`` are in order of the ticket, then of time.
    ``was_told`` is how many rungs really were told of them."""

    tickets: Sequence[Incident]
    tellings: Sequence[Telling]
    was_told: int

    @property
    def people(self) -> dict[User, int]:
        """How many messages each person would have had, the most first."""
        counts: dict[User, int] = {}
        for telling in self.tellings:
            for user in telling.people:
                counts[user] = counts.get(user, 0) + 1
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0].name)))


def rehearse_draft(draft: PolicyVersion, *, at: datetime) -> Rehearsal:
    """For the latest past tickets that a version of its policy was promised to: as if
    the draft had been that version."""
    matched = PolicyMatch.objects.filter(version__policy=draft.policy_id)
    past = Incident.objects.filter(pk__in=matched.values("incident")).exclude(
        status__in=OPEN
    )
    rows = past.select_related("team__lead", "desk__lead", "service__owner")
    tickets = list(rows.order_by("-reported_at", "-pk")[:PAST_TICKETS])
    return _rehearse(tickets, at, draft)


def rehearse(tickets: Sequence[Incident], *, at: datetime) -> Rehearsal:
    """By the versions that really held."""
    return _rehearse(tickets, at, None)


def _rehearse(
    tickets: Sequence[Incident], at: datetime, draft: PolicyVersion | None
) -> Rehearsal:
    pks = [incident.pk for incident in tickets]
    histories = histories_of(pks, also=OWNING)
    if draft is not None:
        histories = {pk: _with(draft, one) for pk, one in histories.items()}
    stays: dict[int, list[TierStay]] = {pk: [] for pk in pks}
    rows = TierStay.objects.filter(incident__in=pks).order_by("entered_seq")
    for stay in rows.select_related("team__lead", "team__manager"):
        stays[stay.incident_id].append(stay)
    known = _Known.of(histories)
    tellings = [
        telling
        for incident in tickets
        for telling in _Play(
            incident, histories[incident.pk], stays[incident.pk], known
        ).tellings(at)
    ]
    was_told = sum(
        event.kind == Kind.RUNG for one in histories.values() for event in one.events
    )
    return Rehearsal(tickets=tickets, tellings=tellings, was_told=was_told)


def _with(draft: PolicyVersion, history: History) -> History:
    """As if the draft had held wherever a version of its policy did."""
    matches: dict[int, PolicyMatch] = {}
    before: PolicyVersion | None = None
    for seq, match in sorted(history.matches.items()):
        version = match.version
        if version is not None and version.policy_id == draft.policy_id:
            version = draft
        if not matches or version != before:
            matches[seq] = PolicyMatch(seq=seq, at=match.at, version=version)
        before = version
    return History(history.events, matches)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What all tickets ask for, asked once."""

    rungs: Mapping[int, list[Rung]]
    schedules: Mapping[int, Schedule]
    people: Mapping[int, User]
    commanders: Sequence[User]

    @classmethod
    def of(cls, histories: Mapping[int, History]) -> "_Known":
        versions = {
            match.version.pk: match.version
            for history in histories.values()
            for match in history.matches.values()
            if match.version is not None
        }
        rungs: dict[int, list[Rung]] = {pk: [] for pk in versions}
        found = Rung.objects.filter(version__in=versions).order_by("position")
        for rung in found.select_related("person"):
            rungs[rung.version_id].append(rung)
        people = {
            pk
            for history in histories.values()
            for event in history.events
            for pk in (event.actor_id, event.data.get("owner"), event.data.get("to"))
            if isinstance(pk, int)
        }
        return cls(
            rungs=rungs,
            schedules=schedules_of(versions.values()),
            people=User.objects.in_bulk(people),
            commanders=commanders(),
        )


@dataclass(slots=True)
class _Play:
    """One ticket, moved on from event to event; between two of them nothing happens but
    that rungs are told, each in its moment."""

    incident: Incident
    history: History
    stays: Sequence[TierStay]
    known: _Known
    # What happened so far, with what would have been told where it would have been.
    story: list[Event] = field(default_factory=list)
    count: int = 0

    def tellings(self, end: datetime) -> Iterator[Telling]:
        hands = Hands(self.incident, self.stays, self.known.people)
        facts = [event for event in self.history.events if event.kind != Kind.RUNG]
        status = str(Status.NEW)
        past: list[Event] = []
        for event, following in zip(facts, [*facts[1:], None], strict=True):
            past.append(self._as_it_would_be(event, past))
            self.story.append(past[-1])
            hands.take(event)
            status = event.to_status or status
            if status in OPEN:
                until = following.at if following else end
                yield from self._between(past, until, hands)
            if status in ENDED and following is None:
                return

    def _as_it_would_be(self, event: Event, past: Sequence[Event]) -> Event:
        """Whoever answered then would have answered to whatever had been told."""
        if event.kind != Kind.ACKNOWLEDGE:
            return event
        part = self._part([*past, event])
        climb = present_climb(self.story, part.matches, self._rungs(part))
        seq = climb.seq if climb and climb.told else 0
        return Event(
            kind=event.kind,
            seq=event.seq,
            at=event.at,
            actor_id=event.actor_id,
            data={"climb": seq},
        )

    def _part(self, past: Sequence[Event]) -> History:
        last = past[-1].seq
        matches = {
            seq: match for seq, match in self.history.matches.items() if seq <= last
        }
        return History(past, matches)

    def _rungs(self, part: History) -> list[Rung]:
        return self.known.rungs.get(part.version.pk, []) if part.version else []

    def _between(
        self, past: Sequence[Event], until: datetime, hands: Hands
    ) -> Iterator[Telling]:
        part = self._part(past)
        rungs = self._rungs(part)
        if not rungs:
            return
        at = part.latest_at
        readings = part.readings(at, self.known.schedules)
        bounces = self._bounces(past[-1].seq)
        while self.count < MOST_TELLINGS:
            coming = self._coming(part, rungs, readings, bounces)
            if coming is None or max(coming.at, at) >= until:
                return
            at = max(coming.at, at)
            people = whom(coming.rung, hands.held(), self.known.commanders)
            data = told(coming, part, people, at, self.known.schedules)
            self.story.append(Event(kind=Kind.RUNG, at=at, data=data))
            self.count += 1
            yield Telling(incident=self.incident, at=at, data=data, people=people)

    def _coming(
        self,
        part: History,
        rungs: Sequence[Rung],
        readings: Sequence[Reading],
        bounces: Sequence[datetime],
    ) -> Coming | None:
        climb = present_climb(self.story, part.matches, rungs)
        return coming_rung(climb, rungs, readings, bounces) if climb else None

    def _bounces(self, seq: int) -> list[datetime]:
        begun = [stay for stay in self.stays if stay.entered_seq <= seq]
        return [stay.entered_at for stay in bounces_of(begun)]
