"""Whether the database's clock can be trusted to fire by.

Between two looks in one process, the clock and the process's own monotonic clock must
have gone on alike. If not, one of them jumped, and a deadline that seems due may be an
hour away: nothing fires until the clock was steady for a minute.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import permissions
from accounts.models import User
from activity import clock
from activity.models import ClockJump
from activity.models.clock_jump import TOLERANCE

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What both clocks said: the wall between two readings of the monotonic one."""

    before: float
    wall: datetime
    after: float


class Steadiness:
    """Compares two clocks from look to look; one of it for each process.

    ``wall`` and ``monotonic`` are the clocks; tests give their own.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], datetime] = clock.now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._last: Look | None = None

    def now(self) -> datetime | None:
        """The moment to fire for; ``None`` while a jump of the clock is waited out.

        A jump that this look is the first to notice is recorded and logged.
        """
        last, look = self._last, self._look()
        self._last = look
        jump = _jump_between(last, look)
        known = ClockJump.objects.first()
        if jump and last and not _is_known(known, last, look):
            known = _note_jump(jump, look.wall)
        if known is not None and known.is_waited_out(look.wall):
            return None
        return look.wall

    def _look(self) -> Look:
        before = self._monotonic()
        return Look(before, self._wall(), self._monotonic())


def _jump_between(last: Look | None, look: Look) -> timedelta | None:
    """By how much the clock left what passed, at least; ``None`` if it may be steady.

    A slow answer of the database is no jump: only what no moment of asking explains.
    """
    if last is None:
        return None
    progress = look.wall - last.wall
    shortest = timedelta(seconds=look.before - last.after)
    longest = timedelta(seconds=look.after - last.before)
    if progress > longest + TOLERANCE:
        return progress - longest
    if progress < shortest - TOLERANCE:
        return progress - shortest
    return None


def _is_known(known: ClockJump | None, last: Look, look: Look) -> bool:
    """Whether somebody else noted it since this process looked last."""
    if known is None:
        return False
    passed = timedelta(seconds=look.after - last.before)
    return timedelta(0) <= look.wall - known.seen_at <= passed


def _note_jump(jump: timedelta, at: datetime) -> ClockJump:
    logger.error(
        "The database's clock jumped by %+.0f s: nothing fires until it was steady"
        " for a minute, or an administrator releases it at /admin/health/",
        jump.total_seconds(),
    )
    return ClockJump.objects.create(seen_at=at, seconds=jump.total_seconds())


@transaction.atomic
def release_clock(*, by: User) -> ClockJump | None:
    """The clock is right, says an administrator: fire at once. What was released.

    ``None`` if nothing was waited out any more. Raises ``PermissionDenied`` for
    anybody but an administrator.
    """
    if not permissions.is_administrator(by):
        raise PermissionDenied
    jump = ClockJump.objects.select_for_update(of=("self",)).first()
    at = clock.now()
    if jump is None or not jump.is_waited_out(at):
        return None
    jump.released_at, jump.released_by = at, by
    jump.save(update_fields=["released_at", "released_by"])
    return jump
