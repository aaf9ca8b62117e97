"""Is whoever should be at work alive, the clock right, the nightly proof done?"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from activity.models import Check, Finding
from servicedesk.watchdog.asking import bad, rows, text, well

SILENT_AFTER = timedelta(seconds=30)
STEADY_FOR = timedelta(seconds=60)
BEFORE_THE_JUMP = timedelta(seconds=30)
PROVED_WITHIN = timedelta(hours=26)

HEARTBEAT = "SELECT beat_at FROM activity_heartbeat WHERE name = 'worker'"
LATEST_JUMP = """
    SELECT seen_at, seconds FROM activity_clockjump
     WHERE id = (SELECT max(id) FROM activity_clockjump) AND released_at IS NULL
"""
PROVED = """
    SELECT state, detail, looked_at FROM activity_check WHERE name = %(name)s
"""
# A desk that has not seen a night yet owes no proof.
BEGAN = """
    SELECT applied FROM django_migrations
     WHERE app = 'activity' AND name = '0006_health_checks'
"""


def loop(at: datetime) -> Finding:
    found = rows(HEARTBEAT)
    beat_at = found[0][0] if found else None
    is_alive = beat_at is not None and at - beat_at <= SILENT_AFTER
    return (well if is_alive else bad)("loop", beat=text(beat_at))


def clock_jump(at: datetime) -> Finding:
    for seen_at, seconds in rows(LATEST_JUMP):
        if seen_at - BEFORE_THE_JUMP <= at < seen_at + STEADY_FOR:
            return bad("clock_jump", seen=text(seen_at), seconds=round(seconds))
    return well("clock_jump")


def proof(name: str, of: str) -> Callable[[datetime], Finding]:
    """The check whether a nightly proof was done, and found nothing."""

    def proved(at: datetime) -> Finding:
        done = rows(PROVED, name=of)
        if not done:
            return _not_yet(name, at)
        ((state, detail, ran_at),) = done
        figures: dict[str, Any] = _parsed(detail) | {"ran": text(ran_at)}
        is_fresh = at - ran_at <= PROVED_WITHIN
        return (well if state == "ok" and is_fresh else bad)(name, **figures)

    return proved


def _not_yet(name: str, at: datetime) -> Finding:
    began = rows(BEGAN)
    if began and at - began[0][0] <= PROVED_WITHIN:
        return Finding(name, Check.State.UNKNOWN, {"ran": None})
    return bad(name, ran=None)


def _parsed(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else json.loads(detail)
