"""The history of an incident as people read it: events, their words and files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from activity.models import Event
from incidents.codes import HowUsed, Risk
from incidents.events import Kind
from incidents.ladders.words import names_of, reason_first, told_to
from incidents.models import Attachment, Incident
from incidents.sentences import (
    ABOUT_CLOCKS,
    ASKED_THE_REPORTER,
    CHANGED,
    CODES,
    HELD,
    JUDGED,
    RECORDED_CALL,
    REPLAYED,
    SENTENCES,
    SOMETHING_ELSE,
    TOLD,
)

# Only these words of a public event are the reporter's to read.
PUBLIC_NOTES: Final[dict[str, str | Promise]] = {
    "message": "",
    "question": _("Question"),
    "solution": _("What we did"),
    "complaint": _("What does not work"),
    "explanation": _("Why"),
    "urgency": _("Why it is urgent"),
}
INTERNAL_NOTES: Final[dict[str, str | Promise]] = {
    "internal": "",
    "reason": _("Reason"),
    "verification": _("How it was verified"),
    "former_title": _("Former subject"),
    "symptom": _("What was observed"),
    "diagnosis": _("What is known so far"),
    "tried": _("What was tried, with results"),
    "wanted": _("What is asked of the next team"),
    "unmapped": _("Besides, in the other system"),
    "refusal_1": _("Why not the first known error"),
    "refusal_2": _("Why not the second known error"),
    "refusal_3": _("Why not the third known error"),
}
LOOKS: Final[dict[str, str]] = {
    Kind.REPLY: "reply",
    Kind.RETELL: "reply",
    Kind.ANSWER: "answer",
    Kind.NOTE: "internal",
    Kind.ASK: "internal",
    Kind.RESOLVE: "solution",
    Kind.WORKS_AGAIN: "solution",
}

PUBLIC_DATA: Final = ("recorded_by", "state", "metric")
TALK: Final = (Kind.REPLY, Kind.RETELL, Kind.ANSWER, Kind.NOTE, Kind.ASK, Kind.REPORT)
FOLD_FROM: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text beside an event; ``label`` may be empty. Only what ``is_public`` is
    the reporter's to read."""

    name: str
    label: str | Promise
    text: str
    is_redacted: bool = False

    @property
    def is_public(self) -> bool:
        return self.name in PUBLIC_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event. ``look`` is reply, answer, internal, solution or system."""

    seq: int
    kind: str
    label: str
    actor: User
    at: datetime
    look: str
    is_public: bool
    is_move: bool = False
    words: Sequence[Words] = ()
    files: Sequence[Attachment] = ()
    team: Team | None = None
    person: User | None = None
    called: Sequence[User] = ()
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Who did what, without a moment: “Bo Berg took it”."""
        return str(self._pattern).format(
            who=self.actor.name,
            whom=self.person.name if self.person else gettext("somebody"),
            team=self.team.name if self.team else gettext("the desk"),
            label=self.label,
            state=self.data.get("state", ""),
            percent=self.data.get("percent", ""),
            level=self.data.get("level", ""),
            bounces=self.data.get("bounces", ""),
            article=self._article,
            reason=reason_first(self.data, self.at) if self.is_call else "",
            people=names_of([user.name for user in self.called]),
        )

    @property
    def _article(self) -> str:
        """Which article it is about, by number; the title is in the panel beside."""
        if "article" not in self.data:
            return gettext("an article")
        number = gettext("version %d") % self.data["number"]
        return f"KB-{self.data['article']:05d} ({number})"

    @property
    def _pattern(self) -> Promise:
        if self.kind == Kind.REPLAY and self.is_move:
            return REPLAYED
        if self.kind == Kind.CONFIRM and self.data.get("recorded_by"):
            return RECORDED_CALL
        if self.kind in {Kind.USE, Kind.JUDGE}:
            return self._of_use
        if self.asks_reporter:
            return ASKED_THE_REPORTER
        if self.kind in ABOUT_CLOCKS and "metric" in self.data:
            return ABOUT_CLOCKS[self.kind][self.data["metric"]]
        return self._by_kind

    @property
    def _by_kind(self) -> Promise:
        if self.is_call:
            return told_to(len(self.called))
        held = HELD.get(self.data.get("reason", "")) if self.kind == Kind.HOLD else None
        return held or SENTENCES.get(self.kind, SOMETHING_ELSE)

    @property
    def is_call(self) -> bool:
        """Whether a rung of the ladder called somebody."""
        return self.kind == Kind.RUNG and "trigger" in self.data

    @property
    def _of_use(self) -> Promise:
        if self.data.get("how") == HowUsed.TOLD:
            return TOLD
        return JUDGED.get(self.data.get("outcome", ""), SENTENCES[self.kind])

    @property
    def asks_reporter(self) -> bool:
        """Whether it put a question to the reporter."""
        return any(words.name == "question" for words in self.words)

    @property
    def details(self) -> list[str]:
        """What its values say beside the sentence; nothing in the public view."""
        changed = self.data.get("changed", {})
        found = [_change(name, *changed[name]) for name in CHANGED if name in changed]
        if self.data.get("recorded"):
            found.append(gettext("as the person who confirms told them"))
        return found + self._handed_on() + [f"INC-{pk:05d}" for pk in self._others()]

    def _handed_on(self) -> list[str]:
        """Team and owner that a row of the other system named."""
        if self.kind != Kind.REPLAY:
            return []
        changed, found = self.data.get("changed", {}), []
        if "team" in changed and self.team:
            found.append(gettext("team now %(team)s") % {"team": self.team.name})
        if "owner" in changed:
            whom = self.person.name if self.person else gettext("nobody")
            found.append(gettext("owner now %(owner)s") % {"owner": whom})
        return found

    def _others(self) -> list[int]:
        """The incidents that a link is about."""
        if self.kind not in {Kind.LINK, Kind.UNLINK, Kind.ME_TOO}:
            return []
        named = [self.data.get(name) for name in ("to", "from", "with")]
        return [pk for pk in named if isinstance(pk, int)]

    @property
    def is_line(self) -> bool:
        """A change without a word of its own: one line is enough."""
        return not self.words and not self.files and self.kind != Kind.REPORT

    @property
    def is_conversation(self) -> bool:
        """What reporter and desk told each other."""
        said = any(words.is_public for words in self.words) or bool(self.files)
        return self.is_public and (said or self.kind == Kind.REPORT)

    @property
    def is_internal(self) -> bool:
        """Holds words that the reporter does not see."""
        return any(not words.is_public for words in self.words)


@dataclass(frozen=True, slots=True)
class Block:
    """Entries that are shown together: one, or a run of changes folded into one."""

    entries: Sequence[Entry]

    @property
    def is_folded(self) -> bool:
        return len(self.entries) > 1


def blocks(entries: Iterable[Entry]) -> list[Block]:
    """Runs of four or more changes become one block, everything else its own."""
    found: list[Block] = []
    for is_line, run in groupby(entries, key=lambda entry: entry.is_line):
        together = list(run)
        if is_line and len(together) >= FOLD_FROM:
            found.append(Block(together))
            continue
        found += [Block([entry]) for entry in together]
    return found


def full_timeline(incident: Incident) -> list[Entry]:
    """Everything, oldest first: for those who may see the internal part."""
    return _entries(incident, Event.objects.about(incident), internal=True)


def public_timeline(incident: Incident) -> list[Entry]:
    """What the reporter may read, oldest first."""
    public = Event.objects.about(incident).filter(public=True)
    return _entries(incident, public, internal=False)


def since(incident: Incident, version: int, *, internal: bool) -> list[Entry]:
    """What happened after the page at ``version`` was loaded."""
    entries = full_timeline(incident) if internal else public_timeline(incident)
    return [entry for entry in entries if entry.seq > version]


def entry_of(event: Event) -> Entry:
    """One event without its words and files, for those who may see the internal
    part."""
    return entries_of([event])[0]


def entries_of(events: Sequence[Event]) -> list[Entry]:
    """The same for events of many incidents, in their order."""
    teams = _named(Team, (event.data.get("team") for event in events), [])
    actors = [event.actor for event in events]
    ids = (pk for event in events for pk in _people_ids(event))
    people = _named(User, ids, actors)
    return [_entry(event, teams, people, internal=True) for event in events]


def words_of(incident: Incident, seq: int) -> dict[str, str]:
    """The public words of one event by name, such as ``{"solution": ...}``."""
    event = Event.objects.about(incident).filter(seq=seq).first()
    if event is None:
        return {}
    return {
        note.name: note.text for note in event.notes.all() if note.name in PUBLIC_NOTES
    }


def solution_of(incident: Incident) -> str:
    """What was done, in the words of the current resolution; ``""`` if there is
    none."""
    if incident.resolution is None:
        return ""
    return words_of(incident, incident.resolution.seq).get("solution", "")


def open_question(entries: Iterable[Entry]) -> str:
    """The last question put to the reporter; ``""`` if there was none."""
    found = [
        words.text
        for entry in entries
        for words in entry.words
        if words.name == "question"
    ]
    return found[-1] if found else ""


def _entries(incident: Incident, events: Any, *, internal: bool) -> list[Entry]:
    rows = list(events.select_related("actor").prefetch_related("notes"))
    files = _files(incident, internal=internal)
    teams = _named(
        Team, (row.data.get("team") for row in rows), [incident.team, incident.desk]
    )
    about = [pk for row in rows for pk in _people_ids(row)]
    people = _named(User, about, [row.actor for row in rows])
    return [
        replace(
            _entry(row, teams, people, internal=internal),
            words=_words(row, internal=internal),
            files=files.get(row.seq, ()),
        )
        for row in rows
    ]


def _entry(
    row: Event, teams: dict[Any, Any], people: dict[Any, Any], *, internal: bool
) -> Entry:
    return Entry(
        seq=row.seq,
        kind=row.kind,
        label=str(Kind(row.kind).label) if row.kind in Kind.values else row.kind,
        actor=row.actor,
        at=row.at,
        look=LOOKS.get(row.kind, "system"),
        is_public=row.public,
        is_move=row.to_status is not None,
        team=teams.get(row.data.get("team")) if internal else None,
        person=people.get(_person_id(row)),
        called=[people[pk] for pk in _called_ids(row) if pk in people],
        data=row.data if internal else _public_data(row),
    )


def _public_data(event: Event) -> dict[str, Any]:
    """Values that no sentence to the reporter could do without."""
    return {name: event.data[name] for name in PUBLIC_DATA if name in event.data}


def _words(event: Event, *, internal: bool) -> list[Words]:
    labels = {**PUBLIC_NOTES, **(INTERNAL_NOTES if internal else {})}
    places = list(labels)
    found = [
        Words(
            name=note.name,
            label=labels[note.name],
            text=note.text,
            is_redacted=note.redacted_at is not None,
        )
        for note in event.notes.all()
        if note.name in labels
    ]
    return sorted(found, key=lambda words: places.index(words.name))


def _files(incident: Incident, *, internal: bool) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for row in incident.attachments.all():
        if row.seq is not None and (internal or row.public):
            found.setdefault(row.seq, []).append(row)
    return found


def _person_id(event: Event) -> int | None:
    """Whom the event is about, beside the one who acted."""
    for name in ("owner", "user", "to"):
        value = event.data.get(name)
        if isinstance(value, int) and event.kind not in {Kind.LINK, Kind.ME_TOO}:
            return value
    return None


def _people_ids(event: Event) -> list[int | None]:
    return [_person_id(event), *_called_ids(event)]


def _called_ids(event: Event) -> list[int]:
    return event.data["recipients"] if event.kind == Kind.RUNG else []


def _change(name: str, old: Any, new: Any) -> str:
    return str(CHANGED[name]).format(old=_value(name, old), new=_value(name, new))


def _value(name: str, value: Any) -> str:
    if value in (None, "", []):
        return gettext("none")
    if name == "risks":
        return ", ".join(str(Risk(risk).label) for risk in value)
    codes = CODES.get(name)
    return str(codes(value).label) if codes else str(value)


def _named(model: Any, pks: Iterable[Any], known: Iterable[Any]) -> dict[Any, Any]:
    """The rows of these ids; asks for those that nobody has loaded yet."""
    found = {row.pk: row for row in known}
    missing = {pk for pk in pks if isinstance(pk, int)} - found.keys()
    return found | (model.objects.in_bulk(missing) if missing else {})
