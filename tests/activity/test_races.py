"""Sixteen people press at the same moment: one wins, the others are told."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.models import User
from activity.lifecycle import fire
from activity.models import Event
from activity.models.subject import mark_locked
from activity.refusals import Conflict
from tests.people import Cast
from tests.probe.crowd import make_crowd
from tests.probe.models import Probe

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 16
Move = Callable[[int, User, int], None]


@transaction.atomic
def through_the_door(pk: int, by: User, thread: int) -> None:
    probe = Probe.objects.lock(pk)
    fire(probe.start, by=by)


@transaction.atomic
def rivals(pk: int, by: User, thread: int) -> None:
    """Half finish what the others stop."""
    probe = Probe.objects.lock(pk)
    fire(probe.finish if thread % 2 else probe.stop, by=by, expected_version=2)


@transaction.atomic
def without_the_lock(pk: int, by: User, thread: int) -> None:
    """Read, then write, as if nobody else were there."""
    probe = Probe.objects.get(pk=pk)
    mark_locked([probe])
    fire(probe.start, by=by)


def race(move: Move, by: User) -> Counter[str]:
    """Every thread tries every probe, all starting together on each."""
    pks = list(Probe.objects.order_by("pk").values_list("pk", flat=True))
    barrier = threading.Barrier(THREADS)
    results: Counter[str] = Counter()
    lock = threading.Lock()

    def press(thread: int) -> None:
        try:
            for pk in pks:
                barrier.wait(timeout=60)
                result = outcome(move, pk, by, thread)
                with lock:
                    results[result] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def outcome(move: Move, pk: int, by: User, thread: int) -> str:
    try:
        move(pk, by, thread)
    except Conflict:
        return "conflict"
    except IntegrityError:
        return "refused by the database"
    except OperationalError:
        return "deadlock"
    return "won"


@contextmanager
def no_guards() -> Iterator[None]:
    """Python alone, in a database that would accept anything."""
    unique = "UNIQUE (subject_type, subject_id, seq)"
    with connection.cursor() as cursor:
        for table in ("activity_event", "probe_probe"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE activity_event DROP CONSTRAINT event_seq_once")
        yield
        cursor.execute("TRUNCATE activity_event, activity_note, activity_delivery")
        cursor.execute(
            f"ALTER TABLE activity_event ADD CONSTRAINT event_seq_once {unique}"
        )
        for table in ("activity_event", "probe_probe"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE activity_event DISABLE TRIGGER event_no_truncate")
        cursor.execute("ALTER TABLE probe_probe DISABLE TRIGGER probe_no_truncate")


def moves(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


@pytest.mark.parametrize("size", [25, pytest.param(200, marks=pytest.mark.long)])
def test_one_wins_and_the_others_get_the_conflict(cast: Cast, size: int) -> None:
    make_crowd(size, by=cast.bo)
    results = race(through_the_door, cast.bo)
    assert results == {"won": size, "conflict": size * (THREADS - 1)}
    assert moves("probe.start") == size
    assert set(Probe.objects.values_list("status", "version")) == {("running", 2)}


def test_rival_moves_have_one_winner_too(cast: Cast) -> None:
    make_crowd(25, by=cast.bo)
    for pk in Probe.objects.values_list("pk", flat=True):
        through_the_door(pk, cast.bo, 0)
    results = race(rivals, cast.bo)
    assert results == {"won": 25, "conflict": 25 * (THREADS - 1)}
    assert moves("probe.finish") + moves("probe.stop") == 25


def test_who_forgets_the_lock_is_stopped_by_the_database(cast: Cast) -> None:
    make_crowd(25, by=cast.bo)
    results = race(without_the_lock, cast.bo)
    assert results["won"] == 25
    assert results["deadlock"] == 0
    assert results["won"] + results["conflict"] == 25 * THREADS
    assert moves("probe.start") == 25


def test_without_lock_and_guards_this_race_is_lost(cast: Cast) -> None:
    """So the test above can fail, and what stops the rivals is the guard."""
    make_crowd(25, by=cast.bo)
    with no_guards():
        results = race(without_the_lock, cast.bo)
        doubled = moves("probe.start")
    assert results["won"] > 25
    assert doubled > 25
