"""Every setting of a policy: the same story with only that one changed ends otherwise.

``tests/sla/test_clock_table.py`` has each of them with hand-computed times; this asks
the product, from the version in the database to what people were told.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Team
from activity import clock
from activity.models import Event
from activity.services.timers import sweep
from catalogue.models import Service
from incidents import services
from incidents.clocks.keeping import differences
from incidents.codes import Kind as TicketKind
from incidents.events import Kind
from incidents.models import Incident
from sla.codes import OnChange, OnMove, OnReopen, Pause, StopsAt
from sla.models.policies import SETTINGS
from tests.incidents import stories
from tests.people import Cast
from tests.sla.settings_cast import make_calendar, make_policy, without_defaults

# A Tuesday in office hours.
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
BASE: dict[str, Any] = {
    "response_target": 60,
    "resolution_target": 240,
    "update_target": 120,
    "response_warnings": [50],
    "resolution_warnings": [50],
}
# Nothing in the product moves this way yet.
ELSEWHERE = {"on_tier_move": "tests/sla/test_clock_table.py"}
EVENINGS = {day: [(time(18), time(0))] for day in range(5)}
Outcome = tuple[Any, ...]


def at(hours: float) -> Any:
    return clock.frozen_at(TUESDAY + timedelta(hours=hours))


def swept(hours: float) -> None:
    with at(hours):
        sweep(at=TUESDAY + timedelta(hours=hours))


def untouched(cast: Cast) -> Incident:
    """Nobody looks at it, and time goes by."""
    with at(0):
        incident = stories.reported(cast, service=stories.catalogue()[0])
    for hours in (0.25, 0.55, 0.8, 1.1, 1.9, 2.1, 3.1, 4.1):
        swept(hours)
    return incident


def waiting(cast: Cast) -> Incident:
    with at(0):
        incident = stories.in_progress(cast)
    with at(1):
        stories.on_hold(cast, of=incident, until=TUESDAY + timedelta(hours=3))
    swept(3.5)
    return incident


def transferred(cast: Cast) -> Incident:
    with at(0):
        incident = stories.in_progress(cast)
    second = Team.objects.create(name="Second", tier=1, is_service_desk=True)
    with at(1):
        services.transfer_incident(
            incident.pk, by=cast.bo, expected_version=None, team=second, reason="Hers."
        )
    return incident


def overridden(cast: Cast) -> Incident:
    """It becomes a SEV1, for which another policy says the same."""
    with at(0):
        incident = stories.in_progress(cast)
    with at(1):
        services.override_severity(
            incident.pk, by=cast.bo, expected_version=None, severity=1, reason="All."
        )
    return incident


def rejected(cast: Cast) -> Incident:
    with at(0):
        incident = stories.in_progress(cast)
    with at(1):
        stories.resolved(cast, of=incident)
    with at(2):
        services.reject_resolution(incident.pk, by=cast.ann, complaint="No.")
    return incident


def reopened(cast: Cast) -> Incident:
    with at(0):
        incident = stories.in_progress(cast)
    with at(1):
        stories.closed(cast, of=stories.confirmed(cast, of=solved(cast, incident)))
    with at(2):
        services.reopen_incident(
            incident.pk, by=cast.ann, expected_version=None, complaint="Again."
        )
    return incident


def solved(cast: Cast, incident: Incident) -> Incident:
    return stories.resolved(cast, of=incident)


def outcome(incident: Incident) -> Outcome:
    """How its clocks stand, and what people heard."""
    rows = incident.clocks.values_list(
        "metric", "cycle", "target", "state", "elapsed", "due_at", "breached_at"
    )
    told = Event.objects.about(incident).filter(kind__in=[Kind.WARN, Kind.BREACH])
    said = [(one.kind, one.data["metric"], one.data["percent"], one.at) for one in told]
    return sorted(map(str, rows)), said


# Of each setting another value, and the story in which it matters.
MATTERS: dict[str, tuple[Any, Callable[[Cast], Incident]]] = {
    "service": (lambda cast: Service.objects.create(name="Other"), untouched),
    "team": (lambda cast: cast.network, untouched),
    "kind": (lambda cast: TicketKind.SERVICE_REQUEST, untouched),
    "severity": (lambda cast: 2, untouched),
    "calendar": (lambda cast: make_calendar("Evenings", shifts=EVENINGS), untouched),
    "response_target": (lambda cast: 30, untouched),
    "resolution_target": (lambda cast: 120, untouched),
    "update_target": (lambda cast: 60, untouched),
    "response_warnings": (lambda cast: [25, 75], untouched),
    "resolution_warnings": (lambda cast: [75], untouched),
    "pauses_on": (lambda cast: [Pause.AWAITING_REPORTER], waiting),
    "stops_at": (lambda cast: StopsAt.CLOSED, rejected),
    "on_change": (lambda cast: OnChange.RESTART, overridden),
    "on_transfer": (lambda cast: OnMove.RESTART, transferred),
    "on_reject": (lambda cast: OnMove.RESTART, rejected),
    "on_reopen": (lambda cast: OnReopen.CONTINUE, reopened),
}


def told_by(cast: Cast, name: str, value: Any) -> Outcome:
    """The story of this setting, with this value."""
    without_defaults()
    fields = BASE | {"calendar": make_calendar(f"Office {name}")} | {name: value}
    if value is None:
        del fields[name]
    make_policy(f"Policy {name}", **fields)
    if name == "on_change":
        make_policy(f"Policy {name} SEV1", severity=1, **fields)
    return outcome(MATTERS[name][1](cast))


@pytest.fixture(autouse=True)
def clocks_agree(db: None) -> Iterator[None]:
    yield
    assert list(differences()) == []


@pytest.mark.parametrize("name", MATTERS)
def test_changing_only_this_setting_changes_the_outcome(cast: Cast, name: str) -> None:
    usual = usual_outcome(cast, name)
    assert usual_outcome(cast, name) == usual  # It is the setting that does it.
    make, _story = MATTERS[name]
    assert told_by(cast, name, make(cast)) != usual


def usual_outcome(cast: Cast, name: str) -> Outcome:
    """As it is without that change, undone again."""
    with transaction.atomic():
        found = told_by(cast, name, BASE.get(name))
        transaction.set_rollback(True)
    return found


def test_no_setting_of_a_policy_is_without_such_a_test() -> None:
    assert set(MATTERS) | set(ELSEWHERE) == set(SETTINGS)
