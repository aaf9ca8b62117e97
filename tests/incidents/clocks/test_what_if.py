"""What would have been: read from the incident's own events, and never written."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activity import clock
from activity.models import Event
from incidents.clocks.what_if import Supposition, events_of, tiers_of_teams
from incidents.codes import HoldReason
from incidents.forms.supposing import SuppositionForm
from incidents.models import Clock, Incident, PolicyMatch
from incidents.replay.step import State as Row
from incidents.replay.step import TeamName
from sla.clock import Reading, explain
from sla.codes import Metric, OnMove, Pause, State
from sla.models import PolicyVersion
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.incidents.replay.imported import ACTIVE, ENDED, REPORTED, SOLVED, WAITING
from tests.people import Cast

HOUR = timedelta(hours=1)
# A Friday: six hours later its weekend begins.
FRIDAY = datetime(2026, 3, 6, 18, tzinfo=UTC)
LATER = FRIDAY + 1000 * HOUR
QUEUED = imported.SENT_ON
SUPPLIER = Row("Awaiting Vendor", "on_hold", HoldReason.AWAITING_SUPPLIER)


def log(cast: Cast, *rows: tuple[float, Row, dict[str, Any]]) -> Incident:
    """One incident whose rows came so many hours after FRIDAY, SEV4 unless a row
    says something else."""
    steps = [
        imported.step(
            cast,
            state,
            line=line,
            number="INC7",
            first=FRIDAY,
            **{"at": FRIDAY + hours * HOUR} | values,
        )
        for line, (hours, state, values) in enumerate(rows, start=2)
    ]
    imported.taken(steps)
    return Incident.objects.get(imported__number="INC7")


def supposed(**given: Any) -> Supposition:
    said = {"sev4": "100 h", "hours": "24x5", "zone": "UTC"} | given
    form = SuppositionForm(QueryDict(urlencode(said, doseq=True)))
    assert form.is_valid(), form.errors
    return form.supposition


def readings(
    incident: Incident, what: Supposition, metric: Metric = Metric.RESOLUTION
) -> list[Reading]:
    events = list(events_of([incident.pk]))
    return what.readings(events, metric, LATER, tiers=tiers_of_teams())


def hours(reading: Reading) -> float:
    return reading.elapsed / HOUR


def test_the_weekend_is_not_counted_and_it_ends_when_the_log_solves_it(
    cast: Cast,
) -> None:
    """Six hours of Friday, none of the weekend, ten of Monday."""
    incident = log(
        cast, (0, REPORTED, {}), (1, ACTIVE, {}), (64, SOLVED, {}), (184, ENDED, {})
    )
    (reading,) = readings(incident, supposed())
    assert (hours(reading), reading.state) == (16, State.MET)
    assert reading.stopped_at == FRIDAY + 64 * HOUR
    (late,) = readings(incident, supposed(sev4="15 h"))
    assert (late.state, late.breached_at) == (State.MISSED, FRIDAY + 63 * HOUR)


def test_it_may_end_only_when_the_log_closes_it(cast: Cast) -> None:
    incident = log(cast, (0, REPORTED, {}), (64, SOLVED, {}), (184, ENDED, {}))
    (reading,) = readings(incident, supposed(stops_at="closed"))
    # Until Saturday; from Monday to Friday; and until Saturday 10:00, not counted.
    assert (hours(reading), reading.state) == (6 + 120, State.MISSED)


def test_work_that_begins_answers(cast: Cast) -> None:
    version = PolicyVersion.objects.published().get(severity=4)
    incident = log(cast, (0, REPORTED, {}), (63, QUEUED, {}), (87, ACTIVE, {}))
    (reading,) = readings(incident, Supposition.of({4: version}), Metric.RESPONSE)
    # By the working hours of this desk: Monday from 9 to 17; Tuesday from 8 to 9.
    assert reading.stopped_at == FRIDAY + 87 * HOUR
    assert (hours(reading), reading.state) == (9 + 1, State.MISSED)
    assert reading.policy == version.pk


@pytest.mark.parametrize(
    ("pauses", "counted"),
    [
        ([], 3 + 1 + 2),
        ([Pause.AWAITING_REPORTER], 3 + 2),
        ([Pause.AWAITING_SUPPLIER], 3 + 1),
        ([Pause.AWAITING_REPORTER, Pause.AWAITING_SUPPLIER], 3),
    ],
)
def test_a_hold_of_the_log_pauses_for_its_reason(
    cast: Cast, pauses: list[Pause], counted: float
) -> None:
    incident = log(
        cast,
        (0, ACTIVE, {}),
        (1, WAITING, {}),
        (2, SUPPLIER, {}),
        (4, ACTIVE, {}),
        (6, SOLVED, {}),
    )
    (reading,) = readings(incident, supposed(pauses_on=pauses))
    assert hours(reading) == counted


def test_who_gets_it_while_it_waits_lets_it_wait(cast: Cast) -> None:
    incident = log(
        cast,
        (0, ACTIVE, {}),
        (1, WAITING, {}),
        (2, WAITING, {"team": TeamName("Group 2", 2)}),
        (4, SOLVED, {}),
    )
    what = supposed(pauses_on=[Pause.AWAITING_REPORTER])
    (reading,) = readings(incident, what)
    assert hours(reading) == 1
    restarting(what)
    (reading,) = readings(incident, what)
    assert hours(reading) == 0


def restarting(what: Supposition, *names: str) -> None:
    for name in names or ("on_transfer", "on_tier_move"):
        setattr(what.versions[4], name, OnMove.RESTART)


@pytest.mark.parametrize(
    ("tier", "setting", "counted"),
    [
        (1, "on_transfer", 4),
        (1, "on_tier_move", 5),
        (2, "on_transfer", 5),
        (2, "on_tier_move", 4),
    ],
)
def test_another_team_of_the_tier_and_another_tier_are_two_things(
    cast: Cast, tier: int, setting: str, counted: float
) -> None:
    other = {"team": TeamName("Group 2", tier)}
    incident = log(cast, (0, ACTIVE, {}), (1, ACTIVE, other), (5, SOLVED, other))
    what = supposed()
    restarting(what, setting)
    (reading,) = readings(incident, what)
    assert hours(reading) == counted


def test_who_gets_it_with_the_solution_lets_nothing_begin_again(cast: Cast) -> None:
    other = {"team": TeamName("Group 2", 1)}
    incident = log(cast, (0, ACTIVE, {}), (5, SOLVED, other), (6, ENDED, {}))
    what = supposed(stops_at="closed")
    restarting(what)
    (reading,) = readings(incident, what)
    assert hours(reading) == 6


def test_what_was_not_solved_after_all_goes_on_without_the_time_between(
    cast: Cast,
) -> None:
    incident = log(
        cast, (0, ACTIVE, {}), (1, SOLVED, {}), (3, ACTIVE, {}), (5, SOLVED, {})
    )
    (reading,) = readings(incident, supposed())
    assert hours(reading) == 1 + 2


def test_what_was_reopened_there_has_another_clock_or_goes_on(cast: Cast) -> None:
    incident = log(
        cast, (0, ACTIVE, {}), (1, ENDED, {}), (3, WAITING, {}), (5, ENDED, {})
    )
    assert [hours(one) for one in readings(incident, supposed())] == [1, 2]
    (reading,) = readings(incident, supposed(on_reopen="continue"))
    assert hours(reading) == 1 + 2
    what = supposed(on_reopen="continue", pauses_on=[Pause.AWAITING_REPORTER])
    (reading,) = readings(incident, what)
    assert hours(reading) == 1


@pytest.mark.parametrize(
    ("on_change", "counted", "target"),
    [("retroactive", 5, 4), ("forward", 5, 4), ("restart", 3, 4)],
)
def test_the_severity_of_a_row_holds_from_it_on(
    cast: Cast, on_change: str, counted: float, target: float
) -> None:
    incident = log(
        cast,
        (0, ACTIVE, {"severity": 4}),
        (2, ACTIVE, {"severity": 3}),
        (5, SOLVED, {}),
    )
    (reading,) = readings(incident, supposed(sev3="4 h", on_change=on_change))
    assert (hours(reading), reading.target) == (counted, target * HOUR)
    assert (reading.state == State.MISSED) == (counted > target)


def test_the_row_that_ends_it_is_measured_by_its_own_severity(cast: Cast) -> None:
    incident = log(
        cast, (0, ACTIVE, {"severity": 4}), (5, ENDED, {"severity": 3}), (6, ENDED, {})
    )
    (reading,) = readings(incident, supposed(sev3="4 h"))
    assert (reading.target, reading.state) == (4 * HOUR, State.MISSED)
    assert reading.policy == supposed(sev3="1").versions[3].pk


def test_nothing_supposed_is_no_clock(cast: Cast) -> None:
    incident = log(cast, (0, ACTIVE, {"severity": 2}), (5, ENDED, {}))
    assert readings(incident, supposed()) == []


def test_work_done_here_counts_like_that_of_the_log(cast: Cast) -> None:
    incident = imported.in_progress(cast, ended_at=FRIDAY)
    with clock.frozen_at(FRIDAY + 3 * HOUR):
        stories.resolved(cast, of=incident)
    reading = readings(incident, supposed())[-1]
    # Two rows an hour apart, and three hours here.
    assert (hours(reading), reading.stopped_at) == (4, FRIDAY + 3 * HOUR)


def test_a_ticket_of_this_desk_reads_as_its_own_clocks_by_its_own_policy(
    cast: Cast,
) -> None:
    """The same fold: supposing what was promised finds what was kept."""
    for story in (stories.closed, stories.cancelled, stories.on_hold):
        incident = story(cast)
        versions = {
            version.severity: version
            for version in PolicyVersion.objects.published()
            if version.severity
        }
        rows = Clock.objects.filter(incident=incident)
        at = rows.latest("as_of").as_of
        for metric in Metric:
            found = Supposition.of(versions).readings(
                list(events_of([incident.pk])), metric, at, tiers=tiers_of_teams()
            )
            kept = rows.filter(metric=metric).order_by("cycle")
            assert [
                (row.policy_id, row.elapsed, row.state, row.due_at) for row in kept
            ] == [(one.policy, one.elapsed, one.state, one.due_at) for one in found]


@pytest.mark.parametrize("state", imported.EVERY_STATE)
@pytest.mark.parametrize("metric", list(Metric))
def test_the_lines_of_every_imported_history_add_up(
    cast: Cast, state: str, metric: Metric
) -> None:
    incident = imported.EVERY_STATE[state](cast)
    version = PolicyVersion.objects.published().get(severity=4)
    what = Supposition.of({4: version})
    at = clock.now()
    events = list(events_of([incident.pk]))
    for reading in what.readings(events, metric, at, tiers=tiers_of_teams()):
        lines = [line for line in explain(reading, at) if line.counts]
        assert sum((one.end - one.start for one in lines), timedelta()) == (
            reading.elapsed
        )


def test_asking_writes_nothing_and_reads_little(cast: Cast) -> None:
    incident = log(cast, (0, REPORTED, {}), (64, SOLVED, {}), (184, ENDED, {}))
    before = Event.objects.count(), Clock.objects.count(), PolicyMatch.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        readings(incident, supposed())
    assert [one["sql"][:6] for one in asked] == ["SELECT", "SELECT"]
    assert before == (
        Event.objects.count(),
        Clock.objects.count(),
        PolicyMatch.objects.count(),
    )


# ---- the page


QUERY = "?sev4=900&hours=24x5&zone=UTC&stops_at=closed&on_reopen=continue"


def page(user: object, incident: Incident, query: str = QUERY) -> tuple[int, str]:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    response = client.get(reverse("incidents:what_if", args=[incident.pk]) + query)
    return response.status_code, response.content.decode()


def test_the_page_explains_what_would_have_been_and_says_so(cast: Cast) -> None:
    incident = log(cast, (0, REPORTED, {}), (64, SOLVED, {}), (65, ENDED, {}))
    status, text = page(cast.bo, incident)
    assert status == 200
    assert "Resolution, what if" in text
    assert "None of this was promised" in text
    assert "Missed by 2 h" in text
    assert "<strong>17 h</strong>" in text
    assert "the sum of the lines below" in text
    assert "Outside working hours" in text
    assert "reported it" in text
    assert "Monday to Friday, day and night" in text


def test_the_page_of_a_reopened_one_shows_each_of_its_clocks(cast: Cast) -> None:
    incident = log(
        cast, (0, ACTIVE, {}), (1, ENDED, {}), (3, ACTIVE, {}), (5, ENDED, {})
    )
    query = "?sev4=900&hours=24x5"
    assert "<strong>2 h</strong>" in page(cast.bo, incident, query)[1]
    assert "<strong>1 h</strong>" in page(cast.bo, incident, f"{query}&cycle=1")[1]
    assert page(cast.bo, incident, f"{query}&cycle=3")[0] == 404


def test_an_address_that_says_nothing_shows_what_can_be_supposed(cast: Cast) -> None:
    status, text = page(cast.bo, imported.closed(cast), "")
    assert status == 200
    assert "Show the clock" in text
    assert "There is a problem" not in text
    assert "Counted" not in text


@pytest.mark.parametrize(
    "query",
    [
        "?hours=24x5",
        "?sev4=900&zone=",
        "?sev4=0&hours=24x5",
        "?sev4=99999999&hours=24x5",
        "?sev4=900&hours=24x5&zone=Nowhere",
        "?sev4=900&hours=24x5&zone=Factory",
        "?sev4=900&hours=24x5&stops_at=never",
        "?sev4='\"%3Cb%3E&hours=x",
        "?sev4=-1&hours=24x5&pauses_on=lunch",
    ],
)
def test_a_wrong_address_is_answered_in_sentences(cast: Cast, query: str) -> None:
    status, text = page(cast.bo, imported.closed(cast), query)
    assert status == 200
    assert text.count("There is a problem") == 1
    assert "Counted" not in text


def test_what_was_typed_stays(cast: Cast) -> None:
    """As it was typed: a field for numbers alone would drop it."""
    for typed in ("2 h 30 min", "soon"):
        query = f"?{urlencode({'sev4': typed, 'zone': 'UTC'})}"
        _status, text = page(cast.bo, imported.closed(cast), query)
        assert f'<input type="text" name="sev4" value="{typed}"' in text


def test_where_nothing_is_supposed_for_its_severity_the_page_says_so(
    cast: Cast,
) -> None:
    _status, text = page(cast.bo, imported.closed(cast), "?sev1=60&hours=24x7")
    assert "Nothing is supposed for the severity of this ticket" in text


def test_who_may_not_see_the_ticket_sees_no_what_if(cast: Cast) -> None:
    incident = imported.closed(cast)
    for stranger in (cast.zed, cast.ned, cast.max, cast.ida, cast.ann):
        assert page(stranger, incident)[0] in {403, 404}


def test_the_page_asks_as_little_for_a_long_history(cast: Cast) -> None:
    short = log(cast, (0, ACTIVE, {}), (5, ENDED, {}))
    long = imported.replayed(cast, *[ACTIVE, WAITING] * 20, ENDED, number="INC8")
    page(cast.bo, short)
    with CaptureQueriesContext(connection) as few:
        page(cast.bo, short)
    with CaptureQueriesContext(connection) as many:
        page(cast.bo, long)
    assert len(many) == len(few)


def test_the_page_of_the_clocks_leads_there(cast: Cast) -> None:
    incident = imported.closed(cast)
    client = Client()
    client.force_login(cast.bo)
    text = client.get(reverse("incidents:clocks", args=[incident.pk])).content.decode()
    assert reverse("incidents:what_if", args=[incident.pk]) in text
