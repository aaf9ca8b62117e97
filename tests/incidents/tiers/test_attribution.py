"""Where the time went: each counted second has one place, and they add up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from activity import clock
from activity.models import Event
from incidents import services
from incidents.clocks.history import history_of
from incidents.clocks.what_if import Supposition, tiers_of_teams
from incidents.codes import HoldReason
from incidents.models import Incident
from incidents.tiers.attribution import (
    Part,
    Place,
    Spent,
    attribute,
    moving_events,
)
from incidents.tiers.keeping import rows_of
from incidents.tiers.stays import stays_of
from sla.clock import Reading
from sla.codes import Metric
from tests.incidents import stories
from tests.incidents.replay import independent, whole
from tests.incidents.replay.test_made_sla import suppose
from tests.people import Cast

BEGINS = datetime(2026, 3, 3, 10, tzinfo=UTC)  # A Tuesday.


def at(minute: int) -> datetime:
    return BEGINS + timedelta(minutes=minute)


def resolution_of(incident: Incident, moment: datetime) -> Reading:
    readings = history_of(incident).readings(moment)
    return [one for one in readings if one.metric is Metric.RESOLUTION][-1]


def parts_of(incident: Incident, moment: datetime) -> list[Part]:
    return attribute(
        resolution_of(incident, moment),
        moving_events(incident),
        rows_of([incident.pk])[incident.pk],
        moment,
    )


def minutes(parts: list[Part]) -> dict[Place, int]:
    return {part.place: round(part.amount.total_seconds() / 60) for part in parts}


def triaged(cast: Cast, incident: Incident) -> Incident:
    return services.triage_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(impact=1, urgency=1),
        team=cast.desk,
    )


@pytest.fixture
def long_day(cast: Cast) -> Incident:
    """A SEV1, whose clock never stands still: sent up, sent back, up again, solved."""
    with clock.frozen_at(at(0)):
        one = stories.reported(cast, impact=1, urgency=1)
    with clock.frozen_at(at(7)):
        one = triaged(cast, one)
    with clock.frozen_at(at(10)):
        one = stories.in_progress(cast, of=one)
    with clock.frozen_at(at(40)):
        one = stories.escalated(cast, of=one)
    with clock.frozen_at(at(55)):
        services.take_incident(one.pk, by=cast.ned, expected_version=None)
    with clock.frozen_at(at(80)):
        one = stories.handed_back(cast, of=one)
    with clock.frozen_at(at(95)):
        services.take_incident(one.pk, by=cast.bo, expected_version=None)
    with clock.frozen_at(at(100)):
        one = stories.on_hold(cast, of=stories.again(one), reason="awaiting_supplier")
    with clock.frozen_at(at(160)):
        services.resume_incident(one.pk, by=cast.bo, expected_version=None)
    with clock.frozen_at(at(300)):
        one = stories.resolved(cast, of=stories.again(one))
    return stories.again(one)


def test_every_minute_has_its_place(long_day: Incident) -> None:
    """The desk waited seven and three minutes and worked thirty; then Network had it
    forty minutes in vain."""
    found = minutes(parts_of(long_day, at(400)))
    supplier = str(HoldReason.AWAITING_SUPPLIER)
    assert found == {
        Place(1, Spent.QUEUE): 10 + 15,
        Place(1, Spent.WORK): 30 + 5 + 140,
        Place(1, Spent.HOLD, supplier): 60,
        Place(2, Spent.BOUNCED): 40,
    }
    assert sum(found.values()) == 300


def test_while_it_runs_it_is_counted_up_to_the_moment(long_day: Incident) -> None:
    parts = parts_of(long_day, at(50))
    assert minutes(parts)[Place(2, Spent.BOUNCED)] == 10
    total = sum((part.amount for part in parts), timedelta())
    assert total == timedelta(minutes=50)


def test_what_is_shown_adds_up_in_whole_seconds(cast: Cast) -> None:
    start = BEGINS + timedelta(microseconds=300_000)
    with clock.frozen_at(start):
        one = stories.reported(cast, impact=1, urgency=1)
    with clock.frozen_at(start + timedelta(seconds=10, microseconds=700_000)):
        one = triaged(cast, one)
        one = stories.in_progress(cast, of=one)
    moment = start + timedelta(seconds=21, microseconds=500_000)
    parts = parts_of(one, moment)
    assert [part.shown for part in parts] == [
        timedelta(seconds=10),
        timedelta(seconds=11),
    ]
    assert sum(part.percent for part in parts) in {99, 100, 101}


def agrees(path: Path, source: independent.Kind) -> int:
    """Whatever was missed of a log, had 8 and 40 working hours been promised."""
    whole.bring_in(path, source)
    supposed, tiers, now = suppose("UTC"), tiers_of_teams(), clock.now()
    missed = 0
    for incident in Incident.objects.filter(imported__source=source).iterator():
        events = list(Event.objects.about(incident))
        stays = stays_of(events, tiers)
        for reading in _readings(supposed, events, now, tiers):
            if reading.breached_at is None:
                continue
            missed += 1
            parts = attribute(reading, events, stays, now)
            total = sum((part.amount for part in parts), timedelta())
            assert total == reading.elapsed, incident
            assert all(part.amount > timedelta() for part in parts)
    return missed


def _readings(
    supposed: Supposition, events: list[Event], now: datetime, tiers: dict[int, int]
) -> list[Reading]:
    return supposed.readings(events, Metric.RESOLUTION, now, tiers=tiers)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (whole.DATA / "servicenow.csv", "servicenow"),
        (whole.DATA / "vinst.csv", "vinst"),
    ],
)
def test_what_was_missed_in_a_small_log_adds_up(
    cast: Cast, path: Path, source: independent.Kind
) -> None:
    assert agrees(path, source) > 0


@pytest.mark.long
@pytest.mark.django_db(transaction=True)  # as the command: batch by batch
@pytest.mark.parametrize(
    ("path", "source"), [(whole.SERVICENOW, "servicenow"), (whole.VINST, "vinst")]
)
def test_what_was_missed_in_a_whole_log_adds_up(
    cast: Cast, path: Path, source: independent.Kind
) -> None:
    if not path.exists():
        pytest.skip("the public data lie beside the repository, and are not there")
    missed = agrees(path, source)
    print(f"\n{source}: {missed} missed, each adds up")  # noqa: T201 - to report
    assert missed > 100


def test_the_page_of_the_clock_says_it(
    long_day: Incident, cast: Cast, client: Client
) -> None:
    client.force_login(cast.bo)
    ticket = client.get(long_day.get_absolute_url()).content.decode()
    assert "#where" in ticket
    page = client.get(f"{long_day.get_absolute_url()}clocks/").content.decode()
    said = page.split('id="where"')[1].split("</section>")[0]
    assert "With a team that passed it back" in said
    assert "40 min" in said
    assert f"On hold: {HoldReason.AWAITING_SUPPLIER.label}" in said
    assert "<strong>5 h</strong>" in said
    assert "came back to a team once" in said


def test_a_stranger_does_not_learn_it(
    long_day: Incident, cast: Cast, client: Client
) -> None:
    client.force_login(cast.zed)
    at_ = f"{long_day.get_absolute_url()}clocks/"
    assert client.get(at_).status_code == 404
