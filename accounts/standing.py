"""What a person is on the desk, read once and then asked without queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Standing:
    """The teams, tiers and roles of one person at the moment it was read.

    An inactive person has an empty standing, so every predicate refuses them.
    Team ids are primary keys of ``accounts.Team``; roles are values of
    ``accounts.Role``.
    """

    desks: frozenset[int] = field(default_factory=frozenset)
    resolver_teams: frozenset[int] = field(default_factory=frozenset)
    led_teams: frozenset[int] = field(default_factory=frozenset)
    led_desks: frozenset[int] = field(default_factory=frozenset)
    managed_teams: frozenset[int] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def made_of(
        cls,
        mine: Sequence[dict[str, Any]],
        led: Sequence[dict[str, Any]],
        managed: Iterable[int],
        roles: Iterable[str],
    ) -> Self:
        """From the active teams of a person (``pk``, ``tier``, ``desk``), those they
        lead, the ids of those they manage, and their roles."""
        every = [*mine, *led]
        return cls(
            desks=frozenset(team["pk"] for team in every if team["desk"]),
            resolver_teams=frozenset(team["pk"] for team in every if team["tier"] > 1),
            led_teams=frozenset(team["pk"] for team in led),
            led_desks=frozenset(team["pk"] for team in led if team["desk"]),
            managed_teams=frozenset(managed),
            roles=frozenset(roles),
        )

    @property
    def teams(self) -> frozenset[int]:
        """Every team the person works in, as member or as lead."""
        return self.desks | self.resolver_teams | self.led_teams
