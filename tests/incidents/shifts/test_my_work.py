"""Where a resolver starts: what is theirs first, then their team's, each once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from activity import clock
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.crowd import make_incidents, promise
from tests.incidents.tiers.test_path import agree
from tests.people import Cast

MY_WORK = reverse("incidents:my_work")
REPORTED = [("incident.report",)]


@pytest.fixture
def ned(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ned)
    return client


def of_network(size: int, cast: Cast, **fields: Any) -> list[Incident]:
    given: dict[str, Any] = {"team": cast.network, "stories": REPORTED} | fields
    return make_incidents(size, cast, **given)


def shown(page: Any) -> dict[str, list[int]]:
    return {
        block.section.code: [row.incident.pk for row in rows]
        for block, rows in page.context["blocks"]
    }


def test_mine_comes_first_by_rank_and_then_what_waits(ned: Client, cast: Cast) -> None:
    low, high = (of_network(1, cast, owner=cast.ned, severity=n)[0] for n in (4, 1))
    (waits,) = of_network(1, cast)
    of_network(1, cast, owner=cast.ute, team=cast.vendor)
    assert shown(ned.get(MY_WORK)) == {"mine": [high.pk, low.pk], "unowned": [waits.pk]}


def test_each_stands_once_under_the_first_that_fits(ned: Client, cast: Cast) -> None:
    soon = clock.now() + timedelta(hours=1)
    Membership.objects.create(user=cast.ute, team=cast.network)
    (mine,) = of_network(1, cast, owner=cast.ned, due_at=soon)
    (unowned,) = of_network(1, cast, due_at=soon)
    (taken,) = of_network(1, cast, owner=cast.ute, due_at=soon)
    assert shown(ned.get(MY_WORK)) == {
        "mine": [mine.pk],
        "unowned": [unowned.pk],
        "due": [taken.pk],
    }


def test_what_came_back_stands_apart(client: Client, cast: Cast) -> None:
    client.force_login(cast.cy)
    back = stories.resolved(cast)
    services.reject_resolution(back.pk, by=cast.ann, complaint="Blank.")
    assert shown(client.get(MY_WORK)) == {"back": [back.pk]}
    stories.resolved(cast, of=stories.in_progress(cast, of=stories.again(back)))
    assert shown(client.get(MY_WORK)) == {}


def test_what_was_handed_back_came_back(client: Client, cast: Cast) -> None:
    client.force_login(cast.cy)
    back = stories.handed_back(cast)
    assert shown(client.get(MY_WORK)) == {"back": [back.pk]}


def test_waits_that_end_are_there_before_they_end(client: Client, cast: Cast) -> None:
    now = clock.now()
    for hours in (3, 30):
        stories.on_hold(
            cast,
            reason=HoldReason.AWAITING_SUPPLIER,
            until=now + timedelta(hours=hours),
        )
    client.force_login(cast.cy)
    assert len(shown(client.get(MY_WORK))["holds"]) == 1


def test_figures_lead_to_their_rows(ned: Client, cast: Cast) -> None:
    of_network(14, cast)
    of_network(3, cast, owner=cast.ned)
    page = ned.get(MY_WORK)
    hrefs = {one.section.code: one.href for one in page.context["figures"]}
    assert hrefs == {"mine": "#mine", "unowned": "?show=unowned"}
    alone = ned.get(f"{MY_WORK}?show=unowned")
    assert {code: len(rows) for code, rows in shown(alone).items()} == {"unowned": 14}


def test_nothing_foreign_stands_there(ned: Client, cast: Cast) -> None:
    (foreign,) = make_incidents(1, cast, titles=["Zanzibar"])
    html = ned.get(MY_WORK).content.decode()
    assert "Zanzibar" not in html
    assert foreign.reference not in html
    assert "Nothing waits for you" in html


@pytest.mark.parametrize("name", ["ann", "zed", "max", "ida"])
def test_it_is_for_those_who_work_on_tickets(
    name: str, client: Client, cast: Cast
) -> None:
    client.force_login(getattr(cast, name))
    assert client.get(MY_WORK).status_code == 403


def test_many_tickets_take_as_many_statements_as_few(
    ned: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    agree(cast.network, 120)
    asked = []
    for more in (10, 500):
        promise(of_network(more, cast))
        with django_assert_max_num_queries(16) as queries:
            ned.get(MY_WORK)
        asked.append(len(queries))
    assert asked[0] == asked[1]
