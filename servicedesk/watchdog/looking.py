"""One look: ask everything, write all answers down at once, tell the outside."""

import logging
import urllib.request
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, transaction

from activity.models import Check, Finding
from servicedesk.watchdog.asking import Answer, bad, rows, well
from servicedesk.watchdog.checks import CHECKS, DEADMAN

logger = logging.getLogger(__name__)

PING_FOR = 5.0


def look(*, at: datetime | None = None) -> list[Finding]:
    """Ask every question as of ``at`` (default: now) and keep the answers.

    A question that cannot be answered needs somebody as well, and stops no other.
    Then the dead man's switch is told, if all is well. Any number may look at once.
    """
    moment = at or _now()
    with transaction.atomic():
        findings = [_answer(name, ask, moment) for name, ask in CHECKS.items()]
        Check.objects.write(findings, at=moment)
    # Its own failure must not keep it from being tried again.
    deadman = _deadman(is_well=not any(map(is_bad, findings)))
    Check.objects.write([deadman], at=moment)
    return [*findings, deadman]


def is_bad(finding: Finding) -> bool:
    return finding.state == Check.State.BAD


def _now() -> datetime:
    ((moment,),) = rows("SELECT clock_timestamp()")
    return moment


def _answer(name: str, ask: Answer, at: datetime) -> Finding:
    try:
        with transaction.atomic():
            return ask(at)
    except DatabaseError as error:
        logger.exception("The check %s could not be answered", name)
        return bad(name, error=type(error).__name__)


def _deadman(*, is_well: bool) -> Finding:
    if not settings.DEADMAN_URL:
        return Finding(DEADMAN, Check.State.UNKNOWN, {"told": "nobody"})
    if not is_well:
        return Finding(DEADMAN, Check.State.UNKNOWN, {"told": "nothing"})
    try:
        ping(settings.DEADMAN_URL)
    except Exception as error:  # noqa: BLE001 - whatever it is, the loop goes on
        # Without its text, which may repeat the address, and the address is a secret.
        logger.warning("The dead man's switch: %s", type(error).__name__)
        return bad(DEADMAN, error=type(error).__name__)
    return well(DEADMAN, told="all is well")


def ping(address: str) -> None:
    """Tell the outside that all is well. Raises whatever goes wrong."""
    with urllib.request.urlopen(address, timeout=PING_FOR):  # noqa: S310 - see settings
        """Its status is an answer, its words are not read."""
