"""What ladders told, on the page of a team and in the hand-over."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Team
from activity import clock
from incidents import figures as counted
from incidents import services
from incidents.ladders.listed import ladders_shown
from incidents.ladders.shown import Shown
from incidents.models import Incident
from incidents.views.workspace import gathered
from tests.incidents import stories
from tests.incidents.ladders.climbs import (
    another_promise,
    answered,
    ladder,
    minutes,
    staff,
    swept,
)
from tests.incidents.shifts.pages import (
    HANDOVER,
    also,
    figures,
    line_of,
    page_of,
    read,
    shown,
)
from tests.people import Cast

LATELY = {"since": "8h"}


@pytest.fixture
def ticket(cast: Cast) -> Incident:
    """Lea is told after 180 minutes, Max after 240, Cy when he does not answer."""
    ladder()
    staff(cast)
    return answered(cast)


def told_in_vain() -> set[int]:
    return set(
        Incident.objects.filter(counted.told_in_vain()).values_list("pk", flat=True)
    )


def attend(incident: Incident, cast: Cast, at: float) -> None:
    with clock.frozen_at(minutes(at)):
        services.acknowledge_attention(incident.pk, by=cast.lea)


def reject(incident: Incident, cast: Cast, at: float) -> None:
    with clock.frozen_at(minutes(at)):
        stories.resolved(cast, of=stories.again(incident))
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Blank.")


def urge(incident: Incident, cast: Cast, at: float) -> None:
    with clock.frozen_at(minutes(at)):
        services.urge(incident.pk, by=cast.ann, reason="The ward waits.")


# --- the page of a team -------------------------------------------------------------


def test_a_call_counts_from_the_rung_to_the_answer(
    cast: Cast, ticket: Incident
) -> None:
    def number(at: float) -> int:
        return figures(read(cast.lea, page_of(cast.desk), minutes(at)))["told"]

    assert number(179) == 0
    swept(180)
    assert number(181) == 1
    attend(ticket, cast, 190)
    assert number(191) == 0


def test_what_came_back_is_another_climb(cast: Cast, ticket: Incident) -> None:
    swept(180)
    reject(ticket, cast, 185)
    assert told_in_vain() == set()


def test_an_answer_to_one_call_does_not_answer_the_next(
    cast: Cast, ticket: Incident
) -> None:
    swept(180)
    attend(ticket, cast, 181)
    urge(ticket, cast, 182)
    swept(182)
    assert told_in_vain() == {ticket.pk}
    attend(ticket, cast, 183)
    assert told_in_vain() == set()


def test_where_nobody_was_there_to_be_told_nobody_has_to_answer(cast: Cast) -> None:
    ladder()
    alone = answered(cast)
    Team.objects.filter(pk=cast.desk.pk).update(lead=None)
    swept(180)
    assert stories.again(alone).attention == 1
    assert told_in_vain() == set()


def test_only_the_climb_that_goes_on_waits_for_an_answer(
    cast: Cast, ticket: Incident
) -> None:
    """Lea was told; then it began anew, and the first rung found nobody."""
    swept(180)
    assert told_in_vain() == {ticket.pk}
    Team.objects.filter(pk=cast.desk.pk).update(lead=None)
    reject(ticket, cast, 182)
    swept(182)
    assert told_in_vain() == set()


def test_what_is_solved_waits_for_nobody(cast: Cast, ticket: Incident) -> None:
    swept(180)
    with clock.frozen_at(minutes(185)):
        stories.resolved(cast, of=stories.again(ticket))
    assert told_in_vain() == set()


def test_the_next_rung_is_there_two_hours_before(cast: Cast, ticket: Incident) -> None:
    def number(at: float) -> int:
        return figures(read(cast.lea, page_of(cast.desk), minutes(at)))["next-rung"]

    assert [number(59.9), number(60), number(179), number(185)] == [0, 1, 1, 1]
    attend_to = swept(180)
    assert attend_to.total
    attend(ticket, cast, 181)
    assert number(182) == 0


@pytest.mark.parametrize("name", ["lea", "max", "ida"])
@pytest.mark.parametrize("show", ["told", "next-rung"])
def test_each_number_opens_its_rows(
    name: str, show: str, cast: Cast, ticket: Incident
) -> None:
    swept(180)
    with clock.frozen_at(minutes(181)):
        stories.reported(cast)
    page = read(getattr(cast, name), page_of(cast.desk), minutes(182), show=show)
    assert figures(page)[show] == len(page.context["rows"]) > 0
    assert ticket.reference in page.content.decode()
    if name != "lea":
        assert ticket.title not in page.content.decode()
        assert "Bo Berg" not in page.content.decode()


# --- hand-over ----------------------------------------------------------------------


def words_of(line: Any) -> tuple[str, str, str]:
    """Whom the ladder told, who attends to it, who is next."""
    one = line.ladder
    return (
        one.call.names if one.call else "",
        one.answer.sentence if one.answer else "",
        str(one.next_tells) if one.next_at else "",
    )


def test_attention_says_why_whom_and_that_nobody_answered(
    cast: Cast, ticket: Incident
) -> None:
    swept(180)
    page = read(cast.cy, HANDOVER, minutes(185), **LATELY)
    assert shown(page) == {"attention": [ticket.pk]}
    line = line_of(page, ticket)
    with timezone.override("UTC"):
        told = "75 % of the resolution target at 13:00: Lea Lund was told"
        assert str(line.words) == told
    assert words_of(line) == ("Lea Lund", "", "The manager of the team")
    assert line.ladder.next_at == stories.again(ticket).rung_at
    html = page.content.decode()
    assert "Nobody has answered yet" in html
    assert "The manager of the team" in html


def test_attention_says_who_attends_to_it(cast: Cast, ticket: Incident) -> None:
    swept(180)
    attend(ticket, cast, 190)
    page = read(cast.cy, HANDOVER, minutes(195), **LATELY)
    line = line_of(page, ticket)
    assert words_of(line) == ("Lea Lund", "Lea Lund attends to it", "")
    assert "Nobody has answered yet" not in page.content.decode()


def test_under_another_heading_it_is_said_as_well(cast: Cast, ticket: Incident) -> None:
    swept(180)
    with clock.frozen_at(minutes(182)):
        services.declare_major(
            ticket.pk, by=cast.lea, expected_version=None, reason="All."
        )
    page = read(cast.cy, HANDOVER, minutes(185), **LATELY)
    assert shown(page) == {"major": [ticket.pk]}
    line = line_of(page, ticket)
    assert also(line) == ["Attention from above", "About to be missed"]
    assert not line.says_call
    assert words_of(line)[0] == "Lea Lund"
    assert "Told: Lea Lund" in " ".join(page.content.decode().split())


def test_who_is_next_is_said_two_hours_before(cast: Cast) -> None:
    ladder({"trigger": "resolution_percent", "percent": 75, "tells": "team_lead"})
    with clock.frozen_at(minutes(0)):
        ticket = stories.reported(cast, impact=1, urgency=1)
    early, soon = (
        line_of(read(cast.bo, HANDOVER, minutes(at), since="8h"), ticket)
        for at in (59, 61)
    )
    assert early.ladder is None
    assert words_of(soon) == ("", "", "The lead of the team")


def test_a_rung_that_tells_a_person_says_their_name(cast: Cast) -> None:
    ladder(
        {"trigger": "resolution_percent", "percent": 75, "tells": "person"}
        | {"person": cast.ute}
    )
    ticket = answered(cast)
    line = line_of(read(cast.bo, HANDOVER, minutes(120), **LATELY), ticket)
    assert words_of(line) == ("", "", cast.ute.name)


def test_words_of_the_reporter_are_not_there(cast: Cast, ticket: Incident) -> None:
    with clock.frozen_at(minutes(10)):
        services.urge(ticket.pk, by=cast.ann, reason="canaryurgency")
    swept(10)
    page = read(cast.cy, HANDOVER, minutes(15), **LATELY)
    assert words_of(line_of(page, ticket))[0] == "Bo Berg"
    assert "canaryurgency" not in page.content.decode()


# --- one truth ----------------------------------------------------------------------


def said_by(one: tuple[int, Shown]) -> tuple[Any, ...]:
    """All of it; of the answer the sentence, as lists load no words of people."""
    pk, said = one
    answer = said.answered.sentence if said.answered else ""
    return pk, said.level, said.calls, answer, said.climb, said.next_at


def test_lists_say_what_the_page_of_the_ticket_says(cast: Cast) -> None:
    ladder()
    staff(cast)
    made = [answered(cast, title=f"Climb {number}") for number in range(7)]
    swept(180)
    attend(made[1], cast, 181)
    reject(made[2], cast, 181)
    urge(made[3], cast, 181)
    attend(made[4], cast, 181)
    urge(made[4], cast, 182)
    with clock.frozen_at(minutes(182)):
        stories.resolved(cast, of=stories.again(made[5]))
    with clock.frozen_at(minutes(182)):
        another_promise(made[6], cast)
    for at in (183, 200, 260):
        swept(at)
        rows = list(Incident.objects.select_related("team").order_by("pk"))
        pages = {one.pk: gathered(one, by=cast.lea)["attention"] for one in rows}
        expected = {pk: said for pk, said in pages.items() if said}
        found = ladders_shown(rows, cast.lea)
        assert list(map(said_by, found.items())) == list(map(said_by, expected.items()))
        waiting = {
            pk
            for pk, said in expected.items()
            if said.answered is None and any(call.names for call in said.calls)
        }
        assert told_in_vain() == waiting
        assert waiting


# --- what it costs ------------------------------------------------------------------


def test_many_calls_take_as_many_statements_as_few(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    ladder()
    staff(cast)
    client, asked = Client(), []
    client.force_login(cast.lea)
    for more in (2, 8):
        for _number in range(more):
            answered(cast)
        swept(180)
        with clock.frozen_at(minutes(185)):
            with django_assert_max_num_queries(29) as queries:
                page = client.get(HANDOVER, LATELY)
            with django_assert_max_num_queries(20) as others:
                team = client.get(page_of(cast.desk), {"show": "told"})
        asked.append((len(queries), len(others)))
        assert all(
            line.ladder for _block, lines in page.context["blocks"] for line in lines
        )
        assert len(team.context["rows"]) == Incident.objects.count()
    assert asked[0] == asked[1]
