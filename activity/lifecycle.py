"""The one door for everything that happens to a record with a life cycle.

``begin`` writes its first event, ``fire`` moves it, ``record`` notes a fact that
moves nothing, ``record_all`` does that for many records with few statements.
Each raises the subject's version and gives the event that number; the database
refuses any other, so a rival that forgot the lock is refused as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django_fsm import can_proceed, has_transition_perm

from accounts.models import User
from activity import clock
from activity.handlers import queue_deliveries
from activity.models import Event, Note, Subject
from activity.models.subject import mark_locked
from activity.refusals import Conflict, NotAllowed, broken_rule
from activity.request_ids import current_request_id

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened to a locked subject, to be written as an event.

    ``data`` values are text of at most 200 characters, whole numbers, booleans,
    ``None``, or lists and dictionaries of these; ``notes`` maps a name to free
    text, which is stored beside the event and may be redacted later.
    """

    subject: Subject
    kind: str
    by: User
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    from_status: str | None = None
    to_status: str | None = None


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
    if not subject._state.adding:
        raise ValueError("begin() is for a record that is not saved yet.")
    at = at or clock.now()
    with transaction.atomic():
        subject.version = 0
        subject.save()
        mark_locked([subject])
        fact = Fact(
            subject=subject,
            kind=kind,
            by=by,
            at=at,
            data=data or {},
            notes=notes or {},
            public=public,
            to_status=str(subject.status),
        )
        return record_all([fact])[0]


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
    if not can_proceed(transition):
        raise Conflict(subject, move=transition.__name__)
    if not has_transition_perm(transition, by):  # type: ignore[arg-type]
        raise NotAllowed(subject, move=transition.__name__)
    at = at or clock.now()
    before = str(subject.status)
    transition(by=by, at=at, **arguments)
    subject.save()
    fact = Fact(
        subject=subject,
        kind=f"{subject.subject_type}.{transition.__name__}",
        by=by,
        at=at,
        data=data or {},
        notes=notes or {},
        public=public,
        from_status=before,
        to_status=str(subject.status),
    )
    return record_all([fact])[0]


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
    return record_all([fact])[0]


def record_all(facts: Sequence[Fact]) -> list[Event]:
    """Write facts about different locked records with a few statements in all.

    Raises ``ValueError`` when one record is named twice, ``TypeError`` for a value
    that does not belong into an event, ``Conflict`` when a rival was faster.
    """
    subjects = [fact.subject for fact in facts]
    if len({(s.subject_type, s.pk) for s in subjects}) != len(subjects):
        raise ValueError("One record may appear only once in a batch.")
    for fact in facts:
        fact.subject.assert_locked()
        if "notes" in fact.data:
            raise ValueError("The key 'notes' belongs to the digests of notes.")
        _check_values(fact.data)
    notes = [
        [Note.written(name, text) for name, text in fact.notes.items()]
        for fact in facts
    ]
    events = [_event(fact, own) for fact, own in zip(facts, notes, strict=True)]
    try:
        Event.objects.bulk_create(events)
    except IntegrityError as error:
        if broken_rule(error) in {"event_seq_once", "event_seq_follows"}:
            raise Conflict(subjects[0]) from error
        raise
    _raise_versions(subjects)
    _save_notes(events, notes)
    queue_deliveries(list(zip(events, subjects, strict=True)))
    return events


def check_version(subject: Subject, expected: int | None) -> None:
    """Raise ``Conflict`` unless the record is as the page showed it."""
    if expected is not None and subject.version != expected:
        raise Conflict(subject, expected=expected)


def _event(fact: Fact, notes: Iterable[Note]) -> Event:
    data = dict(fact.data)
    digests = {note.name: note.digest for note in notes}
    if digests:
        data["notes"] = digests
    return Event(
        subject_type=fact.subject.subject_type,
        subject_id=fact.subject.pk,
        seq=fact.subject.version + 1,
        kind=fact.kind,
        from_status=fact.from_status,
        to_status=fact.to_status,
        actor=fact.by,
        data=data,
        public=fact.public,
        at=fact.at,
        request_id=current_request_id(),
    )


def _raise_versions(subjects: Iterable[Subject]) -> None:
    by_model: dict[type[Subject], list[Subject]] = {}
    for subject in subjects:
        by_model.setdefault(type(subject), []).append(subject)
    for model, rows in by_model.items():
        pks = [row.pk for row in rows]
        model._base_manager.filter(pk__in=pks).update(version=F("version") + 1)
        for row in rows:
            row.version += 1


def _save_notes(events: Iterable[Event], notes: Iterable[list[Note]]) -> None:
    rows = []
    for event, own in zip(events, notes, strict=True):
        for note in own:
            note.event = event
            rows.append(note)
    if rows:
        Note.objects.bulk_create(rows)


def _check_values(value: Any) -> None:
    match value:
        case bool() | int() | None:
            return
        case str():
            if len(value) > LONGEST_VALUE:
                raise TypeError("Events hold values; put a text into a note.")
        case list() | tuple():
            for item in value:
                _check_values(item)
        case Mapping():
            for key, item in value.items():
                _check_values(str(key))
                _check_values(item)
        case _:
            raise TypeError(f"An event cannot hold a {type(value).__name__}.")
