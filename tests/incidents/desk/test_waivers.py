"""The waiver queue: what a lead has to know before doing without a confirmation."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from activity import clock
from activity.models import Delivery, Event, Timer
from incidents import services
from incidents.events import Kind
from incidents.models import Incident
from incidents.timers.kinds import ASK_CONFIRMER
from tests.incidents import stories
from tests.people import Cast

WAIVERS = reverse("incidents:waivers")
DAY = timedelta(days=1)


@pytest.fixture
def lea(client: Client, cast: Cast) -> Client:
    client.force_login(cast.lea)
    return client


def read(page: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", words)


def evidence(client: Client, incident: Incident) -> Any:
    page = client.get(WAIVERS)
    rows = [*page.context["rows"], *page.context["coming"]]
    (row,) = [row for row in rows if row["incident"].pk == incident.pk]
    return row["evidence"]


def letters_about(incident: Incident, kind: str) -> Any:
    events = Event.objects.about(incident).filter(kind=kind)
    return Delivery.objects.filter(event__in=events, recipient=incident.confirmer)


def test_the_longest_silence_comes_first_and_what_comes_next_stands_apart(
    lea: Client, cast: Cast
) -> None:
    later = stories.reminded(cast)
    with clock.frozen_at(clock.now() - 2 * DAY):
        earlier = stories.reminded(cast)
    twice = stories.reminded(cast, times=2)
    stories.resolved(cast)
    stories.waived(cast)
    stories.confirmed(cast)
    page = lea.get(WAIVERS)
    first = [row["incident"].pk for row in page.context["rows"]]
    assert first == [earlier.pk, later.pk]
    assert [row["incident"].pk for row in page.context["coming"]] == [twice.pk]
    assert page.context["total"] == 2
    words = read(page)
    assert "Can be waived now: 2" in words
    assert "1 more reminder before a waiver" in words
    armed = Timer.objects.armed().filter(
        subject_id=twice.pk,
        kind=ASK_CONFIRMER,
        generation=stories.again(twice).timer_generation,
    )
    assert page.context["coming"][0]["again_at"] == armed.get().wanted_at
    assert "Asked again by itself" in words


def test_it_is_what_the_condition_of_a_waiver_says(
    lea: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever that is: the page asks it and does not know it by heart."""
    incident = stories.reminded(cast, times=1)
    monkeypatch.setattr("incidents.figures.REMINDERS_BEFORE_WAIVER", 1)
    (row,) = lea.get(WAIVERS).context["rows"]
    assert row["incident"].pk == incident.pk


def test_each_time_we_asked_is_there_with_its_mail(lea: Client, cast: Cast) -> None:
    incident = stories.reminded(cast)
    now = clock.now()
    first = letters_about(incident, Kind.RESOLVE)
    first.update(state=Delivery.State.SENT, sent_at=now)
    reminders = list(letters_about(incident, Kind.REMIND).order_by("event__seq"))
    Delivery.objects.filter(pk=reminders[0].pk).update(state=Delivery.State.FAILED)
    Delivery.objects.filter(pk=reminders[2].pk).delete()
    askings = evidence(lea, incident).askings
    assert [(one.number, one.delivery) for one in askings] == [
        (0, "sent"),
        (1, "failed"),
        (2, "waiting"),
        (3, None),
    ]
    reminded_at = Event.objects.about(incident).filter(kind=Kind.REMIND)
    assert [one.at for one in askings][1:] == [event.at for event in reminded_at]
    words = read(lea.get(WAIVERS))
    for said in ("e-mail sent", "e-mail failed for good", "e-mail on its way"):
        assert said in words
    assert "Done: We replaced the drum." in words


def test_mail_to_somebody_else_is_no_mail_to_the_confirmer(
    lea: Client, cast: Cast
) -> None:
    incident = stories.reminded(cast)
    services.watch_incident(incident.pk, by=cast.cy)
    services.remind_confirmer(incident.pk, by=cast.bo, expected_version=None)
    letters_about(incident, Kind.REMIND).delete()
    assert Delivery.objects.filter(recipient=cast.cy).exists()
    askings = evidence(lea, incident).askings
    assert {one.delivery for one in askings if one.number} == {None}


def test_what_the_confirmer_did_since_is_said(lea: Client, cast: Cast) -> None:
    incident = stories.reminded(cast)
    assert evidence(lea, incident).message_count == 0
    assert "Never logged in" in read(lea.get(WAIVERS))
    before = incident.resolved_at - DAY
    User.objects.filter(pk=cast.ann.pk).update(last_login=before)
    assert not evidence(lea, incident).has_logged_in
    assert "Last logged in before we asked" in read(lea.get(WAIVERS))
    User.objects.filter(pk=cast.ann.pk).update(last_login=clock.now())
    services.answer_desk(incident.pk, by=cast.ann, message="I am travelling.")
    told = evidence(lea, incident)
    assert (told.message_count, told.has_logged_in) == (1, True)
    words = read(lea.get(WAIVERS))
    assert "Wrote 1 message" in words
    assert "travelling" not in words


def test_an_earlier_solution_is_no_evidence(lea: Client, cast: Cast) -> None:
    earlier = stories.reminded(cast)
    services.answer_desk(earlier.pk, by=cast.ann, message="Soon.")
    services.reject_resolution(earlier.pk, by=cast.ann, complaint="It prints blank.")
    solved = stories.resolved(cast, of=stories.again(earlier))
    incident = stories.reminded(cast, of=solved, times=1)
    told = evidence(lea, incident)
    assert [one.number for one in told.askings] == [0, 1]
    assert told.message_count == 0


def test_a_successor_is_asked_from_the_naming_on(lea: Client, cast: Cast) -> None:
    incident = stories.reminded(cast)
    User.objects.filter(pk=cast.ann.pk).update(is_active=False)
    services.name_successor(
        incident.pk,
        by=cast.lea,
        expected_version=None,
        successor=cast.zed,
        reason="Ann left.",
    )
    services.remind_confirmer(
        incident.pk, by=cast.bo, expected_version=None, at=clock.now() + DAY
    )
    told = evidence(lea, incident)
    assert [one.number for one in told.askings] == [0, 1]
    assert told.askings[0].at > incident.resolved_at + 7 * DAY


def test_waiving_and_calling_lead_back_here(lea: Client, cast: Cast) -> None:
    incident = stories.reminded(cast)
    html = lea.get(WAIVERS).content.decode()
    for name in ("waive", "record_call"):
        url = f"{reverse(f'incidents:{name}', args=[incident.pk])}?next={WAIVERS}"
        assert f'href="{url}"' in html
        form = lea.get(url)
        assert f'name="next" value="{WAIVERS}"' in form.content.decode()
    answer = lea.post(
        reverse("incidents:waive", args=[incident.pk]),
        {"version": incident.version, "next": WAIVERS, "reason": "Ann travels."},
    )
    assert answer["Location"] == WAIVERS
    assert lea.get(WAIVERS).context["rows"] == []


def test_who_confirms_does_not_waive(lea: Client, cast: Cast) -> None:
    own = stories.reminded(cast, of=_solved_for(cast, cast.lea))
    page = lea.get(WAIVERS)
    assert [row["incident"].pk for row in page.context["rows"]] == [own.pk]
    assert reverse("incidents:waive", args=[own.pk]) not in page.content.decode()
    assert "another lead waives" in read(page)


def _solved_for(cast: Cast, reporter: User) -> Incident:
    start = clock.now() - timedelta(days=stories.WAIVED_AFTER_DAYS)
    own = stories.triaged(cast, of=stories.reported(cast, by=reporter, at=start))
    return stories.resolved(cast, of=stories.in_progress(cast, of=own), at=start)


def test_who_left_is_not_called(lea: Client, cast: Cast) -> None:
    incident = stories.reminded(cast)
    User.objects.filter(pk=cast.ann.pk).update(is_active=False)
    html = lea.get(WAIVERS).content.decode()
    assert reverse("incidents:record_call", args=[incident.pk]) not in html
    assert reverse("incidents:name_successor", args=[incident.pk]) in html


def test_both_lists_have_an_empty_state(lea: Client) -> None:
    words = read(lea.get(WAIVERS))
    assert "Nothing can be waived" in words
    assert "Nobody else was asked again yet" in words


@pytest.mark.parametrize("place", ["incidents:lead", "incidents:chase"])
def test_leads_find_it_where_they_look(place: str, lea: Client) -> None:
    assert f'href="{WAIVERS}"' in lea.get(reverse(place)).content.decode()


def test_others_are_not_led_there(client: Client, cast: Cast) -> None:
    client.force_login(cast.bo)
    page = client.get(reverse("incidents:chase"))
    assert WAIVERS not in page.content.decode()


@pytest.mark.parametrize("name", ["ann", "bo", "ned", "max", "ida", "zed"])
def test_only_who_leads_a_desk_reads_it(name: str, client: Client, cast: Cast) -> None:
    client.force_login(getattr(cast, name))
    assert client.get(WAIVERS).status_code == 403


def test_looking_at_many_costs_no_more(
    lea: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(12) as queries:
            lea.get(WAIVERS)
        return len(queries)

    stories.reminded(cast)
    stories.reminded(cast, times=2)
    few = asked()
    for times in (3, 3, 2, 1):
        stories.reminded(cast, times=times)
    assert asked() == few
