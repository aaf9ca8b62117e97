"""What a preview says, in words that leave no doubt."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from activity import clock
from incidents import services
from incidents.clocks.foretelling import Foretold, apart, foretold, when
from incidents.clocks.previewing import Plan, preview
from incidents.codes import HoldReason
from incidents.events import Kind
from incidents.models import Incident
from sla.codes import Metric, OnReopen
from sla.models import Policy
from tests.incidents import stories
from tests.people import Cast
from tests.sla.settings_cast import (
    draft_policy,
    in_days,
    make_calendar,
    make_policy,
    publish,
    without_defaults,
)

# A Tuesday in the office hours of the default calendar, which tests keep in UTC.
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return TUESDAY + hours * HOUR


@pytest.fixture(autouse=True)
def in_utc() -> None:
    timezone.activate(UTC)


def reported(cast: Cast, **answers: Any) -> Incident:
    with clock.frozen_at(at(0)):
        return stories.reported(cast, **answers)


def taken(cast: Cast, severity: int = 4) -> Incident:
    """At 10:00, taken within ten minutes."""
    incident = stories.triaged(cast, of=reported(cast), at=at(0))
    if severity != incident.severity:
        with clock.frozen_at(at(0)):
            _set(incident, cast, severity)
    return stories.in_progress(cast, of=incident, at=at(1 / 6))


def _set(incident: Incident, cast: Cast, severity: int) -> None:
    services.override_severity(
        incident.pk, by=cast.bo, expected_version=None, severity=severity, reason="So."
    )


def told(incident: Incident, plan: Plan | None, moment: datetime) -> Foretold:
    return foretold(preview(stories.again(incident), plan, moment))


def lines(found: Foretold) -> dict[str, str]:
    return {line.label: line.words for line in found.lines}


def override(severity: int) -> Plan:
    return Plan(kind=Kind.OVERRIDE, severity=severity)


def hold(reason: str = HoldReason.AWAITING_REPORTER, hours: float = 48) -> Plan:
    return Plan(kind=Kind.HOLD, hold=reason, until=at(hours))


def test_a_change_of_severity_says_from_when_to_when(cast: Cast) -> None:
    """24 working hours of nine a day end on Thursday at 16:00; 8 hours around the
    clock today."""
    found = told(taken(cast, 3), override(2), at(2))
    assert lines(found) == {
        "Response": "Kept already; nothing changes",
        "Resolution": "Due Thu 5 Mar, 16:00 → today 18:00 (46 h earlier)",
        "Update": "Already missed by the new promise: it was due today 11:00",
    }
    terms = {line.label: line.terms for line in found.lines}
    assert terms["Resolution"] == (
        "8 h, counted by Around the clock, instead of 24 h, counted by Working hours"
    )
    assert (found.policy, found.because) == ("SEV2, instead of SEV3", "Severity: SEV2")


def test_what_stays_is_said_to_stay(cast: Cast) -> None:
    found = told(taken(cast, 3), Plan(kind=Kind.RECLASSIFY), at(2))
    assert lines(found)["Resolution"] == "Stays due Thu 5 Mar, 16:00"
    assert found.policy == "SEV3, as before"
    assert not any(line.terms for line in found.lines)


def test_what_would_be_missed_at_once_is_said(cast: Cast) -> None:
    found = told(taken(cast, 3), override(1), at(5))
    words = "Already missed by the new promise: it was due today 14:00"
    assert lines(found)["Resolution"] == words
    assert {line.label: line.look for line in found.lines}["Resolution"] == "overdue"


def test_what_is_missed_may_be_saved(cast: Cast) -> None:
    found = told(taken(cast, 1), override(3), at(5))
    words = "Missed since today 14:00 → due Thu 5 Mar, 16:00"
    assert lines(found)["Resolution"] == words


def test_what_is_missed_may_stay_so(cast: Cast) -> None:
    incident = taken(cast, 1)
    stays = told(incident, Plan(kind=Kind.RECLASSIFY), at(9))
    assert lines(stays)["Resolution"] == "Stays missed since today 14:00"
    moves = told(incident, override(2), at(9))
    words = "Missed since today 14:00 → since today 18:00"
    assert lines(moves)["Resolution"] == words


def test_waiting_for_the_reporter_says_when_it_is_due_again(cast: Cast) -> None:
    """23 of 24 hours are left on Tuesday at 11:00. From Thursday at 10:00 on, 7 of them
    are worked that day, 9 on Friday, and the last 7 on Monday."""
    found = told(taken(cast, 3), hold(), at(1))
    words = (
        "Paused until the reporter answers; due again Mon 9 Mar, 15:00 at the latest"
    )
    assert lines(found)["Resolution"] == words
    assert found.policy == "SEV3"


def test_a_hold_that_does_not_pause_says_so(cast: Cast) -> None:
    found = told(taken(cast, 3), hold(HoldReason.AWAITING_CHANGE), at(1))
    assert lines(found)["Resolution"] == "Not paused: stays due Thu 5 Mar, 16:00"


def test_a_question_answers_and_is_an_update(cast: Cast) -> None:
    """Of what nobody took; the lead may."""
    with clock.frozen_at(at(0)):
        incident = stories.triaged(cast, of=reported(cast))
        _set(incident, cast, 1)
    found = told(incident, hold(), at(0.2))
    assert lines(found) == {
        "Response": "Kept by this, 3 min early",
        "Resolution": "Not paused: stays due today 14:00",
        "Update": "Your question is an update; the next is due today 10:42",
    }
    late = told(incident, hold(), at(0.5))
    assert lines(late)["Response"] == "Ended by this, missed by 15 min"


def test_on_hold_it_stays_paused(cast: Cast) -> None:
    incident = taken(cast, 3)
    with clock.frozen_at(at(1)):
        stories.on_hold(cast, of=incident, until=at(48))
    words = lines(told(incident, override(4), at(2)))["Resolution"]
    assert words.startswith("Stays paused; due again ")
    assert words.endswith(" at the latest")
    goes_on = Plan(kind=Kind.TRANSFER, team=incident.team)
    assert lines(told(incident, goes_on, at(2)))["Resolution"] == (
        "Goes on: due Thu 5 Mar, 17:00"
    )


def test_triage_says_what_taking_it_adds(cast: Cast) -> None:
    incident = reported(cast, impact=3, urgency=1)
    plan = Plan(kind=Kind.TRIAGE, severity=2, team=cast.desk)
    response = told(incident, plan, at(0.25)).lines[0]
    assert response.words == "Due today 12:00 → today 10:30 (1 h 30 min earlier)"
    assert response.then == "If you take it as well: kept, 15 min early"
    response = told(incident, plan, at(0.75)).lines[0]
    assert response.then == "If you take it as well: missed by 15 min"


def test_what_comes_back_begins_again(cast: Cast) -> None:
    with clock.frozen_at(at(0)):
        incident = stories.closed(cast)
    found = told(incident, Plan(kind=Kind.REOPEN, team=cast.desk), at(2))
    assert lines(found)["Resolution"].startswith("Begins again: due ")


def test_what_comes_back_may_go_on(cast: Cast) -> None:
    """An hour was not counted, from 11:00 to 12:00."""
    without_defaults()
    make_policy(
        "Ours",
        calendar=make_calendar(),
        response_target=60,
        resolution_target=240,
        on_reopen=OnReopen.CONTINUE,
    )
    incident = taken(cast)
    with clock.frozen_at(at(1)):
        confirmed = stories.confirmed(cast, of=stories.resolved(cast, of=incident))
        stories.closed(cast, of=confirmed)
    found = told(incident, Plan(kind=Kind.REOPEN, team=cast.desk), at(2))
    assert lines(found) == {
        "Response": "Kept already; nothing changes",
        "Resolution": "Goes on: due today 15:00",
    }


def test_another_version_of_the_policy_is_told_apart(cast: Cast) -> None:
    incident = stories.in_progress(cast)
    policy = Policy.objects.get(name="SEV4")
    second = draft_policy(
        policy,
        effective_from=in_days(1),
        calendar=policy.versions.get().calendar,
        severity=4,
        resolution_target=60,
    )
    publish(second)
    found = told(incident, Plan(kind=Kind.RECLASSIFY), in_days(2))
    assert found.policy == "SEV4, version 2, instead of version 1"
    assert lines(found)["Update"].startswith("No longer promised; it was due ")


def test_where_no_policy_fits_nothing_is_promised_any_more(cast: Cast) -> None:
    incident = taken(cast, 3)
    without_defaults()
    found = told(incident, Plan(kind=Kind.RECLASSIFY), at(2))
    assert found.policy == "None fits: nothing is promised"
    words = "No longer promised; it was due Thu 5 Mar, 16:00"
    assert lines(found)["Resolution"] == words


def test_what_was_promised_nothing_is_promised_something(cast: Cast) -> None:
    Policy.objects.update(is_active=False)
    incident = taken(cast)
    assert not told(incident, hold(), at(1)).lines
    Policy.objects.update(is_active=True)
    found = told(incident, override(3), at(1))
    assert lines(found)["Resolution"].startswith("Promised from now on: due ")
    assert found.policy == "SEV3"


def test_without_a_plan_it_says_how_it_stands(cast: Cast) -> None:
    incident = taken(cast, 3)
    assert lines(told(incident, None, at(1))) == {
        "Response": "Met",
        "Resolution": "Due Thu 5 Mar, 16:00 as it stands",
        "Update": "Due tomorrow 09:00 as it stands",
    }
    late = lines(told(incident, None, at(24 * 5)))["Resolution"]
    assert late == "Missed since Thu 5 Mar, 16:00"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "today 10:00"),
        (14, "tomorrow 00:00"),
        (-11, "yesterday 23:00"),
        (48, "Thu 5 Mar, 10:00"),
        (24 * 365, "3 Mar 2027, 10:00"),
    ],
)
def test_moments_are_said_as_people_say_them(hours: float, words: str) -> None:
    assert when(at(hours), at(0)) == words


def test_the_day_is_the_viewers(cast: Cast) -> None:
    with timezone.override("Asia/Tokyo"):
        assert when(at(0), at(0)) == "today 19:00"
        assert when(at(6), at(0)) == "tomorrow 01:00"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (2.5, "2 h 30 min later"),
        (-47, "47 h earlier"),
        (48, "2 days later"),
        (-24 * 9, "9 days earlier"),
    ],
)
def test_how_far_apart_they_are(hours: float, words: str) -> None:
    assert apart(at(0), at(hours)) == words


def test_every_promise_has_its_line(cast: Cast) -> None:
    found = told(taken(cast, 3), override(1), at(1))
    assert [line.label for line in found.lines] == [
        str(metric.label) for metric in Metric
    ]
