"""How fast deadlines of clocks fire, and how late.

    python -m tests.benchmarks.timers [COUNT]

Fills a database of its own, which it drops, with COUNT incidents (10,000) that have
real clocks. Prints what one, two and four sweeping processes fire a second of what is
long due; then how late deadlines fire (from when they were wanted to when their batch
began) when ten come in a second, and when COUNT come in one minute. Messages are put
into the outbox, as ever, and not sent.
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from tests.activity.sweepers import CONTEXT  # first: it loads Django

# isort: split
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity import clock
from activity.models import Delivery, Event, Timer
from activity.services.timers import BATCH, sweep, sweep_batch
from tests.incidents.timers.crowd import make_clocked
from tests.people import Cast, make_cast

# A SEV1 has 15 minutes to be answered; people are warned at 75 per cent of them.
WARNED_AFTER: Final = timedelta(minutes=11, seconds=15)
# Where each process fires fewer, the first and the last one leave no stretch to time.
FEWEST_BATCHES: Final = 4
HEAD_START: Final = timedelta(seconds=5)
EVERY: Final = 2.0  # beat wakes a worker so often
STEADY: Final = (300, timedelta(seconds=30))


def make_due(cast: Cast, count: int, since: datetime, within: timedelta) -> None:
    """So many warnings that fall due one after the other from ``since`` on."""
    make_clocked(
        [since - WARNED_AFTER + within * number / count for number in range(count)],
        cast,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def work(database: str, until: datetime, every: float) -> None:
    """One process: sweep, and again after a while, until a moment has come and nothing
    is due any more."""
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database
    while True:
        began = time.monotonic()
        met = sweep(max_seconds=30.0).total
        if not met and clock.now() >= until:
            return
        time.sleep(max(0.0, every - (time.monotonic() - began)) if not met else 0)


def in_processes(count: int, until: datetime, every: float) -> float:
    """Seconds that so many processes took."""
    database = connection.settings_dict["NAME"]
    crew = [
        CONTEXT.Process(target=work, args=(database, until, every))
        for _number in range(count)
    ]
    began = time.monotonic()
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    return time.monotonic() - began


def drain(cast: Cast, count: int, processes: int) -> None:
    """What is long due, by so many processes; from the first firing to the last."""
    now = clock.now()
    make_due(cast, count, now - timedelta(seconds=90), timedelta(seconds=60))
    in_processes(processes, now, 0)
    moments = sorted(ended for _wanted, ended in fired(since=now - timedelta(hours=1)))
    began = [moment for moment in moments if moment > now]
    if len(began) < FEWEST_BATCHES * BATCH * processes:
        show(f"{len(began):>7} due, {processes} processes: too few to measure a rate")
        return
    # A batch is marked with the moment at which it began: the last one took no time.
    rate = (len(began) - BATCH) / (began[-1] - began[0]).total_seconds()
    show(f"{len(began):>7} due, {processes} processes: {rate:6.0f}/s")


def fired(since: datetime) -> list[tuple[datetime, datetime]]:
    """When the warnings of ``make_due`` were wanted, and when they fired."""
    found = Timer.objects.filter(
        kind="incident.clock_response", step=1075, state="fired", wanted_at__gte=since
    )
    rows = found.values_list("wanted_at", "finished_at")
    return [(wanted, ended) for wanted, ended in rows if ended is not None]


def lateness(
    cast: Cast, name: str, count: int, within: timedelta, processes: int
) -> None:
    """Of deadlines that come while they sweep."""
    since = clock.now() + HEAD_START + timedelta(seconds=count / 1000)
    make_due(cast, count, since, within)
    in_processes(processes, since + within, EVERY)
    late = sorted((ended - wanted).total_seconds() for wanted, ended in fired(since))
    show(
        f"{name}, {processes} processes: {len(late)} fired, late by"
        f" {late[len(late) // 2]:.1f} s (median), {late[len(late) * 99 // 100]:.1f} s"
        f" (99th of 100), {late[-1]:.1f} s (most)"
    )


def statements(cast: Cast) -> None:
    """Of one batch, by what they are about."""
    now = clock.now()
    make_due(cast, BATCH, now - timedelta(seconds=90), timedelta(seconds=60))
    with CaptureQueriesContext(connection) as asked:
        swept, _last = sweep_batch(at=now)
    show(f"{len(asked) / swept.total:.1f} statements for each timer of a full batch")


def main(count: int) -> None:
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure(count)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure(count: int) -> None:
    cast = make_cast()
    statements(cast)
    for processes in (1, 2, 4):
        drain(cast, count, processes)
    rounds: Sequence[Callable[[], None]] = [
        partial(lateness, cast, "ten a second", *STEADY, 2),
        partial(lateness, cast, f"{count} in a minute", count, timedelta(minutes=1), 2),
    ]
    for one in rounds:
        one()
    told = Event.objects.filter(kind__in=["incident.warn", "incident.breach"]).count()
    show(f"{told} words about clocks, {Delivery.objects.count()} messages written")


def show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
