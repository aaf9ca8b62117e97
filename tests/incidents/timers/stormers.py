"""What the processes of a storm do: sweep as time goes by, and work on the incidents.

Their time runs faster than ours: ``Story`` says by how much, and all go by the
clock of the database, as ever.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any, Final

from tests.activity import sweepers  # first: it loads Django in a new process

# isort: split
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from activity import clock
from activity.handlers import Firing, handler_for
from activity.lifecycle import record
from activity.models import Timer
from activity.refusals import Conflict
from activity.services.timers import _fact, sweep_batch
from incidents import services
from incidents.models import Incident
from tests.incidents.stories import solution

BATCH: Final = 10
WORK: Final = {"take": 3, "reply": 3, "hold": 2, "resume": 2, "resolve": 1, "reject": 1}


@dataclass(frozen=True)
class Story:
    """Two hours, say, in some seconds."""

    begins: datetime
    ends: datetime
    raised_at: datetime  # of the real clock, when it began
    speed: float

    def now(self) -> datetime:
        passed = (clock.now() - self.raised_at) * self.speed
        return min(self.begins + passed, self.ends)


def sweep_on(story: Story) -> int:
    """The product. It rests only when the story is over and nothing is due."""
    at = story.now()
    with clock.frozen_at(at):
        swept, _last = sweep_batch(at=at, size=BATCH)
    return swept.total or at < story.ends


def work_on(story: Story) -> int:
    """Somebody of the desk does something with some incident, or is refused."""
    at, dice = story.now(), random.Random(os.urandom(8))
    if at >= story.ends:
        return 0
    pk = dice.choice(list(Incident.objects.values_list("pk", flat=True)))
    (name,) = dice.choices([*WORK], [*WORK.values()])
    with clock.frozen_at(at):
        try:
            act(name, pk, at)
        except (Conflict, PermissionDenied, ValidationError):
            return 1
    return 1


def act(name: str, pk: int, at: datetime) -> None:
    bo, ann = (User.objects.get(email=f"{one}@example.org") for one in ("bo", "ann"))
    how: dict[str, Any] = {"by": bo, "expected_version": None}
    match name:
        case "take":
            services.take_incident(pk, **how)
        case "reply":
            services.reply_to_reporter(pk, message="We look into it.", **how)
        case "hold":
            until = at + timedelta(minutes=20)
            services.hold_incident(pk, reason="scheduled", until=until, **how)
        case "resume":
            services.resume_incident(pk, **how)
        case "resolve":
            services.resolve_incident(pk, solution=solution(), **how)
        case "reject":
            services.reject_resolution(pk, by=ann, complaint="It does not.")


# --- looks right, and is not ----------------------------------------------------------


def mark_then_tell(story: Story) -> int:
    """What was marked when the process dies is never told."""
    at = story.now()
    with clock.frozen_at(at):
        with transaction.atomic():
            due = Timer.objects.due(at).select_for_update(skip_locked=True)
            timers = list(due[:BATCH])
            pks = [timer.pk for timer in timers]
            Timer.objects.filter(pk__in=pks).update(state="fired", finished_at=at)
        for timer in timers:
            tell(timer, at)
    return len(timers) or at < story.ends


@transaction.atomic
def tell(timer: Timer, at: datetime) -> None:
    incident = Incident.objects.lock(timer.subject_id)
    if timer.generation != incident.timer_generation:
        return
    answer = handler_for(timer)(incident, timer, at)
    if isinstance(answer, Firing):
        fact = _fact(timer, incident, answer, at, User.objects.system())
        record(
            incident,
            fact.kind,
            by=fact.by,
            at=at,
            data=fact.data,
            public=fact.public,
        )


def start(
    agents: int, processes: int, number: int, round_: Callable[[], int]
) -> BaseProcess:
    """``agents`` of so many processes work, the others sweep."""
    if number % processes < agents:
        (story,) = round_.args  # type: ignore[attr-defined]
        return sweepers.start(number, partial(work_on, story))
    return sweepers.start(number, round_)
