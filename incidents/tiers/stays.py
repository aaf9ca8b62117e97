"""An incident's events as the stays of its teams: what the rows must be.

This is a pure fold. ``incidents.tiers.keeping`` writes what it says, and compares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from activity.models import Event
from incidents.codes import ENDED, SOLVED_BY, TIER_1, Why
from incidents.events import Kind

# After these a team has it anew, the same one or another.
BEGINNINGS: Final[dict[str, Why]] = {f"incident.{why.value}": why for why in Why}
ENDINGS: Final = frozenset({Kind.CLOSE, Kind.CANCEL})
CONCERNED: Final = frozenset({*BEGINNINGS, *map(str, ENDINGS)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """As a row of ``TierStay``, whose fields have the same names."""

    team_id: int
    tier: int
    why: str
    entered_seq: int
    entered_at: datetime
    after_seq: int | None = None
    after_at: datetime | None = None
    left_seq: int | None = None
    left_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.left_seq is None

    @property
    def is_solved(self) -> bool:
        """Whether it only waits for a word from who confirms."""
        return self.why in SOLVED_BY

    def left(self, event: Event) -> Self:
        at = max(event.at, self.entered_at)
        return replace(self, left_seq=event.seq, left_at=at)


def stays_of(events: Iterable[Event], tiers: Mapping[int, int]) -> list[Stay]:
    """What the events of one incident, oldest first, say of its teams. ``tiers`` has
    the tier of each team by its id: it never changes."""
    fold = Fold(tiers)
    for event in events:
        fold.take(event)
    return fold.stays


class Fold:
    """The stays so far. It may go on from the ``last`` stay that was written; then it
    is told only what came since, and ``stays`` begins with that one."""

    def __init__(self, tiers: Mapping[int, int], last: Stay | None = None) -> None:
        self.tiers = tiers
        self.stays = [last] if last else []
        self.team = self.desk = self.solver = last.team_id if last else 0

    def take(self, event: Event) -> None:
        if event.kind in ENDINGS:
            self._leave(event)
        elif event.kind == Kind.REPLAY:
            self._replay(event)
        elif event.kind in BEGINNINGS:
            self._begin(event)

    @property
    def _open(self) -> Stay | None:
        return self.stays[-1] if self.stays and self.stays[-1].is_open else None

    def _begin(self, event: Event) -> None:
        why = BEGINNINGS[event.kind]
        team = self._receiver(event, why)
        # Triage by the desk that has it already changes nothing.
        if why is Why.TRIAGE and team == self.team:
            return
        if self.tiers[team] == TIER_1:
            self.desk = team
        self._enter(team, why, event)

    def _receiver(self, event: Event, why: Why) -> int:
        """Events say who gets it. Older ones that did not: the desk gets what is
        solved, and what comes back goes to who solved it, or had it."""
        given = event.data.get("team")
        if why in SOLVED_BY:
            self.solver = given or self.team
            given = event.data.get("desk")
            return int(given or self.desk)
        if given:
            return int(given)
        return self.solver or self.team

    def _replay(self, event: Event) -> None:
        """A row of another system: it has a new team, or has ended, or is back."""
        team = event.data.get("team") or self.team
        is_handed_on = team != self.team
        self.team = team
        if event.to_status in ENDED:
            self._leave(event)
        elif self._open is None:
            # A row that moves nothing leaves it ended.
            if event.to_status is not None:
                self._enter(team, Why.REPLAY, event)
        elif is_handed_on:
            self._enter(team, Why.REPLAY, event)

    def _leave(self, event: Event) -> None:
        if self._open is not None:
            self.stays[-1] = self.stays[-1].left(event)

    def _enter(self, team: int, why: Why, event: Event) -> None:
        self._leave(event)
        before = self.stays[-1] if self.stays else None
        after_at = before.left_at if before else None
        self.team = team
        self.stays.append(
            Stay(
                team_id=team,
                tier=self.tiers[team],
                why=str(why),
                entered_seq=event.seq,
                entered_at=max(event.at, after_at or event.at),
                after_seq=before.left_seq if before else None,
                after_at=after_at,
            )
        )
