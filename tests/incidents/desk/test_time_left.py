"""The queue says what is due next, in this order, and can be narrowed to it."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activity import clock
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Incident
from tests.database import sql
from tests.incidents import stories
from tests.incidents.crowd import make_incidents, promise
from tests.people import Cast

QUEUE = reverse("incidents:queue")
HOUR = timedelta(hours=1)
MANY = 4000


@pytest.fixture
def bo(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bo)
    return client


def urgent(cast: Cast, *, ago: timedelta, **report: Any) -> Incident:
    """SEV1, so around the clock: 15 minutes to respond, 4 hours to resolve."""
    with clock.frozen_at(clock.now() - ago):
        return stories.reported(cast, impact=1, urgency=1, **report)


def taken(cast: Cast, *, ago: timedelta) -> Incident:
    """Answered in time, and updated once; only the resolution is near."""
    incident = urgent(cast, ago=ago)
    with clock.frozen_at(incident.reported_at + timedelta(minutes=1)):
        services.take_incident(incident.pk, by=cast.bo, expected_version=None)
    sql("UPDATE incidents_clock SET due_at = NULL WHERE metric = 'update'")
    return stories.again(incident)


def row_of(page: Any, incident: Incident) -> str:
    """The time left of one row, as it is read."""
    rows = {row.incident.pk: row for row in page.context["rows"]}
    place = list(rows).index(incident.pk)
    cell = re.findall(r'<td[^>]*q-time">(.*?)</td>', page.content.decode(), re.S)[place]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()


def found(client: Client, **asked: Any) -> set[int]:
    page = client.get(QUEUE, {"v": "all", **asked})
    assert page.context["problems"] == []
    return {row.incident.pk for row in page.context["rows"]}


def test_it_names_the_promise_the_time_left_and_when_it_is_due(
    bo: Client, cast: Cast
) -> None:
    incident = urgent(cast, ago=timedelta(minutes=3))
    asked_at = incident.reported_at + timedelta(minutes=3, seconds=30)
    with time_machine.travel(asked_at, tick=False):
        page = bo.get(QUEUE, {"v": "teams"})
    due = timezone.localtime(incident.due_at)
    words = row_of(page, incident)
    assert words.startswith("11 min left Response, due ")
    assert words.endswith(f"{due:%H:%M}")
    html = page.content.decode()
    assert 'class="clock clock-on-track"' in html
    assert '<rect width="77" height="3">' in html


def test_overdue_soon_and_paused_look_as_in_the_ticket(bo: Client, cast: Cast) -> None:
    late = taken(cast, ago=5 * HOUR)
    near = taken(cast, ago=3.25 * HOUR)
    waits = stories.on_hold(cast)
    page = bo.get(QUEUE, {"v": "teams"})
    shown = {row.incident.pk: row.face for row in page.context["rows"]}
    assert shown[late.pk].look == "overdue"
    assert row_of(page, late).startswith("1 h overdue Resolution, due")
    assert shown[near.pk].look == "soon"
    assert shown[waits.pk].look == "paused"
    assert row_of(page, waits) == "Paused · waiting for the reporter Resolution"


def test_what_has_ended_says_whether_it_was_in_time(bo: Client, cast: Cast) -> None:
    done = stories.closed(cast)
    page = bo.get(QUEUE, {"v": "ended"})
    assert row_of(page, done).startswith("Met, ")


def test_where_nothing_is_promised_it_says_so(bo: Client, cast: Cast) -> None:
    (free,) = make_incidents(1, cast)
    page = bo.get(QUEUE, {"v": "teams"})
    assert row_of(page, free) == "– nothing is promised"


def test_seven_columns_and_no_more(bo: Client, cast: Cast) -> None:
    urgent(cast, ago=HOUR)
    page = bo.get(QUEUE, {"v": "teams"})
    assert len(page.context["columns"]) == 7
    html = page.content.decode()
    assert html.count('role="columnheader"') == 7
    body = html[html.index("<tbody") : html.index("</tbody>")]
    assert body.count('role="cell"') + body.count('role="rowheader"') == 7


@pytest.mark.parametrize(("sort", "aria"), [("due", "asc"), ("-due", "desc")])
def test_it_is_sorted_by_time_left(
    sort: str, aria: str, bo: Client, cast: Cast
) -> None:
    late, near = urgent(cast, ago=5 * HOUR), urgent(cast, ago=timedelta())
    (free,) = make_incidents(1, cast, severity=1)
    page = bo.get(QUEUE, {"v": "teams", "sort": sort})
    order = [row.incident.pk for row in page.context["rows"]]
    dated = [late.pk, near.pk]
    assert order == [*(dated if sort == "due" else dated[::-1]), free.pk]
    assert f'class="q-time" aria-sort="{aria}ending"' in page.content.decode()


def test_overdue_comes_before_due_within_a_severity(bo: Client, cast: Cast) -> None:
    near = urgent(cast, ago=timedelta(), people_affected=900)
    late = urgent(cast, ago=5 * HOUR)
    page = bo.get(QUEUE, {"v": "teams"})
    assert [row.incident.pk for row in page.context["rows"]] == [late.pk, near.pk]


def test_what_is_taken_next_is_what_is_due_next(cast: Cast) -> None:
    urgent(cast, ago=timedelta(minutes=1), people_affected=900)
    late = urgent(cast, ago=5 * HOUR)
    assert services.take_next(by=cast.bo) == late


def test_it_is_narrowed_by_how_its_promises_stand(bo: Client, cast: Cast) -> None:
    late = urgent(cast, ago=5 * HOUR)
    near = urgent(cast, ago=timedelta())
    solved_late = stories.closed(cast, of=_solved_late(cast))
    waits = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
    make_incidents(3, cast)
    assert found(bo, due="overdue") == {late.pk}
    assert found(bo, due="soon") == {near.pk}
    assert found(bo, due="missed") == {late.pk, solved_late.pk}
    assert found(bo, due="paused") == {waits.pk}
    page = bo.get(QUEUE, {"v": "all", "due": "soon"})
    (chip,) = page.context["chips"]
    assert (chip.label, chip.value) == ("Promise", "due in the next 4 hours")


def _solved_late(cast: Cast) -> Incident:
    """Its response was missed; afterwards all went well."""
    incident = urgent(cast, ago=2 * HOUR)
    services.take_incident(incident.pk, by=cast.bo, expected_version=None)
    services.report_works_again(incident.pk, by=cast.ann)
    return stories.again(incident)


@pytest.mark.parametrize("minutes", [-241, -239, -1, 1, 239, 241])
def test_soon_ends_after_four_hours_and_begins_now(
    minutes: int, bo: Client, cast: Cast
) -> None:
    due_at = clock.now() + timedelta(minutes=minutes)
    (one,) = make_incidents(1, cast, due_at=due_at)
    assert found(bo, due="soon") == ({one.pk} if 0 < minutes < 240 else set())
    assert found(bo, due="overdue") == ({one.pk} if minutes < 0 else set())


def test_the_views_hold_ones_own_teams(bo: Client, cast: Cast) -> None:
    late, near = urgent(cast, ago=5 * HOUR), urgent(cast, ago=timedelta())
    for view, expected in (("overdue", late), ("due", near)):
        page = bo.get(QUEUE, {"v": view})
        assert [row.incident.pk for row in page.context["rows"]] == [expected.pk]
        (tab,) = [tab for tab in page.context["tabs"] if tab.is_current]
        assert tab.count == "1"
    bo.force_login(cast.ned)
    assert bo.get(QUEUE, {"v": "overdue"}).context["total"] == 0


def test_nothing_due_points_to_what_has_no_owner(bo: Client, cast: Cast) -> None:
    make_incidents(12, cast, stories=[("incident.report",)])
    html = bo.get(QUEUE, {"v": "due"}).content.decode()
    assert "Nothing due in the next 4 hours" in html
    assert "12 tickets of your teams have no owner" in html


def test_clocks_cost_two_questions_however_many_rows(
    bo: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(12) as queries:
            bo.get(QUEUE, {"v": "teams"})
        return len(queries)

    promise(make_incidents(2, cast, severity=1))
    few = asked()
    promise(make_incidents(40, cast))
    for _reply in range(5):
        _update_all(cast)
    assert asked() == few


def _update_all(cast: Cast) -> None:
    """One more cycle of the promise of updates."""
    incident = Incident.objects.filter(owner=cast.bo)[0]
    services.reply_to_reporter(
        incident.pk, by=cast.bo, expected_version=None, message="We look."
    )


def test_first_page_is_read_through_the_index_of_the_rank(
    bo: Client, cast: Cast
) -> None:
    """Fifty rows of thousands are read, and nothing is sorted. Beside each, at most the
    one that it is part of, by its number."""
    make_incidents(MANY, cast)
    sql(
        "UPDATE incidents_incident"
        " SET due_at = reported_at + (id %% 977) * interval '7 minutes'"
    )
    connection.check_constraints()
    sql("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        bo.get(QUEUE, {"v": "teams"})
    (page,) = [
        each["sql"]
        for each in queries
        if "LIMIT 50" in each["sql"] and '"due_at" ASC NULLS LAST' in each["sql"]
    ]
    nodes = plan(page)
    scans = [one for one in nodes if one.get("Relation Name") == "incidents_incident"]
    (ranked,) = [one for one in scans if one["Index Name"] == "incident_open_by_rank"]
    assert ranked["Actual Rows"] <= 51
    for whole in scans:
        if whole is not ranked:
            assert whole["Index Name"] == "incidents_incident_pkey"
            assert whole["Actual Rows"] <= 1
            assert whole["Actual Loops"] <= 51
    sorts = [one for one in nodes if "Sort" in one["Node Type"]]
    assert all(one["Actual Rows"] <= 1 for one in sorts)


def plan(statement: str) -> list[dict[str, Any]]:
    """Every node of what PostgreSQL does for it."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement.replace("%", "%%"))
        (answer,) = cursor.fetchone()
    found = json.loads(answer) if isinstance(answer, str) else answer
    nodes, left = [], [found[0]["Plan"]]
    while left:
        node = left.pop()
        nodes.append(node)
        left += node.get("Plans", [])
    return nodes
