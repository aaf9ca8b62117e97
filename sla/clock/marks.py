"""What happened to a ticket, as far as clocks care, and what was promised for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sla.codes import OnChange, OnMove, OnReopen, StopsAt
from sla.schedule import Schedule, in_utc


class What(StrEnum):
    """What happened, as far as clocks care."""

    START = "start"
    RESPOND = "respond"
    UPDATE = "update"
    HOLD = "hold"
    RESUME = "resume"
    RESOLVE = "resolve"
    REJECT = "reject"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    TIER_MOVE = "tier_move"
    TERMS = "terms"


class Because(StrEnum):
    """Why a stretch counts or does not, where no hold is the reason (``Pause``)."""

    RUNNING = "running"
    RESOLVED = "resolved"  # from the resolution until it went on
    ENDED = "ended"  # closed, cancelled or merged, until it went on
    BEFORE = "before"  # dropped when the clock began again
    UNPROMISED = "unpromised"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one version of a policy promises for one metric.

    Without a target nothing is promised. ``policy`` is the version's id, ``pauses_on``
    holds codes of ``Pause``.
    """

    policy: int
    target: timedelta | None
    schedule: Schedule
    pauses_on: frozenset[str]
    stops_at: StopsAt
    on_change: OnChange
    on_transfer: OnMove
    on_tier_move: OnMove
    on_reject: OnMove
    on_reopen: OnReopen


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing in a ticket's history that matters to clocks; ``seq`` is its event's.

    ``reason`` is a hold's code. ``terms`` come with START and TERMS, and with a REOPEN
    for which other terms hold. TRANSFER and TIER_MOVE are the acts of that name, not
    the change of hands that a RESOLVE or REJECT brings along.
    """

    at: datetime
    seq: int
    what: What
    reason: str = ""
    terms: Terms | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", in_utc(self.at))
        if self.what in (What.START, What.TERMS) and self.terms is None:
            raise ValueError(f"A mark of {self.what} needs its terms.")
