"""Answering by a link: it acts for one person, once, and looking changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client

from accounts.models import User
from activity import clock
from activity.models import Delivery, Event, Note
from incidents import links, services
from incidents.codes import Channel, Status
from incidents.links import Purpose
from incidents.models import Confirmation, Incident, Rejection
from tests.incidents import stories
from tests.incidents.letters import letter
from tests.people import Cast

YES, NO = "Yes, it works", "No, it still does not work"


@pytest.fixture
def anybody() -> Client:
    """A browser that nobody is logged in to."""
    return Client()


def confirm_link(cast: Cast, incident: Incident, answer: str = "yes") -> str:
    kind = "resolve"
    return letter(incident, kind, cast.ann).path(f"answer={answer}")


def object_link(cast: Cast, incident: Incident) -> str:
    return letter(incident, "confirm", cast.ann).path("/answer/")


def counted() -> dict[str, Any]:
    """Everything that an answer would change."""
    tables = (Event, Note, Delivery, Confirmation, Rejection)
    rows: dict[str, Any] = {table.__name__: table.objects.count() for table in tables}
    rows["versions"] = list(Incident.objects.order_by("pk").values_list("version"))
    return rows


class TestLooking:
    @pytest.mark.parametrize("answer", ["yes", "no"])
    def test_the_page_shows_what_is_asked(
        self, answer: str, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast, title="Blank pages")
        page = anybody.get(confirm_link(cast, incident, answer)).content.decode()
        assert "Blank pages" in page
        assert "We replaced the drum." in page
        assert incident.reference in page
        first, second = (YES, NO) if answer == "yes" else (NO, YES)
        assert 0 < page.index(f">{first}<") < page.index(f">{second}<")

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_looking_changes_nothing(
        self, method: str, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.called(cast)
        asking = stories.resolved(cast)
        before = counted()
        for path in (
            object_link(cast, incident),
            confirm_link(cast, asking),
            confirm_link(cast, asking, "no"),
            confirm_link(cast, asking) + "&is_sure=on&message=x",
        ):
            assert getattr(anybody, method)(path).status_code == 200
        assert counted() == before

    def test_what_stands_there_stays_between_two(
        self, cast: Cast, anybody: Client
    ) -> None:
        """No cache, no search engine, no other site gets to know the address."""
        answer = anybody.get(confirm_link(cast, stories.resolved(cast)))
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]
        page = answer.content.decode()
        assert 'content="noindex' in page
        assert "http://" not in page
        assert "https://" not in page

    def test_times_are_the_confirmers_own(self, cast: Cast, anybody: Client) -> None:
        User.objects.filter(pk=cast.ann.pk).update(time_zone="Asia/Tokyo")
        incident = stories.resolved(cast)
        assert incident.resolved_at is not None
        tokyo = incident.resolved_at + timedelta(hours=9)
        page = anybody.get(confirm_link(cast, incident)).content.decode()
        assert f"{tokyo:%H:%M}" in page

    def test_who_pressed_a_link_without_token_is_refused(self, cast: Cast) -> None:
        """The protection against forged requests holds here too."""
        strict = Client(enforce_csrf_checks=True)
        path = confirm_link(cast, stories.resolved(cast))
        assert strict.post(path, {"answer": "yes"}).status_code == 403
        assert not Confirmation.objects.exists()


class TestYes:
    def test_one_press_confirms_as_the_person_it_was_sent_to(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        answer = anybody.post(path, {"answer": "yes"}, follow=True)
        assert answer.status_code == 200
        assert b"Thank you: it works" in answer.content
        said = Confirmation.objects.get()
        assert (said.by, said.channel) == (cast.ann, Channel.LINK)
        assert said.recorded_by is None

    def test_who_else_is_logged_in_does_not_matter(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        anybody.force_login(cast.zed)
        anybody.post(confirm_link(cast, incident), {"answer": "yes"})
        assert Confirmation.objects.get().by == cast.ann

    def test_a_second_press_is_thanked_and_counts_once(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        anybody.post(path, {"answer": "yes"})
        before = counted()
        for again in ({"answer": "yes"}, {"answer": "no", "complaint": "No."}):
            answer = anybody.post(path, again)
            assert answer.status_code == 200
            assert b"Thank you: it works" in answer.content
            assert b"<form" not in answer.content.split(b"<main")[1]
        assert counted() == before

    def test_a_remark_goes_along(self, cast: Cast, anybody: Client) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        anybody.post(path, {"answer": "yes", "message": "Prints well."})
        assert Note.objects.get(name="message").text == "Prints well."

    def test_a_remark_in_doubt_asks_once_more(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        doubt = {"answer": "yes", "message": "Thanks, but page 2 is still broken."}
        page = anybody.post(path, doubt)
        assert page.status_code == 200
        assert b"Nothing is sent yet" in page.content
        assert page.content.count(b"page 2 is still broken") == 2
        assert b"btn-primary" not in page.content.split(b"<main")[1]
        assert not Confirmation.objects.exists()
        anybody.post(path, doubt | {"is_sure": "True"})
        assert Confirmation.objects.exists()

    def test_an_answer_that_is_none_only_shows_the_page(
        self, cast: Cast, anybody: Client
    ) -> None:
        path = confirm_link(cast, stories.resolved(cast))
        before = counted()
        assert anybody.post(path, {"answer": "maybe"}).status_code == 200
        assert counted() == before


class TestNo:
    def test_no_with_words_sends_it_back_to_work(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident, "no")
        answer = anybody.post(
            path, {"answer": "no", "complaint": "Still blank."}, follow=True
        )
        assert b"we are looking at it again" in answer.content
        said = Rejection.objects.get()
        assert (said.by, said.channel) == (cast.ann, Channel.LINK)
        assert stories.again(incident).status == Status.ASSIGNED

    def test_no_without_words_is_asked_for_them(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        answer = anybody.post(path, {"answer": "no", "complaint": "  "})
        assert answer.status_code == 200
        assert b"Tell us what still goes wrong." in answer.content
        assert not Rejection.objects.exists()

    def test_a_second_press_is_thanked_and_counts_once(
        self, cast: Cast, anybody: Client
    ) -> None:
        path = confirm_link(cast, stories.resolved(cast), "no")
        said = {"answer": "no", "complaint": "Still blank."}
        anybody.post(path, said)
        before = counted()
        answer = anybody.post(path, said)
        assert answer.status_code == 200
        assert b"we are looking at it again" in answer.content
        assert counted() == before


class TestCall:
    def test_who_never_called_says_so(self, cast: Cast, anybody: Client) -> None:
        incident = stories.called(cast)
        path = object_link(cast, incident)
        page = anybody.get(path).content.decode()
        assert "Bo Berg wrote down that you did." in page
        assert ">Yes, it works<" not in page
        assert "at noon" not in page
        answer = anybody.post(path, {"complaint": "I never called."}, follow=True)
        assert b"we are looking at it again" in answer.content
        assert Rejection.objects.get().channel == Channel.LINK
        assert stories.again(incident).status == Status.ASSIGNED

    def test_who_opens_the_question_reads_of_the_call_and_can_object(
        self, cast: Cast, anybody: Client
    ) -> None:
        """They are not thanked for what they may never have said."""
        incident = stories.called(cast)
        page = anybody.get(confirm_link(cast, incident)).content.decode()
        assert "Thank you" not in page
        assert "Bo Berg wrote down that you told us so in a call" in page
        assert "at noon" not in page
        where = links.address(Purpose.OBJECT, incident, cast.ann)
        assert f'<a href="{where}">Not so? Press here</a>' in page
        objecting = anybody.get(object_link(cast, incident))
        assert b"Did you tell us that it works?" in objecting.content

    @pytest.mark.parametrize("story", [stories.resolved, stories.closed])
    def test_a_no_that_was_written_before_the_call_is_not_lost(
        self, story: Any, cast: Cast, anybody: Client
    ) -> None:
        """The page was open while a colleague wrote down a yes, even closed it."""
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        services.record_call(
            incident.pk, by=cast.bo, expected_version=None, account="Ann says yes."
        )
        if story is stories.closed:
            stories.closed(cast, of=stories.again(incident))
        empty = anybody.post(path, {"answer": "no", "complaint": " "})
        assert b"Tell us what still goes wrong." in empty.content
        assert b"Did you tell us that it works?" in empty.content
        said = {"answer": "no", "complaint": "Still blank."}
        answer = anybody.post(path, said, follow=True)
        assert b"we are looking at it again" in answer.content
        assert stories.again(incident).status == Status.ASSIGNED
        assert Note.objects.get(name="complaint").text == "Still blank."

    def test_a_yes_after_the_call_adds_nothing(
        self, cast: Cast, anybody: Client
    ) -> None:
        path = confirm_link(cast, stories.called(cast))
        before = counted()
        answer = anybody.post(path, {"answer": "yes"})
        assert b"We noted that it works" in answer.content
        assert counted() == before

    def test_nobody_is_sent_where_it_is_too_late_to_object(
        self, cast: Cast, anybody: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        incident = stories.closed(cast, of=stories.called(cast))
        path = confirm_link(cast, incident)
        later = clock.now() + timedelta(days=14, minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        page = anybody.get(path).content.decode()
        assert "Bo Berg wrote down" in page
        assert "Not so?" not in page
        before = counted()
        anybody.post(path, {"answer": "no", "complaint": "Still blank."})
        assert counted() == before

    def test_ones_own_answer_is_thanked_for(self, cast: Cast, anybody: Client) -> None:
        page = anybody.get(confirm_link(cast, stories.confirmed(cast))).content.decode()
        assert "Thank you: it works" in page
        assert "Not so?" not in page

    def test_a_yes_through_it_confirms_nothing(
        self, cast: Cast, anybody: Client
    ) -> None:
        path = object_link(cast, stories.called(cast))
        before = counted()
        anybody.post(path, {"answer": "yes"})
        assert counted() == before

    def test_what_was_closed_meanwhile_comes_back(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.closed(cast, of=stories.called(cast))
        path = object_link(cast, incident)
        answer = anybody.post(path, {"complaint": "I never called."}, follow=True)
        assert b"we are looking at it again" in answer.content
        back = stories.again(incident)
        assert back.status == Status.ASSIGNED
        last = Event.objects.about(back).last()
        assert last is not None
        assert (last.kind, last.actor) == ("incident.reopen", cast.ann)

    def test_after_fourteen_days_it_stays_closed(
        self, cast: Cast, anybody: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        incident = stories.closed(cast, of=stories.called(cast))
        path = object_link(cast, incident)
        later = clock.now() + timedelta(days=14, minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        _is_gone(anybody, path, b"Things have moved on")
        assert stories.again(incident).status == Status.CLOSED


class TestLinksThatAreNoGood:
    def test_altered_links_are_missing_whatever_they_name(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident).partition("?")[0]
        token = path.split("/")[2]
        head, rest = token[:4], token[4:]
        swapped = "A" if head[3] != "A" else "B"
        foreign = signing.dumps([incident.pk, incident.resolution_id, cast.ann.pk])
        pages = {
            _told(anybody, f"/answer/{bad}/")
            for bad in (
                f"{head[:3]}{swapped}{rest}",
                token[:-1],
                token + "A",
                foreign,
                "x",
                "é:ü:1",
                ":::",
            )
        }
        assert len(pages) == 1
        assert pages.pop().startswith("404")

    def test_a_link_for_one_purpose_serves_no_other(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        token = links.address(Purpose.CONFIRM, incident, cast.ann).split("/")[4]
        assert links.read(token).purpose == Purpose.CONFIRM
        with pytest.raises(signing.BadSignature):
            signing.loads(token, salt="incidents.links.object")

    def test_after_thirty_days_a_link_is_gone(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast, title="Blank pages")
        path = confirm_link(cast, incident)
        now = clock.now()
        with time_machine.travel(now + timedelta(days=29, hours=23), tick=False):
            assert anybody.get(path).status_code == 200
        with time_machine.travel(now + timedelta(days=30, hours=1), tick=False):
            _is_gone(anybody, path, b"more than 30 days ago")

    def test_a_link_about_an_earlier_solution_is_void(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        services.reject_resolution(incident.pk, by=cast.cy, complaint="Blank.")
        _is_gone(anybody, path, b"Things have moved on")
        stories.resolved(cast, of=stories.again(incident))
        _is_gone(anybody, path, b"Things have moved on")
        newer = confirm_link(cast, incident)
        assert newer != path
        assert anybody.get(newer).status_code == 200

    def test_a_no_of_long_ago_says_nothing_about_the_next_solution(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident, "no")
        anybody.post(path, {"answer": "no", "complaint": "Still blank."})
        stories.resolved(cast, of=stories.again(incident))
        _is_gone(anybody, path, b"Things have moved on")

    def test_who_left_answers_nothing(self, cast: Cast, anybody: Client) -> None:
        path = confirm_link(cast, stories.resolved(cast))
        User.objects.filter(pk=cast.ann.pk).update(is_active=False)
        _is_gone(anybody, path, b"Things have moved on")

    def test_who_was_succeeded_answers_nothing_any_more(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.resolved(cast)
        path = confirm_link(cast, incident)
        User.objects.filter(pk=cast.ann.pk).update(is_active=False)
        services.name_successor(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            successor=cast.zed,
            reason="Ann left.",
        )
        User.objects.filter(pk=cast.ann.pk).update(is_active=True)
        _is_gone(anybody, path, b"Things have moved on")
        own = letter(incident, "name_successor", cast.zed).path("answer=yes")
        anybody.post(own, {"answer": "yes"})
        assert Confirmation.objects.get().by == cast.zed

    def test_a_link_made_for_somebody_else_answers_nothing(
        self, cast: Cast, anybody: Client
    ) -> None:
        """Were one ever written for a stranger, it would be void."""
        incident = stories.resolved(cast)
        url = links.address(Purpose.CONFIRM, incident, cast.zed)
        path = url[url.index("/answer/") :]
        _is_gone(anybody, path, b"Things have moved on")

    def test_after_the_waiver_a_yes_still_counts_until_it_is_closed(
        self, cast: Cast, anybody: Client
    ) -> None:
        incident = stories.waived(cast)
        path = letter(incident, "waive", cast.ann).path("answer=yes")
        assert anybody.get(path).status_code == 200
        stories.closed(cast, of=incident)
        _is_gone(anybody, path, b"Things have moved on")


def _is_gone(client: Client, path: str, why: bytes) -> None:
    """410 for looking and for pressing, nothing changes, nothing is told but what to
    do."""
    before = counted()
    for answer in (
        client.get(path),
        client.post(path, {"answer": "yes"}),
        client.post(path, {"answer": "no", "complaint": "No."}),
    ):
        assert answer.status_code == 410
        assert why in answer.content
        assert b"Open your report" in answer.content
        assert b"/help/" in answer.content
        assert stories.DESCRIPTION.encode()[:20] not in answer.content
        assert b"We replaced the drum." not in answer.content
        assert "no-store" in answer["Cache-Control"]
    assert counted() == before


def _told(client: Client, path: str) -> str:
    """All that somebody learns from an address, but for the name of the request."""
    answer = client.get(path)
    return f"{answer.status_code} {answer.content.decode().replace(path, '')}"
