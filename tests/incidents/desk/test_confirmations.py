"""The page of those who chase confirmations and close what is confirmed."""

import re
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from activity.refusals import Conflict
from incidents import services
from incidents.figures import waivable
from incidents.models import Incident
from incidents.moves import is_possible
from incidents.silence import waiver_is_early
from tests.incidents import stories
from tests.people import Cast

CHASE = reverse("incidents:chase")


@pytest.fixture
def bo(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bo)
    return client


def test_who_triaged_it_chases_its_confirmation(bo: Client, cast: Cast) -> None:
    mine = stories.resolved(cast, title="Drum replaced")
    page = bo.get(CHASE)
    assert [row["incident"].pk for row in page.context["asked"]] == [mine.pk]
    assert "Ann Archer" in page.content.decode()
    assert "ann@example.org" in page.content.decode()


def test_what_colleagues_answer_for_is_one_press_away(bo: Client, cast: Cast) -> None:
    theirs = stories.resolved(cast)
    services.hand_over_desk(theirs.pk, by=cast.bo, expected_version=None, to=cast.cy)
    assert bo.get(CHASE).context["asked"] == []
    all_of_them = bo.get(CHASE, {"who": "all"}).context["asked"]
    assert [row["incident"].pk for row in all_of_them] == [theirs.pk]


def test_page_says_how_often_and_when_somebody_was_asked(
    bo: Client, cast: Cast
) -> None:
    stories.reminded(cast, times=2)
    (row,) = bo.get(CHASE).context["asked"]
    assert row["incident"].reminder_count == 2
    asked_at = row["incident"].reminded_at
    assert timezone.now() - asked_at == pytest.approx(
        timedelta(days=7), abs=timedelta(minutes=1)
    )


def test_reminders_of_an_earlier_solution_do_not_count(bo: Client, cast: Cast) -> None:
    earlier = stories.reminded(cast, times=3)
    services.reject_resolution(earlier.pk, by=cast.ann, complaint="It prints blank.")
    again = stories.resolved(cast, of=stories.again(earlier))
    (row,) = bo.get(CHASE).context["asked"]
    assert row["incident"].pk == again.pk
    assert row["incident"].reminder_count == 0


@pytest.fixture
def succeeded(cast: Cast) -> Incident:
    """Ann was asked three times and left; Zed was named after eight days."""
    incident = stories.reminded(cast)
    User.objects.filter(pk=cast.ann.pk).update(is_active=False)
    services.name_successor(
        incident.pk,
        by=cast.lea,
        expected_version=None,
        successor=cast.zed,
        reason="Ann left.",
    )
    return stories.again(incident)


def test_silence_of_who_left_is_no_silence_of_the_successor(
    client: Client, cast: Cast, succeeded: Incident
) -> None:
    client.force_login(cast.lea)
    (row,) = client.get(CHASE, {"who": "all"}).context["asked"]
    assert row["incident"].reminder_count == 0
    assert row["incident"].reminded_at is None
    assert not row["can_waive"]
    told = client.get(reverse("incidents:lead")).context["attention"]
    assert {a["label"]: a["number"] for a in told}["Waiver possible now"] == 0


@pytest.mark.parametrize(("hours", "possible"), [(19, False), (21, True)])
def test_a_successor_is_asked_again_when_the_service_lets_us(
    hours: int, possible: bool, cast: Cast, succeeded: Incident
) -> None:
    at = timezone.now() + timedelta(hours=hours)
    asked = Incident.objects.for_chase().get(pk=succeeded.pk)
    assert is_possible(asked, "remind", cast.bo, at) is possible
    with time_machine.travel(at, tick=False):
        client = Client()
        client.force_login(cast.bo)
        (row,) = client.get(CHASE, {"who": "all"}).context["asked"]
        assert row["can_remind"] is possible
    seen: dict[str, Any] = {"by": cast.bo, "expected_version": None, "at": at}
    with nullcontext() if possible else pytest.raises(Conflict):
        services.remind_confirmer(succeeded.pk, **seen)


@pytest.mark.parametrize(("days", "possible"), [(4, False), (10, True)])
def test_a_successors_own_silence_is_counted_as_the_service_counts_it(
    days: int, possible: bool, cast: Cast, succeeded: Incident
) -> None:
    start = timezone.now()
    for day in (1, 2, 3):
        services.remind_confirmer(
            succeeded.pk,
            by=cast.bo,
            expected_version=None,
            at=start + timedelta(days=day),
        )
    at = start + timedelta(days=days)
    assert Incident.objects.filter(waivable(at)).exists() is possible
    assert (waiver_is_early(stories.again(succeeded), at) == "") is possible


def test_asking_again_carries_the_version_and_the_way_back(
    bo: Client, cast: Cast
) -> None:
    incident = stories.reminded(cast, times=1)
    html = bo.get(CHASE, {"who": "all"}).content.decode()
    assert reverse("incidents:remind", args=[incident.pk]) in html
    assert f'name="version" value="{incident.version}"' in html
    assert f'name="next" value="{CHASE}?who=all"' in html


def test_nobody_is_asked_twice_a_day(bo: Client, cast: Cast) -> None:
    incident = stories.resolved(cast)
    html = bo.get(CHASE).content.decode()
    assert reverse("incidents:remind", args=[incident.pk]) not in html
    assert "Asked less than a day ago" in html
    assert reverse("incidents:record_call", args=[incident.pk]) in html


def test_what_is_confirmed_or_waived_is_ready_to_close(bo: Client, cast: Cast) -> None:
    ready = [stories.confirmed(cast), stories.called(cast), stories.waived(cast)]
    page = bo.get(CHASE)
    found = {row["incident"].pk for row in page.context["ready"]}
    assert found == {incident.pk for incident in ready}
    assert page.context["asked"] == []
    for incident in ready:
        url = reverse("incidents:close", args=[incident.pk])
        assert f'action="{url}"' in page.content.decode()


def test_who_recorded_the_call_does_not_close_where_a_second_person_has_to(
    bo: Client, cast: Cast
) -> None:
    cast.desk.second_person_closes = True
    cast.desk.save(update_fields=["second_person_closes"])
    incident = stories.called(cast, by=cast.bo)
    html = bo.get(CHASE).content.decode()
    assert reverse("incidents:close", args=[incident.pk]) not in html
    assert "Ask a colleague" in re.sub(r"\s+", " ", html)


def test_who_confirms_does_not_close(bo: Client, cast: Cast) -> None:
    own = stories.reported(cast, by=cast.cy)
    own = stories.in_progress(cast, of=stories.triaged(cast, of=own))
    incident = stories.confirmed(cast, of=stories.resolved(cast, of=own))
    bo.force_login(cast.cy)
    html = bo.get(CHASE, {"who": "all"}).content.decode()
    assert incident.reference in html
    assert reverse("incidents:close", args=[incident.pk]) not in html


@pytest.mark.parametrize(("name", "shown"), [("bo", False), ("lea", True)])
def test_only_the_lead_is_offered_a_waiver(
    name: str, shown: bool, client: Client, cast: Cast
) -> None:
    incident = stories.reminded(cast)
    client.force_login(getattr(cast, name))
    html = client.get(CHASE, {"who": "all"}).content.decode()
    assert (reverse("incidents:waive", args=[incident.pk]) in html) is shown


@pytest.mark.parametrize("name", ["ann", "zed", "ned", "max", "ida"])
def test_confirmations_are_the_desks(name: str, client: Client, cast: Cast) -> None:
    client.force_login(getattr(cast, name))
    assert client.get(CHASE).status_code == 403


def test_looking_at_many_costs_no_more(
    bo: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(12) as queries:
            bo.get(CHASE, {"who": "all"})
        return len(queries)

    stories.reminded(cast, times=1)
    stories.confirmed(cast)
    few = asked()
    for _number in range(3):
        stories.reminded(cast, times=1)
        stories.confirmed(cast)
    assert asked() == few
