"""A clock speaks up on its way and when it was missed: once, in time, to whom it
concerns."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from activity import clock
from activity.lifecycle import record
from activity.models import Event, Timer
from activity.refusals import broken_rule, explain
from activity.services.timers import Swept, sweep
from incidents import services
from incidents.clocks.keeping import differences
from incidents.events import Kind
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.letters import hear, letter
from tests.people import Cast
from tests.sla.settings_cast import make_policy, without_defaults

# A Tuesday in the office hours of the default calendar, which tests keep in UTC.
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
Said = list[tuple[str, str, int]]


def minutes(count: float) -> datetime:
    return TUESDAY + timedelta(minutes=count)


def urgent(cast: Cast) -> Incident:
    """SEV1 around the clock: 15 minutes to answer, 4 hours to solve, news each half
    hour."""
    with clock.frozen_at(minutes(0)):
        return stories.reported(cast, impact=1, urgency=1)


def swept(count: float) -> Swept:
    with clock.frozen_at(minutes(count)):
        return sweep(at=minutes(count))


def said(incident: Incident) -> Said:
    """What was said of its clocks: the word, the promise and the per cent."""
    rows = Event.objects.about(incident).filter(kind__in=[Kind.WARN, Kind.BREACH])
    return [
        (row.kind.removeprefix("incident."), row.data["metric"], row.data["percent"])
        for row in rows
    ]


def armed(incident: Incident) -> QuerySet[Timer]:
    found: QuerySet[Timer] = Timer.objects.armed().filter(
        subject_id=incident.pk, generation=stories.again(incident).timer_generation
    )
    return found


@pytest.fixture(autouse=True)
def clocks_agree(db: None) -> Iterator[None]:
    """Whatever a test did, the cache says what the events say."""
    yield
    assert list(differences()) == []


def test_every_step_is_said_once_and_in_time(cast: Cast) -> None:
    incident = urgent(cast)
    for count in (0, 11, 11.25, 12, 15, 15.1, 29, 30.1, 119, 121, 179, 181, 217, 241):
        swept(count)
        swept(count)
    assert said(incident) == [
        ("warn", "response", 75),
        ("breach", "response", 100),
        ("breach", "update", 100),
        ("warn", "resolution", 50),
        ("warn", "resolution", 75),
        ("warn", "resolution", 90),
        ("breach", "resolution", 100),
    ]
    assert not armed(incident).exists()


def test_what_ends_in_the_last_moment_is_not_missed(cast: Cast) -> None:
    incident = urgent(cast)
    assert swept(15).fired == 1
    services.take_incident(
        incident.pk, by=cast.bo, expected_version=None, at=minutes(15)
    )
    swept(20)
    assert ("breach", "response", 100) not in said(incident)


def test_who_works_on_it_hears_and_else_who_leads(cast: Cast) -> None:
    incident = urgent(cast)
    swept(12)
    assert hear(incident, "warn") == {
        "Ann": f"It may take longer: {incident.title}",
        "Lea": f"Answer it soon: {incident.title}",
    }
    services.take_incident(
        incident.pk, by=cast.bo, expected_version=None, at=minutes(13)
    )
    swept(31)
    swept(121)
    words = letter(incident, "warn", cast.bo).text
    assert "It is promised to be solved by 3 Mar 2026, 14:00 UTC" in words
    assert "50 % of the time is used." in words
    assert "Resolution: 1 h 59 min left" in words


def test_a_missed_promise_is_told_to_owner_desk_owner_and_lead(cast: Cast) -> None:
    incident = urgent(cast)
    services.take_incident(
        incident.pk, by=cast.bo, expected_version=None, at=minutes(1)
    )
    swept(31)
    assert set(hear(incident, "breach")) == {"Bo", "Lea"}


def test_the_reporter_is_told_before_it_is_missed_and_only_once(cast: Cast) -> None:
    incident = urgent(cast)
    for count in (12, 16, 121, 181, 217, 241):
        swept(count)
    letters = [(kind, to) for kind in ("warn", "breach") for to in hear(incident, kind)]
    assert letters.count(("warn", "Ann")) == 1  # hear() keeps the last subject.
    assert ("breach", "Ann") not in letters
    public = Event.objects.about(incident).filter(kind=Kind.WARN, public=True)
    assert [(row.data["metric"], row.data["percent"]) for row in public] == [
        ("response", 75),
        ("resolution", 90),
    ]
    words = letter(incident, "warn", cast.ann).text
    assert "We wanted to have this solved by 3 Mar 2026, 14:00 UTC." in words


def test_after_an_outage_each_person_hears_once_and_every_miss_is_on_record(
    cast: Cast,
) -> None:
    """Nobody swept for three hours and more: no step is replayed."""
    incident = urgent(cast)
    done = swept(200)
    assert said(incident) == [
        ("breach", "response", 100),
        ("breach", "update", 100),
        ("warn", "resolution", 75),
    ]
    promised = {
        row.data["metric"]: row.data["promised"]
        for row in Event.objects.about(incident).filter(kind=Kind.BREACH)
    }
    assert promised == {
        "response": minutes(15).isoformat(),
        "update": minutes(30).isoformat(),
    }
    assert done.fired == 5, "and two rungs: nobody manages the desk"
    everybody = [*hear(incident, "breach"), *hear(incident, "warn")]
    assert sorted(everybody) == ["Ann", "Lea"]
    words = letter(incident, "breach", cast.lea).text
    assert "Response: 3 h 5 min overdue" in words
    assert "Resolution: 40 min left" in words


def test_what_was_missed_while_nobody_swept_is_on_record_when_it_is_over(
    cast: Cast,
) -> None:
    """Two updates were late, and an answer; then somebody came before the sweep."""
    incident = urgent(cast)
    services.take_incident(
        incident.pk, by=cast.bo, expected_version=None, at=minutes(20)
    )
    for count in (35, 70):
        with clock.frozen_at(minutes(count)):
            services.reply_to_reporter(
                incident.pk, by=cast.bo, expected_version=None, message="We look."
            )
    swept(71)
    missed = Event.objects.about(incident).filter(kind=Kind.BREACH)
    found = {
        (row.data["metric"], row.data["cycle"], row.data["promised"]) for row in missed
    }
    assert found == {
        ("response", 1, minutes(15).isoformat()),
        ("update", 1, minutes(30).isoformat()),
        ("update", 2, minutes(65).isoformat()),
    }


def test_what_waits_is_not_warned_of_and_goes_on_where_it_was(cast: Cast) -> None:
    """SEV4 in office hours: 40 hours to solve, so 50 per cent at 20 hours."""
    with clock.frozen_at(minutes(0)):
        incident = stories.in_progress(cast)
    with clock.frozen_at(minutes(60)):
        stories.on_hold(cast, of=incident, until=minutes(10 * 24 * 60))
    swept(9 * 24 * 60)
    assert said(incident) == []
    with clock.frozen_at(minutes(9 * 24 * 60 + 60)):
        services.answer_desk(incident.pk, by=cast.ann, message="The left one.")
    # From Thursday 11:00 on, 19 hours more: 6 and 9 and 4, so Monday at 12:00.
    warned_at = datetime(2026, 3, 16, 12, tzinfo=UTC)
    (timer,) = armed(incident).filter(kind="incident.clock_resolution")
    assert (timer.step, timer.due_at) == (1050, warned_at)


def test_a_tighter_promise_is_told_once_and_only_by_its_highest_step(
    cast: Cast,
) -> None:
    """After three hours a SEV4 becomes a SEV1: 75 per cent are gone at once."""
    with clock.frozen_at(minutes(0)):
        incident = stories.in_progress(cast)
    with clock.frozen_at(minutes(190)):
        services.override_severity(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            severity=1,
            reason="The whole ward.",
        )
    swept(190)
    swept(191)
    resolution = [one for one in said(incident) if one[1] == "resolution"]
    assert resolution == [("warn", "resolution", 75)]


def test_a_looser_promise_does_not_repeat_what_was_told(cast: Cast) -> None:
    incident = urgent(cast)
    services.triage_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(impact=1, urgency=1),
        team=cast.desk,
        at=minutes(1),
    )
    swept(31)
    swept(130)
    with clock.frozen_at(minutes(140)):
        services.override_severity(
            incident.pk, by=cast.bo, expected_version=None, severity=2, reason="One."
        )
    swept(141)
    swept(239)
    assert [one for one in said(incident) if one[1] == "resolution"] == [
        ("warn", "resolution", 50)
    ]
    swept(241)  # 50 per cent of eight hours, which is new.
    assert [one for one in said(incident) if one[1] == "resolution"] == [
        ("warn", "resolution", 50),
        ("warn", "resolution", 50),
    ]


def test_nobody_is_written_to_about_an_answer_to_what_works_again(
    cast: Cast,
) -> None:
    """Its clock is judged at closing, so it stays on record."""
    incident = urgent(cast)
    with clock.frozen_at(minutes(5)):
        services.report_works_again(incident.pk, by=cast.ann)
    swept(12)
    swept(16)
    assert said(incident) == [("warn", "response", 75), ("breach", "response", 100)]
    assert hear(incident, "warn") == hear(incident, "breach") == {}


def test_the_database_lets_nothing_be_told_twice(cast: Cast) -> None:
    """Whoever writes the event, and whatever they forgot to ask."""
    incident = urgent(cast)
    swept(12)
    told = Event.objects.about(incident).get(kind=Kind.WARN)
    locked = Incident.objects.lock(incident.pk)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        record(locked, Kind.WARN, by=cast.bo, data=told.data, at=minutes(13))
    assert broken_rule(refused.value) == "incident_told_once"
    assert explain(refused.value)
    other = told.data | {"percent": 90}
    record(locked, Kind.WARN, by=cast.bo, data=other, at=minutes(13))
    with clock.frozen_at(minutes(14)):
        services.take_incident(incident.pk, by=cast.bo, expected_version=None)


def test_a_word_of_a_clock_disturbs_nobody_who_is_writing(cast: Cast) -> None:
    incident = urgent(cast)
    services.take_incident(
        incident.pk, by=cast.bo, expected_version=None, at=minutes(1)
    )
    seen = stories.again(incident).version
    swept(31)
    assert stories.again(incident).version == seen + 1
    with clock.frozen_at(minutes(32)):
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=seen, message="Nearly there."
        )
    assert Event.objects.about(incident).latest("seq").kind == Kind.REPLY


def test_promises_without_warnings_are_told_when_they_are_missed(cast: Cast) -> None:
    """Nobody could tell the reporter before, so they hear it then."""
    without_defaults()
    make_policy("Plain", resolution_target=60, calendar=None)
    incident = urgent(cast)
    swept(241)
    found = Event.objects.about(incident).filter(kind__in=[Kind.WARN, Kind.BREACH])
    facts: list[Any] = [(row.kind, row.public) for row in found]
    assert facts == [(Kind.BREACH, True)]
    assert "Ann" in hear(incident, "breach")


@pytest.mark.parametrize(
    ("metric", "warnings", "expected"),
    [
        # 100 minutes to answer: the steps at minute 20, 60 and after 100.
        (
            "response",
            [20, 60],
            [("warn", 20, 20), ("warn", 60, 60), ("breach", 100, 100)],
        ),
        ("response", [60], [("warn", 60, 60), ("breach", 100, 100)]),
        ("response", [], [("breach", 100, 100)]),
        # As many to solve it.
        (
            "resolution",
            [5, 99],
            [("warn", 5, 5), ("warn", 99, 99), ("breach", 100, 100)],
        ),
        ("resolution", [99], [("warn", 99, 99), ("breach", 100, 100)]),
    ],
)
def test_the_policy_says_when_people_are_warned(
    cast: Cast, metric: str, warnings: list[int], expected: list[tuple[str, int, int]]
) -> None:
    without_defaults()
    make_policy(
        "Hundred minutes", **{f"{metric}_target": 100, f"{metric}_warnings": warnings}
    )
    incident = urgent(cast)
    for count in range(103):
        swept(count + 0.01)
    rows = Event.objects.about(incident).filter(kind__in=[Kind.WARN, Kind.BREACH])
    told = [
        (
            row.kind.removeprefix("incident."),
            row.data["percent"],
            int((row.at - TUESDAY).total_seconds() // 60),
        )
        for row in rows
    ]
    assert told == expected


@pytest.mark.parametrize("end", ["cancel", "resolve"])
def test_what_is_over_arms_nothing_more(cast: Cast, end: str) -> None:
    incident = urgent(cast)
    stories.triaged(cast, of=incident, at=minutes(1))
    with clock.frozen_at(minutes(2)):
        if end == "cancel":
            services.cancel_incident(incident.pk, by=cast.ann, reason="withdrawn")
        else:
            stories.in_progress(cast, of=stories.again(incident))
            stories.resolved(cast, of=stories.again(incident))
    kinds = set(armed(incident).values_list("kind", flat=True))
    assert kinds == (set() if end == "cancel" else {"incident.ask_confirmer"})
