"""Who was told of a ticket, and who attends to it: what its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.models import User
from incidents import permissions as may
from incidents.events import Kind
from incidents.ladders.climbing import COMES_BACK
from incidents.ladders.words import names_of, reason_first
from incidents.models import Incident
from incidents.timeline import Entry
from sla.codes import Attention


@dataclass(frozen=True, slots=True)
class Call:
    """One rung that was told: why, when, and whom (their names; maybe nobody)."""

    reason: str
    at: datetime
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``calls`` are those of the last climb, ``answered`` who ended it. With ``climb``
    the reader may answer; ``next_at`` is when the next one is told otherwise, and
    ``next_tells`` who that is, where somebody looked."""

    level: int
    level_words: str
    calls: Sequence[Call]
    answered: Entry | None
    climb: int | None
    next_at: datetime | None
    next_tells: str | Promise = ""


def attention_shown(
    incident: Incident, entries: Sequence[Entry], by: User, *, promised: int
) -> Shown | None:
    """By the whole timeline, without a query; nothing for what is not open.
    ``promised`` is the number of the event from which on its policy holds."""
    told = [entry for entry in entries if entry.is_call]
    if not incident.is_open or not (told or incident.attention):
        return None
    climb = told[-1].data["climb"] if told else None
    calls = [entry for entry in told if entry.data["climb"] == climb]
    answered = next(
        (
            entry
            for entry in entries
            if entry.kind == Kind.ACKNOWLEDGE and entry.data["climb"] == climb
        ),
        None,
    )
    if calls and (promised > calls[-1].seq or _came_back(entries, calls[-1])):
        calls, answered, climb = [], None, None
    if not calls and not incident.attention:
        return None
    waits = bool(calls) and answered is None
    return Shown(
        level=incident.attention,
        level_words=str(Attention(incident.attention).label),
        calls=[call_of(entry) for entry in calls],
        answered=answered,
        climb=climb if waits and _may_answer(incident, calls, by) else None,
        next_at=incident.rung_at if answered is None else None,
    )


def _came_back(entries: Sequence[Entry], last: Entry) -> bool:
    """After the last call; so another climb goes on, as where the promise changed."""
    return any(entry.seq > last.seq and entry.kind in COMES_BACK for entry in entries)


def _may_answer(incident: Incident, calls: Sequence[Entry], by: User) -> bool:
    told = {user.pk for entry in calls for user in entry.called}
    return may.may_attend(incident, by, told)


def call_of(entry: Entry) -> Call:
    return Call(
        reason=reason_first(entry.data, entry.at),
        at=entry.at,
        names=names_of([user.name for user in entry.called]),
    )
