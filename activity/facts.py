"""Facts become events: numbered, chained, with their words, and told.

Only ``activity.lifecycle`` calls this; everybody else goes through that door.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from accounts.models import User
from activity.handlers import keep_up, queue_deliveries
from activity.models import Event, Note, Subject
from activity.refusals import Conflict, broken_rule
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


def write(facts: Sequence[Fact]) -> list[Event]:
    """Write facts about locked records with a few statements in all, in their order.

    Several facts about one record are numbered one after the other. Raises
    ``TypeError`` for a value that does not belong into an event, ``Conflict`` when a
    rival was faster, ``ValueError`` for a record that was loaded twice.
    """
    _refuse_doubles([fact.subject for fact in facts])
    for fact in facts:
        fact.subject.assert_locked()
        if "notes" in fact.data:
            raise ValueError("The key 'notes' belongs to the digests of notes.")
        _check_values(fact.data)
    notes = [
        [Note.written(name, text) for name, text in fact.notes.items()]
        for fact in facts
    ]
    events = _events(facts, notes)
    try:
        Event.objects.bulk_create(events)
    except IntegrityError as error:
        if broken_rule(error) in {"event_seq_once", "event_seq_follows"}:
            raise Conflict(facts[0].subject) from error
        raise
    _raise_versions([fact.subject for fact in facts])
    _save_notes(events, notes)
    happened = [
        (event, fact.subject) for event, fact in zip(events, facts, strict=True)
    ]
    keep_up(happened)
    queue_deliveries(happened)
    return events


def _refuse_doubles(subjects: Sequence[Subject]) -> None:
    """The version of one of the two would be wrong afterwards."""
    records = {(subject.subject_type, subject.pk) for subject in subjects}
    if len(records) != len({id(subject) for subject in subjects}):
        raise ValueError("One record may be there only once, as one instance.")


def _events(facts: Sequence[Fact], notes: Sequence[list[Note]]) -> list[Event]:
    ahead: Counter[int] = Counter()
    events = []
    for fact, own in zip(facts, notes, strict=True):
        ahead[id(fact.subject)] += 1
        seq = fact.subject.version + ahead[id(fact.subject)]
        events.append(_event(fact, seq, own))
    return events


def _event(fact: Fact, seq: int, notes: Iterable[Note]) -> Event:
    data = dict(fact.data)
    digests = {note.name: note.digest for note in notes}
    if digests:
        data["notes"] = digests
    return Event(
        subject_type=fact.subject.subject_type,
        subject_id=fact.subject.pk,
        seq=seq,
        kind=fact.kind,
        from_status=fact.from_status,
        to_status=fact.to_status,
        actor=fact.by,
        data=data,
        public=fact.public,
        at=fact.at,
        request_id=current_request_id(),
    )


def _raise_versions(subjects: Sequence[Subject]) -> None:
    """One statement for the records of a model that got equally many events."""
    counts = Counter(map(id, subjects))
    alike: dict[tuple[type[Subject], int], list[Subject]] = {}
    for row in {id(row): row for row in subjects}.values():
        alike.setdefault((type(row), counts[id(row)]), []).append(row)
    for (model, count), found in alike.items():
        pks = [row.pk for row in found]
        model._base_manager.filter(pk__in=pks).update(version=F("version") + count)
        for row in found:
            row.version += count


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
