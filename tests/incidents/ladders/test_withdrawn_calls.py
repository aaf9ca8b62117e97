"""Whoever was called and has not been sent it yet does not hear of it once somebody
attends to it, or nothing is left to attend to."""

from collections.abc import Callable

import pytest

from activity import clock
from activity.models import Delivery
from incidents import services
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.ladders.climbs import called_twice, minutes
from tests.people import Cast

End = Callable[[Incident, Cast], object]


@pytest.fixture
def called(cast: Cast) -> Incident:
    """Lea and then Max were told of it, and no mail has left yet."""
    incident = called_twice(cast)
    assert calls() == {("lea", "waiting"), ("max", "waiting")}
    return incident


def calls() -> set[tuple[str, str]]:
    rows = Delivery.objects.filter(event__kind="incident.rung")
    return {(row.address.split("@")[0], row.state) for row in rows}


def attend(incident: Incident, cast: Cast) -> None:
    services.acknowledge_attention(incident.pk, by=cast.lea)


def solve(incident: Incident, cast: Cast) -> None:
    stories.resolved(cast, of=incident)


def cancel(incident: Incident, cast: Cast) -> None:
    stories.cancelled(cast, of=incident, by=cast.lea)


@pytest.mark.parametrize("end", [attend, solve, cancel])
def test_no_call_leaves_when_it_is_over(called: Incident, cast: Cast, end: End) -> None:
    with clock.frozen_at(minutes(241)):
        end(called, cast)
    assert calls() == {("lea", "dropped"), ("max", "dropped")}


def test_a_call_of_another_ticket_leaves(called: Incident, cast: Cast) -> None:
    with clock.frozen_at(minutes(241)):
        other = stories.in_progress(cast, title="Another")
        stories.resolved(cast, of=other)
    assert calls() == {("lea", "waiting"), ("max", "waiting")}


def test_what_a_reporter_said_is_told_all_the_same(
    called: Incident, cast: Cast
) -> None:
    """It asks for nothing that is over: it is news."""
    with clock.frozen_at(minutes(241)):
        services.urge(called.pk, by=called.reporter, reason="Surgery at four.")
        attend(called, cast)
    news = Delivery.objects.filter(event__kind="incident.urge")
    assert {row.state for row in news} == {"waiting"}
