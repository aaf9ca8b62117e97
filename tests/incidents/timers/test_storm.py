"""Clocks under fire: processes that sweep and die, and people who work meanwhile.

What must have been told is counted from the events themselves (``reckoning``).
"""

import collections
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Final

import pytest
from django.core.management import call_command
from django.db import connection

from activity import clock
from activity.models import Delivery, Event, Timer
from activity.services import history
from activity.services.timers import sweep, sweep_batch
from activity.tasks import sweep_due_timers
from incidents import services
from incidents.clocks import telling
from incidents.clocks.keeping import differences
from incidents.events import Kind
from incidents.models import Incident
from incidents.timers.keeping import wanted_timers
from tests.activity.storms import drain
from tests.incidents import stories
from tests.incidents.timers import reckoning, stormers
from tests.incidents.timers.stormers import Story
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

# A Tuesday, two and a half hours long: every promise of a SEV1 comes near its end.
BEGINS: Final = datetime(2026, 3, 3, 10, tzinfo=UTC)
ENDS: Final = BEGINS + timedelta(minutes=150)
Round = Callable[[Story], int]


@dataclass(frozen=True, slots=True)
class Toll:
    """``faults`` are steps that were lost, doubled or told without ground."""

    told: int
    faults: int
    kills: int


def make_work(cast: Cast, size: int, *, solved_only: bool = False) -> None:
    """By turns new, in progress, waiting, and solved the day before."""
    for number in range(3, 4 * size, 4) if solved_only else range(size):
        reported = BEGINS - timedelta(seconds=number % 600)
        with clock.frozen_at(reported):
            match number % 4:
                case 0:
                    stories.reported(cast, impact=1, urgency=1)
                case 1:
                    one = stories.reported(cast, impact=1, urgency=1)
                    taken(cast, one)
                case 2:
                    one = taken(cast, stories.reported(cast, impact=1, urgency=1))
                    until = BEGINS + timedelta(minutes=5 + number % 60)
                    stories.on_hold(cast, of=one, reason="scheduled", until=until)
        if number % 4 == 3:
            solved = ENDS - timedelta(days=1, minutes=10 + number % 100)
            with clock.frozen_at(solved):
                stories.resolved(cast, at=solved)


def taken(cast: Cast, incident: Incident) -> Incident:
    services.triage_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(impact=1, urgency=1),
        team=cast.desk,
    )
    return stories.in_progress(cast, of=stories.again(incident))


def storm(
    round_: Round,
    *,
    seconds: float,
    processes: int = 3,
    agents: int = 1,
    kills: int = 0,
) -> Toll:
    """Let the story go by in so many seconds, then sweep what is left."""
    speed = (ENDS - BEGINS).total_seconds() / seconds
    story = Story(BEGINS, ENDS, raised_at=clock.now(), speed=speed)
    killed = drain(
        partial(round_, story),
        processes=processes,
        kills=kills,
        start=partial(stormers.start, agents, processes),
    )
    with clock.frozen_at(ENDS):
        sweep(at=ENDS, max_seconds=600)
    return toll(killed)


def toll(kills: int) -> Toll:
    told = Event.objects.filter(kind__in=[Kind.WARN, Kind.BREACH]).count()
    faults = [
        fault
        for incident in Incident.objects.order_by("pk")
        for fault in reckoning.faults(incident, ENDS)
    ]
    return Toll(told=told, faults=len(faults) + not_reminded_once(), kills=kills)


def not_reminded_once() -> int:
    """What was solved the day before: one reminder is due."""
    solved = Incident.objects.filter(
        status="resolved", resolved_at__lte=ENDS - timedelta(days=1)
    )
    counts = [
        Event.objects.about(incident).filter(kind=Kind.REMIND).count()
        for incident in solved
    ]
    return sum(1 for count in counts if count != 1)


def assert_all_is_well() -> None:
    assert [str(one) for one in differences()] == []
    assert not [fault for fault in history.faults() if "guard" not in fault.place]
    for incident in Incident.objects.order_by("pk"):
        assert armed(incident) == {
            (one.kind, one.step, one.due_at) for one in wanted_timers(incident)
        }
        assert not [one for one in armed(incident) if one[2] <= ENDS]
        assert_reminded_in_order(incident)
    assert_heard_once()


def armed(incident: Incident) -> set[tuple[str, int, datetime]]:
    found = Timer.objects.armed().filter(
        subject_id=incident.pk, generation=incident.timer_generation
    )
    return set(found.values_list("kind", "step", "wanted_at"))


def assert_reminded_in_order(incident: Incident) -> None:
    """Once for what was solved the day before; nothing waits longer than it should."""
    reminders = Event.objects.about(incident).filter(kind=Kind.REMIND)
    about = [(one.data["resolution"], one.data["number"]) for one in reminders]
    assert len(about) == len(set(about))
    assert incident.hold_until is None or incident.hold_until > ENDS


def assert_heard_once() -> None:
    """Nobody got two letters about one event, and the reporter one about a promise."""
    letters = Delivery.objects.values_list("event_id", "address")
    assert len(letters) == len(set(letters))
    about = Event.objects.filter(
        kind__in=[Kind.WARN, Kind.BREACH], deliveries__address="ann@example.org"
    )
    promises = collections.Counter(
        (one.subject_id, one.data["metric"], one.data["cycle"], one.data["promise"])
        for one in about
    )
    assert not [promise for promise, times in promises.items() if times > 1]


@pytest.mark.parametrize(
    ("size", "kills", "seconds"),
    [(24, 3, 4), pytest.param(2000, 50, 300, marks=pytest.mark.long)],
)
def test_every_step_is_told_once_under_fire(
    cast: Cast, size: int, kills: int, seconds: float
) -> None:
    make_work(cast, size)
    found = storm(stormers.sweep_on, seconds=seconds, kills=kills)
    print(f"\n{size} incidents: {found}")  # noqa: T201 - the figure to report
    assert found.kills == kills
    assert found.told > size // 4
    assert found.faults == 0
    assert_all_is_well()


class KilledError(Exception):
    """The process is no more."""


def test_the_storm_sees_that_a_step_was_marked_and_not_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two. Nothing else happens to these, so nothing repairs it."""
    make_work(cast, 8, solved_only=True)
    with clock.frozen_at(BEGINS):
        sweep(at=BEGINS)  # What is no longer wanted would only be in the way.

    def dies(timer: Timer, at: datetime) -> None:
        raise KilledError

    monkeypatch.setattr(stormers, "tell", dies)
    over = Story(BEGINS, ENDS, raised_at=clock.now(), speed=1e9)
    with pytest.raises(KilledError):
        stormers.mark_then_tell(over)
    with clock.frozen_at(ENDS):
        sweep(at=ENDS)
    assert toll(1).faults


@pytest.mark.parametrize("looks_back", [True, False])
def test_the_count_sees_that_nobody_looked_what_was_told(
    looks_back: bool, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python alone; the guard of the database would refuse it. What was told and is
    not looked up in the history is told again."""
    with told_as_often_as_one_likes():
        make_work(cast, 8)
        if not looks_back:
            monkeypatch.setattr(telling, "_highest", lambda _events: 0)
        for minute in range(0, 151, 5):
            at = BEGINS + timedelta(minutes=minute)
            with clock.frozen_at(at):
                sweep_batch(at=at)
        found = toll(0)
        print(f"\nlooks back: {looks_back}: {found}")  # noqa: T201 - to report
        assert bool(found.faults) is not looks_back


@contextmanager
def told_as_often_as_one_likes() -> Iterator[None]:
    """Without the unique index, and with an empty database afterwards."""
    guard = import_module("incidents.migrations.0012_told_once").ONCE
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX incident_told_once")
    try:
        yield
    finally:
        call_command("flush", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(guard)


# --- delivered twice ------------------------------------------------------------------


def everything() -> tuple[object, ...]:
    return (
        list(Event.objects.order_by("pk").values_list("pk", "kind", "subject_id")),
        list(Delivery.objects.order_by("pk").values_list("pk", flat=True)),
        [armed(incident) for incident in Incident.objects.order_by("pk")],
    )


def test_a_step_that_is_delivered_twice_is_told_once(cast: Cast) -> None:
    """Whoever fired a timer and forgot to mark it changes nothing by firing again."""
    make_work(cast, 8)
    dice = random.Random(5)
    for minute in (0, 12, 16, 31, 76, 130, 150):
        at = BEGINS + timedelta(minutes=minute)
        with clock.frozen_at(at):
            sweep(at=at)
            before = everything()
            fired = list(Timer.objects.filter(state="fired", finished_at=at))
            again = [timer.pk for timer in fired if dice.random() < 0.7]
            Timer.objects.filter(pk__in=again).update(state="armed", finished_at=None)
            sweep(at=at)
        assert everything()[:2] == before[:2]
    assert toll(0).faults == 0
    assert list(differences()) == []


def test_a_wake_up_that_comes_twice_changes_nothing(cast: Cast) -> None:
    make_work(cast, 4)
    with clock.frozen_at(ENDS):
        sweep_due_timers.apply()
        before = everything()
        sweep_due_timers.apply()
    assert everything() == before
    assert toll(0).faults == 0
