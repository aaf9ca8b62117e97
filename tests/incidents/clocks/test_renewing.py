"""A calendar that changes changes what was foreseen, and what is armed for it."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activity import clock
from activity.models import Timer
from incidents.clocks.keeping import differences
from incidents.clocks.renewing import renew_clocks
from incidents.models import Incident
from incidents.tasks import follow_calendars
from incidents.timers.keeping import wanted_timers
from sla.models import Calendar
from tests.incidents import stories
from tests.people import Cast
from tests.sla.settings_cast import draft_calendar, in_days, publish

HOURS = {day: [(time(8), time(20))] for day in range(7)}


@pytest.fixture
def incident(cast: Cast) -> Incident:
    """SEV4: to be solved within 40 working hours."""
    return stories.in_progress(cast)


def open_longer() -> None:
    """From tomorrow on, twelve hours every day."""
    calendar = Calendar.objects.get(name="Working hours")
    publish(draft_calendar(calendar, effective_from=in_days(1), shifts=HOURS))


def due(incident: Incident) -> datetime:
    row = incident.clocks.get(metric="resolution")
    assert row.due_at is not None
    return row.due_at


def test_what_was_promised_is_due_by_the_new_hours(incident: Incident) -> None:
    before = due(incident)
    open_longer()
    assert list(differences())
    assert renew_clocks() == 1
    assert due(incident) < before
    assert list(differences()) == []
    armed = Timer.objects.armed().filter(
        generation=stories.again(incident).timer_generation
    )
    assert set(armed.values_list("kind", "step", "due_at")) == {
        (one.kind, one.step, one.due_at)
        for one in wanted_timers(stories.again(incident))
    }


def test_what_ends_before_the_new_hours_begin_stays(cast: Cast) -> None:
    incident = stories.reported(cast, impact=1, urgency=1)
    before = incident.clocks.get(metric="resolution").kept_at
    open_longer()
    assert renew_clocks() == 0
    assert incident.clocks.get(metric="resolution").kept_at == before


def test_what_was_kept_after_the_publication_is_left_alone(incident: Incident) -> None:
    open_longer()
    follow_calendars()
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        assert renew_clocks() == 1  # Once more: it might not have seen the version.
        assert renew_clocks() == 0


def test_a_look_for_nothing_is_two_questions(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert renew_clocks() == 0
    assert len(asked) <= 2
