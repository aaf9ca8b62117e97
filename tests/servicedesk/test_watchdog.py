"""The watchdog finds each fault, and nothing where there is none.

Every question is asked each minute and calls late what is late by a minute, so a fault
is known within two; no test sleeps, each gives the moment of its look.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from activity import clock
from activity.handlers import Arming
from activity.models import (
    Check,
    ClockJump,
    Delivery,
    Event,
    Finding,
    Heartbeat,
    Timer,
)
from activity.outbox import Message, enqueue_account_mail
from activity.services import heartbeats
from activity.services.timers import arm
from servicedesk.watchdog import due, looking, loop, promised, signs
from servicedesk.watchdog.checks import CHECKS
from servicedesk.watchdog.looking import look
from tests.database import sql
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe, start_probe

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def at(db: None) -> datetime:
    """The moment of the look; everything that should be alive is, just then."""
    moment = clock.now()
    Heartbeat.objects.create(name=heartbeats.WORKER, beat_at=moment)
    proofs = [Finding(name, "ok", {"count": 1}) for name in NIGHTLY]
    Check.objects.write(proofs, at=moment - HOUR)
    return moment


NIGHTLY = ("nightly_clocks", "nightly_history")


def found(at: datetime) -> dict[str, Check]:
    """What the health page would know after a look."""
    look(at=at)
    return {check.name: check for check in Check.objects.exclude(name__in=NIGHTLY)}


def wrong(at: datetime) -> dict[str, dict[str, Any]]:
    return {
        name: check.detail
        for name, check in found(at).items()
        if check.state == Check.State.BAD
    }


def probe_due(cast: Cast, due_at: datetime, **fields: Any) -> Probe:
    with transaction.atomic():
        probe = open_probe(by=cast.bo)
        arm(probe, [Arming(kind="probe.ring", due_at=due_at)])
    if fields:
        Timer.objects.filter(subject_id=probe.pk).update(**fields)
    return probe


def message(cast: Cast, **fields: Any) -> Delivery:
    enqueue_account_mail(Message(to=cast.ann, subject="One", text="Two"))
    delivery = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    return delivery


def test_where_nothing_is_wrong_nothing_is_found(cast: Cast, at: datetime) -> None:
    probe_due(cast, at + HOUR)
    message(cast)
    assert wrong(at) == {}
    assert set(found(at)) == {*CHECKS, "deadman"}


def test_whatever_is_wrong_is_known_within_two_minutes() -> None:
    patience = max(due.LATE_AFTER, signs.SILENT_AFTER).total_seconds()
    assert loop.EVERY + patience <= 120
    assert loop.FIRST_AFTER <= loop.EVERY


class TestDue:
    def test_a_late_timer(self, cast: Cast, at: datetime) -> None:
        probe_due(cast, at - 61 * SECOND)
        probe_due(cast, at - HOUR)
        oldest = (at - HOUR).isoformat()
        assert wrong(at) == {"late_timers": {"count": 2, "oldest": oldest}}

    def test_a_timer_of_this_minute_is_not_late(self, cast: Cast, at: datetime) -> None:
        probe_due(cast, at - 59 * SECOND)
        assert wrong(at) == {}

    def test_a_timer_that_was_given_up(self, cast: Cast, at: datetime) -> None:
        probe_due(cast, at - HOUR, state="dead", finished_at=at - MINUTE)
        latest = (at - MINUTE).isoformat()
        assert wrong(at) == {"dead_timers": {"count": 1, "latest": latest}}

    @pytest.mark.parametrize("state", ["fired", "stale"])
    def test_a_timer_that_is_done(self, cast: Cast, at: datetime, state: str) -> None:
        probe_due(cast, at - HOUR, state=state, finished_at=at - MINUTE)
        assert wrong(at) == {}

    def test_a_message_that_nobody_sends(self, cast: Cast, at: datetime) -> None:
        message(cast, next_try_at=at - 301 * SECOND)
        oldest = (at - 301 * SECOND).isoformat()
        assert wrong(at) == {"waiting_messages": {"count": 1, "oldest": oldest}}

    def test_a_message_that_may_wait(self, cast: Cast, at: datetime) -> None:
        message(cast, next_try_at=at - 299 * SECOND)
        message(cast, next_try_at=at + HOUR, tries=7)
        lease = "00000000-0000-4000-8000-000000000000"
        message(cast, next_try_at=at - HOUR, lease_token=lease, lease_until=at + MINUTE)
        message(cast, next_try_at=at - HOUR, state="sent", sent_at=at)
        assert wrong(at) == {}

    def test_a_lease_that_ran_out_holds_nothing_up(
        self, cast: Cast, at: datetime
    ) -> None:
        lease = "00000000-0000-4000-8000-000000000000"
        message(cast, next_try_at=at - HOUR, lease_token=lease, lease_until=at - MINUTE)
        assert wrong(at)["waiting_messages"]["count"] == 1

    def test_a_message_behind_one_that_is_tried_again_is_in_order(
        self, cast: Cast, at: datetime
    ) -> None:
        probe = start_probe(open_probe(by=cast.bo).pk, by=cast.bo)
        opened, started = Event.objects.about(probe)
        first = message(cast, next_try_at=at + HOUR, event=opened, tries=3)
        message(cast, next_try_at=at - HOUR, event=started)
        assert wrong(at) == {}
        Delivery.objects.filter(pk=first.pk).update(address="else@example.org")
        assert wrong(at)["waiting_messages"]["count"] == 1

    def test_a_message_that_failed_today(self, cast: Cast, at: datetime) -> None:
        message(cast, state="failed", handed_over_at=at - 23 * HOUR)
        message(cast, state="failed", handed_over_at=at - 25 * HOUR)
        assert wrong(at)["failed_messages"]["count"] == 1

    def test_a_message_that_failed_the_other_day_is_no_alarm(
        self, cast: Cast, at: datetime
    ) -> None:
        message(cast, state="failed", handed_over_at=at - 25 * HOUR)
        assert wrong(at) == {}


class TestSigns:
    def test_a_loop_that_fell_silent(self, at: datetime) -> None:
        late = at + 31 * SECOND
        assert wrong(late) == {"loop": {"beat": at.isoformat()}}
        assert wrong(at + 30 * SECOND) == {}

    def test_a_loop_that_was_never_seen(self, at: datetime) -> None:
        Heartbeat.objects.all().delete()
        assert wrong(at) == {"loop": {"beat": None}}

    def test_a_clock_that_jumped(self, at: datetime) -> None:
        ClockJump.objects.create(seen_at=at - 59 * SECOND, seconds=3599.7)
        seen = (at - 59 * SECOND).isoformat()
        assert wrong(at) == {"clock_jump": {"seen": seen, "seconds": 3600}}

    def test_a_jump_that_is_over_or_released(self, cast: Cast, at: datetime) -> None:
        jump = ClockJump.objects.create(seen_at=at - 60 * SECOND, seconds=3600)
        assert wrong(at) == {}
        jump.seen_at, jump.released_at, jump.released_by = at, at, cast.ida
        jump.save()
        assert wrong(at) == {}
        ClockJump.objects.create(seen_at=at + HOUR, seconds=3600)
        assert wrong(at) == {}

    @pytest.mark.parametrize("name", ["clocks", "history"])
    def test_a_proof_that_failed_or_is_old(self, at: datetime, name: str) -> None:
        nightly = Check.objects.filter(name=f"nightly_{name}")
        nightly.update(looked_at=at - 26 * HOUR)
        assert wrong(at) == {}
        nightly.update(looked_at=at - 26 * HOUR - SECOND)
        assert set(wrong(at)) == {name}
        detail = {"count": 9, "differences": 1, "first": "INC-00001"}
        nightly.update(looked_at=at, state="bad", detail=detail)
        assert wrong(at) == {name: detail | {"ran": at.isoformat()}}

    @pytest.mark.parametrize("name", ["clocks", "history"])
    def test_a_new_desk_owes_no_proof_before_its_first_night(
        self, at: datetime, name: str
    ) -> None:
        Check.objects.filter(name=f"nightly_{name}").delete()
        applied = "UPDATE django_migrations SET applied = %s WHERE app = 'activity'"
        sql(applied, at - 26 * HOUR)
        assert wrong(at) == {}
        assert found(at)[name].state == Check.State.UNKNOWN
        sql(applied, at - 26 * HOUR - SECOND)
        assert wrong(at) == {name: {"ran": None}}


class TestRows:
    def test_since_stays_while_the_answer_does(self, cast: Cast, at: datetime) -> None:
        probe_due(cast, at + HOUR)
        late = at + HOUR + 2 * MINUTE
        assert found(at)["late_timers"].since == at
        for minute in range(2):
            check = found(late + minute * MINUTE)["late_timers"]
            assert (check.since, check.state) == (late, "bad")
            assert check.looked_at == late + minute * MINUTE

    def test_two_watchdogs_do_no_harm(self, at: datetime) -> None:
        assert look(at=at) == look(at=at)
        assert Check.objects.count() == len(CHECKS) + len(NIGHTLY) + 1

    def test_a_question_without_an_answer_stops_no_other(
        self, cast: Cast, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(promised, "MISSING", "SELECT 1/0")
        probe_due(cast, at - HOUR)
        assert wrong(at)["missing_timers"] == {"error": "DataError"}
        assert "late_timers" in wrong(at)

    def test_a_look_is_all_or_nothing(
        self, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(at: datetime) -> Finding:
            raise KeyboardInterrupt

        monkeypatch.setitem(CHECKS, "history", crash)
        with pytest.raises(KeyboardInterrupt):
            look(at=at)
        assert set(Check.objects.values_list("name", flat=True)) == set(NIGHTLY)


class Switch:
    """The dead man's switch at the other end."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.trouble: Exception | None = None

    def __call__(self, address: str) -> None:
        self.told.append(address)
        if self.trouble:
            raise self.trouble


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Switch:
    settings.DEADMAN_URL = "https://switch.example.org/secret"
    switch = Switch()
    monkeypatch.setattr(looking, "ping", switch)
    return switch


class TestDeadMan:
    def test_it_is_told_while_all_is_well(self, at: datetime, switch: Switch) -> None:
        assert found(at)["deadman"].state == Check.State.OK
        assert switch.told == ["https://switch.example.org/secret"]

    def test_it_is_told_nothing_while_something_is_wrong(
        self, cast: Cast, at: datetime, switch: Switch
    ) -> None:
        probe_due(cast, at - HOUR)
        assert found(at)["deadman"].detail == {"told": "nothing"}
        assert switch.told == []

    def test_its_own_failure_is_found_and_tried_again(
        self, at: datetime, switch: Switch, caplog: pytest.LogCaptureFixture
    ) -> None:
        switch.trouble = OSError("https://switch.example.org/secret is down")
        assert wrong(at) == {"deadman": {"error": "OSError"}}
        assert "secret" not in caplog.text
        switch.trouble = None
        assert wrong(at + MINUTE / 3) == {}
        assert len(switch.told) == 2

    def test_without_an_address_nobody_is_told(
        self, at: datetime, switch: Switch, settings: Any
    ) -> None:
        settings.DEADMAN_URL = ""
        assert found(at)["deadman"].state == Check.State.UNKNOWN
        assert switch.told == []

    def test_what_is_asked_is_the_address_and_not_for_long(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[Any] = []

        class Answer:
            def __enter__(self) -> None: ...
            def __exit__(self, *error: object) -> None: ...

        def urlopen(address: str, *, timeout: float) -> Answer:
            asked.append((address, timeout))
            return Answer()

        monkeypatch.setattr("urllib.request.urlopen", urlopen)
        looking.ping("https://switch.example.org/secret")
        assert asked == [("https://switch.example.org/secret", 5.0)]


class TestLoop:
    def test_it_looks_every_minute_whatever_happens(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slept: list[float] = []
        looks: list[int] = []

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 4:
                raise SystemExit

        def fail() -> None:
            looks.append(1)
            raise ConnectionError

        monkeypatch.setattr(loop, "look", fail)
        monkeypatch.setattr(loop, "close_old_connections", lambda: None)
        with pytest.raises(SystemExit):
            loop.watch(sleep=sleep)
        assert len(looks) == 3
        assert slept[0] == 15.0
        assert all(59 < seconds <= 60 for seconds in slept[1:])
