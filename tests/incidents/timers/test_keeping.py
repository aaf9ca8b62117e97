"""The armed timers are a function of the incident: nothing else arms or cancels."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity import clock
from activity.models import Event, Timer
from activity.services.timers import sweep
from incidents import services
from incidents.clocks.keeping import differences
from incidents.clocks.renewing import renew_clocks
from incidents.codes import Status
from incidents.models import Clock, Incident
from incidents.silence import is_asked
from incidents.timers.keeping import keep_armed, wanted_timers
from sla.models import Calendar
from tests.incidents import stories
from tests.people import Cast
from tests.sla.settings_cast import draft_calendar, publish

# To come: what is published may not begin in the past.
TUESDAY = datetime(2031, 3, 4, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
Armed = set[tuple[str, int, datetime]]


def armed(incident: Incident) -> Armed:
    incident = stories.again(incident)
    rows = Timer.objects.armed().filter(
        subject_id=incident.pk, generation=incident.timer_generation
    )
    return set(rows.values_list("kind", "step", "due_at"))


def wanted(incident: Incident) -> Armed:
    found = wanted_timers(stories.again(incident))
    return {(timer.kind, timer.step, timer.due_at) for timer in found}


def test_just_what_it_wants_is_armed_in_every_state(cast: Cast) -> None:
    for state, incident in stories.everything(cast).items():
        assert armed(incident) == wanted(incident), state
        assert bool(armed(incident)) is not is_quiet(stories.again(incident)), state


def is_quiet(incident: Incident) -> bool:
    """Nothing more falls due: it has ended, or was answered or waived."""
    return incident.is_ended or (
        incident.status == Status.RESOLVED and not is_asked(incident)
    )


def test_to_arm_again_writes_nothing(cast: Cast) -> None:
    incident = stories.on_hold(cast)
    generation = incident.timer_generation
    held: Incident = Incident.objects.lock(incident.pk)
    with CaptureQueriesContext(connection) as asked:
        keep_armed(held)
    assert not [one for one in asked.captured_queries if "SELECT" not in one["sql"]]
    assert stories.again(incident).timer_generation == generation


def test_what_was_armed_otherwise_is_met_and_does_nothing(cast: Cast) -> None:
    with clock.frozen_at(TUESDAY):
        incident = stories.in_progress(cast)
    before = armed(incident)
    with clock.frozen_at(TUESDAY + HOUR):
        services.override_severity(
            incident.pk, by=cast.bo, expected_version=None, severity=2, reason="Ward."
        )
    assert not before & armed(incident)
    at = TUESDAY + 2 * HOUR
    with clock.frozen_at(at):
        assert sweep(at=TUESDAY + 400 * HOUR).stale >= len(before)


def test_missing_timers_are_armed_by_the_command(cast: Cast) -> None:
    incident = stories.in_progress(cast)
    before = armed(incident)
    Timer.objects.all().delete()
    call_command("arm_timers", stdout=StringIO())
    assert armed(incident) == before


def renewed(at: datetime) -> int:
    with clock.frozen_at(at):
        return renew_clocks()


def office() -> Calendar:
    found: Calendar = Calendar.objects.get(name="Working hours")
    return found


class TestPublishedCalendar:
    """SEV4 since Tuesday 10:00: 40 hours of 8 to 17, so due on Monday at 14:00."""

    BEFORE = datetime(2031, 3, 10, 14, tzinfo=UTC)
    # Friday became a holiday: its nine hours are worked on Monday and Tuesday.
    AFTER = datetime(2031, 3, 11, 14, tzinfo=UTC)
    FRIDAY = date(2031, 3, 7)

    @pytest.fixture
    def incident(self, cast: Cast) -> Incident:
        with clock.frozen_at(TUESDAY):
            return stories.in_progress(cast)

    def due(self, incident: Incident) -> datetime | None:
        row: Clock = incident.clocks.get(metric="resolution")
        return row.due_at

    def publish(self, **more: datetime) -> None:
        at = TUESDAY + 2 * HOUR
        with clock.frozen_at(at):
            version = draft_calendar(
                office(),
                effective_from=more.get("since", at),
                holidays={self.FRIDAY: "A new holiday"},
            )
            publish(version)

    def test_changes_what_runs_within_a_minute(self, incident: Incident) -> None:
        assert self.due(incident) == self.BEFORE
        self.publish()
        assert renewed(TUESDAY + 3 * HOUR) == 1
        assert self.due(incident) == self.AFTER
        assert armed(incident) == wanted(incident)
        assert list(differences()) == []

    def test_that_begins_later_changes_nothing_that_is_due_before(
        self, incident: Incident
    ) -> None:
        self.publish(since=self.BEFORE)
        assert renewed(TUESDAY + 3 * HOUR) == 0
        assert self.due(incident) == self.BEFORE

    def test_holds_back_what_is_not_due_any_more(self, incident: Incident) -> None:
        """The timer comes first, before the clock was read anew."""
        self.publish()
        at = self.BEFORE + HOUR
        with clock.frozen_at(at):
            sweep(at=at)
        missed = Event.objects.about(incident).filter(
            kind="incident.breach", data__metric="resolution"
        )
        assert not missed.exists()
        assert self.due(incident) == self.AFTER
        with clock.frozen_at(self.AFTER + HOUR):
            sweep(at=self.AFTER + HOUR)
        assert missed.count() == 1
