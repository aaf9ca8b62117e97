"""What another system's log says happened, as marks that clocks are read from.

Live clocks never read these: nothing was promised here for what was brought in. They
are for asking what would have been.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from activity.models import Event
from incidents.codes import ENDED, OPEN, Status
from incidents.replay import servicenow, vinst
from sla.clock import What

Meaning = tuple[What, str]

# What its new status is to the clocks. Work that begins answers; so does a solution.
ARRIVALS: Final[dict[str, tuple[What, ...]]] = {
    Status.IN_PROGRESS: (What.RESPOND,),
    Status.RESOLVED: (What.RESPOND, What.RESOLVE),
    Status.CLOSED: (What.CLOSE,),
    Status.CANCELLED: (What.CANCEL,),
}
# By the words of the log: events keep those, not ours.
HOLDS: Final[dict[str, str]] = {
    code: state.hold_reason
    for states in (servicenow.STATES, vinst.STATES)
    for code, state in states.items()
}


@dataclass(slots=True)
class Replayed:
    """The rows of one incident, read one after the other.

    ``tiers`` are those of the teams by their id, as they are today: no log says what
    they were. Passing it on while it is solved or ended is none of the clocks' matter.
    """

    tiers: Mapping[int, int]
    status: str = Status.NEW
    hold: str = ""

    def meanings(self, event: Event) -> Iterator[Meaning]:
        """What the row did, with the reason where it is a hold."""
        before, self.status = self.status, event.to_status or self.status
        if before in OPEN and self.status in OPEN:
            yield from self._handed_on(event)
        if event.to_status:
            yield from self._moved(before, event)

    def _handed_on(self, event: Event) -> Iterator[Meaning]:
        """A log hands on what waits, and it goes on waiting; an act here would not."""
        teams = event.data["changed"].get("reassigned")
        if teams is None:
            return
        before, after = (self.tiers.get(team) for team in teams)
        yield (What.TRANSFER if before == after else What.TIER_MOVE), ""
        if self.hold:
            yield What.HOLD, self.hold

    def _moved(self, before: str, event: Event) -> Iterator[Meaning]:
        if before in ENDED and self.status not in ENDED:
            yield What.REOPEN, ""
        elif before == Status.RESOLVED and self.status in OPEN:
            yield What.REJECT, ""
        self.hold = ""
        if self.status == Status.ON_HOLD:
            self.hold = HOLDS.get(event.data["state"], "")
            yield What.HOLD, self.hold
        elif before == Status.ON_HOLD and self.status in OPEN:
            yield What.RESUME, ""
        for what in ARRIVALS.get(self.status, ()):
            yield what, ""
