"""What is part of a solved incident is solved with it: each report for itself."""

import pytest

from activity.models import Delivery
from activity.refusals import Conflict, NotAllowed
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Incident
from incidents.services import parts as module
from incidents.services.parts import Together
from incidents.timeline import solution_of
from tests.incidents import stories
from tests.incidents.told import announced, joined
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def master(cast: Cast) -> Incident:
    return announced(cast)


def reasons(found: Together) -> dict[str, str]:
    return {one.part.reference: one.why for one in found.left}


def test_each_is_solved_and_asked_for_itself(cast: Cast, master: Incident) -> None:
    parts = [joined(master, by=person) for person in (cast.zed, cast.ute, cast.max)]
    stories.resolved(cast, of=master)
    found = services.resolve_parts(master.pk, by=cast.bo)
    assert (len(found.solved), found.left) == (3, [])
    for part in map(stories.again, parts):
        assert (part.status, part.confirmed_at) == ("resolved", None)
        assert solution_of(part) == "We replaced the drum."
        asked = Delivery.objects.filter(
            recipient=part.confirmer, event__kind="incident.resolve"
        )
        assert part.reference in str(asked.get().envelope)
    services.confirm_resolution(
        parts[0].pk, by=cast.zed, resolution=stories.current(stories.again(parts[0]))
    )
    assert not stories.again(parts[1]).is_confirmed
    assert not stories.again(master).is_confirmed


def test_what_cannot_be_is_named_and_stays_open(cast: Cast, master: Incident) -> None:
    of_cy = joined(master, by=cast.zed)
    stories.in_progress(cast, owner=cast.cy, of=stories.triaged(cast, of=of_cy))
    mine = joined(master, by=cast.ute)
    elsewhere = joined(master, by=cast.max)
    stories.escalated(cast, of=stories.triaged(cast, of=elsewhere))
    stories.resolved(cast, of=master)
    found = services.resolve_parts(master.pk, by=cast.bo)
    assert [one.pk for one in found.solved] == [mine.pk]
    assert reasons(found) == {
        of_cy.reference: "Cy Cole works on it.",
        elsewhere.reference: "It is with Network.",
    }
    assert stories.again(of_cy).status == "in_progress"
    assert stories.again(elsewhere).status == "assigned"


def test_one_that_waits_goes_on_and_is_solved(cast: Cast, master: Incident) -> None:
    part = joined(master, by=cast.zed)
    part = stories.in_progress(cast, of=stories.triaged(cast, of=part))
    stories.on_hold(cast, of=part, reason=HoldReason.AWAITING_SUPPLIER)
    stories.resolved(cast, of=master)
    assert services.resolve_parts(master.pk, by=cast.bo).left == []
    assert stories.again(part).status == "resolved"


def test_said_twice_there_is_nothing_left(cast: Cast, master: Incident) -> None:
    joined(master, by=cast.zed)
    stories.resolved(cast, of=master)
    services.resolve_parts(master.pk, by=cast.bo)
    again = services.resolve_parts(master.pk, by=cast.bo)
    assert (again.solved, again.left) == ([], [])


def test_one_that_has_ended_is_left_alone(cast: Cast, master: Incident) -> None:
    part = joined(master, by=cast.zed)
    services.cancel_incident(part.pk, by=cast.zed, reason="withdrawn")
    stories.resolved(cast, of=master)
    assert services.resolve_parts(master.pk, by=cast.bo).solved == []
    assert stories.again(part).status == "cancelled"


def test_the_incident_itself_comes_first(cast: Cast, master: Incident) -> None:
    joined(master, by=cast.zed)
    with pytest.raises(Conflict):
        services.resolve_parts(master.pk, by=cast.bo)


def test_what_works_again_by_itself_has_no_words_for_others(
    cast: Cast, master: Incident
) -> None:
    part = joined(master, by=cast.zed)
    services.report_works_again(master.pk, by=cast.ann)
    with pytest.raises(Conflict, match="Nobody here solved it"):
        services.resolve_parts(master.pk, by=cast.bo)
    assert stories.again(part).is_open


@pytest.mark.parametrize("name", ["ann", "ned", "max", "ida", "zed"])
def test_only_the_desk_solves_what_others_reported(
    name: str, cast: Cast, master: Incident
) -> None:
    part = joined(master, by=cast.zed)
    stories.resolved(cast, of=master)
    with pytest.raises(NotAllowed):
        services.resolve_parts(master.pk, by=getattr(cast, name))
    assert stories.again(part).is_open


def test_a_failure_in_one_undoes_that_one_alone(
    cast: Cast, master: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half the way through the desk is no way."""
    parts = [joined(master, by=person) for person in (cast.zed, cast.ute)]
    stories.resolved(cast, of=master)
    real = services.resolve_incident

    def fails_once(pk: int, **given: object) -> Incident:
        if pk == parts[0].pk:
            raise Conflict(parts[0], why="Somebody was faster.")
        return real(pk, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "resolve_incident", fails_once)
    found = services.resolve_parts(master.pk, by=cast.bo)
    assert reasons(found) == {parts[0].reference: "Somebody was faster."}
    assert (stories.again(parts[0]).status, stories.again(parts[0]).owner) == (
        "new",
        None,
    )
    assert stories.again(parts[1]).status == "resolved"
