"""The page about health: what needs somebody first, and what to do about it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from activity import clock
from activity.models import (
    Check,
    ClockJump,
    Event,
    Finding,
    Heartbeat,
    Timer,
)
from servicedesk.health_page.board import ORDER, board
from servicedesk.health_page.figures import in_words
from servicedesk.health_page.words import WORDING
from servicedesk.watchdog.checks import CHECKS
from servicedesk.watchdog.looking import look
from tests.incidents import stories
from tests.people import Cast
from tests.servicedesk.faults import every_fault, failed_mail, timer

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PAGE = "/admin/health/"


@pytest.fixture
def at(db: None) -> datetime:
    """A moment at which everybody is alive."""
    moment = clock.now()
    Heartbeat.objects.create(name="worker", beat_at=moment)
    return moment


@pytest.fixture
def ida(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ida)
    return client


def text(client: Client) -> str:
    page = client.get(PAGE).content.decode()
    return " ".join(page.split())


class TestSentence:
    def test_all_is_well(self, ida: Client, at: datetime) -> None:
        look(at=at)
        moment = at.strftime("%H:%M:%S")
        page = text(ida)
        assert f"All is well, looked at {moment}." in page
        assert "Needs you" not in page

    def test_so_many_things_need_somebody(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        timer(cast, at - HOUR)
        look(at=at)
        assert "1 thing needs you, looked at" in text(ida)
        Heartbeat.objects.all().delete()
        look(at=at)
        assert "2 things need you, looked at" in text(ida)

    def test_nobody_watches(self, cast: Cast, ida: Client, at: datetime) -> None:
        look(at=at - 3 * MINUTE)
        page = text(ida)
        assert "The watchdog has not looked since" in page
        assert "manage.py watch" in page
        assert "All is well," not in page

    def test_silence_is_two_minutes(self, at: datetime) -> None:
        look(at=at)
        assert not board(at + 2 * MINUTE).is_silent
        assert board(at + 2 * MINUTE + MINUTE / 60).is_silent

    def test_nobody_ever_watched(self, ida: Client) -> None:
        assert "The watchdog has not looked yet." in text(ida)

    def test_it_stands_on_the_first_page_for_administrators_alone(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        look(at=at)
        index = reverse("admin:index")
        page = ida.get(index).content.decode()
        assert "All is well, looked at" in page
        assert f'href="{PAGE}"' in page
        ida.force_login(cast.max)
        page = ida.get(index).content.decode()
        assert "looked at" not in page
        assert PAGE not in page


class TestChecks:
    def test_every_check_has_its_words(self) -> None:
        assert set(WORDING) == set(ORDER) == {*CHECKS, "deadman"}

    def test_each_fault_says_what_to_do(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        every_fault(cast, at)
        look(at=at)
        page = text(ida)
        wrong = [line for line in board(at).lines if line.is_bad]
        assert {line.name for line in wrong} == {*CHECKS} - {"unwanted_timers"}
        for line in wrong:
            remedy = str(line.wording.remedy).split("“")[0]
            assert remedy.strip() in page, line.name
        for sentence in (
            "1 timer is late.",
            "It jumped by 3600 seconds.",
            "2 timers were given up.",
            "2 differences.",
            "The first: INC-00001, update 1",
            "promise to respond 1, promise to solve ",
            "1 message failed within a day.",
        ):
            assert sentence in page, sentence

    def test_a_missing_timer_names_its_incident(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        incident = stories.reported(cast)
        Timer.objects.all().delete()
        look(at=at)
        link = reverse("admin:incidents_incident_change", args=[incident.pk])
        assert f'<a href="{link}">{incident.reference}</a>' in text(ida)

    def test_what_is_well_needs_no_advice(self, ida: Client, at: datetime) -> None:
        look(at=at)
        page = text(ida)
        assert str(WORDING["dead_timers"].meaning) in page
        assert str(WORDING["dead_timers"].remedy) not in page

    def test_a_check_that_could_not_be_asked_says_so(
        self, ida: Client, at: datetime
    ) -> None:
        found = Finding("late_timers", "bad", {"error": "DataError"})
        Check.objects.write([found], at=at)
        assert "It could not be asked: DataError." in text(ida)


class TestFigures:
    def test_what_is_armed_due_and_fired(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        timer(cast, at + HOUR)
        timer(cast, at - HOUR)
        for seconds in range(100):
            done = at - 2 * MINUTE
            timer_at = done - timedelta(seconds=seconds)
            timer(cast, timer_at, state="fired", finished_at=done, wanted_at=timer_at)
        timer(
            cast,
            at - 3 * HOUR,
            state="fired",
            finished_at=at - 3 * HOUR,
            wanted_at=at - 3 * HOUR,
        )
        figures = ida.get(PAGE).context["timers"]
        assert (figures.armed, figures.due, figures.measured) == (2, 1, 101)
        assert figures.fired_in_an_hour == 100
        assert figures.oldest_lateness.startswith("1 h 0 min")
        assert [words for _name, words in figures.lateness()] == [
            "49.0 s",
            "1 min 38 s",
            "1 min 39 s",
        ]

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(-1, "0.0 s"), (0.44, "0.4 s"), (200, "3 min 20 s"), (18_600, "5 h 10 min")],
    )
    def test_lateness_in_words(self, seconds: float, words: str) -> None:
        assert in_words(timedelta(seconds=seconds)) == words

    def test_a_page_costs_the_same_whatever_is_wrong(
        self,
        cast: Cast,
        ida: Client,
        at: datetime,
        django_assert_num_queries: Any,
    ) -> None:
        look(at=at)
        ida.get(PAGE)
        with django_assert_num_queries(STATEMENTS):
            ida.get(PAGE)
        every_fault(cast, at)
        for _ in range(5):
            timer(cast, at, state="dead", finished_at=at)
        look(at=at)
        with django_assert_num_queries(STATEMENTS):
            ida.get(PAGE)


# Session, person and roles, the moment, then one for each part of the page.
STATEMENTS = 9


class TestActs:
    def test_a_timer_that_was_given_up_is_tried_again(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        dead = timer(cast, at - HOUR, state="dead", finished_at=at, error="KeyError")
        page = text(ida)
        assert reverse("admin:activity_timer_change", args=[dead.pk]) in page
        assert "KeyError" in page
        retry = reverse("health:retry", args=[dead.pk])
        assert f'action="{retry}"' in page
        answer = ida.post(retry, follow=True)
        assert "The timer is due again" in answer.content.decode()
        dead.refresh_from_db()
        assert (dead.state, dead.tries) == (Timer.State.ARMED, 0)
        assert Event.objects.get(kind="timer.tried_again").actor == cast.ida

    def test_a_dead_timer_of_an_incident_leads_to_it(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        held = stories.on_hold(cast)
        Timer.objects.update(state="dead", finished_at=at)
        link = reverse("admin:incidents_incident_change", args=[held.pk])
        assert f'<a href="{link}">{held.reference}</a>' in text(ida)

    def test_the_clock_is_right_go_on(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        jump = ClockJump.objects.create(seen_at=at, seconds=-3600)
        page = text(ida)
        assert "The clock is right: go on" in page
        assert "-3600 seconds" in page
        answer = ida.post(reverse("health:release"), follow=True)
        assert "Timers fire again." in answer.content.decode()
        jump.refresh_from_db()
        assert jump.released_by == cast.ida
        again = ida.post(reverse("health:release"), follow=True)
        assert "Nothing was held up any more." in again.content.decode()
        assert "The clock is right: go on" not in text(ida)
        assert "released by Ida Ince" in text(ida)

    def test_a_failed_message_leads_to_its_page_without_its_words(
        self, cast: Cast, ida: Client, at: datetime
    ) -> None:
        delivery = failed_mail(cast, at)
        page = text(ida)
        assert reverse("admin:activity_delivery_change", args=[delivery.pk]) in page
        assert "SMTP 554" in page
        assert "state__exact=failed" in page

    def test_nobody_else_does_any_of_it(
        self, cast: Cast, client: Client, at: datetime
    ) -> None:
        dead = timer(cast, at - HOUR, state="dead", finished_at=at)
        ClockJump.objects.create(seen_at=at, seconds=3600)
        for person in (cast.max, cast.lea, cast.bo, cast.zed):
            client.force_login(person)
            client.post(reverse("health:retry", args=[dead.pk]))
            client.post(reverse("health:release"))
        dead.refresh_from_db()
        assert dead.state == Timer.State.DEAD
        assert ClockJump.objects.get().released_at is None
