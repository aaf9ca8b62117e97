"""Look every minute, whatever happens."""

import logging
import time
from collections.abc import Callable

from django.db import close_old_connections

from servicedesk.watchdog.looking import look

logger = logging.getLogger(__name__)

EVERY = 60.0
# What is started with it needs a moment before it shows a sign of life.
FIRST_AFTER = 15.0


def watch(*, sleep: Callable[[float], None] = time.sleep) -> None:
    """Never returns. A look that fails is logged, and the next one comes in time."""
    sleep(FIRST_AFTER)
    while True:
        began = time.monotonic()
        look_whatever_happens()
        sleep(max(0.0, EVERY - (time.monotonic() - began)))


def look_whatever_happens() -> None:
    close_old_connections()
    try:
        look()
    except Exception:
        logger.exception("The watchdog could not look")
