"""Filling in the demonstration: on any day, quick, and without a month of mail."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from activity import clock, handlers
from activity.models import Delivery, Event
from incidents.clocks.keeping import differences
from incidents.events import Kind
from incidents.models import Incident
from servicedesk import demonstration
from servicedesk.demonstration.stage import NEWS
from servicedesk.demonstration.stories import STORIES

# A story has eight events or so, the deadlines that fell due in its time included.
QUERIES_PER_STORY = 200


@pytest.fixture
def heard(monkeypatch: Any) -> list[datetime]:
    """The times of events that listeners were told of."""
    times: list[datetime] = []

    def listener(event: Event, _incident: object) -> list[Any]:
        times.append(event.at)
        return []

    everybody = {kind: [*handlers._listeners.get(kind, []), listener] for kind in Kind}
    monkeypatch.setattr(handlers, "_listeners", everybody)
    return times


def test_on_new_year_as_on_any_day(db: None, heard: list[datetime]) -> None:
    now = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    demonstration.fill(now)
    assert Incident.objects.count() > len(STORIES)
    assert not Event.objects.filter(subject_type="incident", at__gte=now).exists()
    assert Incident.objects.filter(due_at__isnull=False).count() > 10
    assert not list(differences())


def test_only_the_news_of_the_day_is_told_and_the_work_is_small(
    db: None, heard: list[datetime]
) -> None:
    """Or the first start would send hundreds of mails, or take minutes."""
    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    now = clock.now()
    with connection.execute_wrapper(count):
        demonstration.fill(now)
    assert queries < QUERIES_PER_STORY * len(STORIES)
    assert min(heard) > now - NEWS
    assert 20 < len(heard) < Event.objects.count() / 3
    assert Delivery.objects.count() < 60
    assert not Delivery.objects.filter(queued_at__lt=now - NEWS).exists()


def test_a_desk_with_people_is_not_empty(db: None, client: Client) -> None:
    assert demonstration.is_empty()
    demonstration.furnish()
    assert not demonstration.is_empty()
