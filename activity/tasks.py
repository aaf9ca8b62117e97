"""Wake-ups. The work stands in the database; losing one of these loses nothing."""

import threading
import time
from collections.abc import Callable

from celery import Task, shared_task
from django.core.management import call_command

from activity.request_ids import request_id_set
from activity.services import checks, deliveries, heartbeats, history, timers

# One of each kind per process is enough: more only wait for each other's rows.
_sweeping = threading.Lock()
_sending = threading.Lock()
SWEEP_FOR = 15.0
_last_wake_up = [time.monotonic()]


def last_wake_up() -> float:
    """When beat last reached this process, on the monotonic clock, in seconds."""
    return _last_wake_up[0]


@shared_task(bind=True)
def sweep_due_timers(self: Task) -> None:
    """Fire what is due."""
    _note_wake_up(self)
    _alone(_sweeping, _sweep)


@shared_task(bind=True)
def send_due_deliveries(self: Task) -> None:
    """Send what waits."""
    _note_wake_up(self)
    _alone(_sending, deliveries.send_due)


def _sweep() -> None:
    heartbeats.beat(heartbeats.WORKER)
    # Not longer, so that a sign of life comes at least every half minute.
    timers.sweep(max_seconds=SWEEP_FOR)


def _note_wake_up(task: Task) -> None:
    if not task.request.called_directly:
        _last_wake_up[0] = time.monotonic()


def _alone(lock: threading.Lock, work: Callable[[], object]) -> None:
    """Do the work unless this process is at it already."""
    if not lock.acquire(blocking=False):
        return
    try:
        with request_id_set():
            work()
    finally:
        lock.release()


@shared_task
def clear_expired_sessions() -> None:
    """Once a day, forget sessions that nobody can use any more."""
    call_command("clearsessions")


@shared_task
def prove_history() -> None:
    """Once a night, what ``manage.py verify_history`` does."""
    checks.prove(checks.NIGHTLY_HISTORY, lambda: (history.size()[0], history.faults()))
