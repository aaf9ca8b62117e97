"""The question after log-in: once, put off at will, and only to who is asked."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from activity.models import Event
from incidents import services
from incidents.codes import Channel, Status
from incidents.models import Confirmation, Incident, Rejection
from tests.incidents import stories
from tests.people import PASSWORD, Cast

ASKED = "/asked/"


@pytest.fixture(autouse=True)
def fresh_rate_limits(db: None) -> None:
    cache.clear()


def log_in(client: Client, who: User, onwards: str = "") -> str:
    """Where the log-in leads."""
    data = {"login": who.email, "password": PASSWORD, "next": onwards}
    answer = client.post("/accounts/login/", data)
    assert answer.status_code == 302
    return answer["Location"]


def about(incident: Incident, **more: str) -> dict[str, Any]:
    return {
        "incident": incident.pk,
        "resolution": stories.current(incident),
        "next": "/profile/",
        **more,
    }


class TestLogIn:
    def test_who_is_asked_is_shown_the_question_first(
        self, cast: Cast, client: Client
    ) -> None:
        stories.resolved(cast)
        assert log_in(client, cast.ann) == "/asked/?next=%2F"
        page = client.get("/asked/?next=/").content.decode()
        assert "We replaced the drum." in page
        assert '<a class="btn" href="/">Later</a>' in page

    def test_later_goes_where_they_wanted(self, cast: Cast, client: Client) -> None:
        stories.resolved(cast)
        where = log_in(client, cast.ann, "/profile/?x=1&y=2")
        assert where == "/asked/?next=%2Fprofile%2F%3Fx%3D1%26y%3D2"
        page = client.get(where).content.decode()
        assert '<a class="btn" href="/profile/?x=1&amp;y=2">Later</a>' in page

    @pytest.mark.parametrize(
        "story", ["reported", "on_hold", "confirmed", "closed", "cancelled"]
    )
    def test_who_is_not_asked_goes_straight_on(
        self, story: str, cast: Cast, client: Client
    ) -> None:
        getattr(stories, story)(cast)
        assert log_in(client, cast.ann) == "/"

    def test_nobody_else_is_asked(self, cast: Cast, client: Client) -> None:
        incident = stories.resolved(cast)
        services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
        for other in (cast.zed, cast.bo, cast.lea, cast.max):
            assert log_in(Client(), other) == "/"

    @pytest.mark.parametrize("deep", ["/my/7/", "/my/", "/tickets/7/", "/answer/x/"])
    def test_a_link_to_a_ticket_wins(
        self, deep: str, cast: Cast, client: Client
    ) -> None:
        stories.resolved(cast)
        assert log_in(client, cast.ann, deep) == deep

    def test_once_in_a_session_is_enough(self, cast: Cast, client: Client) -> None:
        stories.resolved(cast)
        assert log_in(client, cast.ann).startswith(ASKED)
        assert client.get("/").status_code == 200
        assert log_in(client, cast.ann) == "/"
        client.post("/accounts/logout/")
        assert log_in(client, cast.ann).startswith(ASKED)

    def test_a_wrong_password_is_asked_nothing(
        self, cast: Cast, client: Client
    ) -> None:
        stories.resolved(cast)
        data = {"login": cast.ann.email, "password": "not the one"}
        assert client.post("/accounts/login/", data).status_code == 200


class TestPage:
    def test_looking_changes_nothing(self, cast: Cast, client: Client) -> None:
        stories.resolved(cast)
        client.force_login(cast.ann)
        before = Event.objects.count()
        assert client.get(ASKED).status_code == 200
        assert Event.objects.count() == before

    def test_nothing_is_asked_of_who_has_answered(
        self, cast: Cast, client: Client
    ) -> None:
        stories.confirmed(cast)
        client.force_login(cast.ann)
        page = client.get(ASKED)
        assert b"Nobody is waiting for your answer" in page.content

    @pytest.mark.parametrize("count", [2, 12])
    def test_many_questions_cost_no_more_queries(
        self, count: int, cast: Cast, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for _number in range(count):
            stories.resolved(cast)
        client.force_login(cast.ann)
        with django_assert_max_num_queries(8):
            page = client.get(ASKED)
        assert page.content.count(b"Yes, it works") == count

    @pytest.mark.parametrize(
        "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
    )
    def test_later_never_leaves_this_site(
        self, evil: str, cast: Cast, client: Client
    ) -> None:
        incident = stories.resolved(cast)
        client.force_login(cast.ann)
        page = client.get(ASKED, {"next": evil}).content.decode()
        assert "evil" not in page
        assert "alert" not in page
        answer = client.post(ASKED, about(incident, answer="yes") | {"next": evil})
        assert answer["Location"] == "/"


class TestAnswers:
    def test_yes_confirms_and_goes_on(self, cast: Cast, client: Client) -> None:
        incident = stories.resolved(cast)
        client.force_login(cast.ann)
        answer = client.post(ASKED, about(incident, answer="yes"))
        assert answer["Location"] == "/profile/"
        said = Confirmation.objects.get()
        assert (said.by, said.channel) == (cast.ann, Channel.LOG_IN)

    def test_the_next_question_comes_before_going_on(
        self, cast: Cast, client: Client
    ) -> None:
        first, _second = stories.resolved(cast), stories.resolved(cast)
        client.force_login(cast.ann)
        answer = client.post(ASKED, about(first, answer="yes"))
        assert answer["Location"] == "/asked/?next=%2Fprofile%2F"

    def test_no_needs_words_and_sends_it_back(self, cast: Cast, client: Client) -> None:
        incident = stories.resolved(cast)
        client.force_login(cast.ann)
        empty = client.post(ASKED, about(incident, answer="no"))
        assert empty.status_code == 200
        assert b"Tell us what still goes wrong." in empty.content
        assert b"<details" in empty.content
        assert b" open>" in empty.content
        assert b'href="/profile/"' in empty.content
        full = client.post(ASKED, about(incident, answer="no", complaint="Blank."))
        assert full["Location"] == "/profile/"
        assert Rejection.objects.get().channel == Channel.LOG_IN
        assert stories.again(incident).status == Status.ASSIGNED

    @pytest.mark.parametrize("answer", ["yes", "no"])
    def test_a_second_press_is_thanked_and_counts_once(
        self, answer: str, cast: Cast, client: Client
    ) -> None:
        incident = stories.resolved(cast)
        client.force_login(cast.ann)
        said = about(incident, answer=answer, complaint="Blank.")
        client.post(ASKED, said)
        before = Event.objects.count()
        assert client.post(ASKED, said)["Location"] == "/profile/"
        assert Event.objects.count() == before

    def test_an_answer_about_an_earlier_solution_is_refused(
        self, cast: Cast, client: Client
    ) -> None:
        incident = stories.resolved(cast)
        said = about(incident, answer="yes")
        services.reject_resolution(incident.pk, by=cast.cy, complaint="Blank.")
        stories.resolved(cast, of=stories.again(incident))
        client.force_login(cast.ann)
        assert client.post(ASKED, said).status_code == 409
        assert not Confirmation.objects.exists()

    def test_what_one_is_not_asked_about_is_missing(
        self, cast: Cast, client: Client
    ) -> None:
        """Not even the desk or a colleague it is shared with answers here."""
        incident = stories.resolved(cast)
        services.share_incident(incident.pk, by=cast.ann, email=cast.cy.email)
        for other in (cast.zed, cast.bo, cast.cy, cast.lea):
            client.force_login(other)
            for answer in ("yes", "no"):
                said = about(incident, answer=answer, complaint="Blank.")
                assert client.post(ASKED, said).status_code == 404
        assert not Confirmation.objects.exists()
        assert not Rejection.objects.exists()

    @pytest.mark.parametrize("broken", ["", "x", "0", "99999999999999999999"])
    def test_a_broken_form_is_missing(
        self, broken: str, cast: Cast, client: Client
    ) -> None:
        incident = stories.resolved(cast)
        client.force_login(cast.ann)
        said = about(incident, answer="yes") | {"incident": broken}
        assert client.post(ASKED, said).status_code == 404

    def test_what_a_call_said_meanwhile_is_told_as_noted(
        self, cast: Cast, client: Client
    ) -> None:
        incident = stories.resolved(cast)
        yes = about(incident, answer="yes")
        services.record_call(
            incident.pk, by=cast.bo, expected_version=None, account="Ann says yes."
        )
        client.force_login(cast.ann)
        page = client.post(ASKED, yes, follow=True).content.decode()
        assert "It was noted already that it works: Bo Berg wrote down" in page
        assert "Thank you" not in page

    @pytest.mark.parametrize("channel", ["call", "own"])
    def test_a_no_after_a_yes_is_news_and_no_word_of_it_is_lost(
        self, channel: str, cast: Cast, client: Client
    ) -> None:
        incident = stories.resolved(cast)
        no = about(incident, answer="no", complaint="Still blank.")
        if channel == "call":
            services.record_call(
                incident.pk, by=cast.bo, expected_version=None, account="She says yes."
            )
        else:
            stories.confirmed(cast, of=incident)
        client.force_login(cast.ann)
        assert client.post(ASKED, no)["Location"] == "/profile/"
        assert stories.again(incident).status == Status.ASSIGNED
        assert Rejection.objects.get().channel == Channel.LOG_IN

    def test_the_question_wants_a_no_as_much_as_a_yes(
        self, cast: Cast, client: Client
    ) -> None:
        stories.resolved(cast)
        client.force_login(cast.ann)
        page = client.get(ASKED).content.decode()
        assert "yes or no, we need to know" in page
        assert "Does it work now?" in page

    def test_yes_and_no_weigh_the_same(self, cast: Cast, client: Client) -> None:
        stories.resolved(cast)
        client.force_login(cast.ann)
        main = client.get(ASKED).content.decode().split("<main")[1]
        assert "btn-primary" not in main
        looks = [
            re.search(rf'class="([^"]*)"[^>]*>{answer}<', main)
            for answer in ("Yes, it works", "No, it still does not work")
        ]
        assert [look and look[1] for look in looks] == ["btn", "btn"]
