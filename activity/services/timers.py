"""Timers: armed with the change that makes them necessary, fired exactly once.

A batch is one transaction: lock due timers, lock their subjects, ask each
handler whether the deadline still holds, write events, next timers and
deliveries, mark the timers. A crash anywhere leaves all of it or nothing. A batch
that fails is repeated one by one, so one bad timer delays only itself.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts import permissions
from accounts.models import User
from activity import clock
from activity.handlers import Arming, Firing, Moved, handler_for, surrounded
from activity.lifecycle import Fact, record, record_all
from activity.models import Subject, Timer
from activity.models.timer import TimerQuerySet
from activity.services.steadiness import Steadiness

logger = logging.getLogger(__name__)

BATCH = 50
Place = tuple[datetime, int]  # a timer's place in the queue: when due, which one
START: Place = (datetime.min.replace(tzinfo=UTC), 0)
_steadiness = Steadiness()


@dataclass(slots=True)
class Swept:
    """How many timers one round met: fired, stale, failed; and whether it was held
    up, because a jump of the clock is waited out."""

    fired: int = 0
    stale: int = 0
    failed: int = 0
    is_held_up: bool = False

    @property
    def total(self) -> int:
        return self.fired + self.stale + self.failed

    def add(self, other: "Swept") -> None:
        self.fired += other.fired
        self.stale += other.stale
        self.failed += other.failed


def arm(subject: Subject, timers: Iterable[Arming]) -> None:
    """Arm timers for a locked subject, in its transaction and generation.

    A step is armed once in a generation. Raises ``IntegrityError``
    (``timer_step_once``) otherwise: call ``subject.make_timers_stale`` before, or
    the deadline that is armed already would quietly win.
    """
    subject.assert_locked()
    _save_timers([(subject, timer) for timer in timers])


def rearm(subject: Subject, timers: Iterable[Arming]) -> None:
    """Let just these timers be armed for a locked subject, and no others.

    Writes nothing where they are armed already. What is armed otherwise becomes stale.
    """
    subject.assert_locked()
    wanted = {(timer.kind, timer.step, timer.due_at) for timer in timers}
    known = Timer.objects.of_generation(subject)
    armed = {
        (kind, step, at)
        for kind, step, at, state in known
        if state == Timer.State.ARMED
    }
    used = {(kind, step) for kind, step, _wanted_at, _state in known}
    missing = wanted - armed
    if armed - wanted or any((kind, step) in used for kind, step, _at in missing):
        subject.make_timers_stale()
        type(subject)._base_manager.filter(pk=subject.pk).update(
            timer_generation=subject.timer_generation
        )
        missing = wanted
    _save_timers(
        [
            (subject, Arming(kind=kind, step=step, due_at=at))
            for kind, step, at in sorted(missing)
        ]
    )


def sweep(
    *,
    max_seconds: float = 30.0,
    at: datetime | None = None,
    steadiness: Steadiness = _steadiness,
) -> Swept:
    """Fire everything that is due, batch after batch, for at most ``max_seconds``.

    Any number of sweeps may run side by side: each takes rows that nobody holds,
    and passes over what others hold until the next sweep. ``at`` is the moment to
    fire for (default: now, read anew for each batch, unless the clock jumped).
    """
    stop_at = time.monotonic() + max_seconds
    done, after = Swept(), START
    while time.monotonic() < stop_at:
        moment = at or _moment(steadiness)
        if moment is None:
            done.is_held_up = True
            break
        batch, last = sweep_batch(at=moment, after=after)
        done.add(batch)
        if last is None:
            break
        # Nothing could be had among these: what comes later need not wait for them.
        after = last if batch.total == 0 else START
    return done


def _moment(steadiness: Steadiness) -> datetime | None:
    """Now; ``None`` while a jump of the clock is waited out."""
    return clock.now() if clock.is_frozen() else steadiness.now()


def sweep_batch(
    *, at: datetime, size: int = BATCH, after: Place = START
) -> tuple[Swept, Place | None]:
    """Fire up to ``size`` due timers, one of each subject, that come ``after``.

    Also returns the place of the last timer it looked at; ``None`` if none was due.
    """
    met: list[Timer] = []
    try:
        with transaction.atomic(), surrounded():
            swept = _fire_batch(_due(at, after), size, at, met)
    except Exception:
        if not met:
            raise
        logger.exception("A batch of %d timers failed; firing them singly", len(met))
        swept = Swept()
        for timer in met:
            swept.add(_fire_singly(timer.pk, at))
    last = (met[-1].due_at, met[-1].pk) if met else None
    return swept, last


def _due(at: datetime, after: Place) -> TimerQuerySet:
    """Due timers after a place; of each subject only the one that comes first."""
    due_at, pk = after
    same = Timer.objects.armed().filter(
        subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id")
    )
    earlier = same.filter(
        Q(due_at__lt=OuterRef("due_at"))
        | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk"))
    )
    later = Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk)
    return Timer.objects.due(at).filter(later).filter(~Exists(earlier))


def _fire_batch(due: TimerQuerySet, size: int, at: datetime, met: list[Timer]) -> Swept:
    pairs = _with_subjects(list(due.select_for_update(skip_locked=True)[:size]), met)
    if not pairs:
        return Swept()
    system = User.objects.system()
    moved: list[Timer] = []
    stale: list[Timer] = []
    facts: list[Fact] = []
    coming: list[tuple[Subject, Arming]] = []
    for timer, subject in pairs:
        answer = _ask(timer, subject, at)
        if answer is None:
            stale.append(timer)
            continue
        moved.append(timer)
        coming.extend((subject, arming) for arming in answer.next_timers)
        if isinstance(answer, Firing):
            facts.append(_fact(timer, subject, answer, at, answer.by or system))
    # First, so that who arms what comes next sees these as done.
    _finish(moved, Timer.State.FIRED, at)
    _finish(stale, Timer.State.STALE, at)
    if facts:
        record_all(facts)
    _save_timers(coming)
    return Swept(fired=len(moved), stale=len(stale))


def _with_subjects(
    timers: Sequence[Timer], met: list[Timer]
) -> list[tuple[Timer, Subject]]:
    """Each timer with its locked subject, without those that others hold."""
    met.extend(timers)
    by_subject = {(timer.subject_type, timer.subject_id): timer for timer in timers}
    pairs: list[tuple[Timer, Subject]] = []
    for subject_type in sorted({subject_type for subject_type, _pk in by_subject}):
        pks = [pk for kind, pk in by_subject if kind == subject_type]
        model = Subject.model_for(subject_type)
        rows = model.objects.lock_free(pks)  # type: ignore[attr-defined]
        pairs.extend((by_subject[subject_type, row.pk], row) for row in rows)
    return pairs


def _ask(timer: Timer, subject: Subject, at: datetime) -> Firing | Moved | None:
    if timer.generation != subject.timer_generation:
        return None
    return handler_for(timer)(subject, timer, at)


def _fact(
    timer: Timer, subject: Subject, firing: Firing, at: datetime, by: User
) -> Fact:
    data = {"timer": timer.pk, "step": timer.step, "due": timer.wanted_at.isoformat()}
    return Fact(
        subject=subject,
        kind=firing.kind,
        by=by,
        at=at,
        data=data | dict(firing.data),
        public=firing.public,
    )


def _save_timers(armings: Sequence[tuple[Subject, Arming]]) -> None:
    if not armings:
        return
    Timer.objects.bulk_create(
        Timer(
            subject_type=subject.subject_type,
            subject_id=subject.pk,
            kind=arming.kind,
            step=arming.step,
            generation=subject.timer_generation,
            wanted_at=arming.due_at,
            due_at=arming.due_at,
        )
        for subject, arming in armings
    )


def _finish(timers: Sequence[Timer], state: Timer.State, at: datetime) -> None:
    if timers:
        pks = [timer.pk for timer in timers]
        Timer.objects.filter(pk__in=pks).update(state=state, finished_at=at)


def _fire_singly(pk: int, at: datetime) -> Swept:
    try:
        with transaction.atomic():
            return _fire_batch(Timer.objects.due(at).filter(pk=pk), 1, at, [])
    except Exception as error:
        logger.exception("Timer %d failed", pk)
        return _put_off(pk, at, type(error).__name__)


def _put_off(pk: int, at: datetime, error: str) -> Swept:
    """Try again later; when given up, say so in the subject's history.

    Both or neither, unless it cannot be said: that must not keep the timer alive.
    """
    try:
        return _put_off_aloud(pk, at, error, aloud=True)
    except Exception:
        logger.exception("Timer %d was given up, and its record does not say so", pk)
    return _put_off_aloud(pk, at, error, aloud=False)


@transaction.atomic
def _put_off_aloud(pk: int, at: datetime, error: str, *, aloud: bool) -> Swept:
    armed = Timer.objects.armed().select_for_update(skip_locked=True)
    timer = armed.filter(pk=pk).first()
    if timer is None:  # A rival has it, or has fired it meanwhile.
        return Swept()
    timer.put_off(at, error)
    timer.save()
    if aloud and timer.state == Timer.State.DEAD:
        subject = Subject.lock_one(timer.subject_type, timer.subject_id)
        data = {"timer": timer.pk, "timer_kind": timer.kind, "error": timer.error}
        record(subject, "timer.failed", by=User.objects.system(), data=data, at=at)
    return Swept(failed=1)


@transaction.atomic
def try_again(pk: int, *, by: User) -> Timer:
    """Arm a timer that was given up once more, and say so on its record.

    One that is not given up (any more) stays as it is. Raises ``DoesNotExist``, and
    ``PermissionDenied`` for anybody but an administrator.
    """
    if not permissions.is_administrator(by):
        raise PermissionDenied
    timer = Timer.objects.get(pk=pk)
    # The record first: who holds it never waits for a timer that was given up.
    subject = Subject.lock_one(timer.subject_type, timer.subject_id)
    timer = Timer.objects.select_for_update(of=("self",)).get(pk=pk)
    if timer.state != Timer.State.DEAD:
        return timer
    timer.arm_again(clock.now())
    timer.save()
    data = {"timer": timer.pk, "timer_kind": timer.kind, "step": timer.step}
    record(subject, "timer.tried_again", by=by, data=data)
    return timer
