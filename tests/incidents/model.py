"""What must be true of an incident, once more: plain Python, no database.

Written from the rules and ``docs/life-cycle.md``; it shares no code with the product,
so that ``test_state_machine`` can ask both and compare. People and teams are names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CONFLICT, NOT_ALLOWED, INVALID = "conflict", "not allowed", "invalid"
OPEN = ("new", "assigned", "in_progress", "on_hold")
# What the desk says of its clocks takes nothing away from what a page showed.
# What is said of clocks and of attention: it outdates no page.
ASIDES = {
    "incident.warn",
    "incident.breach",
    "incident.rung",
    "incident.came_back_often",
    "incident.raise_attention",
    "incident.lower_attention",
}
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
# The calendar that says which days are working days.
DAYS_ZONE, OPENS, CLOSES = ZoneInfo("Europe/Berlin"), time(8), time(17)
HOLIDAYS = {date(2030, 11, 1), date(2030, 12, 25), date(2031, 4, 14)}
REMINDED_AFTER = (1, 3, 5)
MATRIX = {1: (1, 2, 3), 2: (2, 3, 4), 3: (3, 4, 4)}


SOLVED = ("resolve", "works_again")
HOME = (*SOLVED, "report", "triage")
FIGURES_ONLY = {"max", "ida"}  # a manager and an administrator, in no team


@dataclass
class Team:
    """A desk, or a team of a higher tier."""

    lead: str
    members: tuple[str, ...]
    second_person_closes: bool = False
    tier: int = 1
    escalates_to: tuple[str, ...] = ()


@dataclass
class World:
    """Who is who. Every team of tier 1 is a service desk; ``commanders`` lead
    majors."""

    teams: dict[str, Team]
    default_desk: str
    desk_at: dict[str, str]  # where somebody works, when that is not the default
    commanders: set[str]
    away: set[str]
    service_owners: dict[str, str]
    gone: set[str] = field(default_factory=set)

    def is_here(self, person: str) -> bool:
        return person not in self.gone

    def may_read(self, person: str) -> bool:
        """Managers and administrators read figures, never words of others."""
        return self.is_here(person) and person not in FIGURES_ONLY

    def is_in(self, person: str | None, team: str) -> bool:
        there = self.teams[team]
        return person in (there.lead, *there.members) and person not in self.gone

    @property
    def desks(self) -> list[str]:
        return [name for name, team in self.teams.items() if team.tier == 1]

    def is_agent(self, person: str) -> bool:
        return any(self.is_in(person, desk) for desk in self.desks)

    def leads(self, person: str, team: str) -> bool:
        return self.teams[team].lead == person and self.is_here(person)

    def is_lead(self, person: str) -> bool:
        return any(self.leads(person, desk) for desk in self.desks)

    def is_commander(self, person: str) -> bool:
        return person in self.commanders and self.is_here(person)

    def can_get(self, person: str, team: str) -> bool:
        return self.is_in(person, team) and person not in self.away

    def own_desk(self, person: str, desk: str) -> str:
        """That desk, if they work there, or the first where they do."""
        own = [name for name in self.desks if self.is_in(person, name)]
        return desk if desk in own or not own else own[0]

    def can_escalate(self, team: str, to: str, *, is_major: bool) -> bool:
        """One tier up along a path; in a major incident also further up."""
        if to not in self.teams:
            return False
        tiers = self.teams[to].tier - self.teams[team].tier
        is_next = tiers == 1 and to in self.teams[team].escalates_to
        return is_next or (is_major and tiers > 1)

    def desk_of(self, reporter: str) -> str:
        return self.desk_at.get(reporter, self.default_desk)

    def confirmer(self, reporter: str, source: str, service: str, desk: str) -> str:
        """The reporter; for what monitoring opened whoever answers for it."""
        asked = [self.service_owners.get(service), self.teams[desk].lead]
        here = [one for one in asked if one is not None and self.is_here(one)]
        return here[0] if source == "monitoring" and here else reporter


@dataclass
class Solved:
    """One resolution. The first key is ``channel`` or ``is_waived``."""

    team: str
    by: str
    at: datetime
    channel: str = ""
    recorder: str | None = None
    is_waived: bool = False
    reminded: list[datetime] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return bool(self.channel) or self.is_waived


@dataclass(eq=False, repr=False)
class Ticket:
    reporter: str
    confirmer: str
    desk: str
    team: str
    title: str
    source: str = "portal"
    service: str = ""
    status: str = "new"
    impact: int = 3
    urgency: int = 3
    override: int | None = None
    owner: str | None = None
    desk_owner: str | None = None
    is_started: bool = False
    is_major: bool = False
    hold: tuple[str, datetime] | None = None
    solved: Solved | None = None
    ended_at: datetime | None = None
    cancel_reason: str = ""
    master: "Ticket | None" = None
    closer: str | None = None
    basis: str = ""
    shared_with: set[str] = field(default_factory=set)
    watchers: set[str] = field(default_factory=set)
    events: list[tuple[str, bool, str]] = field(default_factory=list)
    former_titles: list[str] = field(default_factory=list)
    stays: list[tuple[str, str]] = field(default_factory=list)
    is_checked: bool = False
    attention: int = 0
    pk: int = 0

    def __post_init__(self) -> None:
        self.stays = [(self.team, "report")]

    def enter(self, team: str, why: str) -> None:
        """Another stay: what was checked before says nothing of it."""
        self.team = team
        self.stays.append((team, why))
        if why != "triage":
            self.is_checked = False

    @property
    def bounces(self) -> int:
        """How often it came back to who had it, other than by being solved."""
        return sum(self._is_bounce(place) for place in range(len(self.stays)))

    @property
    def has_bounced(self) -> bool:
        """Whether it came back just now."""
        return self._is_bounce(len(self.stays) - 1)

    def _is_bounce(self, place: int) -> bool:
        team, why = self.stays[place]
        had = {one for one, _why in self.stays[:place]}
        return team in had and why not in HOME

    def sender(self, world: World) -> str:
        """The team below that had it last, not counting where it only went home."""
        tier = world.teams[self.team].tier
        below = [
            team
            for team, why in self.stays
            if why not in SOLVED and world.teams[team].tier < tier
        ]
        return below[-1]

    def __repr__(self) -> str:
        return f"<{self.title}: {self.status}>"

    @property
    def version(self) -> int:
        return len(self.events)

    @property
    def severity(self) -> int:
        return self.override or MATRIX[self.impact][self.urgency - 1]

    @property
    def fresh(self) -> int:
        """The version that a page must have seen at least."""
        numbered = enumerate(self.events, start=1)
        return max(seq for seq, event in numbered if event[0] not in ASIDES)

    def tell(self, kind: str, by: str, *, public: bool) -> None:
        self.events.append((f"incident.{kind}", public, by))

    def end(self) -> "Ticket":
        """The incident that goes on where this one is a duplicate of a duplicate."""
        return self.master.end() if self.master is not None else self


@dataclass(frozen=True, kw_only=True)
class Call:
    """Somebody asks for something, at a moment, with what the move wants."""

    world: World
    ticket: Ticket
    by: str
    at: datetime
    given: dict[str, Any] = field(default_factory=dict)
    is_stale: bool = False
    is_bad: bool = False  # an empty text where one is needed


def go_on(ticket: Ticket) -> None:
    """By itself: the reporter answered, or the time has come."""
    ticket.hold = None
    ticket.status = "in_progress" if ticket.owner else "assigned"
    ticket.tell("resume", "system", public=True)


def sees_in_full(world: World, person: str, ticket: Ticket) -> bool:
    """The internal part included: also teams of higher tiers that ever had it."""
    had = {team for team, _why in ticket.stays if world.teams[team].tier > 1}
    return (
        world.is_agent(person)
        or any(world.is_in(person, team) for team in had)
        or (ticket.is_major and world.is_commander(person))
    )


def sees_public_part(world: World, person: str, ticket: Ticket) -> bool:
    concerned = {ticket.reporter, ticket.confirmer, *ticket.shared_with}
    return person in concerned and world.is_here(person)


def next_for(world: World, person: str, tickets: list[Ticket]) -> Ticket | None:
    """The most urgent one of their teams that nobody has: what *take next* gives."""
    waiting = [
        ticket
        for ticket in tickets
        if ticket.status in ("new", "assigned", "in_progress")
        and ticket.owner is None
        and world.is_in(person, ticket.team)
    ]
    return min(waiting, key=lambda ticket: (ticket.severity, ticket.pk), default=None)


def due(tickets: list[Ticket], at: datetime) -> Iterator[Ticket]:
    """What waits no longer."""
    for ticket in tickets:
        if ticket.status == "on_hold" and ticket.hold and ticket.hold[1] <= at:
            yield ticket


def to_be_reminded(tickets: list[Ticket], at: datetime) -> Iterator[Ticket]:
    """Who was asked and is silent is asked again after 1, 3 and 5 working days, a
    working day after the reminder before."""
    for ticket in tickets:
        solved = ticket.solved
        if ticket.status != "resolved" or solved is None or solved.is_answered:
            continue
        sent = solved.reminded
        if len(sent) >= len(REMINDED_AFTER):  # People may ask more often.
            continue
        due = working_days_after(solved.at, REMINDED_AFTER[len(sent)])
        if sent:
            due = max(due, working_days_after(sent[-1], 1))
        if due <= at:
            yield ticket


def working_days_after(start: datetime, days: int) -> datetime:
    """At the same time of day; the night and the weekend belong to the next morning."""
    local = start.astimezone(DAYS_ZONE).replace(tzinfo=None)
    if not _is_working_day(local.date()) or local.time() >= CLOSES:
        day = local.date() + timedelta(days=1)
        while not _is_working_day(day):
            day += timedelta(days=1)
        local = datetime.combine(day, OPENS)
    local = max(local, datetime.combine(local.date(), OPENS))
    day = local.date()
    for _day in range(days):
        day += timedelta(days=1)
        while not _is_working_day(day):
            day += timedelta(days=1)
    there = datetime.combine(day, local.time(), DAYS_ZONE)
    return there.astimezone(UTC)


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS
