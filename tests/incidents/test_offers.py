"""The page offers what the services take, and nothing else."""

from datetime import datetime, timedelta

import pytest

from activity import clock
from incidents.models import Incident
from incidents.moves import MOVES
from tests.incidents.services.facts import outcome
from tests.incidents.services.test_grid import STORIES, TELL, Stage, make_moves, stage
from tests.people import Cast

__all__ = ["stage"]
OFFERED = [move for move in MOVES if move.name != "cancel"]  # Cancelling has reasons.
PEOPLE = ("bo", "lea", "eve")


def moment_of(move: str) -> datetime:
    """The grid asks again a day later."""
    return clock.now() + timedelta(days=move == "remind")


@pytest.mark.parametrize("story", STORIES)
def test_what_is_offered_is_what_the_service_takes(stage: Stage, story: str) -> None:
    told = TELL[story](stage.cast)
    acts = make_moves(stage, told)
    seen = Incident.objects.for_page().with_reminders().get(pk=told.pk)
    wrong = []
    for move in OFFERED:
        for name in PEOPLE:
            by = stage.people[name]
            offer = move.offer(seen, by, moment_of(move.name))
            offered = seen.status in move.shown and offer.is_allowed
            taken = outcome(lambda act=acts[move.name], by=by: act(by)) == "ok"
            if offered != taken:
                wrong.append((move.name, name, "offered" if offered else "not offered"))
    assert wrong == []


def test_a_call_after_a_waiver_is_offered(stage: Stage, cast: Cast) -> None:
    waived = Incident.objects.for_page().get(pk=TELL["waived"](cast).pk)
    offers = {move.name: move.offer(waived, cast.bo, clock.now()) for move in OFFERED}
    assert offers["record_call"].is_allowed
    assert offers["remind"].why == "It is confirmed or waived already."
