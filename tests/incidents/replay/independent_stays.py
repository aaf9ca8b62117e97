"""Which group had each incident of the Volvo log, from its file alone.

It shares no code with ``incidents.tiers``. At first the desk has what is reported;
each row whose group differs passes it on, and an end leaves it to nobody, until a row
brings it back. A row that ends it hands nothing on. A jump is more than one tier,
ping-pong is coming back to a group that had it, and pushed to the front is what ended
without ever leaving tier 1.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.incidents.replay.independent import Fact, _rows, _vinst

DESK = "Service desk"
ENDED = {"closed", "cancelled"}
Stay = tuple[str, int, float, float | None]  # group, tier, from, to


@dataclass
class Way:
    """The stays of one incident so far. Moments are seconds since the epoch."""

    stays: list[Stay]
    group: str = DESK
    tier: int = 1
    status: str = "new"
    state: str = ""

    @property
    def is_open(self) -> bool:
        return self.stays[-1][3] is None

    def leave(self, moment: float) -> None:
        if self.is_open:
            group, tier, since, _to = self.stays[-1]
            self.stays[-1] = (group, tier, since, moment)

    def enter(self, moment: float) -> None:
        self.leave(moment)
        self.stays.append((self.group, self.tier, moment, None))

    def take(self, fact: Fact) -> None:
        moves = fact.status is not None and fact.state != self.state
        passes = bool(fact.team) and fact.team != self.group
        if passes:
            self.group, self.tier = fact.team, fact.tier
        if moves:
            self.state, self.status = fact.state, str(fact.status)
        if moves and self.status in ENDED:
            self.leave(fact.moment)
        elif (moves and not self.is_open) or (passes and self.is_open):
            self.enter(fact.moment)


def ways(path: Path, zone: str = "UTC") -> dict[str, list[Stay]]:
    """The stays of every incident by its number; exact repeats are taken once."""
    histories: dict[str, list[Fact]] = {}
    seen: set[tuple[str, ...]] = set()
    for place, row in enumerate(_rows(path)):
        values = tuple(row.values())
        if values in seen:
            continue
        seen.add(values)
        fact = _vinst(place, row, ZoneInfo(zone))
        histories.setdefault(fact.number, []).append(fact)
    return {number: _way(history) for number, history in histories.items()}


def _way(history: list[Fact]) -> list[Stay]:
    history.sort(key=lambda fact: (fact.moment, fact.place))
    way = Way([(DESK, 1, history[0].moment, None)])
    for fact in history:
        way.take(fact)
    return way.stays


@dataclass
class Figures:
    """``up`` and ``bounced`` are how many incidents went up a tier, and came back;
    ``seconds`` is the time of stays that were left, by tier."""

    incidents: int = 0
    stays: int = 0
    jumps: int = 0
    up: int = 0
    bounces: int = 0
    bounced: int = 0
    in_front: int = 0
    seconds: Counter[int] = field(default_factory=Counter)


def figures(found: Iterator[Sequence[Stay]]) -> Figures:
    counted = Figures()
    for stays in found:
        counted.incidents += 1
        counted.stays += len(stays)
        tiers = [tier for _group, tier, _since, _to in stays]
        steps = [after - before for before, after in pairwise(tiers)]
        counted.jumps += sum(abs(step) > 1 for step in steps)
        counted.up += any(step > 0 for step in steps)
        groups = [group for group, *_rest in stays]
        back = sum(group in groups[:place] for place, group in enumerate(groups))
        counted.bounces += back
        counted.bounced += back > 0
        counted.in_front += stays[-1][3] is not None and set(tiers) == {1}
        for _group, tier, since, to in stays:
            counted.seconds[tier] += round((to or since) - since)
    return counted
