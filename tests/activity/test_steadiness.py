"""A clock that jumps fires nothing; both clocks are driven by hand here."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction

from activity import clock, handlers
from activity.handlers import Arming, Firing, on_timer
from activity.models import ClockJump, Event, Timer
from activity.services import timers
from activity.services.steadiness import Steadiness, release_clock
from activity.services.timers import Swept, arm, sweep
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Clocks:
    """The wall of the database and the monotonic clocks of any number of processes."""

    def __init__(self) -> None:
        self.wall = NOON
        self.passed = 0.0
        self.answers_after = 0.0

    def ask(self) -> datetime:
        self.go_on(self.answers_after)
        return self.wall

    def go_on(self, seconds: float) -> None:
        self.passed += seconds
        self.wall += seconds * SECOND

    def process(self) -> Steadiness:
        return Steadiness(wall=self.ask, monotonic=lambda: self.passed)


@pytest.fixture
def clocks(db: None) -> Clocks:
    return Clocks()


@pytest.fixture(autouse=True)
def reminders() -> Iterator[None]:
    on_timer("probe.ring", lambda probe, timer, at: Firing(kind="probe.rang"))
    yield
    handlers._timer_handlers.pop("probe.ring")


def probe_due(cast: Cast, *moments: datetime) -> Probe:
    with transaction.atomic():
        probe = open_probe(by=cast.bo)
        arm(
            probe,
            [
                Arming(kind="probe.ring", step=step, due_at=at)
                for step, at in enumerate(moments)
            ],
        )
    return probe


def rung(probe: Probe) -> int:
    return Event.objects.about(probe).filter(kind="probe.rang").count()


class TestClock:
    def test_it_is_steady_while_both_go_on_alike(self, clocks: Clocks) -> None:
        process = clocks.process()
        for seconds in (0, 2, 29, 3600):
            clocks.go_on(seconds)
            assert process.now() == clocks.wall
        assert not ClockJump.objects.exists()

    @pytest.mark.parametrize("seconds", [31, 3600, -31, -3600])
    def test_a_jump_is_noted_and_waited_out(
        self, clocks: Clocks, seconds: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        process = clocks.process()
        process.now()
        clocks.go_on(2)
        clocks.wall += seconds * SECOND
        assert process.now() is None
        jump = ClockJump.objects.get()
        assert (jump.seen_at, round(jump.seconds)) == (clocks.wall, seconds)
        assert f"jumped by {seconds:+d} s" in caplog.text
        clocks.go_on(59)
        assert process.now() is None
        clocks.go_on(1)
        assert process.now() == clocks.wall
        assert ClockJump.objects.count() == 1

    @pytest.mark.parametrize("seconds", [29, -29])
    def test_a_clock_that_is_set_by_seconds_is_steady(
        self, clocks: Clocks, seconds: int
    ) -> None:
        process = clocks.process()
        process.now()
        clocks.wall += seconds * SECOND
        assert process.now() == clocks.wall

    def test_a_slow_answer_is_no_jump(self, clocks: Clocks) -> None:
        process = clocks.process()
        process.now()
        clocks.answers_after = 300
        assert process.now() == clocks.wall
        clocks.answers_after = 0
        assert process.now() == clocks.wall

    def test_there_and_back_waits_for_the_last_jump_only(self, clocks: Clocks) -> None:
        process = clocks.process()
        process.now()
        clocks.wall += HOUR
        assert process.now() is None
        clocks.go_on(10)
        clocks.wall -= HOUR
        assert process.now() is None
        clocks.go_on(60)
        assert process.now() == clocks.wall
        assert [round(jump.seconds) for jump in ClockJump.objects.all()] == [
            -3600,
            3600,
        ]

    @pytest.mark.parametrize("seconds", [3600, -3600])
    def test_several_processes_note_a_jump_once(
        self, clocks: Clocks, seconds: int
    ) -> None:
        first, second = clocks.process(), clocks.process()
        first.now()
        second.now()
        clocks.go_on(2)
        clocks.wall += seconds * SECOND
        assert first.now() is None
        clocks.go_on(5)
        assert second.now() is None
        assert ClockJump.objects.count() == 1

    def test_a_process_that_has_just_started_waits_with_the_others(
        self, clocks: Clocks
    ) -> None:
        process = clocks.process()
        process.now()
        clocks.wall += HOUR
        process.now()
        assert clocks.process().now() is None

    def test_a_clock_that_went_back_unseen_holds_up_nothing(
        self, clocks: Clocks
    ) -> None:
        ClockJump.objects.create(seen_at=NOON + HOUR, seconds=3600)
        assert clocks.process().now() == NOON


class TestRelease:
    def test_an_administrator_lets_it_go_on_at_once(
        self, cast: Cast, clocks: Clocks
    ) -> None:
        process, late = clocks.process(), clocks.process()
        process.now()
        late.now()
        clocks.wall += HOUR
        assert process.now() is None
        with clock.frozen_at(clocks.wall):
            released = release_clock(by=cast.ida)
        assert released is not None
        assert (released.released_by, released.released_at) == (cast.ida, clocks.wall)
        clocks.go_on(2)
        assert process.now() == clocks.wall
        assert late.now() == clocks.wall

    @pytest.mark.parametrize("name", ["ann", "bo", "lea", "max", "zed"])
    def test_nobody_else_releases_it(self, cast: Cast, name: str) -> None:
        ClockJump.objects.create(seen_at=NOON, seconds=3600)
        with clock.frozen_at(NOON), pytest.raises(PermissionDenied):
            release_clock(by=getattr(cast, name))
        assert ClockJump.objects.get().released_at is None

    def test_what_is_over_is_not_released(self, cast: Cast, clocks: Clocks) -> None:
        ClockJump.objects.create(seen_at=NOON, seconds=3600)
        with clock.frozen_at(NOON + HOUR):
            assert release_clock(by=cast.ida) is None
        assert release_clock(by=cast.ida) is None
        assert ClockJump.objects.get().released_at is None

    def test_somebody_releases_it(self, db: None) -> None:
        with (
            pytest.raises(IntegrityError, match="clock_jump_released_by_somebody"),
            transaction.atomic(),
        ):
            ClockJump.objects.create(seen_at=NOON, seconds=40, released_at=NOON)


class TestSweep:
    def test_a_jump_ahead_fires_nothing_early(self, cast: Cast, clocks: Clocks) -> None:
        """A sweep that believes the wall fires what is an hour away."""
        naive = probe_due(cast, NOON + HOUR)
        process = clocks.process()
        assert sweep(steadiness=process).total == 0
        clocks.wall += HOUR
        done = sweep(steadiness=process)
        assert (done.total, done.is_held_up, rung(naive)) == (0, True, 0)
        clocks.wall -= HOUR
        clocks.go_on(1)
        sweep(steadiness=process)
        clocks.go_on(60)
        assert sweep(steadiness=process) == Swept()
        assert rung(naive) == 0
        # The naive sweep asks the wall and nothing else.
        clocks.wall += HOUR
        assert sweep(at=clocks.ask()).fired == 1
        assert rung(naive) == 1

    def test_a_jump_back_doubles_nothing(self, cast: Cast, clocks: Clocks) -> None:
        probe = probe_due(cast, NOON)
        process = clocks.process()
        assert sweep(steadiness=process).fired == 1
        clocks.wall -= HOUR
        assert sweep(steadiness=process).is_held_up
        clocks.go_on(3700)
        assert sweep(steadiness=process).total == 0
        assert rung(probe) == 1

    def test_after_a_minute_it_fires_what_is_due(
        self, cast: Cast, clocks: Clocks
    ) -> None:
        probe = probe_due(cast, NOON + HOUR)
        process = clocks.process()
        sweep(steadiness=process)
        clocks.wall += HOUR
        sweep(steadiness=process)
        clocks.go_on(60)
        assert sweep(steadiness=process).fired == 1
        assert rung(probe) == 1

    def test_a_jump_in_the_middle_of_a_long_sweep_ends_it(
        self, cast: Cast, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        probe = probe_due(cast, NOON, NOON + HOUR)
        batch = timers.sweep_batch

        def slow_batch(**options: object) -> object:
            done = batch(**options)  # type: ignore[arg-type]
            clocks.wall += HOUR
            return done

        monkeypatch.setattr(timers, "sweep_batch", slow_batch)
        done = sweep(steadiness=clocks.process())
        assert (done.fired, done.is_held_up, rung(probe)) == (1, True, 1)

    def test_a_given_moment_is_nobodys_clock(self, cast: Cast, clocks: Clocks) -> None:
        probe = probe_due(cast, NOON + HOUR)
        ClockJump.objects.create(seen_at=clock.now(), seconds=3600)
        assert sweep(at=NOON + HOUR).fired == 1
        assert rung(probe) == 1
        with clock.frozen_at(NOON):
            assert not sweep().is_held_up

    def test_the_command_says_why_it_fired_nothing(self, cast: Cast) -> None:
        probe_due(cast, NOON)
        ClockJump.objects.create(seen_at=clock.now(), seconds=3600)
        err = StringIO()
        call_command("sweep", stdout=StringIO(), stderr=err)
        assert "clock jumped" in err.getvalue()
        assert Timer.objects.armed().count() == 1


class TestTryAgain:
    def dead_timer(self, cast: Cast) -> Timer:
        probe_due(cast, NOON)
        Timer.objects.update(
            state=Timer.State.DEAD, finished_at=NOON, tries=5, error="KeyError"
        )
        return Timer.objects.get()

    def test_it_fires_as_if_it_had_never_failed(self, cast: Cast) -> None:
        timer = self.dead_timer(cast)
        again = timers.try_again(timer.pk, by=cast.ida)
        assert (again.state, again.tries, again.error) == ("armed", 0, "")
        assert (again.wanted_at, again.finished_at) == (NOON, None)
        assert sweep().fired == 1

    def test_the_record_says_who_had_it_tried_again(self, cast: Cast) -> None:
        timer = self.dead_timer(cast)
        timers.try_again(timer.pk, by=cast.ida)
        event = Event.objects.get(kind="timer.tried_again")
        assert (event.actor, event.subject_id) == (cast.ida, timer.subject_id)
        assert event.data == {"timer": timer.pk, "timer_kind": "probe.ring", "step": 0}

    @pytest.mark.parametrize("name", ["ann", "bo", "lea", "max", "zed"])
    def test_nobody_else_has_it_tried_again(self, cast: Cast, name: str) -> None:
        timer = self.dead_timer(cast)
        with pytest.raises(PermissionDenied):
            timers.try_again(timer.pk, by=getattr(cast, name))
        assert Timer.objects.get().state == Timer.State.DEAD

    @pytest.mark.parametrize("state", ["armed", "fired", "stale"])
    def test_only_what_was_given_up(self, cast: Cast, state: str) -> None:
        timer = self.dead_timer(cast)
        finished = None if state == "armed" else NOON
        Timer.objects.update(state=state, finished_at=finished)
        assert timers.try_again(timer.pk, by=cast.ida).state == state
        assert not Event.objects.filter(kind="timer.tried_again").exists()
