"""What the stays of many tickets say: how often they go up and come back, how long each
tier has them.

| figure | definition |
| --- | --- |
| escalated | tickets with a stay of a higher tier than the stay right before it |
| bounced | tickets with a bounce (``incidents.tiers.bounces``) |
| skipping | such steps, up or down, over more than one tier |
| first line | tickets that no tier above the first ever had |
| time | from the beginning of each stay to its end, in calendar time |
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter

from incidents.codes import Why
from incidents.models import TierStay
from incidents.querysets import IncidentQuerySet
from incidents.tiers.bounces import bounces_of

NOTHING = timedelta()


@dataclass(slots=True)
class TierFigures:
    """Counts of tickets but for ``bounces`` and ``skips``, which count moves; ``time``
    and ``stays`` by tier. Shares are ``None`` where there is no ticket."""

    tickets: int = 0
    escalated: int = 0
    bounced: int = 0
    first_line: int = 0
    bounces: int = 0
    skips: int = 0
    time: dict[int, timedelta] = field(default_factory=dict)
    stays: dict[int, int] = field(default_factory=dict)

    @property
    def escalation_rate(self) -> float | None:
        return self._share(self.escalated)

    @property
    def bounce_rate(self) -> float | None:
        return self._share(self.bounced)

    @property
    def first_line_rate(self) -> float | None:
        return self._share(self.first_line)

    def _share(self, count: int) -> float | None:
        return count / self.tickets if self.tickets else None

    def take(self, stays: Iterable[TierStay], at: datetime) -> None:
        """Count one ticket by its stays, oldest first; ``at`` ends what is open."""
        own = _said(list(stays))
        steps = [after.tier - before.tier for before, after in pairwise(own)]
        bounces = len(bounces_of(own))
        self.tickets += 1
        self.escalated += any(step > 0 for step in steps)
        self.skips += sum(1 for step in steps if abs(step) > 1)
        self.bounces += bounces
        self.bounced += bounces > 0
        self.first_line += all(stay.tier == 1 for stay in own)
        for stay in own:
            length = (stay.left_at or max(at, stay.entered_at)) - stay.entered_at
            self.time[stay.tier] = self.time.get(stay.tier, NOTHING) + length
            self.stays[stay.tier] = self.stays.get(stay.tier, 0) + 1


def _said(stays: Sequence[TierStay]) -> Sequence[TierStay]:
    """Without the desk that took in what another system's log gave to somebody else:
    no log says that it was ever there."""
    if len(stays) == 1:
        return stays
    desk, named = stays[:2]
    is_taken_in = desk.why == Why.REPORT and named.why == Why.REPLAY
    # Where its first row ended it, the desk stands for whoever did that.
    return stays[1:] if is_taken_in and named.after_seq == named.entered_seq else stays


def tier_figures(incidents: IncidentQuerySet, at: datetime) -> TierFigures:
    """The figures of these incidents as of ``at``; one statement, read bit by bit."""
    figures = TierFigures()
    chosen = incidents.order_by().values("pk")
    rows = TierStay.objects.filter(incident__in=chosen)
    ordered = rows.order_by("incident_id", "entered_seq").iterator(chunk_size=2_000)
    for _pk, stays in groupby(ordered, key=attrgetter("incident_id")):
        figures.take(stays, at)
    return figures
