"""An incident knows when its next promise is due, as its clocks do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from activity import clock
from incidents import services
from incidents.clocks.keeping import differences
from incidents.codes import HoldReason
from incidents.models import Clock, Incident
from sla.codes import State
from tests.database import sql
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.people import Cast

TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return TUESDAY + minutes * MINUTE


@pytest.fixture
def urgent(cast: Cast) -> Incident:
    """SEV1: 15 minutes to respond, 30 to the first update, 4 hours to resolve."""
    with clock.frozen_at(at(0)):
        return stories.reported(cast, impact=1, urgency=1)


def test_the_nearest_promise_counts_and_the_next_one_when_it_is_kept(
    cast: Cast, urgent: Incident
) -> None:
    assert urgent.due_at == at(15)
    services.take_incident(urgent.pk, by=cast.bo, expected_version=None, at=at(5))
    assert stories.again(urgent).due_at == at(30)
    with clock.frozen_at(at(20)):
        services.reply_to_reporter(
            urgent.pk, by=cast.bo, expected_version=None, message="We look."
        )
    assert stories.again(urgent).due_at == at(50)


def test_what_was_missed_and_still_runs_stays_next(
    cast: Cast, urgent: Incident
) -> None:
    with clock.frozen_at(at(60)):
        stories.triaged(cast, of=urgent, at=at(60))
        services.override_severity(
            urgent.pk, by=cast.bo, expected_version=None, severity=1, reason="Wards."
        )
    assert stories.again(urgent).due_at == at(15)


def test_nothing_is_due_while_it_waits(cast: Cast) -> None:
    incident = stories.in_progress(cast, at=at(0))
    assert incident.due_at is not None
    with clock.frozen_at(at(30)):
        stories.on_hold(cast, of=incident, until=at(90))
    assert stories.again(incident).due_at is None
    with clock.frozen_at(at(40)):
        services.answer_desk(incident.pk, by=cast.ann, message="The left one.")
    assert stories.again(incident).due_at is not None


def test_what_waits_and_does_not_pause_stays_due(cast: Cast) -> None:
    incident = stories.on_hold(cast, reason=HoldReason.AWAITING_CHANGE)
    running = incident.clocks.filter(state=State.RUNNING)
    assert incident.due_at == min(row.due_at for row in running if row.due_at)


def test_the_instance_at_hand_knows_it_as_well(cast: Cast, urgent: Incident) -> None:
    """Or the next save of the same act would write the old one back."""
    taken = services.take_incident(
        urgent.pk, by=cast.bo, expected_version=None, at=at(5)
    )
    assert taken.due_at == at(30)


@pytest.mark.parametrize("end", ["resolved", "closed", "cancelled"])
def test_nothing_is_due_when_it_is_over(cast: Cast, end: str) -> None:
    incident: Incident = getattr(stories, end)(cast)
    assert incident.due_at is None


def test_a_promise_that_is_kept_at_the_closing_is_due_till_then(cast: Cast) -> None:
    sql("ALTER TABLE sla_policyversion DISABLE TRIGGER USER")
    sql("UPDATE sla_policyversion SET stops_at = 'closed'")
    solved = stories.resolved(cast)
    assert solved.due_at is not None
    done = stories.closed(cast, of=stories.confirmed(cast, of=solved))
    connection.check_constraints()
    assert done.due_at is None
    assert not list(differences())


def test_what_comes_back_is_due_again(cast: Cast) -> None:
    incident = imported.closed(cast)
    assert incident.due_at is None
    services.reopen_incident(
        incident.pk, by=cast.ann, expected_version=None, complaint="Blank again."
    )
    assert stories.again(incident).due_at is not None
    assert not list(differences())


def test_without_a_policy_nothing_is_due(cast: Cast) -> None:
    sql("UPDATE sla_policy SET is_active = false")
    assert stories.reported(cast).due_at is None


def test_in_every_state_it_is_the_nearest_of_what_runs(cast: Cast) -> None:
    told = stories.everything(cast)
    due = 0
    for incident in told.values():
        running = Clock.objects.filter(incident=incident, state=State.RUNNING)
        nearest = min((row.due_at for row in running if row.due_at), default=None)
        assert incident.due_at == nearest
        due += nearest is not None
    assert due > 2


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE incidents_incident SET due_at = due_at + interval '1 s'",
        "UPDATE incidents_incident SET due_at = NULL",
    ],
)
def test_one_that_was_moved_is_found(urgent: Incident, tampering: str) -> None:
    sql(tampering)
    with pytest.raises(CommandError, match="next promise: due_at is"):
        call_command("verify_clocks")


def test_one_where_nothing_is_promised_is_found(cast: Cast) -> None:
    sql("UPDATE sla_policy SET is_active = false")
    incident = stories.reported(cast)
    sql("DELETE FROM incidents_clock")
    sql("UPDATE incidents_incident SET due_at = now()")
    assert [difference.incident for difference in differences()] == [incident]


def test_it_is_written_only_when_it_changes(
    cast: Cast, urgent: Incident, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    def writes() -> int:
        with django_assert_max_num_queries(60) as queries:  # type: ignore[operator]
            services.take_incident(
                urgent.pk, by=next(takers), expected_version=None, at=at(5)
            )
        return sum('SET "due_at"' in query["sql"] for query in queries)

    takers = iter([cast.bo, cast.cy])
    assert [writes(), writes()] == [1, 0]
