"""The hand-over between shifts: what happened since one left, each ticket once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Team, User
from activity import clock
from incidents import services
from incidents.models import Incident, ShiftNote
from incidents.shifts.handover import SECTIONS
from incidents.shifts.moments import left_at
from incidents.views.sections import ROWS
from tests.incidents import stories
from tests.incidents.crowd import make_incidents, promise
from tests.incidents.shifts.night import LEFT, night
from tests.incidents.shifts.words import TEXT, seen_by, written
from tests.people import Cast

HANDOVER = reverse("incidents:handover")
WRITE = reverse("incidents:write_shift_note")
NOTES = reverse("incidents:shift_notes")
CANARIES = ("canarycomplaint", "canaryanswer", "canarytransfer")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def bo(cast: Cast) -> Client:
    return as_(cast.bo)


def shown(page: Any) -> dict[str, list[int]]:
    """The rows of the page: numbers by the code of their section."""
    return {
        block.section.code: [line.incident.pk for line in lines]
        for block, lines in page.context["blocks"]
    }


def figures(page: Any) -> dict[str, int]:
    return {one.section.code: one.total for one in page.context["figures"]}


def line_of(page: Any, incident: Incident) -> Any:
    (line,) = [
        line
        for _block, lines in page.context["blocks"]
        for line in lines
        if line.incident.pk == incident.pk
    ]
    return line


# --- what happened ------------------------------------------------------------------


def test_every_section_has_its_ticket_and_no_ticket_stands_twice(
    bo: Client, cast: Cast
) -> None:
    found = night(cast)
    page = bo.get(HANDOVER)
    assert shown(page) == {code: [one.pk] for code, one in found.items()}
    assert page.context["found"].total == len(found)


def test_sections_come_most_urgent_first(bo: Client, cast: Cast) -> None:
    night(cast)
    order = list(shown(bo.get(HANDOVER)))
    assert order == [each.code for each in SECTIONS if each.code in order]
    assert order[0] == "major"


def test_a_row_says_what_happened_when_and_by_whom(bo: Client, cast: Cast) -> None:
    found = night(cast)
    page = bo.get(HANDOVER)
    told = {code: str(line_of(page, one).words) for code, one in found.items()}
    assert told["major"] == "Lea Lund declared it a major incident"
    assert told["back"] == "Ann Archer said that it does not work"
    assert told["attention"] == "Attention from above was raised to level 1"
    assert told["came"] == "Dot Dahl transferred it to Service desk"
    assert told["answered"] == "Ann Archer wrote to the desk"
    assert told["mine"] == "Cy Cole changed the subject"
    assert told["close"] == "Ann Archer confirmed that it works"
    assert told["missed"] == "A promise is past due"
    assert line_of(page, found["back"]).at > page.context["since"]
    assert all(
        one.get_absolute_url() in page.content.decode() for one in found.values()
    )


def test_what_else_fits_is_said_in_its_row(bo: Client, cast: Cast) -> None:
    found = night(cast)
    page = bo.get(HANDOVER)
    assert [str(one) for one in line_of(page, found["missed"]).also] == [
        "Came in, without an owner"
    ]
    assert line_of(page, found["back"]).is_mine
    assert not line_of(page, found["unowned"]).is_mine


def test_without_an_owner_is_what_nobody_owns_now(cast: Cast) -> None:
    """Bo had taken it before it came to Network, where nobody has it until Ned does."""
    up = stories.escalated(cast, of=stories.in_progress(cast))
    ned = as_(cast.ned)
    page = ned.get(HANDOVER, {"since": "8h"})
    assert [str(one) for one in line_of(page, up).also] == ["Came in, without an owner"]
    assert "nobody owns it now, also where somebody did" in page.content.decode()
    assert "has taken" not in page.content.decode()
    stories.in_progress(cast, owner=cast.ned, of=up)
    page = ned.get(HANDOVER, {"since": "8h"})
    assert list(line_of(page, up).also) == []


def test_nothing_that_people_wrote_stands_there(bo: Client, cast: Cast) -> None:
    night(cast)
    html = bo.get(HANDOVER).content.decode()
    assert [word for word in CANARIES if word in html] == []


def test_each_figure_leads_to_exactly_its_rows(bo: Client, cast: Cast) -> None:
    night(cast)
    make_incidents(ROWS + 7, cast, at=clock.now() - timedelta(hours=1))
    page = bo.get(HANDOVER)
    assert sum(figures(page).values()) == page.context["found"].total
    for one in page.context["figures"]:
        if one.href.startswith("#"):
            assert len(shown(page)[one.section.code]) == one.total
            continue
        alone = bo.get(f"{HANDOVER}{one.href}")
        assert shown(alone) == {one.section.code: shown(alone)[one.section.code]}
        assert len(shown(alone)[one.section.code]) == one.total > ROWS


def test_one_section_alone_goes_on_over_pages(bo: Client, cast: Cast) -> None:
    make_incidents(70, cast, stories=[("incident.report",)])
    alone = bo.get(HANDOVER, {"since": "8h", "show": "unowned", "page": "2"})
    assert len(shown(alone)["unowned"]) == 20


def test_an_answer_that_was_answered_waits_for_nobody(bo: Client, cast: Cast) -> None:
    found = night(cast)
    services.reply_to_reporter(
        found["answered"].pk, by=cast.cy, expected_version=None, message="We are on it."
    )
    assert "answered" not in shown(bo.get(HANDOVER, {"since": "8h"}))


def test_what_happened_before_is_not_told_again(bo: Client, cast: Cast) -> None:
    found = night(cast)
    now = timezone.localtime(clock.now())
    moment = f"{now - timedelta(minutes=30):%Y-%m-%dT%H:%M}"
    later = shown(bo.get(HANDOVER, {"since": "time", "moment": moment}))
    # These stand as they are, whenever it was that they came about.
    assert set(later) == {"major", "attention", "missed", "risk", "holds", "close"}
    assert later["major"] == [found["major"].pk]


def test_what_was_escalated_and_what_was_handed_back(bo: Client, cast: Cast) -> None:
    up = stories.escalated(cast)
    ned = as_(cast.ned)
    page = ned.get(HANDOVER, {"since": "8h"})
    assert shown(page) == {"came": [up.pk]}
    assert str(line_of(page, up).words) == "Bo Berg escalated it to Network"
    stories.handed_back(cast, of=up)
    assert shown(ned.get(HANDOVER, {"since": "8h"})) == {}
    page = bo.get(HANDOVER, {"since": "8h"})
    assert shown(page) == {"back": [up.pk]}
    assert str(line_of(page, up).words) == "Ned North handed it back to Service desk"
    stories.checked(up, by=cast.bo)
    again = stories.escalated(cast, of=stories.again(up))
    page = ned.get(HANDOVER, {"since": "8h"})
    assert shown(page) == {"back": [again.pk]}  # They had it before.


# --- since when ---------------------------------------------------------------------


def test_one_left_with_the_last_act_before_a_break(bo: Client, cast: Cast) -> None:
    with clock.frozen_at(clock.now() - LEFT):
        stories.in_progress(cast)
        left = clock.now()
    assert left_at(cast.bo, clock.now()) == left
    stories.in_progress(cast)  # The new shift has begun, and changes nothing.
    assert left_at(cast.bo, clock.now()) == left
    assert bo.get(HANDOVER).context["since"] == left


def test_looking_leaves_no_trace_and_moves_nothing(bo: Client, cast: Cast) -> None:
    night(cast)
    first = bo.get(HANDOVER).context["since"]
    assert bo.get(HANDOVER).context["since"] == first


def test_who_did_nothing_for_two_weeks_reads_the_last_day(
    bo: Client, cast: Cast
) -> None:
    with clock.frozen_at(clock.now() - timedelta(days=15)):
        stories.in_progress(cast)
    page = bo.get(HANDOVER)
    assert not page.context["knows_when"]
    assert page.context["at"] - page.context["since"] == timedelta(days=1)
    assert "You did nothing here in the last 14 days" in page.content.decode()


def test_evening_is_that_of_ones_own_zone(cast: Cast) -> None:
    User.objects.filter(pk=cast.bo.pk).update(time_zone="Asia/Tokyo")
    page = as_(cast.bo).get(HANDOVER, {"since": "evening"})
    with timezone.override("Asia/Tokyo"):
        local = timezone.localtime(page.context["since"])
        today = timezone.localdate(page.context["at"])
    assert (local.hour, local.minute) == (18, 0)
    assert local.date() == today - timedelta(days=1)


@pytest.mark.parametrize("since", [{}, {"since": ""}, {"since": "left"}])
def test_a_time_that_was_entered_counts_by_itself(
    since: dict[str, str], bo: Client
) -> None:
    now = timezone.localtime(clock.now())
    moment = f"{now - timedelta(hours=30):%Y-%m-%dT%H:%M}"
    page = bo.get(HANDOVER, {**since, "moment": moment})
    assert f"{timezone.localtime(page.context['since']):%Y-%m-%dT%H:%M}" == moment
    form = page.context["since_form"]
    assert (form["since"].value(), form["moment"].value()) == ("time", moment)
    assert "Since you left" not in page.content.decode()


def test_beside_another_moment_a_time_is_left_out_and_gone(bo: Client) -> None:
    page = bo.get(HANDOVER, {"since": "8h", "moment": "2020-01-01T10:00"})
    assert page.context["at"] - page.context["since"] == timedelta(hours=8)
    form = page.context["since_form"]
    assert (form["since"].value(), form["moment"].value()) == ("8h", "")
    assert not form.errors


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "left", "moment": "noon"}, "Enter a day and a time"),
        ({"since": "purple"}, "Choose one of these moments."),
        ({"since": "time"}, "Enter the day and the time."),
        ({"since": "time", "moment": "noon"}, "Enter a day and a time"),
        (
            {"since": "time", "moment": "2049-01-01T10:00"},
            "Enter a time that has been.",
        ),
        ({"since": "time", "moment": "2020-01-01T10:00"}, "of the last 14 days."),
    ],
)
def test_a_moment_that_makes_no_sense_is_named_and_left_out(
    asked: dict[str, str], sentence: str, bo: Client, cast: Cast
) -> None:
    with clock.frozen_at(clock.now() - LEFT):
        stories.in_progress(cast)
        left: datetime = clock.now()
    page = bo.get(HANDOVER, asked)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert page.context["since"] == left


# --- whose --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ann", "zed", "max", "ida"])
def test_it_is_for_those_who_work_on_tickets(name: str, cast: Cast) -> None:
    client = as_(getattr(cast, name))
    for address in (HANDOVER, NOTES):
        assert client.get(address).status_code == 403
    assert client.post(WRITE).status_code == 403


def test_another_team_reads_nothing_of_it(cast: Cast) -> None:
    found = night(cast)
    page = as_(cast.ned).get(HANDOVER)
    html = page.content.decode()
    assert shown(page) == {}
    assert TEXT not in html
    assert not [one for one in found.values() if one.reference in html]
    assert "Nothing happened that you have to know" in html


def test_a_resolver_reads_of_their_team_and_not_of_the_desk(cast: Cast) -> None:
    make_incidents(3, cast, team=cast.network, stories=[("incident.report",)])
    make_incidents(3, cast)
    page = as_(cast.ned).get(HANDOVER)
    assert figures(page) == {"unowned": 3}
    assert "Waits for the second key" not in page.content.decode()


def test_who_works_in_two_teams_may_ask_for_one(cast: Cast) -> None:
    Membership.objects.create(user=cast.ned, team=cast.vendor)
    for team in (cast.network, cast.vendor):
        make_incidents(2, cast, team=team, stories=[("incident.report",)])
    ned = as_(cast.ned)
    assert figures(ned.get(HANDOVER)) == {"unowned": 4}
    page = ned.get(HANDOVER, {"team": cast.vendor.pk})
    assert figures(page) == {"unowned": 2}
    foreign = ned.get(HANDOVER, {"team": cast.desk.pk})
    assert figures(foreign) == {"unowned": 4}
    assert "Choose one of your teams." in foreign.content.decode()


# --- words to the next shift --------------------------------------------------------


def form(team: Team, **given: Any) -> dict[str, Any]:
    return {"text": TEXT, "team": team.pk, "submission": uuid4(), **given}


def test_a_word_is_written_in_place_read_and_seen_by_one_press(cast: Cast) -> None:
    answer = as_(cast.bo).post(f"{WRITE}?since=8h", form(cast.desk))
    assert answer["Location"] == f"{HANDOVER}?since=8h"
    note = ShiftNote.objects.get()
    cy = as_(cast.cy)
    assert TEXT in cy.get(HANDOVER).content.decode()
    seen = reverse("incidents:see_shift_note", args=[note.pk])
    assert cy.post(f"{seen}?since=8h")["Location"] == f"{HANDOVER}?since=8h"
    assert TEXT not in cy.get(HANDOVER).content.decode()
    kept = cy.get(NOTES).content.decode()
    assert TEXT in kept
    assert "seen by" in kept
    assert seen_by(note) == [cast.cy]


def test_what_was_typed_stays_when_it_is_refused(bo: Client, cast: Cast) -> None:
    Membership.objects.create(user=cast.bo, team=cast.network)
    page = as_(User.objects.get(pk=cast.bo.pk)).post(
        WRITE, form(cast.vendor, text="Half a word")
    )
    html = page.content.decode()
    assert page.status_code == 200
    assert "Half a word" in html
    assert "Choose one of your teams." in html
    assert not ShiftNote.objects.exists()


def test_an_empty_word_is_refused_beside_its_field(bo: Client, cast: Cast) -> None:
    page = bo.post(WRITE, form(cast.desk, text="   "))
    assert page.status_code == 200
    assert page.context["form"].errors["text"] == [
        "Write what the next shift should know."
    ]


def test_of_another_team_it_is_as_if_it_were_not_there(cast: Cast) -> None:
    note = written(cast)
    ned = as_(cast.ned)
    for name in ("see_shift_note", "redact_shift_note"):
        address = reverse(f"incidents:{name}", args=[note.pk])
        assert ned.post(address).status_code == 404
    assert TEXT not in ned.get(NOTES).content.decode()


def test_taking_the_text_away_asks_once_and_leaves_that_it_was_there(
    bo: Client, cast: Cast
) -> None:
    note = written(cast)
    address = reverse("incidents:redact_shift_note", args=[note.pk])
    assert "It cannot be brought back" in bo.get(address).content.decode()
    assert TEXT in bo.get(NOTES).content.decode()
    bo.post(address)
    kept = as_(cast.cy).get(NOTES).content.decode()
    assert TEXT not in kept
    assert "Bo Berg took the text away" in kept
    assert as_(cast.cy).get(address).status_code == 403


def test_empty_pages_say_what_would_be_there(bo: Client, cast: Cast) -> None:
    assert "Nothing happened that you have to know" in bo.get(HANDOVER).content.decode()
    assert "Nobody has left a word yet" in bo.get(NOTES).content.decode()


# --- what it costs ------------------------------------------------------------------


def test_many_tickets_take_as_many_statements_as_few(
    bo: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    night(cast)
    asked = []
    for more in (10, 500):
        promise(make_incidents(more, cast, at=clock.now() - timedelta(hours=1)))
        with django_assert_max_num_queries(23) as queries:
            bo.get(HANDOVER)
        asked.append(len(queries))
    assert asked[0] == asked[1]
