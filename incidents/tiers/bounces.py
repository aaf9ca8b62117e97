"""How often a ticket came back to a team that had it before.

A bounce is a stay that did not begin with the report, with triage or with a solution,
of a team that had an earlier stay: handed back, transferred or escalated there again,
rejected, reopened, back in another system. What is solved goes home to the desk, which
is no bounce. ``TierStay.objects.bounces()`` says the same of rows.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol, TypeVar

from incidents.codes import COMES_BACK_BY, Why

BOUNCES_UNTIL_ATTENTION: Final = 3
# Another team passed it on; else it was said not to be solved.
PASSED_ON: Final = frozenset({Why.TRANSFER, Why.ESCALATE, Why.HAND_BACK, Why.REPLAY})


class Had(Protocol):
    """A row of ``TierStay``, or what the fold says."""

    @property
    def why(self) -> str: ...

    @property
    def team_id(self) -> int: ...


S = TypeVar("S", bound=Had)


def bounces_of(stays: Iterable[S]) -> Sequence[S]:
    """Those of the stays of one incident, oldest first, that are bounces."""
    had: set[int] = set()
    found = []
    for stay in stays:
        if stay.team_id in had and stay.why in COMES_BACK_BY:
            found.append(stay)
        had.add(stay.team_id)
    return found
