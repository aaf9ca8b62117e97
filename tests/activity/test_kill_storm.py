"""Exactly once: however many sweep, and however they die."""

import collections
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from activity import clock
from activity.models import Delivery, Event, Timer
from activity.outbox import Message, enqueue_account_mail
from activity.services import history
from tests.activity import senders, sweepers
from tests.activity.storms import drain
from tests.people import Cast
from tests.probe.crowd import make_crowd

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, slots=True)
class Toll:
    """What the storm did: timers without their event, and with more than one."""

    lost: int
    doubled: int
    kills: int

    @property
    def is_clean(self) -> bool:
        return self.lost == 0 and self.doubled == 0


def count(size: int, kills: int) -> Toll:
    stormed = Event.objects.filter(kind="probe.stormed").values_list(
        "subject_id", flat=True
    )
    per_probe = collections.Counter(stormed)
    doubled = sum(1 for times in per_probe.values() if times > 1)
    return Toll(lost=size - len(per_probe), doubled=doubled, kills=kills)


def assert_exactly_once(size: int, toll: Toll) -> None:
    assert toll.is_clean, toll
    assert Timer.objects.filter(kind="probe.storm", state="fired").count() == size
    assert Timer.objects.filter(kind="probe.after", state="armed").count() == size
    assert Delivery.objects.count() == size
    assert not [fault for fault in history.faults() if "guard" not in fault.place]


def test_four_processes_drain_two_thousand_exactly_once(cast: Cast) -> None:
    make_crowd(2000, by=cast.bo, due_at=sweepers.DUE)
    drain(sweepers.in_one_transaction, processes=4)
    assert_exactly_once(2000, count(2000, 0))


def test_a_few_kills_lose_and_double_nothing(cast: Cast) -> None:
    make_crowd(600, by=cast.bo, due_at=sweepers.DUE)
    killed = drain(sweepers.in_one_transaction, processes=2, kills=3)
    assert killed == 3
    assert_exactly_once(600, count(600, killed))


@pytest.mark.long
def test_twenty_kills_among_twenty_thousand(cast: Cast) -> None:
    make_crowd(20_000, by=cast.bo, due_at=sweepers.DUE)
    killed = drain(sweepers.in_one_transaction, processes=4, kills=40)
    toll = count(20_000, killed)
    print(f"\n20,000 due: {toll}")  # noqa: T201 - the figure to report
    assert killed >= 20
    assert_exactly_once(20_000, toll)


@pytest.mark.parametrize("round_", [sweepers.mark_then_act, sweepers.act_then_mark])
def test_the_storm_sees_what_the_naive_ways_do(
    cast: Cast, round_: Callable[[], int]
) -> None:
    """The same storm on the two other orders: it must find them out."""
    make_crowd(2000, by=cast.bo, due_at=sweepers.DUE)
    killed = drain(round_, processes=2, kills=20)
    toll = count(2000, killed)
    print(f"\n{round_.__name__}: {toll}")  # noqa: T201 - the figure to report
    assert not toll.is_clean


@dataclass(frozen=True, slots=True)
class Post:
    """What reached the mail server: how many never did, how many more than once."""

    lost: int
    doubled: int
    kills: int


def post_under_fire(
    cast: Cast, size: int, kills: int, round_: Callable[[], int], post: Path
) -> Post:
    """Queue messages, kill their senders, let the leases run out, send the rest."""
    for n in range(size):
        enqueue_account_mail(Message(to=cast.ann, subject=str(n), text="x"))
    start = partial(senders.start, post=post)
    killed = drain(round_, processes=2, kills=kills, start=start, anywhere=True)
    Delivery.objects.waiting().update(lease_until=clock.now() - timedelta(seconds=1))
    drain(round_, processes=2, start=start)
    received = collections.Counter(post.read_text().splitlines())
    doubled = sum(1 for times in received.values() if times > 1)
    return Post(lost=size - len(received), doubled=doubled, kills=killed)


@pytest.mark.parametrize(
    ("size", "kills"), [(250, 5), pytest.param(2000, 25, marks=pytest.mark.long)]
)
def test_messages_outlive_their_senders(
    cast: Cast, tmp_path: Path, size: int, kills: int
) -> None:
    """None lost; doubled, with the same Message-ID, only where a kill was."""
    post = post_under_fire(
        cast, size, kills, senders.through_the_outbox, tmp_path / "post"
    )
    print(f"\n{size} messages: {post}")  # noqa: T201 - the figure to report
    assert post.kills == kills
    assert post.lost == 0
    assert post.doubled <= kills
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_marking_before_sending_loses_messages(cast: Cast, tmp_path: Path) -> None:
    post = post_under_fire(cast, 400, 20, senders.mark_then_send, tmp_path / "post")
    print(f"\nmark, then send: {post}")  # noqa: T201 - the figure to report
    assert post.lost > 0
