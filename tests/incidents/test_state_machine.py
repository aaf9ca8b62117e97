"""Any order of anything by anybody: the desk does what its rules say, and no more.

Hypothesis draws people, moves, arguments and the passing of time; ``model`` says what
should come of each call, and after every step the database has to agree. A run prints
its seed; ``MACHINE_SEED=<seed>`` repeats it. The default suite tells the same stories
each time, so that a change is not refused for what another one brought; the long suite
looks somewhere else on every run, and keeps nothing in between.
"""

import os
import random

import pytest
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.incidents.machine.asking import done
from tests.incidents.machine.deadlines import Deadlines
from tests.incidents.machine.facts import Facts
from tests.incidents.machine.reporting import Reporting
from tests.incidents.machine.solving import Solving
from tests.incidents.machine.town import ALWAYS_HERE, Town
from tests.incidents.machine.working import Working

FACTS = (
    "reclassify",
    "override_severity",
    "retitle",
    "declare_major",
    "stand_down",
    "reply",
    "note_for_colleagues",
    "answer",
    "ask_colleague",
    "share",
    "unshare",
    "watch",
    "hand_over",
    "name_successor",
    "check_known_errors",
    "check_known_errors",
    "check_known_errors",
)
# How often each is tried; what ends a story early is rare, or nothing would be old.
MOVES = {
    "triage": 3,
    "take": 3,
    "assign": 1,
    "start": 2,
    "hold": 1,
    "resume": 1,
    "transfer": 1,
    "escalate": 5,
    "triage_and_escalate": 2,
    "hand_back": 2,
    "resolve": 5,
    "works_again": 1,
    "confirm": 5,
    "record_call": 5,
    "reject": 1,
    "remind": 1,
    "waive": 1,
    "close": 6,
    "reopen": 2,
    "cancel": 1,
}
# What happens next, and how often: most of the time somebody moves something.
NEXT = {
    "a_move": 20,
    "a_fact": 6,
    "report": 2,
    "contact": 2,
    "follow_up": 1,
    "take_next": 1,
    "a_week_of_silence": 1,
    "one_person_with_both_keys": 2,
    "two_weeks_after_the_end": 2,
    "deadlines_are_swept": 3,
    "a_calendar_is_published": 1,
    "a_policy_is_published": 1,
    "someone_leaves_or_returns": 1,
    "time_passes": 4,
}


def weighed(data: st.DataObject, weights: dict[str, int]) -> str:
    names = [name for name, often in weights.items() for _each in range(often)]
    return data.draw(st.sampled_from(names), label="next")


class Desk(Reporting, Working, Solving, Facts, Deadlines):
    """Some days at the desk; the world goes on meanwhile."""

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        getattr(self, weighed(data, NEXT))(data)

    def a_fact(self, data: st.DataObject) -> None:
        getattr(self, data.draw(st.sampled_from(FACTS), label="fact"))(data)

    def a_move(self, data: st.DataObject) -> None:
        """Mostly one that the state of the incident allows."""
        self.chosen = data.draw(st.sampled_from(self.tickets), label="of")
        assert self.chosen is not None
        ready = {
            name: often
            for name, often in MOVES.items()
            if self.is_ready(name, self.chosen)
        }
        likely = ready and data.draw(st.integers(0, 9), label="likely") > 0
        getattr(self, weighed(data, ready if likely else MOVES))(data)
        self.chosen = None

    def someone_leaves_or_returns(self, data: st.DataObject) -> None:
        name = self.someone(data.draw)
        if name == ALWAYS_HERE:
            return
        user = self.user(name)
        user.is_active = name in self.world.gone
        user.save(update_fields=["is_active"])
        self.world.gone ^= {name}
        self._forget_standings()
        note(f"{name} is {'here' if user.is_active else 'gone'}")
        self._agree(name)


SAME = 878902114


def run(examples: int, steps: int, number: int | None = None) -> None:
    number = int(
        os.environ.get("MACHINE_SEED")
        or number
        or random.SystemRandom().getrandbits(32)
    )
    print(f"MACHINE_SEED={number}")  # noqa: T201 - shown when it fails
    Desk.town = Town()
    done.clear()
    run_state_machine_as_test(
        seed(number)(Desk),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=False,
            phases=[Phase.generate]
            if os.environ.get("FAST")
            else [Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(sorted(done.items(), key=lambda item: item[1]))  # noqa: T201


def test_the_desk_does_what_its_rules_say(db: None) -> None:
    run(examples=int(os.environ.get("EXAMPLES", "60")), steps=30, number=SAME)


@pytest.mark.long
@pytest.mark.parametrize("part", range(30))
def test_the_desk_does_what_its_rules_say_for_long(db: None, part: int) -> None:
    run(examples=100, steps=50)
