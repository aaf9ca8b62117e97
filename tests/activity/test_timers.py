"""Timers: what is due fires once, what is no longer wanted does not, and one bad
timer delays only itself."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from activity import handlers, tasks
from activity.handlers import Arming, Firing, Moved, on_timer, tell
from activity.lifecycle import fire
from activity.models import Event, Timer
from activity.outbox import Message, enqueue_account_mail
from activity.services import heartbeats, timers
from activity.services.timers import arm, sweep, sweep_batch
from tests.database import sql
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def remind(probe: Probe, timer: Timer, at: datetime) -> Firing | None:
    """Three reminders, an hour apart, while the probe is a draft."""
    if probe.title == "poison":
        raise ZeroDivisionError
    if probe.status != Probe.Status.DRAFT:
        return None
    coming = Arming(kind=timer.kind, step=timer.step + 1, due_at=at + 60 * MINUTE)
    return Firing(
        kind="probe.reminded",
        data={"nth": timer.step + 1},
        next_timers=[coming] if timer.step < 2 else [],
    )


@pytest.fixture(autouse=True)
def reminders() -> Iterator[None]:
    on_timer("probe.remind", remind)
    yield
    handlers._timer_handlers.pop("probe.remind")


def armed_probe(
    cast: Cast, *, due_at: datetime = NOON, kind: str = "probe.remind", **fields: object
) -> Probe:
    with transaction.atomic():
        probe = open_probe(by=cast.bo, **fields)
        arm(probe, [Arming(kind=kind, due_at=due_at)])
    return probe


def reminded(probe: Probe) -> int:
    return Event.objects.about(probe).filter(kind="probe.reminded").count()


def test_a_due_timer_fires_with_event_and_next_timer(cast: Cast) -> None:
    probe = armed_probe(cast)
    assert sweep(at=NOON).fired == 1
    event = Event.objects.about(probe).get(kind="probe.reminded")
    timer = Timer.objects.get(step=0)
    assert event.data == {
        "timer": timer.pk,
        "step": 0,
        "due": NOON.isoformat(),
        "nth": 1,
    }
    assert (event.at, event.actor.is_system) == (NOON, True)
    assert (timer.state, timer.finished_at) == (Timer.State.FIRED, NOON)
    assert Timer.objects.armed().get().due_at == NOON + 60 * MINUTE


def test_nothing_fires_early(cast: Cast) -> None:
    probe = armed_probe(cast)
    assert sweep(at=NOON - timedelta(microseconds=1)).total == 0
    assert reminded(probe) == 0


def test_a_second_sweep_finds_nothing(cast: Cast) -> None:
    probe = armed_probe(cast)
    sweep(at=NOON)
    assert sweep(at=NOON).total == 0
    assert reminded(probe) == 1


def test_a_ladder_fires_step_by_step(cast: Cast) -> None:
    probe = armed_probe(cast)
    for hour in range(5):
        sweep(at=NOON + hour * 60 * MINUTE)
    assert reminded(probe) == 3
    assert not Timer.objects.armed().exists()


def test_a_raised_generation_makes_timers_stale(cast: Cast) -> None:
    probe = armed_probe(cast)
    with transaction.atomic():
        locked = Probe.objects.lock(probe.pk)
        locked.make_timers_stale()
        locked.save()
        arm(locked, [Arming(kind="probe.remind", due_at=NOON)])
    done = sweep(at=NOON)
    assert (done.stale, done.fired) == (1, 1)
    assert reminded(probe) == 1


def test_the_record_is_asked_whether_it_still_holds(cast: Cast) -> None:
    probe = armed_probe(cast)
    with transaction.atomic():
        fire(Probe.objects.lock(probe.pk).start, by=cast.bo)
    done = sweep(at=NOON)
    assert (done.stale, done.fired) == (1, 0)
    assert Timer.objects.get().state == Timer.State.STALE


@transaction.atomic
def arm_later(probe: Probe) -> None:
    later = Arming(kind="probe.remind", due_at=NOON + MINUTE)
    arm(Probe.objects.lock(probe.pk), [later])


def test_arming_a_step_again_is_refused_armed_or_fired(cast: Cast) -> None:
    """Or the new deadline would quietly be lost."""
    probe = armed_probe(cast)
    with pytest.raises(IntegrityError, match="timer_step_once"):
        arm_later(probe)
    sweep(at=NOON)
    with pytest.raises(IntegrityError, match="timer_step_once"):
        arm_later(probe)


def test_the_database_refuses_a_second_timer_for_one_step(cast: Cast) -> None:
    armed_probe(cast)
    twin = Timer.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError, match="timer_step_once"), transaction.atomic():
        twin.save(force_insert=True)


def test_arming_needs_the_lock(cast: Cast) -> None:
    armed_probe(cast)
    with pytest.raises(RuntimeError, match="Lock the probe"):
        arm(Probe.objects.get(), [Arming(kind="probe.remind", due_at=NOON)])


def test_a_timer_may_move_its_record_itself(cast: Cast) -> None:
    def start(probe: Probe, timer: Timer, at: datetime) -> Moved:
        fire(probe.start, by=cast.bo, at=at)
        return Moved(next_timers=[Arming(kind="probe.remind", due_at=at + MINUTE)])

    on_timer("probe.start", start)
    try:
        probe = armed_probe(cast, kind="probe.start")
        done = sweep(at=NOON)
    finally:
        handlers._timer_handlers.pop("probe.start")
    probe.refresh_from_db()
    assert (probe.status, done.fired, done.stale) == ("running", 1, 0)
    assert Timer.objects.get(kind="probe.start").state == Timer.State.FIRED
    assert Timer.objects.armed().get().kind == "probe.remind"


def test_a_listener_that_fails_does_not_keep_a_dead_timer_alive(cast: Cast) -> None:
    def broken(event: Event, subject: Probe) -> list[Message]:
        raise ZeroDivisionError

    armed_probe(cast, title="poison")
    tell("timer.failed", broken)
    try:
        for minute in range(6):
            sweep(at=NOON + minute * MINUTE)
    finally:
        handlers._listeners.pop("timer.failed")
    assert Timer.objects.get().state == Timer.State.DEAD


def test_a_hundred_timers_of_one_record_hold_up_nobody(cast: Cast) -> None:
    busy = armed_probe(cast, due_at=NOON - MINUTE)
    with transaction.atomic():
        steps = range(10, 110)
        due = NOON - MINUTE
        timers_ = [Arming(kind="probe.remind", step=n, due_at=due) for n in steps]
        arm(Probe.objects.lock(busy.pk), timers_)
    other = armed_probe(cast)
    sweep_batch(at=NOON)
    assert (reminded(busy), reminded(other)) == (1, 1)


def test_two_timers_of_one_record_never_share_a_batch(cast: Cast) -> None:
    probe = armed_probe(cast)
    with transaction.atomic():
        arm(
            Probe.objects.lock(probe.pk),
            [Arming(kind="probe.remind", step=9, due_at=NOON)],
        )
    assert sweep_batch(at=NOON)[0].fired == 1
    assert sweep_batch(at=NOON)[0].fired == 1
    assert reminded(probe) == 2


def test_a_bad_timer_delays_only_itself(cast: Cast) -> None:
    bad = armed_probe(cast, title="poison", due_at=NOON - MINUTE)
    good = [armed_probe(cast) for _ in range(3)]
    done, _last = sweep_batch(at=NOON)
    assert (done.fired, done.failed) == (3, 1)
    assert [reminded(probe) for probe in good] == [1, 1, 1]
    timer = Timer.objects.get(subject_id=bad.pk)
    assert (timer.state, timer.tries) == (Timer.State.ARMED, 1)
    assert timer.error == "ZeroDivisionError"
    assert timer.due_at == NOON + timedelta(seconds=5)
    assert timer.wanted_at == NOON - MINUTE


def test_a_timer_is_given_up_after_five_tries_and_the_record_says_so(
    cast: Cast,
) -> None:
    bad = armed_probe(cast, title="poison")
    for minute in range(6):
        sweep(at=NOON + minute * MINUTE)
    timer = Timer.objects.get()
    assert (timer.state, timer.tries) == (Timer.State.DEAD, 5)
    event = Event.objects.about(bad).get(kind="timer.failed")
    assert event.data == {
        "timer": timer.pk,
        "timer_kind": "probe.remind",
        "error": "ZeroDivisionError",
    }


def test_a_kind_that_nobody_handles_is_given_up_not_skipped(cast: Cast) -> None:
    probe = armed_probe(cast, kind="probe.unknown")
    for minute in range(6):
        sweep(at=NOON + minute * MINUTE)
    assert Timer.objects.get().state == Timer.State.DEAD
    assert Event.objects.about(probe).filter(kind="timer.failed").count() == 1


def test_a_kind_has_one_handler() -> None:
    with pytest.raises(ValueError, match="have a handler already"):
        on_timer("probe.remind", lambda probe, timer, at: None)


@pytest.mark.parametrize("size", [5, 50])
def test_a_batch_costs_the_same_few_statements_whatever_its_size(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest, size: int
) -> None:
    for _ in range(size):
        armed_probe(cast)
    with django_assert_num_queries(9):  # type: ignore[operator]
        assert sweep_batch(at=NOON)[0].fired == size


def test_an_empty_sweep_costs_one_lookup(
    db: None, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        sweep(at=NOON)  # savepoint, rows, savepoint


def test_the_due_lookup_reads_its_index_and_no_fired_rows(cast: Cast) -> None:
    """Scanned rows, not milliseconds: 2,000 finished timers are not looked at."""
    probe = armed_probe(cast)
    Timer.objects.bulk_create(
        Timer(
            subject_type="probe",
            subject_id=probe.pk,
            kind="probe.old",
            generation=n,
            wanted_at=NOON,
            due_at=NOON,
            state=Timer.State.FIRED,
            finished_at=NOON,
        )
        for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE activity_timer")
    plan = json.loads(Timer.objects.due(NOON)[:50].explain(format="json", analyze=True))
    nodes = list(every_node(plan[0]["Plan"]))
    assert {node.get("Index Name") for node in nodes} & {"timer_due"}
    assert max(node["Actual Rows"] for node in nodes) == 1
    assert sum(node.get("Rows Removed by Filter", 0) for node in nodes) == 0


def every_node(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from every_node(below)


def test_the_command_sweeps_once_and_says_what_it_did(cast: Cast) -> None:
    armed_probe(cast)
    out = StringIO()
    call_command("sweep", stdout=out)
    assert out.getvalue().startswith("timers: 1 fired, 0 no longer wanted, 0 failed;")


def test_a_timer_of_a_record_type_that_is_gone_is_given_up(cast: Cast) -> None:
    sql("INSERT INTO activity_subject_type VALUES ('ghost', 'ghost', 'new')")
    probe = armed_probe(cast)
    Timer.objects.update(subject_type="ghost")
    good = armed_probe(cast)
    for minute in range(6):
        sweep(at=NOON + minute * MINUTE)
    assert Timer.objects.get(subject_type="ghost").state == Timer.State.DEAD
    assert reminded(good) == 1
    assert reminded(probe) == 0


def test_a_timer_without_its_record_waits_and_holds_up_nobody(cast: Cast) -> None:
    """Records are never deleted; if one is gone all the same, it harms nobody."""
    armed_probe(cast)
    Timer.objects.update(subject_id=10**9)
    good = armed_probe(cast)
    sweep(at=NOON)
    assert reminded(good) == 1


def test_trouble_with_the_database_itself_is_not_blamed_on_a_timer(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*args: object) -> None:
        raise DatabaseError

    armed_probe(cast)
    monkeypatch.setattr("activity.services.timers.Timer.objects.due", unreachable)
    with pytest.raises(DatabaseError):
        sweep(at=NOON)
    assert Timer.objects.get().tries == 0


def test_a_failed_timer_that_a_rival_fired_meanwhile_stays_fired(cast: Cast) -> None:
    armed_probe(cast)
    sweep(at=NOON)
    fired = Timer.objects.get(step=0)
    assert timers._put_off(fired.pk, NOON, "late").total == 0
    fired.refresh_from_db()
    assert (fired.state, fired.tries) == (Timer.State.FIRED, 0)


class TestTasks:
    def test_a_wake_up_sweeps_and_shows_a_sign_of_life(self, cast: Cast) -> None:
        probe = armed_probe(cast)
        before = tasks.last_wake_up()
        tasks.sweep_due_timers.apply()
        assert reminded(probe) == 1
        assert heartbeats.is_alive(heartbeats.WORKER)
        assert tasks.last_wake_up() > before

    def test_a_wake_up_sends_what_waits(self, cast: Cast) -> None:
        enqueue_account_mail(Message(to=cast.ann, subject="One", text="Two"))
        tasks.send_due_deliveries.apply()
        assert len(mail.outbox) == 1

    def test_work_that_was_not_woken_is_no_wake_up(self, db: None) -> None:
        before = tasks.last_wake_up()
        tasks.sweep_due_timers()
        assert tasks.last_wake_up() == before
