"""What keeps deadlines when the broker is gone.

Beat and broker wake the worker every few seconds. When those wake-ups stop coming,
these threads of the worker do the same work by themselves until they come again, so a
broker that is down for an afternoon costs seconds, not deadlines.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import bootsteps
from django.db import close_old_connections

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0
SILENCE = 10.0


class Pulse(bootsteps.StartStopStep):
    """A worker's step: started with it, stopped with it, independent of the broker.

    Two threads, so that a mail server that hangs holds up no deadline.
    """

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.stopped = threading.Event()
        self.threads = [
            threading.Thread(target=self._run, args=(task,), name=task, daemon=True)
            for task in ("sweep_due_timers", "send_due_deliveries")
        ]

    def start(self, parent: Any) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self, parent: Any) -> None:
        self.stopped.set()

    terminate = stop

    def _run(self, task: str) -> None:
        from activity import tasks  # noqa: PLC0415 - Celery comes before the models

        while not self.stopped.wait(LOOK_EVERY):
            if time.monotonic() - tasks.last_wake_up() > SILENCE:
                self._work(getattr(tasks, task))

    def _work(self, task: Callable[[], object]) -> None:
        close_old_connections()
        try:
            task()
        except Exception:
            logger.exception("The pulse could not do the work of a wake-up")
