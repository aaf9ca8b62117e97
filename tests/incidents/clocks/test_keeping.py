"""A clock shows what its events say, at once and for ever."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from activity import clock
from incidents import services
from incidents.clocks.faces import faces
from incidents.clocks.keeping import differences
from incidents.codes import HoldReason
from incidents.models import Clock, Incident
from sla.codes import Metric, State
from sla.models import Policy
from tests.database import sql
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.people import Cast

# A Tuesday in the office hours of the default calendar, which tests keep in UTC.
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return TUESDAY + hours * HOUR


def the_clock(incident: Incident, metric: str, cycle: int = 1) -> Clock:
    return incident.clocks.get(metric=metric, cycle=cycle)


def urgent(cast: Cast) -> Incident:
    """SEV1, around the clock: 15 minutes to respond, 4 hours to resolve."""
    with clock.frozen_at(at(0)):
        return stories.reported(cast, impact=1, urgency=1)


def test_a_report_starts_every_clock_of_its_policy(cast: Cast) -> None:
    incident = urgent(cast)
    shown = {row.metric: (row.state, row.due_at) for row in incident.clocks.all()}
    assert shown == {
        Metric.RESPONSE: (State.RUNNING, at(0.25)),
        Metric.RESOLUTION: (State.RUNNING, at(4)),
        Metric.UPDATE: (State.RUNNING, at(0.5)),
    }
    match = incident.policy_matches.get()
    assert (match.seq, match.at, match.why) == (1, at(0), ["severity"])


def test_taking_it_answers(cast: Cast) -> None:
    incident = urgent(cast)
    services.take_incident(incident.pk, by=cast.bo, expected_version=None, at=at(0.2))
    row = the_clock(incident, Metric.RESPONSE)
    assert (row.state, row.stopped_at) == (State.MET, at(0.2))
    assert row.elapsed == timedelta(minutes=12)


def test_an_answer_that_comes_late_misses(cast: Cast) -> None:
    incident = urgent(cast)
    services.take_incident(incident.pk, by=cast.bo, expected_version=None, at=at(1))
    row = the_clock(incident, Metric.RESPONSE)
    assert (row.state, row.breached_at) == (State.MISSED, at(0.25))


def test_each_reply_begins_the_next_update(cast: Cast) -> None:
    incident = urgent(cast)
    for minutes in (20, 70):
        with clock.frozen_at(TUESDAY + timedelta(minutes=minutes)):
            services.reply_to_reporter(
                incident.pk, by=cast.bo, expected_version=None, message="We look."
            )
    states = list(
        incident.clocks.filter(metric=Metric.UPDATE).values_list("state", "elapsed")
    )
    assert states == [
        (State.MET, timedelta(minutes=20)),
        (State.MISSED, timedelta(minutes=50)),
        (State.RUNNING, timedelta()),
    ]


def test_triage_moves_it_to_the_policy_of_its_severity(cast: Cast) -> None:
    """SEV1 till triage, then SEV4: 40 working hours from the report on."""
    incident = urgent(cast)
    stories.triaged(cast, of=incident, at=at(1))
    row = the_clock(incident, Metric.RESOLUTION)
    # Tuesday 10:00 to 17:00 are 7 hours, then 9 on each of three days: 34; the
    # last 6 end on Monday at 14:00.
    assert row.due_at == datetime(2026, 3, 9, 14, tzinfo=UTC)
    severities = [
        getattr(match.version, "severity", None)
        for match in incident.policy_matches.all()
    ]
    assert severities == [1, 4]


def test_waiting_for_the_reporter_stops_the_clock_of_what_is_not_urgent(
    cast: Cast,
) -> None:
    incident = stories.in_progress(cast, at=at(0))
    with clock.frozen_at(at(2)):
        stories.on_hold(cast, of=incident, until=at(48))
    row = the_clock(incident, Metric.RESOLUTION)
    assert (row.state, row.due_at, row.elapsed) == (State.PAUSED, None, 2 * HOUR)
    with clock.frozen_at(at(5)):
        services.answer_desk(incident.pk, by=cast.ann, message="The left one.")
    row = the_clock(incident, Metric.RESOLUTION)
    assert (row.state, row.elapsed) == (State.RUNNING, 2 * HOUR)
    # Three hours later than without the question.
    assert row.due_at == datetime(2026, 3, 9, 17, tzinfo=UTC)


def test_what_waits_for_a_change_goes_on(cast: Cast) -> None:
    incident = stories.in_progress(cast, at=at(0))
    with clock.frozen_at(at(2)):
        stories.on_hold(
            cast,
            of=incident,
            until=at(48),
            reason=HoldReason.AWAITING_CHANGE,
            question="",
        )
    assert the_clock(incident, Metric.RESOLUTION).state == State.RUNNING


def test_what_comes_back_closed_gets_new_clocks(cast: Cast) -> None:
    incident = stories.closed(cast)
    services.reopen_incident(
        incident.pk, by=cast.ann, expected_version=None, complaint="Blank again."
    )
    first, second = incident.clocks.filter(metric=Metric.RESOLUTION)
    assert (first.state, second.state) == (State.MET, State.RUNNING)
    assert second.started_at > first.started_at


def test_what_is_told_late_does_not_turn_the_clocks_back(cast: Cast) -> None:
    """Solved at 13:00; a change of 11:00 that is written down afterwards."""
    incident = urgent(cast)
    services.take_incident(incident.pk, by=cast.bo, expected_version=None, at=at(0.1))
    stories.triaged(cast, of=incident, at=at(0.2))
    services.resolve_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        solution=stories.solution(),
        at=at(3),
    )
    with clock.frozen_at(at(1)):
        services.reclassify_incident(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            classification=stories.classification(impact=2),
            reason="The whole floor.",
        )
    row = the_clock(incident, Metric.RESOLUTION)
    assert (row.state, row.stopped_at, row.as_of) == (State.MET, at(3), at(3))
    assert not list(differences())


def test_history_of_another_system_is_promised_nothing(cast: Cast) -> None:
    incident = imported.closed(cast)
    assert not incident.clocks.exists()
    services.reopen_incident(
        incident.pk, by=cast.ann, expected_version=None, complaint="Blank again."
    )
    row = the_clock(incident, Metric.RESOLUTION)
    assert row.state == State.RUNNING
    assert not list(differences())


def test_in_every_state_the_cache_is_what_the_events_say(cast: Cast) -> None:
    stories.everything(cast)
    assert Clock.objects.count() > 20
    assert not list(differences())


def told() -> str:
    out = StringIO()
    call_command("verify_clocks", stdout=out)
    return out.getvalue()


def test_the_command_says_that_every_clock_is_right(cast: Cast) -> None:
    urgent(cast)
    assert told() == "3 clocks: as their events say.\n"


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("UPDATE incidents_clock SET due_at = due_at + interval '1 s'", "due_at is"),
        ("UPDATE incidents_clock SET state = 'met'", "state is met"),
        ("UPDATE incidents_clock SET elapsed = interval '1 h'", "elapsed is"),
        (
            "UPDATE incidents_clock SET cycle = 2 WHERE metric = 'update'",
            "events know nothing",
        ),
        ("DELETE FROM incidents_clock WHERE metric = 'response'", "it is not there"),
        ("DELETE FROM incidents_clock", "it is not there"),
    ],
)
def test_a_clock_that_was_moved_is_found(
    cast: Cast, tampering: str, words: str
) -> None:
    urgent(cast)
    sql(tampering)
    with pytest.raises(CommandError, match=words):
        told()


def test_without_a_policy_nothing_is_promised(cast: Cast) -> None:
    sql("UPDATE sla_policy SET is_active = false")
    incident = urgent(cast)
    assert not incident.clocks.exists()
    assert incident.policy_matches.get().version is None
    assert not list(differences())


def test_a_clock_that_cannot_be_kept_undoes_what_happened(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = stories.triaged(cast)
    monkeypatch.setattr("incidents.clocks.keeping.cache_readings", _break)
    with pytest.raises(RuntimeError):
        services.take_incident(incident.pk, by=cast.bo, expected_version=None)
    assert stories.again(incident).owner is None


def _break(*_given: object) -> None:
    raise RuntimeError("the clocks are broken")


@pytest.mark.parametrize(
    ("hours", "look", "words"),
    [
        (0, "on-track", "4 h left"),
        (2.99, "on-track", "1 h left"),
        (3, "soon", "1 h left"),
        (3.5, "urgent", "30 min left"),
        (4, "urgent", "0 s left"),
        (5.2, "overdue", "1 h 12 min overdue"),
    ],
)
def test_it_looks_as_urgent_as_it_is(
    cast: Cast, hours: float, look: str, words: str
) -> None:
    incident = urgent(cast)
    rows = incident.clocks.select_related("policy")
    face = {one.clock.metric: one for one in faces(rows, at(hours))}[Metric.RESOLUTION]
    assert (face.look, face.words) == (look, words)


def test_a_short_promise_is_not_urgent_from_the_beginning(cast: Cast) -> None:
    incident = urgent(cast)
    rows = incident.clocks.select_related("policy")
    face = {one.clock.metric: one for one in faces(rows, at(0))}[Metric.RESPONSE]
    assert (face.look, face.words, face.left) == ("on-track", "15 min left", 100)


def test_keeping_clocks_takes_few_questions(
    cast: Cast, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    """However long the history is."""
    incident = urgent(cast)
    for _ in range(30):
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="We look."
        )
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="We look."
        )
    connection.check_constraints()


def test_what_no_policy_fits_any_more_is_promised_nothing(cast: Cast) -> None:
    """SEV1 had one; nobody promises anything for SEV4, which it turns out to be."""
    Policy.objects.filter(name="SEV4").update(is_active=False)
    incident = urgent(cast)
    stories.triaged(cast, of=incident, at=at(1))
    connection.check_constraints()
    row = the_clock(incident, Metric.RESOLUTION)
    assert (row.target, row.due_at, row.policy) == (None, None, None)
    assert list(differences()) == []
