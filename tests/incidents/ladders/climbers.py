"""What the processes of a storm over ladders do: sweep as time goes by, and answer.

The time of the story goes on by what is done, not by a clock on the wall: ten seconds
whenever somebody looks and finds nothing due. So a busy machine tells the same story,
only later.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Final

from tests.activity import sweepers  # first: it loads Django in a new process

# isort: split
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import User
from activity import clock
from activity.refusals import Conflict
from activity.services.timers import sweep_batch
from incidents import services
from incidents.models import Incident

BATCH: Final = 10
STEP: Final = timedelta(seconds=10)
# Of the story, in minutes: nobody wakes a worker.
STILL: Final = (20.0, 32.0)
STEPS: Final = "story_step"
PROCESSES: Final = 3


@dataclass(frozen=True, slots=True)
class Story:
    """Its steps are counted by a sequence of the database: no killed process takes
    one back."""

    begins: datetime
    ends: datetime

    def now(self) -> datetime:
        return min(self.begins + STEP * self.step(), self.ends)

    def step(self) -> int:
        return _number(f"SELECT last_value FROM {STEPS}")

    def go_on(self) -> None:
        _number(f"SELECT nextval('{STEPS}')")

    def is_still(self, at: datetime) -> bool:
        passed = (at - self.begins) / timedelta(minutes=1)
        return STILL[0] <= passed < STILL[1]


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: int = cursor.fetchone()[0]
    return found


@dataclass(frozen=True, slots=True)
class Sweeper:
    """The product, with a broker that is stopped for a while. It rests only when the
    story is over and nothing is due."""

    story: Story

    def __call__(self) -> int:
        at = self.story.now()
        if self.story.is_still(at):
            self.story.go_on()
            return 1
        with clock.frozen_at(at):
            swept, _last = sweep_batch(at=at, size=BATCH)
        if not swept.total and at < self.story.ends:
            self.story.go_on()
        return swept.total or at < self.story.ends


@dataclass(slots=True)
class People:
    """Every so many steps, Lea attends to one, or Bo takes one; some are refused."""

    story: Story
    every: int = 2
    acted_at: int = 0

    def __call__(self) -> int:
        step = self.story.step()
        at = self.story.now()
        if at >= self.story.ends:
            return 0
        if step >= self.acted_at + self.every:
            self.acted_at = step
            with clock.frozen_at(at):
                self._act(random.Random(os.urandom(8)))
        return 1

    def _act(self, dice: random.Random) -> None:
        pk = dice.choice(list(Incident.objects.values_list("pk", flat=True)))
        try:
            if dice.random() < 0.8:
                by = User.objects.get(email="lea@example.org")
                services.acknowledge_attention(pk, by=by)
            else:
                by = User.objects.get(email="bo@example.org")
                services.take_incident(pk, by=by, expected_version=None)
        except (Conflict, PermissionDenied, ValidationError):
            pass


def start(number: int, round_: Callable[[], int]) -> BaseProcess:
    """One of ``PROCESSES`` answers, the others sweep."""
    if number % PROCESSES == 0 and isinstance(round_, Sweeper):
        return sweepers.start(number, People(round_.story))
    return sweepers.start(number, round_)
