"""The lead's page: every number is the length of the list it opens."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from activity import clock
from incidents import services
from incidents.codes import HoldReason
from incidents.figures import Share
from tests.incidents import stories
from tests.incidents.crowd import make_incidents
from tests.people import Cast

LEAD = reverse("incidents:lead")
QUEUE = reverse("incidents:queue")


@pytest.fixture
def lea(client: Client, cast: Cast) -> Client:
    client.force_login(cast.lea)
    return client


@pytest.fixture
def month(cast: Cast) -> Cast:
    """Six closures, four of them confirmed by Ann; one cancelled; some left over."""
    for _number in range(4):
        stories.closed(cast)
    stories.closed(cast, of=stories.called(cast), by=cast.bo)
    stories.closed(cast, of=stories.waived(cast))
    stories.cancelled(cast)
    stories.closed(cast, at=clock.now() - timedelta(days=40))
    stories.reported(cast, impact=1, urgency=1)
    stories.reminded(cast)
    stories.resolved(cast)
    with clock.frozen_at(clock.now() - timedelta(days=2)):
        stories.on_hold(cast, until=clock.now() + timedelta(days=9))
    stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
    return cast


def list_behind(client: Client, query: str) -> int:
    page = client.get(f"{QUEUE}?{query}")
    assert page.context["problems"] == [], query
    assert page.context["chips"], query
    return int(page.context["total"])


def numbers(page: Any) -> list[tuple[str, int, str]]:
    """Every number of the page: what, how many, the query behind it."""
    told = page.context
    found = [(g["label"], g["share"].part, g["query"]) for g in told["grounds"]]
    found += [
        (cell["what"], cell["number"], cell["query"])
        for line in told["open"]
        for cell in line["cells"]
    ]
    found += [(a["label"], a["number"], a["query"]) for a in told["attention"]]
    changed = told["changed"]
    found.append((changed["label"], changed["share"].part, changed["query"]))
    found.append(("triaged", changed["share"].whole, changed["whole_query"]))
    found += [
        (p["person"].name, p["person"].open_count, p["query"]) for p in told["people"]
    ]
    return found


def test_every_number_is_the_length_of_its_list(lea: Client, month: Cast) -> None:
    page = lea.get(LEAD)
    told = numbers(page)
    assert sum(number > 0 for _what, number, _query in told) > 15
    for what, number, query in told:
        if number or "owner" not in parse_qs(query):
            assert list_behind(lea, query) == number, (what, query)


def test_share_of_really_confirmed_leaves_waivers_out(lea: Client, month: Cast) -> None:
    page = lea.get(LEAD)
    grounds = {str(line["label"]): line["share"] for line in page.context["grounds"]}
    assert page.context["confirmed"] == Share(5, 6)
    assert grounds["By the confirmer"] == Share(4, 6)
    assert grounds["In a recorded call"] == Share(1, 6)
    assert grounds["Call recorded and closed by the same person"] == Share(1, 1)
    assert grounds["Waived by the lead"] == Share(1, 6)
    assert grounds["Cancelled"].part == grounds["Not a fault"].part == 1
    assert "83 %" in page.content.decode()


def test_call_closed_by_a_colleague_is_not_one_persons(lea: Client, cast: Cast) -> None:
    stories.closed(cast, of=stories.called(cast, by=cast.bo), by=cast.cy)
    grounds = {
        line["label"]: line["share"] for line in lea.get(LEAD).context["grounds"]
    }
    assert grounds["Call recorded and closed by the same person"] == Share(0, 1)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(4, 4, None), (5, 5, 100), (199, 200, 99), (1, 300, 1), (0, 9, 0), (2, 3, None)],
)
def test_few_are_no_per_cent_and_100_means_all(
    part: int, whole: int, percent: int | None
) -> None:
    assert Share(part, whole).percent == percent


def test_attention_counts_what_waits_too_long(lea: Client, month: Cast) -> None:
    told = {a["label"]: a["number"] for a in lea.get(LEAD).context["attention"]}
    assert told["Without an owner"] == 1
    assert told["On hold over a day"] == 1
    assert told["Solved without an answer, under a day"] == 1
    assert told["Solved without an answer, 5 days or more"] == 1
    assert told["Waiver possible now"] == 1


def test_waiver_is_possible_only_after_three_reminders_of_this_solution(
    lea: Client, cast: Cast
) -> None:
    stories.reminded(cast, times=2)
    told = {a["label"]: a["number"] for a in lea.get(LEAD).context["attention"]}
    assert told["Waiver possible now"] == 0


def test_changing_what_triage_said_is_counted_once_a_ticket(
    lea: Client, cast: Cast
) -> None:
    for number in range(5):
        incident = stories.triaged(cast)
        if number:
            continue
        for severity in (1, 2):
            services.override_severity(
                incident.pk,
                by=cast.bo,
                expected_version=None,
                severity=severity,
                reason="A ward stands still.",
            )
    assert lea.get(LEAD).context["changed"]["share"] == Share(1, 5)


def test_people_show_their_load_and_who_is_away(lea: Client, cast: Cast) -> None:
    make_incidents(9, cast)
    until = clock.now() + timedelta(days=4)
    Membership.objects.filter(user=cast.cy).update(away_until=until)
    people = {
        line["person"].name: line["person"] for line in lea.get(LEAD).context["people"]
    }
    assert list(people) == ["Bo Berg", "Cy Cole", "Lea Lund"]
    assert people["Bo Berg"].open_count == 3
    assert people["Cy Cole"].away_until == until
    assert people["Bo Berg"].away_until is None


def test_every_figure_says_what_it_counts(lea: Client) -> None:
    html = lea.get(LEAD).content.decode()
    assert html.count('<section class="panel"') == html.count("What this counts") == 5


@pytest.mark.parametrize("name", ["ann", "bo", "ned", "max", "ida", "zed"])
def test_only_who_leads_a_desk_reads_it(name: str, client: Client, cast: Cast) -> None:
    client.force_login(getattr(cast, name))
    assert client.get(LEAD).status_code == 403


def test_figures_take_few_questions(
    lea: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    asked = []
    lea.get(LEAD)  # Calendars are read once in a process.
    for more in (10, 2000):
        make_incidents(more, cast)
        with django_assert_max_num_queries(15) as queries:
            lea.get(LEAD)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_zero_is_read_out_as_none(lea: Client, cast: Cast) -> None:
    html = lea.get(LEAD).content.decode()
    none = '<span aria-hidden="true">0</span><span class="visually-hidden">none</span>'
    assert none in html
    assert ">0</td>" not in html


def test_a_number_says_of_what_it_is_in_one_phrase(lea: Client, cast: Cast) -> None:
    stories.reported(cast)
    assert "SEV4, open for under a day" in lea.get(LEAD).content.decode()
