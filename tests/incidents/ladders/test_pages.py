"""Where attention shows, and how it is asked for and answered, with buttons alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import User
from activity import clock
from activity.models import Event
from incidents import link_tokens, services
from incidents.events import Kind
from incidents.ladders import links
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.ladders.climbs import (
    another_promise,
    answered,
    called_twice,
    minutes,
)
from tests.incidents.letters import letter
from tests.people import Cast


@pytest.fixture
def called(cast: Cast) -> Incident:
    """Lea and then Max were told of it."""
    return called_twice(cast)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def answers(incident: Incident) -> list[User]:
    said = Event.objects.about(incident).filter(kind=Kind.ACKNOWLEDGE)
    return [event.actor for event in said]


def at(count: float) -> Any:
    return clock.frozen_at(minutes(count))


# ---- the link


def test_opening_the_link_changes_nothing_and_pressing_answers(
    cast: Cast, called: Incident
) -> None:
    path = letter(called, "rung", cast.max).path("/attend/")
    stranger = Client()
    with at(241):
        shown = stranger.get(path)
        assert shown.status_code == 200
        assert answers(called) == []
        assert "I attend to it" in text(shown)
        done = stranger.post(path)
    assert answers(called) == [cast.max]
    assert "You attend to it" in text(done)
    with at(242):
        assert "You attend to it" in text(stranger.get(path))
        assert "Nobody else is told" in text(stranger.post(path))
    assert answers(called) == [cast.max]


def test_the_page_says_when_the_time_to_answer_has_passed_and_who_was_told_since(
    cast: Cast, called: Incident
) -> None:
    """Lea was told after 180 minutes; an hour later Max was."""
    lea = letter(called, "rung", cast.lea).path("/attend/")
    last = letter(called, "rung", cast.max).path("/attend/")
    with at(241):
        late, in_time = text(Client().get(lea)), text(Client().get(last))
        assert "this time has passed" in late
        assert "Told since" in late
        assert "Max Moor" in late
        assert "Your answer still counts." in late
        assert "has passed" not in in_time
        assert "Told since" not in in_time
        answered_by_lea = text(Client().post(lea))
    assert "has passed" not in answered_by_lea


def test_the_page_of_a_link_shows_no_word_of_the_ticket(
    cast: Cast, called: Incident
) -> None:
    path = letter(called, "rung", cast.max).path("/attend/")
    with at(241):
        pages = text(Client().get(path)) + text(Client().post(path))
    assert called.reference in pages
    assert "The resolution is late since" in pages
    for secret in (called.title, called.description, "Ann Archer"):
        assert secret not in pages


def test_whoever_is_later_reads_who_was_faster(cast: Cast, called: Incident) -> None:
    first = letter(called, "rung", cast.lea).path("/attend/")
    second = letter(called, "rung", cast.max).path("/attend/")
    with at(241):
        Client().post(first)
        late = Client().post(second)
    assert answers(called) == [cast.lea]
    assert "Lea Lund attends to it" in text(late)


def solved_in_vain(called: Incident, cast: Cast) -> None:
    stories.resolved(cast, of=called)
    services.reject_resolution(called.pk, by=cast.ann, complaint="It fails.")


@pytest.mark.parametrize("moved_on", [another_promise, solved_in_vain])
def test_a_link_is_void_when_another_climb_goes_on(
    cast: Cast, called: Incident, moved_on: Any
) -> None:
    """It says so; so does the page of the ticket."""
    path = letter(called, "rung", cast.max).path("/attend/")
    page = as_(cast.lea)
    with at(241):
        assert "I attend to it" in text(page.get(called.get_absolute_url()))
        moved_on(called, cast)
        for respond in (Client().get, Client().post):
            gone = respond(path)
            assert gone.status_code == 410
            assert "nothing to answer to" in text(gone)
        assert "I attend to it" not in text(page.get(called.get_absolute_url()))
    assert answers(called) == []


def test_who_attended_before_does_not_attend_to_another_promise(
    cast: Cast, called: Incident
) -> None:
    path = letter(called, "rung", cast.max).path("/attend/")
    with at(241):
        Client().post(path)
        another_promise(called, cast)
        assert Client().get(path).status_code == 410
        shown = text(as_(cast.lea).get(called.get_absolute_url()))
    assert "Max Moor attends to it since" not in shown


def test_a_word_said_meanwhile_leaves_the_link_good(
    cast: Cast, called: Incident
) -> None:
    path = letter(called, "rung", cast.max).path("/attend/")
    with at(241):
        services.call_attention(
            called.pk, by=cast.bo, expected_version=None, reason="Now."
        )
        assert "You attend to it" in text(Client().post(path))
    assert answers(called) == [cast.max]


def test_a_link_lives_thirty_days(
    cast: Cast, called: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = letter(called, "rung", cast.max).path("/attend/")
    monkeypatch.setattr(link_tokens, "LIVES", timedelta(seconds=-1))
    gone = Client().post(path)
    assert gone.status_code == 410
    assert "more than 30 days ago" in text(gone)
    assert answers(called) == []


def test_after_thirty_days_it_no_longer_says_who_answered(
    cast: Cast, called: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = letter(called, "rung", cast.max).path("/attend/")
    with at(241):
        Client().post(path)
    monkeypatch.setattr(link_tokens, "LIVES", timedelta(seconds=-1))
    gone = Client().get(path)
    assert gone.status_code == 410
    assert called.reference not in text(gone)


def test_a_link_answers_only_for_who_was_told(cast: Cast, called: Incident) -> None:
    climb = Event.objects.about(called).filter(kind=Kind.RUNG).latest("seq")
    for person in (cast.zed, cast.bo):
        parts = [called.pk, climb.data["climb"], person.pk]
        token = signing.dumps(parts, salt=links.SALT)
        path = reverse("incidents:attend_by_link", args=[token])
        assert Client().post(path).status_code == 410
    assert answers(called) == []


@pytest.mark.parametrize("token", ["x", "W10:1abc:def", "0"])
def test_what_this_desk_never_wrote_is_not_found(
    cast: Cast, called: Incident, token: str
) -> None:
    path = reverse("incidents:attend_by_link", args=[token])
    assert Client().get(path).status_code == 404


def test_who_has_left_answers_nothing(cast: Cast, called: Incident) -> None:
    path = letter(called, "rung", cast.max).path("/attend/")
    User.objects.filter(pk=cast.max.pk).update(is_active=False)
    assert Client().post(path).status_code == 404
    assert answers(called) == []


# ---- the ticket


def test_the_ticket_says_who_was_told_when_and_why(
    cast: Cast, called: Incident
) -> None:
    with at(245):
        page = text(as_(cast.bo).get(called.get_absolute_url()))
    assert "Needs attention: Management" in page
    assert "75 % of the resolution target at 13:00: Lea Lund" in page
    assert "The resolution is late since 14:00: Max Moor" in page
    assert "Nobody has answered yet." in page
    assert "Next: The incident commanders," in page
    assert "I attend to it" not in page, "Bo was not told"


def test_one_press_on_the_ticket_answers(cast: Cast, called: Incident) -> None:
    climb = Event.objects.about(called).filter(kind=Kind.RUNG).latest("seq")
    lea = as_(cast.lea)
    with at(245):
        assert "I attend to it" in text(lea.get(called.get_absolute_url()))
        path = reverse("incidents:acknowledge_attention", args=[called.pk])
        done = lea.post(path, {"climb": climb.data["climb"]}, follow=True)
    assert answers(called) == [cast.lea]
    page = text(done)
    assert "You attend to it. Nobody else is told." in page
    assert "Lea Lund attends to it since" in page
    assert "I attend to it" not in page


def test_a_press_about_an_earlier_call_says_what_happened(
    cast: Cast, called: Incident
) -> None:
    path = reverse("incidents:acknowledge_attention", args=[called.pk])
    with at(245):
        refused = as_(cast.lea).post(path, {"climb": "9999"})
    assert refused.status_code == 409
    assert "Nobody is called for it any more" in text(refused)
    assert as_(cast.lea).post(path, {"climb": "x"}).status_code == 400


def test_what_is_solved_shows_no_call(cast: Cast, called: Incident) -> None:
    with at(245):
        stories.resolved(cast, of=called)
        page = text(as_(cast.bo).get(called.get_absolute_url()))
    assert "Needs attention" not in page
    assert "Lea Lund was told" in page, "the history keeps it"


def test_attention_is_asked_for_with_a_reason(cast: Cast, called: Incident) -> None:
    bo, path = as_(cast.bo), reverse("incidents:call_attention", args=[called.pk])
    with at(245):
        assert "Ask for attention" in text(bo.get(path))
        empty = bo.post(path, {"version": called.version})
        assert "Say why it needs attention." in text(empty)
        sent = {"version": called.version, "reason": "The board waits."}
        done = bo.post(path, sent, follow=True)
    assert "Attention is asked for." in text(done)
    assert "The board waits." in text(done)


def test_who_asked_reads_who_is_told_and_is_not_offered_to_ask_again(
    cast: Cast, called: Incident
) -> None:
    bo, path = as_(cast.bo), reverse("incidents:call_attention", args=[called.pk])
    with at(245):
        sent = {"version": called.version, "reason": "The board waits."}
        page = text(bo.post(path, sent, follow=True))
        assert "Next: The lead of the team," in page
        assert path not in page
        again = {"version": stories.again(called).version, "reason": "Now!"}
        refused = bo.post(path, again)
    assert refused.status_code == 409
    assert "nobody has answered yet" in text(refused)
    assert "anyway" not in text(refused)
    assert "Now!" in text(refused)


def test_it_is_offered_again_once_somebody_attends(
    cast: Cast, called: Incident
) -> None:
    path = reverse("incidents:call_attention", args=[called.pk])
    with at(245):
        services.call_attention(
            called.pk, by=cast.bo, expected_version=None, reason="x"
        )
        services.acknowledge_attention(called.pk, by=cast.lea)
        assert path in text(as_(cast.bo).get(called.get_absolute_url()))


def test_a_lead_ends_attention_with_one_press(cast: Cast, called: Incident) -> None:
    path = reverse("incidents:end_attention", args=[called.pk])
    with at(245):
        lea = as_(cast.lea)
        done = lea.post(path, {"version": called.version}, follow=True)
    assert "Nobody above has to look at" in text(done)
    assert stories.again(called).attention == 0


# ---- the queue


def test_the_queue_marks_filters_and_gathers_what_needs_attention(
    cast: Cast, called: Incident
) -> None:
    calm = answered(cast, at=200)
    queue, bo = reverse("incidents:queue"), as_(cast.bo)
    marked = text(bo.get(queue, {"v": "mine"}))
    assert marked.count("q-attention") == 1
    for query in ({"v": "attention"}, {"v": "mine", "attention": "any"}):
        found = text(bo.get(queue, query))
        assert called.reference in found
        assert calm.reference not in found
    highest = text(bo.get(queue, {"v": "mine", "attention": "3"}))
    assert called.reference not in highest


def test_the_attention_view_says_who_was_called_and_who_is_next(
    cast: Cast, called: Incident
) -> None:
    queue, bo = reverse("incidents:queue"), as_(cast.bo)
    waits = text(bo.get(queue, {"v": "attention"}))
    assert "Told: Max Moor" in waits
    assert "Nobody has answered yet" in waits
    assert "Next: The incident commanders" in waits
    services.acknowledge_attention(called.pk, by=cast.lea)
    answered = text(bo.get(queue, {"v": "attention"}))
    assert "Lea Lund attends to it" in answered
    assert "Nobody has answered yet" not in answered
    assert "Told: Max Moor" not in text(bo.get(queue, {"v": "mine"}))


def test_what_waits_for_an_answer_is_counted_for_the_lead(
    cast: Cast, called: Incident
) -> None:
    def counted() -> int:
        shown = as_(cast.lea).get(reverse("incidents:lead")).context["attention"]
        (line,) = [one for one in shown if one["label"] == "Called, no answer yet"]
        behind = as_(cast.lea).get(f"{reverse('incidents:queue')}?{line['query']}")
        assert behind.context["total"] == line["number"]
        return int(line["number"])

    assert counted() == 1
    services.acknowledge_attention(called.pk, by=cast.lea)
    assert counted() == 0
    assert stories.again(called).attention, "somebody still looks at it"


# ---- the reporter


def test_the_reporter_says_that_it_is_getting_urgent(
    cast: Cast, called: Incident
) -> None:
    ann, path = as_(cast.ann), reverse("incidents:urge", args=[called.pk])
    page = text(ann.get(called.reporter_url()))
    assert "This is getting urgent" in page
    assert "Tell the team" in text(ann.get(path))
    empty = ann.post(path, {"reason": ""})
    assert "Tell us what makes it urgent now." in text(empty)
    done = text(ann.post(path, {"reason": "Pay day is tomorrow."}, follow=True))
    assert "The team is told." in done
    assert "You said that it is getting urgent" in done
    assert "Pay day is tomorrow." in done
    assert f'href="{path}"' not in done
    again = ann.post(path, {"reason": "Once more."})
    assert again.status_code == 409
    assert "You told us already" in text(again)


def test_the_reporter_reads_nothing_of_the_ladder(cast: Cast, called: Incident) -> None:
    page = text(as_(cast.ann).get(called.reporter_url()))
    for secret in ("Max Moor", "resolution target", "attention", "SEV1"):
        assert secret not in page
