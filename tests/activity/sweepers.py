"""Processes that sweep until nothing is due, so that tests can kill them.

Three ways to do it: the product's own, and two that look right and are not. They
start from a fork server that has Django loaded, so a new one is there at once.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess

import django
from django.conf import settings

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from activity import handlers  # noqa: E402
from activity.handlers import Arming, Firing  # noqa: E402
from activity.lifecycle import Fact, record_all  # noqa: E402
from activity.models import Event, Timer  # noqa: E402
from activity.models.subject import mark_locked  # noqa: E402
from activity.outbox import Message  # noqa: E402
from activity.services.timers import sweep_batch  # noqa: E402
from tests.probe.models import Probe  # noqa: E402

DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
BATCH = 10


def storm(probe: Probe, timer: Timer, at: datetime) -> Firing:
    later = Arming(kind="probe.after", due_at=at + timedelta(days=1))
    return Firing(kind="probe.stormed", next_timers=[later])


def tell_ann(event: Event, probe: Probe) -> list[Message]:
    ann = User.objects.get(email="ann@example.org")
    return [Message(to=ann, subject="A storm", text="It came.")]


def in_one_transaction() -> int:
    """The product."""
    swept, _last = sweep_batch(at=DUE, size=BATCH)
    return swept.total


def mark_then_act() -> int:
    """Looks safe, loses what was marked when the process dies before acting."""
    with transaction.atomic():
        timers = list(
            Timer.objects.due(DUE).select_for_update(skip_locked=True)[:BATCH]
        )
        pks = [timer.pk for timer in timers]
        Timer.objects.filter(pk__in=pks).update(state="fired", finished_at=DUE)
    with transaction.atomic():
        act(timers)
    return len(timers)


def act_then_mark() -> int:
    """Looks safe, doubles what was done when the process dies before marking."""
    timers = list(Timer.objects.due(DUE)[:BATCH])
    with transaction.atomic():
        act(timers)
    with transaction.atomic():
        pks = [timer.pk for timer in timers]
        Timer.objects.filter(pk__in=pks).update(state="fired", finished_at=DUE)
    return len(timers)


def act(timers: list[Timer]) -> None:
    probes = Probe.objects.filter(pk__in=[timer.subject_id for timer in timers])
    locked = list(probes.order_by("pk").select_for_update())
    for probe in locked:
        mark_locked([probe])
    system = User.objects.system()
    record_all(
        [
            Fact(subject=probe, kind="probe.stormed", by=system, at=DUE)
            for probe in locked
        ]
    )


def run(database: str, name: str, round_: Callable[[], int]) -> None:
    """Sweep until a second passes in which nothing was due or free."""
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database
    connection.settings_dict["OPTIONS"]["application_name"] = name
    handlers.on_timer("probe.storm", storm)
    handlers.tell("probe.stormed", tell_ann)
    idle_since = time.monotonic()
    while time.monotonic() - idle_since < 1.0:
        if round_():
            idle_since = time.monotonic()
        else:
            time.sleep(0.02)


def start(number: int, round_: Callable[[], int]) -> BaseProcess:
    """One more sweeper on the test's database; its connection carries its name."""
    database = connection.settings_dict["NAME"]
    process = CONTEXT.Process(target=run, args=(database, f"sweeper-{number}", round_))
    process.start()
    return process


@contextmanager
def stopped_inside_a_transaction(process: BaseProcess, name: str) -> Iterator[bool]:
    """Freeze a process; whether it is in the middle of a transaction that has written
    or locked something."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
                " AND datname = current_database() AND state = 'idle in transaction'"
                " AND backend_xid IS NOT NULL",
                [name],
            )
            yield cursor.fetchone()[0] == 1
    finally:
        if process.is_alive():
            os.kill(process.pid, signal.SIGCONT)
