"""What readers said, with their words and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from activity.models import Event
from knowledgebase.events import Said
from knowledgebase.models import Feedback


@dataclass(frozen=True, slots=True)
class Voice:
    """One answer. ``words`` and ``answer`` are empty where nobody wrote any, or where
    they were redacted."""

    said: Feedback
    words: str
    answer: str
    handled: Event | None


def voices(said: Iterable[Feedback]) -> list[Voice]:
    """Two more queries for all of them."""
    rows = list(said)
    given = _events(rows, Said.GIVE)
    handled = _events(rows, Said.HANDLE)
    return [
        Voice(
            row,
            _text(given.get(row.pk)),
            _text(handled.get(row.pk)),
            handled.get(row.pk),
        )
        for row in rows
    ]


def _events(rows: list[Feedback], kind: str) -> dict[int, Event]:
    if not rows:
        return {}
    found: Any = (
        Event.objects.filter(
            subject_type=Feedback.subject_type,
            subject_id__in=[row.pk for row in rows],
            kind=kind,
        )
        .select_related("actor")
        .prefetch_related("notes")
    )
    return {event.subject_id: event for event in found}


def _text(event: Event | None) -> str:
    notes = event.notes.all() if event is not None else []
    return " ".join(note.text for note in notes).strip()
