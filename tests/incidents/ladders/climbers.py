"""What the processes of a storm over ladders do: sweep as time goes by, and answer."""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Final

from tests.activity import sweepers  # first: it loads Django in a new process

# isort: split
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from activity import clock
from activity.refusals import Conflict
from activity.services.timers import sweep_batch
from incidents import services
from incidents.models import Incident
from tests.incidents.timers.stormers import Story

BATCH: Final = 10
# Of the story, in minutes: nobody wakes a worker.
STILL: Final = (20.0, 32.0)


def is_still(story: Story) -> bool:
    passed = (story.now() - story.begins) / timedelta(minutes=1)
    return STILL[0] <= passed < STILL[1]


def climb_on(story: Story) -> int:
    """The product, with a broker that is stopped for a while. It rests only when the
    story is over and nothing is due."""
    at = story.now()
    if is_still(story):
        return 1
    with clock.frozen_at(at):
        swept, _last = sweep_batch(at=at, size=BATCH)
    return swept.total or at < story.ends


def answer_on(story: Story) -> int:
    """Lea attends to one, or Bo takes one; some are refused."""
    at, dice = story.now(), random.Random(os.urandom(8))
    if at >= story.ends:
        return 0
    pk = dice.choice(list(Incident.objects.values_list("pk", flat=True)))
    with clock.frozen_at(at):
        try:
            if dice.random() < 0.8:
                by = User.objects.get(email="lea@example.org")
                services.acknowledge_attention(pk, by=by)
            else:
                by = User.objects.get(email="bo@example.org")
                services.take_incident(pk, by=by, expected_version=None)
        except (Conflict, PermissionDenied, ValidationError):
            return 1
    return 1


def start(number: int, round_: Callable[[], int]) -> BaseProcess:
    """The first process answers, the others sweep."""
    if number == 0:
        (story,) = round_.args  # type: ignore[attr-defined]
        return sweepers.start(number, partial(answer_on, story))
    return sweepers.start(number, round_)
