"""What was done to get an answer about a solution, and what came back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery

from activity.models import Delivery, Event, Note
from incidents.events import Kind
from incidents.models import Incident

ASKING: Final = (Kind.RESOLVE, Kind.REPLAY, Kind.SUCCEED, Kind.REMIND)
TOLD: Final = (Kind.REMIND, Kind.SUCCEED, Kind.ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One time that the confirmer was asked; ``number`` 0 is the first, the others
    are reminders. ``delivery`` is the state of its e-mail, ``None`` if none was
    written; ``sent_at`` is when the mail server took it."""

    number: int
    at: datetime
    delivery: str | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was done, how often the present confirmer was asked about it, and what
    they have done since: messages to the desk, and a log-in."""

    solution: str
    askings: Sequence[Asking]
    message_count: int
    message_at: datetime | None
    login_at: datetime | None

    @property
    def has_logged_in(self) -> bool:
        """Whether they were here after we asked first."""
        asked_at = self.askings[0].at if self.askings else None
        return bool(self.login_at and asked_at and self.login_at >= asked_at)


def evidence_of(incidents: Sequence[Incident]) -> dict[int, Evidence]:
    """By id, for resolved incidents that come with ``confirmer`` and ``resolution``.
    Three queries, however many."""
    events = _events(incidents)
    letters = _letters(incidents, events)
    solutions = _solutions(incidents, events)
    return {
        incident.pk: _evidence(
            incident,
            _since_asked(events.get(incident.pk, [])),
            letters,
            solutions.get(incident.pk, ""),
        )
        for incident in incidents
    }


def _events(incidents: Iterable[Incident]) -> dict[int, list[Event]]:
    """From the current resolution on, oldest first."""
    solved = Incident.objects.filter(pk=OuterRef("subject_id"))
    found = (
        Event.objects.filter(
            subject_type="incident",
            subject_id__in=[incident.pk for incident in incidents],
        )
        .annotate(solved=Subquery(solved.values("resolution__seq")))
        .filter(Q(kind__in=TOLD, seq__gt=F("solved")) | Q(seq=F("solved")))
        .order_by("subject_id", "seq")
    )
    events: dict[int, list[Event]] = {}
    for event in found:
        events.setdefault(event.subject_id, []).append(event)
    return events


def _since_asked(events: list[Event]) -> list[Event]:
    """A successor starts anew."""
    named = [place for place, one in enumerate(events) if one.kind == Kind.SUCCEED]
    return events[named[-1] :] if named else events


def _letters(
    incidents: Iterable[Incident], events: dict[int, list[Event]]
) -> dict[tuple[int, int], Delivery]:
    """The e-mails about these events, by event and recipient."""
    pks = [event.pk for own in events.values() for event in own]
    confirmers = {incident.confirmer_id for incident in incidents}
    found = Delivery.objects.filter(event__in=pks, recipient__in=confirmers)
    return {
        (letter.event_id, letter.recipient_id): letter
        for letter in found.defer("envelope")
        if letter.event_id is not None and letter.recipient_id is not None
    }


def _solutions(
    incidents: Iterable[Incident], events: dict[int, list[Event]]
) -> dict[int, str]:
    """The words that say what was done, by the incident's id."""
    solving = {own[0].pk: pk for pk, own in events.items()}
    notes = Note.objects.filter(event__in=solving, name="solution")
    return {solving[event]: text for event, text in notes.values_list("event", "text")}


def _evidence(
    incident: Incident,
    events: Sequence[Event],
    letters: dict[tuple[int, int], Delivery],
    solution: str,
) -> Evidence:
    asked = [event for event in events if event.kind in ASKING]
    askings = [
        _asking(number, event, letters.get((event.pk, incident.confirmer_id)))
        for number, event in enumerate(asked)
    ]
    messages = [
        event.at
        for event in events
        if event.kind == Kind.ANSWER and event.actor_id == incident.confirmer_id
    ]
    return Evidence(
        solution=solution,
        askings=askings,
        message_count=len(messages),
        message_at=max(messages, default=None),
        login_at=incident.confirmer.last_login,
    )


def _asking(number: int, event: Event, letter: Delivery | None) -> Asking:
    return Asking(
        number=number,
        at=event.at,
        delivery=letter.state if letter else None,
        sent_at=letter.sent_at if letter else None,
    )
