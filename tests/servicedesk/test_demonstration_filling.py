"""Filling in the demonstration: on any day, quick, and without a month of mail."""

from datetime import UTC, datetime

from django.test import Client

from activity.models import Event
from incidents.clocks.keeping import differences
from incidents.models import Incident
from servicedesk import demonstration
from servicedesk.demonstration.stories import STORIES


def test_on_new_year_as_on_any_day(db: None) -> None:
    now = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    demonstration.fill(now)
    assert Incident.objects.count() > len(STORIES)
    assert not Event.objects.filter(subject_type="incident", at__gte=now).exists()
    assert Incident.objects.filter(due_at__isnull=False).count() > 10
    assert not list(differences())


def test_a_desk_with_people_is_not_empty(db: None, client: Client) -> None:
    assert demonstration.is_empty()
    demonstration.furnish()
    assert not demonstration.is_empty()
