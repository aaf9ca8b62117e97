"""A team's page: every figure opens its rows, and managers read no word of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Team, User
from activity import clock
from incidents import services
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.crowd import make_incidents, promise
from tests.people import Cast

TEAMS = reverse("incidents:teams")
CANARY = "Zanzibar"


def page_of(team: Team) -> str:
    return reverse("incidents:team", args=[team.pk])


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """The desk has nine: by turns new, assigned, and Bo's; one came back."""
    make_incidents(9, cast, titles=[CANARY])
    back = stories.resolved(cast, title=CANARY)
    services.reject_resolution(back.pk, by=cast.ann, complaint=CANARY)
    soon = clock.now() + timedelta(minutes=20)
    Incident.objects.filter(pk=back.pk).update(due_at=soon)
    return cast


def figures(page: Any) -> dict[str, int]:
    return {section.code: count for section, count in page.context["figures"]}


@pytest.mark.parametrize("name", ["bo", "lea", "max", "ida"])
def test_every_figure_opens_exactly_its_rows(name: str, busy: Cast) -> None:
    client = as_(getattr(busy, name))
    told = figures(client.get(page_of(busy.desk)))
    assert told == {
        "with-us": 10,
        "unowned": 6,
        "back": 1,
        "attention": 0,
        "risk": 1,
        "told": 0,
        "next-rung": 0,
        "held": 0,
    }
    for code, count in told.items():
        page = client.get(page_of(busy.desk), {"show": code})
        assert page.context["shown"].code == code
        assert len(page.context["rows"]) == count


def test_load_of_each_person_opens_what_they_have_here(busy: Cast) -> None:
    make_incidents(3, busy, team=busy.network, owner=busy.ned)
    client = as_(busy.lea)
    load = {
        person.name: person.open_count
        for person in client.get(page_of(busy.desk)).context["people"]
    }
    assert load == {"Bo Berg": 4, "Cy Cole": 0, "Lea Lund": 0}
    page = client.get(page_of(busy.desk), {"show": f"person-{busy.bo.pk}"})
    assert len(page.context["rows"]) == 4
    assert {row.incident.owner_id for row in page.context["rows"]} == {busy.bo.pk}


def test_who_is_away_is_said(busy: Cast) -> None:
    until = clock.now() + timedelta(days=3)
    Membership.objects.filter(user=busy.cy).update(away_until=until)
    assert "Away until" in as_(busy.bo).get(page_of(busy.desk)).content.decode()
    html = as_(busy.max).get(page_of(busy.desk)).content.decode()
    assert "Cy Cole" not in html
    assert "1 of them away" in html


def test_paths_up_and_down_are_there(cast: Cast) -> None:
    page = as_(cast.ned).get(page_of(cast.network))
    assert page.context["escalates_to"] == [cast.vendor]
    assert page.context["receives_from"] == [cast.desk]


def words_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.mark.parametrize("name", ["max", "ida"])
@pytest.mark.parametrize("show", ["", "unowned", "back", "risk", "person-1"])
def test_managers_read_numbers_and_times_and_no_word(
    name: str, show: str, busy: Cast
) -> None:
    page = as_(getattr(busy, name)).get(page_of(busy.desk), {"show": show})
    html = page.content.decode()
    assert CANARY not in html
    assert "/tickets/" not in html
    assert not [person for person in ("Ann Archer", "Bo Berg") if person in html]
    assert page.context["rows"][0].reference in html


def test_a_promise_that_is_past_is_called_late_to_managers(busy: Cast) -> None:
    """In a word, and only that one."""
    late = Incident.objects.filter(team=busy.desk, due_at=None).first()
    assert late is not None
    past = clock.now() - timedelta(minutes=3)
    Incident.objects.filter(pk=late.pk).update(due_at=past)
    page = as_(busy.max).get(page_of(busy.desk))
    called = [row.reference for row in page.context["rows"] if row.is_late]
    assert called == [late.reference]
    assert words_of(page).count("Late, was due") == 1


def test_asking_a_manager_s_page_for_one_person_tells_nothing(busy: Cast) -> None:
    client = as_(busy.max)
    asked = client.get(page_of(busy.desk), {"show": f"person-{busy.bo.pk}"})
    assert asked.context["shown"].code == "with-us"
    desk = as_(busy.bo).get(page_of(busy.network), {"show": f"person-{busy.ned.pk}"})
    assert desk.context["shown"].code == "with-us"


def test_desk_reads_other_teams_but_not_who_has_how_much(busy: Cast) -> None:
    make_incidents(3, busy, team=busy.network, owner=busy.ned)
    page = as_(busy.bo).get(page_of(busy.network))
    assert len(page.context["rows"]) == 3
    assert not page.context["reads_load"]
    assert f"person-{busy.ned.pk}" not in page.content.decode()


@pytest.mark.parametrize("name", ["ann", "zed", "ned"])
def test_a_foreign_team_is_as_if_it_were_not_there(name: str, busy: Cast) -> None:
    client = as_(getattr(busy, name))
    assert client.get(page_of(busy.vendor)).status_code == 404
    assert client.get(page_of(busy.desk)).status_code == 404


def test_who_manages_a_team_reads_its_figures_without_a_role(busy: Cast) -> None:
    Team.objects.filter(pk=busy.desk.pk).update(manager=busy.zed)
    client = as_(busy.zed)
    assert CANARY not in client.get(page_of(busy.desk)).content.decode()
    assert client.get(page_of(busy.network)).status_code == 404


def test_who_manages_a_team_finds_it_in_the_list(busy: Cast) -> None:
    """Without a role, and as long as the team is there."""
    assert as_(busy.zed).get(TEAMS).status_code == 403
    Team.objects.filter(pk=busy.vendor.pk).update(manager=busy.zed)
    page = as_(busy.zed).get(TEAMS)
    assert list(page.context["teams"]) == [busy.vendor]
    assert f'href="{TEAMS}"' in as_(busy.zed).get("/").content.decode()
    Team.objects.filter(pk=busy.vendor.pk).update(is_active=False)
    assert as_(busy.zed).get(TEAMS).status_code == 403


def test_a_manager_who_works_there_reads_it_in_full(busy: Cast) -> None:
    Membership.objects.create(user=busy.max, team=busy.desk)
    assert CANARY in as_(busy.max).get(page_of(busy.desk)).content.decode()


def test_what_is_dissolved_has_no_page(cast: Cast) -> None:
    Team.objects.filter(pk=cast.vendor.pk).update(is_active=False)
    assert as_(cast.bo).get(page_of(cast.vendor)).status_code == 404


@pytest.mark.parametrize(
    ("name", "teams"),
    [
        ("bo", ["Service desk", "Network", "Vendor"]),
        ("ned", ["Network"]),
        ("max", ["Service desk", "Network", "Vendor"]),
    ],
)
def test_the_list_holds_whose_figures_one_may_read(
    name: str, teams: list[str], busy: Cast
) -> None:
    page = as_(getattr(busy, name)).get(TEAMS)
    found = {team.name: team.open_count for team in page.context["teams"]}
    assert list(found) == teams
    assert found.get("Service desk", 10) == 10


def test_many_tickets_take_as_many_statements_as_few(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client, asked = as_(cast.lea), []
    for more in (60, 500):
        promise(make_incidents(more, cast))
        with django_assert_max_num_queries(17) as queries:
            client.get(page_of(cast.desk))
        asked.append(len(queries))
    assert asked[0] == asked[1]
