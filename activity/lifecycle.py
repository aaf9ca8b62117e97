"""The one door for everything that happens to a record with a life cycle.

``begin`` writes its first event, ``fire`` moves it, ``record`` notes a fact that
moves nothing. ``begin_all``, ``record_all`` and ``Batch`` do the same for many
records with few statements. Each event raises the subject's version and gets that
number; the database refuses any other, so a rival that forgot the lock is refused
as well.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django_fsm import can_proceed, has_transition_perm

from accounts.models import User
from activity import clock
from activity.facts import Fact, write
from activity.handlers import asides
from activity.models import Event, Subject
from activity.models.subject import mark_locked
from activity.refusals import Conflict, NotAllowed

__all__ = [
    "Batch",
    "Fact",
    "begin",
    "begin_all",
    "check_version",
    "fire",
    "record",
    "record_all",
]


def begin(  # noqa: PLR0913 - all by name, like fire()
    subject: Subject,
    kind: str,
    *,
    by: User,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    notes: Mapping[str, str] | None = None,
    public: bool = False,
) -> Event:
    """Save a new record together with its first event; both or neither.

    The record starts in its initial status; the database refuses any other.
    """
    fact = Fact(
        subject=subject,
        kind=kind,
        by=by,
        at=at or clock.now(),
        data=data or {},
        notes=notes or {},
        public=public,
    )
    return begin_all([fact])[0]


def begin_all(facts: Sequence[Fact]) -> list[Event]:
    """Save new records of one model together with their first events, all or none."""
    subjects = [fact.subject for fact in facts]
    if not all(subject._state.adding for subject in subjects):
        raise ValueError("begin() is for a record that is not saved yet.")
    with transaction.atomic():
        for subject in subjects:
            subject.version = 0
        if len(subjects) == 1:
            subjects[0].save()
        else:
            type(subjects[0])._base_manager.bulk_create(subjects)
        mark_locked(subjects)
        return write(
            [replace(fact, to_status=str(fact.subject.status)) for fact in facts]
        )


def fire(  # noqa: PLR0913 - all by name; the rest goes to the transition
    transition: Callable[..., Any],
    *,
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    notes: Mapping[str, str] | None = None,
    public: bool = False,
    **arguments: Any,
) -> Event:
    """Run a transition of a locked record, save it and write its event.

    The transition is called with ``by``, ``at`` and ``arguments``. The event's
    kind is ``<subject type>.<transition name>``.

    Raises ``Conflict`` when the record is no longer at ``expected_version`` or its
    status does not allow the move (asked first, because a stale page deserves a
    better answer than "not allowed"), then ``NotAllowed``, a
    ``PermissionDenied``. After an error the instance may hold half a change: let the
    transaction roll back and drop it.
    """
    subject: Subject = transition.__self__  # type: ignore[attr-defined]
    subject.assert_locked()
    check_version(subject, expected_version)
    fact = _moved(
        transition,
        arguments,
        Fact(
            subject=subject,
            kind=_kind_of(transition),
            by=by,
            at=at or clock.now(),
            data=data or {},
            notes=notes or {},
            public=public,
        ),
    )
    subject.save()
    return write([fact])[0]


def record(  # noqa: PLR0913 - all by name, like fire()
    subject: Subject,
    kind: str,
    *,
    by: User,
    data: Mapping[str, Any] | None = None,
    notes: Mapping[str, str] | None = None,
    public: bool = False,
    at: datetime | None = None,
) -> Event:
    """Write one fact about a locked record that moves no state."""
    fact = Fact(
        subject=subject,
        kind=kind,
        by=by,
        at=at or clock.now(),
        data=data or {},
        notes=notes or {},
        public=public,
    )
    return write([fact])[0]


def record_all(facts: Sequence[Fact]) -> list[Event]:
    """Write facts that move no state, with a few statements in all.

    Several facts about one record are numbered in their order. Raises ``TypeError``
    for a value that does not belong into an event, ``Conflict`` when a rival was
    faster.
    """
    return write(facts)


class Batch:
    """Moves and facts of many locked records, written with few statements.

    A transition runs at once, in memory; nothing is saved before ``write``, which
    the caller calls once, in the same transaction. ``next_seq`` is the number that
    the record's next event will get, for a row beside that names it.
    """

    def __init__(self) -> None:
        self._facts: list[Fact] = []
        self._waiting: Counter[int] = Counter()

    def next_seq(self, subject: Subject) -> int:
        return subject.version + self._waiting[id(subject)] + 1

    def fire(
        self, transition: Callable[..., Any], fact: Fact, **arguments: Any
    ) -> None:
        """As ``fire``; the kind of ``fact`` follows from the transition."""
        fact.subject.assert_locked()
        named = replace(fact, kind=_kind_of(transition))
        self.record(_moved(transition, arguments, named))

    def record(self, fact: Fact) -> None:
        """A fact; what was changed of its record is saved as well."""
        fact.subject.assert_locked()
        self._waiting[id(fact.subject)] += 1
        self._facts.append(fact)

    def write(self) -> list[Event]:
        """Save every record once, then write all events in their order."""
        for subject in {
            id(fact.subject): fact.subject for fact in self._facts
        }.values():
            subject.save()
        events = write(self._facts)
        self._facts, self._waiting = [], Counter()
        return events


def check_version(subject: Subject, expected: int | None) -> None:
    """Raise ``Conflict`` unless the record is as the page showed it; what came since is
    overlooked where it is an ``aside``."""
    if expected is None or subject.version == expected:
        return
    since = Event.objects.about(subject).filter(seq__gt=expected)
    if expected > subject.version or since.exclude(kind__in=asides()).exists():
        raise Conflict(subject, expected=expected)


def _kind_of(transition: Callable[..., Any]) -> str:
    subject: Subject = transition.__self__  # type: ignore[attr-defined]
    return f"{subject.subject_type}.{transition.__name__}"


def _moved(
    transition: Callable[..., Any], arguments: Mapping[str, Any], fact: Fact
) -> Fact:
    """Run the transition, if state and person allow it; what happened, as a fact."""
    subject = fact.subject
    if not can_proceed(transition):
        raise Conflict(subject, move=transition.__name__)
    if not has_transition_perm(transition, fact.by):  # type: ignore[arg-type]
        raise NotAllowed(subject, move=transition.__name__)
    before = str(subject.status)
    transition(by=fact.by, at=fact.at, **arguments)
    return replace(fact, from_status=before, to_status=str(subject.status))
