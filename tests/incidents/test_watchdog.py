"""The timers of incidents that should be there are there, and no others."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from activity import clock
from activity.handlers import Arming, _timer_handlers
from activity.models import Delivery, Finding, Timer
from activity.services.timers import arm
from incidents import services
from incidents.models import Clock, Incident
from servicedesk.watchdog import due, promised
from tests.database import without
from tests.incidents import stories
from tests.incidents.crowd import make_incidents
from tests.people import Cast

HOUR = timedelta(hours=1)
ASK = "incident.ask_confirmer"
HOLD = "incident.hold_until"
LADDER = "incident.ladder"
CLOCKS = {f"incident.clock_{metric}" for metric in ("response", "resolution", "update")}


def missing() -> dict[str, Any]:
    return detail(promised.missing_timers(clock.now()))


def unwanted() -> dict[str, Any]:
    return detail(promised.unwanted_timers(clock.now()))


def detail(finding: Finding) -> dict[str, Any]:
    assert (finding.state == "bad") == bool(finding.detail)
    return finding.detail


def only(incident: Incident, *timers: tuple[str, int]) -> Incident:
    """Exactly these timers (kind and step) are armed for it in its generation."""
    Timer.objects.filter(subject_type="incident", subject_id=incident.pk).delete()
    at = clock.now() + HOUR
    with transaction.atomic():
        locked = Incident.objects.lock(incident.pk)
        arm(locked, [Arming(kind=kind, step=step, due_at=at) for kind, step in timers])
    return incident


def of_one(kind: str, incident: Incident) -> dict[str, Any]:
    return {"count": 1, "kinds": {kind: 1}, "incidents": [incident.pk]}


def promise_nothing() -> None:
    Clock.objects.all().delete()
    Incident.objects.update(rung_at=None, rung_position=None)


@pytest.fixture
def held(cast: Cast) -> Incident:
    """On hold; its clocks promise nothing any more."""
    incident = stories.on_hold(cast)
    promise_nothing()
    return only(incident, (HOLD, 0))


@pytest.fixture
def solved(cast: Cast) -> Incident:
    incident = stories.resolved(cast)
    promise_nothing()
    return only(incident, (ASK, 1))


@pytest.fixture
def promising(cast: Cast) -> Incident:
    """Just reported: three promises, each with what is to be told next."""
    return stories.reported(cast)


def outdate(incident: Incident) -> None:
    generation = Incident.objects.values_list("timer_generation").get(pk=incident.pk)
    Incident.objects.filter(pk=incident.pk).update(timer_generation=generation[0] + 1)


class TestHold:
    def test_all_is_there(self, held: Incident) -> None:
        assert (missing(), unwanted()) == ({}, {})

    def test_one_is_missing(self, held: Incident) -> None:
        only(held)
        assert missing() == of_one(HOLD, held)

    def test_one_of_an_old_generation_does_not_count(self, held: Incident) -> None:
        outdate(held)
        assert missing() == of_one(HOLD, held)
        assert unwanted() == {}

    def test_one_that_is_left_over(self, cast: Cast, held: Incident) -> None:
        services.resume_incident(held.pk, by=cast.bo, expected_version=None)
        promise_nothing()
        only(held, (HOLD, 0))
        assert (missing(), unwanted()) == ({}, of_one(HOLD, held))

    def test_one_that_was_given_up_is_told_elsewhere(self, held: Incident) -> None:
        Timer.objects.update(state="dead", finished_at=clock.now())
        assert (missing(), unwanted()) == ({}, {})


class TestClocks:
    def test_all_are_there(self, promising: Incident) -> None:
        armed = set(Timer.objects.values_list("kind", flat=True))
        assert armed == {*CLOCKS, LADDER}
        assert (missing(), unwanted()) == ({}, {})

    @pytest.mark.parametrize("kind", sorted(CLOCKS))
    def test_one_is_missing(self, promising: Incident, kind: str) -> None:
        Timer.objects.filter(kind=kind).delete()
        assert missing() == of_one(kind, promising)

    def test_a_fired_one_without_the_next(self, promising: Incident) -> None:
        kind = "incident.clock_resolution"
        fired = Timer.objects.filter(kind=kind)
        fired.update(state="fired", finished_at=clock.now())
        assert missing() == of_one(kind, promising)

    @pytest.mark.parametrize(
        "change", [{"told": 100}, {"state": "paused"}, {"state": "met"}]
    )
    def test_one_that_is_left_over(
        self, promising: Incident, change: dict[str, Any]
    ) -> None:
        nothing = {"tell_step": None, "tell_at": None}
        Clock.objects.filter(metric="update").update(**change, **nothing)
        assert missing() == {}
        assert unwanted() == of_one("incident.clock_update", promising)

    def test_without_a_target_there_is_nothing_to_tell(
        self, promising: Incident
    ) -> None:
        Clock.objects.filter(metric="update").update(
            target=None, tell_step=None, tell_at=None
        )
        assert unwanted() == of_one("incident.clock_update", promising)

    def test_two_for_one_promise(self, promising: Incident) -> None:
        kind = "incident.clock_update"
        twin = Timer.objects.get(kind=kind)
        twin.pk, twin.step = None, 100
        twin.save()
        assert unwanted() == of_one(kind, promising)

    def test_a_miss_is_told_even_if_its_clock_has_ended(
        self, promising: Incident
    ) -> None:
        Clock.objects.filter(metric="update").update(state="missed")
        assert (missing(), unwanted()) == ({}, {})
        Timer.objects.filter(kind="incident.clock_update").delete()
        assert missing() == of_one("incident.clock_update", promising)

    def test_one_for_another_moment_is_not_the_one(self, promising: Incident) -> None:
        kind = "incident.clock_update"
        Timer.objects.filter(kind=kind).update(wanted_at=clock.now() + HOUR)
        assert unwanted() == of_one(kind, promising)


class TestLadder:
    def test_one_is_missing(self, promising: Incident) -> None:
        Timer.objects.filter(kind=LADDER).delete()
        assert missing() == of_one(LADDER, promising)

    def test_one_for_another_rung_is_not_the_one(self, promising: Incident) -> None:
        Timer.objects.filter(kind=LADDER).update(step=1)
        assert missing() == unwanted() == of_one(LADDER, promising)

    def test_one_for_another_moment_is_not_the_one(self, promising: Incident) -> None:
        Timer.objects.filter(kind=LADDER).update(wanted_at=clock.now() + HOUR)
        assert unwanted() == of_one(LADDER, promising)

    def test_one_that_is_left_over(self, promising: Incident) -> None:
        Incident.objects.update(rung_at=None, rung_position=None)
        assert (missing(), unwanted()) == ({}, of_one(LADDER, promising))


class TestConfirmer:
    def test_who_is_asked_again(self, solved: Incident) -> None:
        assert (missing(), unwanted()) == ({}, {})

    def test_nobody_asks(self, solved: Incident) -> None:
        only(solved)
        assert missing() == of_one(ASK, solved)

    def test_asked_twice_and_not_again(self, cast: Cast) -> None:
        twice = stories.reminded(cast, times=2)
        assert (missing(), unwanted()) == ({}, {})
        only(twice)
        assert missing() == of_one(ASK, twice)

    def test_three_questions_are_enough(self, cast: Cast) -> None:
        thrice = stories.reminded(cast, times=3)
        assert (missing(), unwanted()) == ({}, {})
        only(thrice, (ASK, 4))
        assert unwanted() == of_one(ASK, thrice)

    def test_a_confirmer_who_left_is_not_asked(
        self, cast: Cast, solved: Incident
    ) -> None:
        cast.ann.is_active = False
        cast.ann.save()
        assert (missing(), unwanted()) == ({}, {})
        only(solved)
        assert missing() == {}

    def test_who_has_confirmed_is_not_asked(self, cast: Cast) -> None:
        confirmed = stories.confirmed(cast)
        promise_nothing()
        only(confirmed)
        assert missing() == {}
        only(confirmed, (ASK, 2))
        assert unwanted() == of_one(ASK, confirmed)

    def test_what_was_waived_is_not_asked(self, cast: Cast) -> None:
        waived = stories.waived(cast)
        promise_nothing()
        only(waived)
        assert missing() == {}
        only(waived, (ASK, 3))
        assert unwanted() == of_one(ASK, waived)


def test_at_most_twenty_incidents_are_named(cast: Cast) -> None:
    made = make_incidents(25, cast)
    with transaction.atomic():
        for incident in Incident.objects.lock_all([row.pk for row in made]):
            arm(incident, [Arming(kind=HOLD, due_at=clock.now() + HOUR)])
    found = unwanted()
    assert (found["count"], found["kinds"]) == (25, {HOLD: 25})
    assert found["incidents"] == [row.pk for row in made][:20]


def test_every_timer_of_incidents_is_known_to_the_watchdog() -> None:
    """Whoever adds a kind says here as well when it should be there."""
    ours = {kind for kind in _timer_handlers if kind.startswith("incident.")}
    assert ours <= set(promised.KINDS)


@pytest.fixture
def history(cast: Cast) -> datetime:
    """What a desk leaves behind: much that is over, a little that is not."""
    at = clock.now()
    make_incidents(2000, cast)
    without(
        "incidents_incident.incident_agrees_on_update",
        "incidents_incident.incident_stay_agrees_on_update",
    )
    over = Incident.objects.filter(pk__gt=Incident.objects.earliest("pk").pk + 20)
    over.update(status="cancelled", cancelled_at=at, cancel_reason="spam")
    pks = list(Incident.objects.values_list("pk", flat=True))
    Timer.objects.bulk_create(
        Timer(
            subject_type="incident",
            subject_id=pk,
            kind=kind,
            generation=0,
            wanted_at=at,
            due_at=at,
            state="fired",
            finished_at=at,
        )
        for pk in pks
        for kind in promised.KINDS
    )
    send = Delivery(address="ann@example.org", envelope={}, queued_at=at)
    send.next_try_at, send.state, send.sent_at = at, "sent", at
    Delivery.objects.bulk_create(
        Delivery(**{name: getattr(send, name) for name in SENT}) for _ in range(10_000)
    )
    stopped_clocks(pks, at)
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table}")
    return at


SENT = ("address", "envelope", "queued_at", "next_try_at", "state", "sent_at")
TABLES = {
    "activity_timer": 10_000,
    "activity_delivery": 10_000,
    "activity_event": 2000,
    "incidents_incident": 2000,
    "incidents_clock": 6000,
}


def stopped_clocks(pks: list[int], at: datetime) -> None:
    from sla.models import PolicyVersion  # noqa: PLC0415

    policy = PolicyVersion.objects.earliest("pk")
    Clock.objects.bulk_create(
        Clock(
            incident_id=pk,
            metric=metric,
            cycle=1,
            policy=policy,
            target=HOUR,
            state="met",
            started_at=at,
            stopped_at=at,
            elapsed=HOUR,
            promised_seq=1,
            as_of=at,
            kept_at=at,
        )
        for pk in pks
        for metric in ("response", "resolution", "update")
    )


@pytest.mark.parametrize(
    "sql",
    [
        promised.MISSING,
        promised.UNWANTED,
        due.LATE_TIMERS,
        due.DEAD_TIMERS,
        due.WAITING_MESSAGES,
        due.FAILED_MESSAGES,
    ],
)
def test_a_look_reads_what_is_open_and_nothing_that_is_over(
    history: datetime, sql: str
) -> None:
    """Rows read, not milliseconds: 30,000 that are over are passed by."""
    values: dict[str, Any] = {
        "before": history,
        "after": history,
        "at": history,
        "limit": 10_000,
        "single": list(promised.SINGLE),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        plan = cursor.fetchone()[0]
    if isinstance(plan, str):
        plan = json.loads(plan)
    for node in every_node(plan[0]["Plan"]):
        scanned = node["Node Type"] == "Seq Scan" and node["Relation Name"]
        assert scanned not in TABLES, node
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        assert read * node["Actual Loops"] < 100, node


def every_node(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from every_node(below)
