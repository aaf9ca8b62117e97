"""Two connections at once: who waits, who passes over, who is refused.

Each test holds something on one connection and acts on another. Waiting where
nobody should wait would end in a lock time-out, so none of them can pass slowly.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.models import Team
from activity import handlers
from activity.handlers import Arming, Firing
from activity.models import Delivery, Event, Timer
from activity.outbox import Message, enqueue_account_mail
from activity.services.deliveries import claim, give_up
from activity.services.timers import arm, sweep
from catalogue.models import Category, Location
from tests.database import sql
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@contextmanager
def elsewhere(work: Callable[[], object]) -> Iterator[None]:
    """Do the work on another connection, and keep its transaction open meanwhile."""
    done, leave = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                leave.wait(30)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait(30)
    sql("SET lock_timeout = '2s'")
    try:
        yield
    finally:
        leave.set()
        thread.join(30)
        sql("RESET lock_timeout")


@pytest.fixture
def storm() -> Iterator[None]:
    handlers.on_timer("probe.storm", lambda p, t, at: Firing(kind="probe.stormed"))
    yield
    handlers._timer_handlers.pop("probe.storm")


@transaction.atomic
def armed(cast: Cast, steps: int = 1) -> Probe:
    probe = open_probe(by=cast.bo)
    due = [Arming(kind="probe.storm", step=n, due_at=NOON) for n in range(steps)]
    arm(probe, due)
    return probe


def stormed(probe: Probe) -> int:
    return Event.objects.about(probe).filter(kind="probe.stormed").count()


def test_records_that_others_hold_starve_nobody(cast: Cast, storm: None) -> None:
    held = [armed(cast, steps=2) for _ in range(60)]
    free = armed(cast)
    pks = [probe.pk for probe in held]

    def hold_them() -> None:
        for pk in pks:
            Probe.objects.lock(pk)

    with elsewhere(hold_them):
        assert sweep(at=NOON).fired == 1
        assert stormed(free) == 1
    assert sweep(at=NOON).fired == 120


def test_timers_that_a_rival_holds_are_passed_over(cast: Cast, storm: None) -> None:
    probes = [armed(cast) for _ in range(2)]
    first = Timer.objects.get(subject_id=probes[0].pk)
    with elsewhere(lambda: Timer.objects.select_for_update().get(pk=first.pk)):
        assert sweep(at=NOON).fired == 1
    assert [stormed(probe) for probe in probes] == [0, 1]


def test_a_message_that_a_rival_claims_is_not_claimed_too(cast: Cast) -> None:
    for n in range(2):
        enqueue_account_mail(Message(to=cast.ann, subject=str(n), text="x"))
    first = Delivery.objects.earliest("pk")
    with elsewhere(lambda: Delivery.objects.select_for_update().get(pk=first.pk)):
        mine = claim()
        assert mine is not None
        assert mine.pk != first.pk
        assert claim() is None


def test_who_lost_the_lease_puts_nothing_off_and_gives_nothing_up(cast: Cast) -> None:
    enqueue_account_mail(Message(to=cast.ann, subject="One", text="x"))
    late = claim()
    assert late is not None
    Delivery.objects.update(lease_until=NOON)
    holder = claim()
    assert holder is not None
    give_up(late, "too late")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.lease_token) == ("waiting", holder.lease_token)


def test_two_moves_cannot_close_a_circle_together(db: None) -> None:
    one, two = (Category.objects.create(name=name) for name in ("one", "two"))

    def put_one_below_two() -> None:
        Category.objects.filter(pk=one.pk).update(parent=two)

    with elsewhere(put_one_below_two), pytest.raises(OperationalError):
        Category.objects.filter(pk=two.pk).update(parent=one)
    with pytest.raises(IntegrityError, match="below itself"):
        Category.objects.filter(pk=two.pk).update(parent=one)


def test_a_desk_is_not_taken_away_while_a_location_chooses_it(db: None) -> None:
    desk = Team.objects.create(name="Branch", tier=1, is_service_desk=True)

    def choose() -> None:
        Location.objects.create(name="Branch", desk=desk)

    with elsewhere(choose), pytest.raises(OperationalError):
        Team.objects.filter(pk=desk.pk).update(is_service_desk=False)
    with pytest.raises(IntegrityError, match="desk of a location"):
        Team.objects.filter(pk=desk.pk).update(is_service_desk=False)
