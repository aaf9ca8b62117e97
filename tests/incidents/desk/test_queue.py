"""The queue: what is there, in which order, and how it is narrowed."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Service
from incidents import figures, services
from incidents.codes import HoldReason
from incidents.filters import number_in
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.crowd import make_incidents, promise
from tests.people import Cast, make_user

QUEUE = reverse("incidents:queue")


@pytest.fixture
def bo(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bo)
    return client


def found(client: Client, **asked: Any) -> list[Incident]:
    page = client.get(QUEUE, {"v": "all", **asked})
    assert page.status_code == 200, page.headers
    return [row.incident for row in page.context["rows"]]


def counts(client: Client) -> dict[str, str]:
    page = client.get(QUEUE)
    return {str(tab.label): tab.count for tab in page.context["tabs"]}


def test_what_nobody_owns_is_said_in_a_sentence(bo: Client, cast: Cast) -> None:
    """On a phone the name of the column stands before an owner, and before no one."""
    stories.in_progress(cast)
    assert 'data-label="Owner">Bo Berg' in bo.get(QUEUE, {"v": "all"}).content.decode()
    Incident.objects.update(owner=None)
    page = bo.get(QUEUE, {"v": "all"}).content.decode()
    assert "Nobody owns it yet" in page
    assert 'data-label="Owner"' not in page


def test_each_view_holds_what_its_name_says(bo: Client, cast: Cast) -> None:
    told = stories.everything(cast)
    waits_for_others = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
    open_ones = {told[name].pk for name in ("new", "assigned", "in_progress")}
    open_ones |= {told["on_hold"].pk, waits_for_others.pk}
    expected = {
        "mine": open_ones - {told["new"].pk, told["assigned"].pk},
        "overdue": set(),
        "due": set(),
        "unassigned": {told["new"].pk, told["assigned"].pk},
        "teams": open_ones,
        "new": {told["new"].pk},
        "waiting": {told["on_hold"].pk},
        "close": {told["confirmed"].pk, told["waived"].pk},
        "ended": {told["closed"].pk, told["cancelled"].pk},
        "all": {*(incident.pk for incident in told.values()), waits_for_others.pk},
    }
    for view, pks in expected.items():
        assert {incident.pk for incident in found(bo, v=view)} == pks, view
    ready = Incident.objects.filter(figures.READY_TO_CLOSE)
    assert {incident.pk for incident in ready} == expected["close"]


def test_counts_beside_the_views_are_their_lengths(bo: Client, cast: Cast) -> None:
    stories.everything(cast)
    for tab in bo.get(QUEUE).context["tabs"]:
        page = bo.get(tab.url)
        assert tab.count in ("", str(page.context["total"])), tab.label


def test_counts_stop_at_999(bo: Client, cast: Cast) -> None:
    make_incidents(1001, cast)
    shown = counts(bo)
    assert shown["Open in my teams"] == "999+"
    assert shown["New"] == "334"


def test_most_urgent_comes_first(bo: Client, cast: Cast) -> None:
    """Severity, time left, risks, people, age; what is promised nothing comes last."""
    now = timezone.now()
    kinds: list[dict[str, Any]] = [
        {"severity": 1},
        {"severity": 4, "due_at": now - timedelta(days=1)},
        {"severity": 4, "due_at": now + timedelta(minutes=5)},
        {"severity": 4, "due_at": now + timedelta(hours=5)},
        {"severity": 4, "is_security_risk": True},
        {"severity": 4, "people_affected": 40},
        {"severity": 4, "people_affected": 2},
        {"severity": 4},
        {"severity": 4, "due_at": None},
    ]
    made = [make_incidents(1, cast, at=now, **kind)[0] for kind in kinds[:-1]]
    made.append(make_incidents(1, cast, at=now + timedelta(hours=1), **kinds[-1])[0])
    expected = [incident.pk for incident in made]
    assert [incident.pk for incident in found(bo, v="teams")] == expected


@pytest.mark.parametrize(
    ("sort", "column", "direction"),
    [
        ("severity", "severity", "ascending"),
        ("-severity", "severity", "descending"),
        ("updated", "updated", "ascending"),
        ("-updated", "updated", "descending"),
    ],
)
def test_other_orders_are_links_and_said(
    sort: str, column: str, direction: str, bo: Client, cast: Cast
) -> None:
    make_incidents(12, cast)
    page = bo.get(QUEUE, {"v": "teams", "sort": sort})
    head = {each.name: each.sorted for each in page.context["columns"]}
    assert head.pop(column) == direction
    assert set(head.values()) == {""}
    assert f'aria-sort="{direction}"' in page.content.decode()
    values = [
        row.incident.severity if column == "severity" else row.incident.last_event_at
        for row in page.context["rows"]
    ]
    assert values == sorted(values, reverse=direction == "descending")


def test_number_typed_alone_opens_the_ticket(bo: Client, cast: Cast) -> None:
    incident = stories.reported(cast)
    for text in (incident.pk, incident.reference, f"inc-{incident.pk}"):
        answer = bo.get(QUEUE, {"v": "all", "q": text})
        assert answer["Location"] == incident.get_absolute_url()


@pytest.mark.parametrize("text", ["INC-99999", "999999999999999999", "9" * 40, "INC-"])
def test_number_of_nothing_says_so(text: str, bo: Client, cast: Cast) -> None:
    stories.reported(cast)
    page = bo.get(QUEUE, {"v": "all", "q": text})
    assert page.status_code == 200
    assert page.context["empty"]["kind"] == "nothing_found"


def test_what_counts_as_a_number() -> None:
    assert number_in(" inc-00042 ") == 42
    assert number_in("42") == 42
    assert number_in("room 42") is None
    assert number_in("0") is None


def test_search_finds_subject_and_reporter(bo: Client, cast: Cast) -> None:
    printer = stories.reported(cast, title="Printer on fire")
    by_zed = stories.reported(cast, by=cast.zed, title="Screen dark")
    assert found(bo, q="PRINTER") == [printer]
    assert found(bo, q="zorn") == [by_zed]
    assert found(bo, q="100% _'\"") == []


def test_every_filter_narrows(bo: Client, cast: Cast) -> None:
    make_incidents(9, cast, severity=3)
    service = Service.objects.create(name="Wi-Fi")
    (one,) = make_incidents(
        1,
        cast,
        severity=1,
        service=service,
        kind="service_request",
        is_financial_risk=True,
        is_major=True,
    )
    narrowed = {
        "severity": 1,
        "service": service.pk,
        "kind": "service_request",
        "risk": "financial",
        "major": "yes",
    }
    for name, value in narrowed.items():
        assert found(bo, **{name: value}) == [one], name
    assert len(found(bo, team=cast.desk.pk)) == 10
    assert found(bo, service="none", severity=1) == []
    assert len(found(bo, owner="nobody")) + len(found(bo, owner="me")) == 10
    assert len(found(bo, owner=cast.bo.pk)) == len(found(bo, owner="me")) == 3
    assert len(found(bo, status="open")) == 10
    assert len(found(bo, status="new")) == 4
    assert len(found(bo, risk="any")) == 1


def test_wrong_value_is_named_and_the_rest_counts(bo: Client, cast: Cast) -> None:
    make_incidents(10, cast)
    page = bo.get(
        QUEUE,
        {
            "v": "all",
            "severity": "9",
            "status": "new",
            "team": "x",
            "ended": "-4",
            "sort": "luck",
            "colour": "red",
        },
    )
    problems = page.context["problems"]
    statuses = {row.incident.status for row in page.context["rows"]}
    assert statuses == {"new"}
    for wrong in ("“9”", "“x”", "“-4”", "“luck”", "“colour”"):
        assert any(wrong in problem for problem in problems), wrong
        assert wrong in page.content.decode()
    assert len(problems) == 5


@pytest.mark.parametrize(
    "address",
    ["?v=nowhere", "?page=zero", "?page=99", "?owner=%F0%9F%90%9F", "?triaged=99999"],
)
def test_no_address_breaks_the_page(address: str, bo: Client, cast: Cast) -> None:
    make_incidents(3, cast)
    assert bo.get(f"{QUEUE}{address}").status_code == 200


def test_filter_given_twice_is_said(bo: Client, cast: Cast) -> None:
    page = bo.get(f"{QUEUE}?v=all&status=new&status=closed")
    assert any("more than once" in problem for problem in page.context["problems"])


def test_each_filter_that_is_on_can_be_taken_off(bo: Client, cast: Cast) -> None:
    make_incidents(5, cast)
    page = bo.get(QUEUE, {"v": "teams", "severity": "4", "owner": "me", "page": "1"})
    chips = {chip.name: chip for chip in page.context["chips"]}
    assert chips["severity"].query == "v=teams&owner=me"
    assert (chips["owner"].label, chips["owner"].value) == ("Owner", "Me")
    assert page.context["clear_query"] == "v=teams"
    assert "Clear filters" in page.content.decode()


def test_address_has_no_empty_parts(bo: Client, cast: Cast) -> None:
    answer = bo.get(QUEUE, {"v": "mine", "q": "", "status": "", "severity": "2"})
    assert answer["Location"] == f"{QUEUE}?v=mine&severity=2"


def test_nothing_found_says_which_filter_to_drop(bo: Client, cast: Cast) -> None:
    make_incidents(4, cast, severity=3, titles=["Printer prints blank pages"])
    page = bo.get(QUEUE, {"v": "teams", "q": "printer", "severity": "1"})
    assert [chip.name for chip in page.context["empty"]["drop"]] == ["severity"]
    assert "Drop “Severity: SEV1”" in page.content.decode()


def test_all_done_points_to_what_waits(bo: Client, cast: Cast) -> None:
    make_incidents(4, cast, stories=[("incident.report",)])
    page = bo.get(QUEUE, {"v": "mine"})
    assert page.context["empty"]["kind"] == "all_done"
    assert "4 tickets of your teams have no owner" in page.content.decode()


def test_nothing_yet_says_what_will_be_here(bo: Client, cast: Cast) -> None:
    page = bo.get(QUEUE)
    assert page.context["empty"]["kind"] == "nothing_yet"
    assert reverse("incidents:contact") in page.content.decode()


def test_every_row_links_its_subject_and_says_what_marks_it(
    bo: Client, cast: Cast
) -> None:
    incident = stories.on_hold(cast, title="Which <printer>?")
    services.declare_major(
        incident.pk, by=cast.lea, expected_version=None, reason="Wards stand still."
    )
    html = bo.get(QUEUE).content.decode()
    url = incident.get_absolute_url()
    assert f'<a href="{url}">Which &lt;printer&gt;?</a>' in html
    assert "Waiting for reporter" in html
    assert '<span class="q-mark q-major">Major</span>' in html
    assert "until" in html


def test_fifty_on_a_page_with_real_links(bo: Client, cast: Cast) -> None:
    make_incidents(51, cast)
    first = bo.get(QUEUE, {"v": "teams", "kind": "incident"})
    assert len(first.context["rows"]) == 50
    assert "?v=teams&amp;kind=incident&amp;page=2" in first.content.decode()
    second = bo.get(QUEUE, {"v": "teams", "kind": "incident", "page": "2"})
    assert len(second.context["rows"]) == 1


def test_script_gets_the_middle_of_the_page_alone(bo: Client, cast: Cast) -> None:
    make_incidents(10, cast)
    asked = {"v": "teams", "severity": "1", "q": "", "sort": ""}
    part = bo.get(QUEUE, asked, headers={"HX-Request": "true"})
    html = part.content.decode()
    assert "<html" not in html
    assert 'hx-swap-oob="innerHTML:#queue-count"' in html
    assert "<form" not in html
    assert part["HX-Push-Url"] == f"{QUEUE}?v=teams&severity=1"
    assert "HX-Request" in part["Vary"]
    whole = bo.get(
        QUEUE,
        {"v": "teams"},
        headers={"HX-Request": "true", "HX-History-Restore-Request": "true"},
    )
    assert "<html" in whole.content.decode()


def test_queue_asks_no_more_when_there_is_more(
    bo: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    reporters = [make_user(f"Person{number} Long-Family-Name") for number in range(50)]
    titles = [f"Trouble number {number} of a kind of its own" for number in range(50)]
    asked: list[int] = []
    for more in (50, 4950):
        made = make_incidents(more, cast, reporters=reporters, titles=titles)
        if not asked:
            promise(made)
        with django_assert_max_num_queries(12) as queries:
            page = bo.get(QUEUE, {"v": "teams"})
        asked.append(len(queries))
        assert len(page.context["rows"]) == 50
        assert len(gzip.compress(page.content)) <= 15_000
    assert page.context["total"] == 5000
    assert asked[0] == asked[1]


def test_nothing_on_a_filtered_page_costs_a_few_more(
    bo: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    make_incidents(5, cast)
    with django_assert_max_num_queries(12):
        bo.get(QUEUE, {"v": "teams", "q": "nothing", "severity": "1", "risk": "any"})


def test_ended_long_ago_is_no_longer_recent(bo: Client, cast: Cast) -> None:
    long_ago = timezone.now() - timedelta(days=20)
    stories.closed(cast, at=long_ago)
    assert found(bo, v="ended") == []
    assert len(found(bo, v="all", status="closed")) == 1
