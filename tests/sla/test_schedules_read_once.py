"""Inside a batch of work each calendar is asked for once; afterwards anew."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sla.services import schedule_of, schedules_read_once
from tests.sla.settings_cast import draft_calendar, in_days, make_calendar, publish

pytestmark = pytest.mark.django_db


def test_a_calendar_is_asked_for_once() -> None:
    calendar = make_calendar()
    first = schedule_of(calendar)
    with schedules_read_once(), CaptureQueriesContext(connection) as asked:
        assert schedule_of(calendar) == schedule_of(calendar.pk) == first
    assert len(asked) == 1


def test_what_is_published_meanwhile_is_seen_afterwards() -> None:
    calendar = make_calendar()
    with schedules_read_once():
        before = schedule_of(calendar)
        publish(draft_calendar(calendar, effective_from=in_days(1)))
        assert schedule_of(calendar) == before
    assert len(schedule_of(calendar)) == len(before) + 1
