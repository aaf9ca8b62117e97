"""What a team agreed to, on its page and in the hand-over: as the ticket says it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Team, User
from activity import clock
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Incident
from incidents.tiers.faces import agreed_face
from incidents.tiers.path import path_of
from incidents.tiers.present import agreed_faces, past_own_target
from sla.services import agreements_of
from tests.incidents import stories
from tests.incidents.crowd import make_incidents
from tests.incidents.shifts.pages import (
    HANDOVER,
    also,
    figures,
    line_of,
    page_of,
    read,
    shown,
)
from tests.incidents.shifts.test_my_work import MY_WORK
from tests.incidents.tiers.test_path import HOUR, NINE, agree, at
from tests.people import Cast

LATELY = {"since": "8h"}


@pytest.fixture
def up(cast: Cast) -> Incident:
    """Network gets it at 10, by an agreement of two hours."""
    agree(cast.network, 120)
    with clock.frozen_at(NINE):
        ticket = stories.in_progress(cast)
    with clock.frozen_at(at(1)):
        stories.escalated(cast, of=ticket)
    return stories.again(ticket)


def waits(
    incident: Incident, cast: Cast, reason: str, *, owner: User | None = None
) -> None:
    """Ned has taken it, or ``owner``, and waits."""
    taken = stories.again(incident)
    if taken.owner_id is None:
        taken = stories.in_progress(cast, of=taken, owner=owner or cast.ned)
    until = clock.now() + timedelta(days=2)
    stories.on_hold(cast, of=taken, reason=reason, until=until)


# --- hand-over ----------------------------------------------------------------------


def test_a_row_says_how_much_is_left_of_it(cast: Cast, up: Incident) -> None:
    line = line_of(read(cast.ned, HANDOVER, at(2), **LATELY), up)
    assert (line.agreed.words, line.agreed.look) == ("1 h left", "on-track")
    html = read(cast.ned, HANDOVER, at(4), **LATELY).content.decode()
    assert "1 h overdue" in html


def test_what_is_past_it_says_so_beside_what_happened(cast: Cast, up: Incident) -> None:
    """It stands under what happened, as before, and the number is not of another."""
    early, later = (read(cast.ned, HANDOVER, at(n), **LATELY) for n in (3, 3.1))
    assert shown(early) == shown(later) == {"came": [up.pk]}
    assert "Past our own target" not in also(line_of(early, up))
    assert "Past our own target" in also(line_of(later, up))


def test_where_nothing_happened_it_stands_under_a_heading_of_its_own(
    cast: Cast, up: Incident
) -> None:
    moment = at(14).strftime("%Y-%m-%dT%H:%M")
    page = read(cast.ned, HANDOVER, at(15), since="time", moment=moment)
    assert shown(page) == {"own-target": [up.pk]}
    line = line_of(page, up)
    assert str(line.words) == "Bo Berg escalated it to Network"
    assert line.at == at(1)


def test_desk_reads_how_long_another_team_has_its_ticket(
    cast: Cast, up: Incident
) -> None:
    with clock.frozen_at(at(2)):
        services.declare_major(up.pk, by=cast.lea, expected_version=None, reason="All.")
    line = line_of(read(cast.bo, HANDOVER, at(4), **LATELY), up)
    assert line.agreed.words == "1 h overdue"
    assert line.also == []  # It is not past the desk's own target.


def test_it_stands_still_while_others_owe_something(cast: Cast, up: Incident) -> None:
    with clock.frozen_at(at(2)):
        waits(up, cast, HoldReason.AWAITING_SUPPLIER)
    page = read(cast.ned, HANDOVER, at(8), **LATELY)
    line = line_of(page, up)
    assert line.agreed.look == "paused"
    assert line.agreed.words == "Paused · waiting for a supplier"


def test_a_team_that_agreed_to_nothing_says_nothing(cast: Cast) -> None:
    agree(cast.network, 60)
    with clock.frozen_at(NINE):
        ours = stories.reported(cast)
    page = read(cast.bo, HANDOVER, at(5), **LATELY)
    assert line_of(page, ours).agreed is None
    assert "Agreed:" not in page.content.decode()


# --- my work ------------------------------------------------------------------------


def test_where_a_resolver_starts_each_row_says_how_it_stands(
    cast: Cast, up: Incident
) -> None:
    with clock.frozen_at(at(2)):
        waiting = stories.escalated(cast, title="Waits")
        waits(waiting, cast, HoldReason.AWAITING_SUPPLIER)
    page = read(cast.ned, MY_WORK, at(4))
    rows = {row.incident.pk: row for _, rows in page.context["blocks"] for row in rows}
    assert rows[up.pk].agreed.words == "1 h overdue"
    assert rows[waiting.pk].agreed.words == "Paused · waiting for a supplier"
    assert page.content.decode().count("Agreed:") == 2


def test_it_is_silent_where_the_team_agreed_to_nothing(cast: Cast) -> None:
    agree(cast.desk, 120)
    with clock.frozen_at(NINE):
        stories.escalated(cast)
    assert "Agreed:" not in read(cast.ned, MY_WORK, at(4)).content.decode()


# --- the page of a team -------------------------------------------------------------


@pytest.mark.parametrize("name", ["ned", "bo", "max", "ida"])
def test_a_team_s_page_has_its_target_and_who_is_past_it(
    name: str, cast: Cast, up: Incident
) -> None:
    reader = getattr(cast, name)
    with clock.frozen_at(at(4)):
        stories.escalated(cast, title="Zanzibar")
    page = read(reader, page_of(cast.network), at(4.5))
    html = page.content.decode()
    assert "Own target: 2 h of “Around the clock”" in html
    assert (figures(page)["with-us"], figures(page)["own-target"]) == (2, 1)
    alone = read(reader, page_of(cast.network), at(4.5), show="own-target")
    (row,) = alone.context["rows"]
    assert row.agreed.words == "1 h 30 min overdue"
    assert up.reference in alone.content.decode()
    assert "1 h 30 min overdue" in alone.content.decode()


@pytest.mark.parametrize("name", ["max", "ida"])
def test_managers_read_how_it_stands_without_a_word(
    name: str, cast: Cast, up: Incident
) -> None:
    for show in ("with-us", "own-target"):
        address = page_of(cast.network)
        html = read(getattr(cast, name), address, at(4), show=show).content.decode()
        assert "1 h overdue" in html
        assert up.title not in html
        assert "Ned North" not in html


def test_without_a_target_there_is_no_number_of_it(cast: Cast, up: Incident) -> None:
    page = read(cast.bo, page_of(cast.desk), at(4))
    assert "own-target" not in figures(page)
    assert "Own target" not in page.content.decode()
    asked = read(cast.bo, page_of(cast.desk), at(4), show="own-target")
    assert asked.context["shown"].code == "with-us"


def test_a_target_that_nobody_is_past_says_none(cast: Cast, up: Incident) -> None:
    page = read(cast.ned, page_of(cast.network), at(2), show="own-target")
    assert figures(page)["own-target"] == 0
    assert page.context["rows"] == []
    assert "None just now." in page.content.decode()


def late(moment: datetime) -> set[int]:
    agreements = agreements_of(Team.objects.values_list("pk", flat=True))
    past = Incident.objects.filter(past_own_target(agreements, moment))
    return set(past.values_list("pk", flat=True))


# --- one truth ----------------------------------------------------------------------


def lives(cast: Cast) -> None:
    """Back and forth, on hold for the one and for the other reason, solved, ended."""
    agree(cast.desk, 90)
    agree(cast.network, 120)
    with clock.frozen_at(NINE):
        stories.reported(cast)
        made = [stories.in_progress(cast) for _number in range(4)]
        stories.closed(cast)
        stories.resolved(cast)
    with clock.frozen_at(at(1)):
        made = [stories.escalated(cast, of=stories.again(one)) for one in made]
    with clock.frozen_at(at(1.5)):
        stories.handed_back(cast, of=made[0])
        waits(made[1], cast, HoldReason.AWAITING_SUPPLIER)
        waits(made[2], cast, HoldReason.AWAITING_CHANGE)
        waits(made[3], cast, HoldReason.AWAITING_SUPPLIER)
    with clock.frozen_at(at(2)):
        services.resume_incident(made[1].pk, by=cast.ned, expected_version=None)


@pytest.mark.parametrize("hours", [2, 2.6, 3.1, 4, 20])
def test_lists_say_what_the_page_of_the_ticket_says(hours: float, cast: Cast) -> None:
    lives(cast)
    moment = at(hours)
    everything = list(Incident.objects.order_by("pk"))
    agreements = agreements_of(Team.objects.values_list("pk", flat=True))
    holds = {one.pk: one.hold_reason for one in everything}
    found = agreed_faces(holds, agreements, moment)
    expected = {
        one.pk: agreed_face(now, hold=one.hold_reason)
        for one in everything
        if (now := path_of(one, moment).now) is not None and now.agreed is not None
    }
    assert found == expected
    assert len(found) == 5
    overdue = {pk for pk, one in expected.items() if one and one.look == "overdue"}
    assert late(moment) == overdue


def test_used_up_is_not_yet_past(cast: Cast) -> None:
    """As on the page of the ticket, it holds to its last moment."""
    agree(cast.desk, 60)
    with clock.frozen_at(NINE):
        ours = stories.reported(cast)
    assert late(NINE + HOUR) == set()
    assert late(NINE + HOUR + timedelta(microseconds=1)) == {ours.pk}


def test_hours_in_which_the_team_does_not_work_are_not_counted(cast: Cast) -> None:
    agree(cast.desk, 120, calendar="Working hours")
    saturday = NINE + timedelta(days=5)
    with clock.frozen_at(saturday):
        stories.reported(cast)
    assert late(saturday + timedelta(hours=30)) == set()
    assert late(saturday + timedelta(days=3)) != set()


# --- what it costs ------------------------------------------------------------------


@pytest.fixture
def known(cast: Cast) -> Cast:
    """The desk has a target, and its calendar was read once in this process."""
    agree(cast.desk, 60)
    agreements_of([cast.desk.pk])
    return cast


@pytest.mark.parametrize("who", ["lea", "max"])
def test_many_tickets_take_as_many_statements_as_few(
    who: str, known: Cast, django_assert_max_num_queries: Any
) -> None:
    client, asked = Client(), []
    client.force_login(getattr(known, who))
    for more in (60, 300):
        make_incidents(more, known, at=clock.now() - timedelta(hours=3))
        with django_assert_max_num_queries(20) as queries:
            page = client.get(page_of(known.desk))
        asked.append(len(queries))
        assert figures(page)["own-target"] == Incident.objects.count()
    assert asked[0] == asked[1]


def test_so_does_the_hand_over(known: Cast, django_assert_max_num_queries: Any) -> None:
    client, asked = Client(), []
    client.force_login(known.lea)
    for more in (60, 300):
        made = make_incidents(more, known, at=clock.now() - timedelta(hours=3))
        waits(made[2], known, HoldReason.AWAITING_SUPPLIER, owner=known.bo)
        with django_assert_max_num_queries(25) as queries:
            page = client.get(HANDOVER, LATELY)
        asked.append(len(queries))
        assert all(
            line.agreed for _block, lines in page.context["blocks"] for line in lines
        )
    assert asked[0] == asked[1]
