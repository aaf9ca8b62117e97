"""One event as those who hear of it need it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from activity.models import Event
from activity.outbox import Message
from incidents.clocks.faces import Face, faces
from incidents.clocks.history import TOLD
from incidents.codes import Severity
from incidents.events import Kind
from incidents.models import Incident
from incidents.notifications import audience
from incidents.notifications.letters import Writer, message
from incidents.timeline import PUBLIC_NOTES, Entry, entry_of
from sla.codes import Metric

AT_ONCE: Final = timedelta(minutes=5)
WORST: Final = (Severity.SEV1, Severity.SEV2)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """An event, its incident, its words and its audience, each asked for once.

    Nobody is in the audience of what they did themselves.
    """

    event: Event
    incident: Incident

    @cached_property
    def notes(self) -> dict[str, str]:
        """Every word beside the event, for colleagues only."""
        return {note.name: note.text for note in self.event.notes.all()}

    def words(self, name: str) -> str:
        """Words that the reporter may read, ``""`` for any other."""
        return self.notes.get(name, "") if name in PUBLIC_NOTES else ""

    @cached_property
    def _entry(self) -> Entry:
        return entry_of(self.event)

    @property
    def sentence(self) -> str:
        """Who did what, for colleagues: “Bo Berg took it”."""
        return self._entry.sentence

    @property
    def who(self) -> str:
        """The name of who did it."""
        return self.event.actor.name

    def value(self, name: str) -> Any:
        return self.event.data.get(name)

    @property
    def promised_at(self) -> datetime:
        """The promised moment that a word about a clock is about."""
        return datetime.fromisoformat(self.event.data["promised"])

    @property
    def is_moot(self) -> bool:
        """Nobody waits for an answer about what works again: it is on record only."""
        is_answer = self.value("metric") == Metric.RESPONSE
        return is_answer and not self.incident.is_open

    @cached_property
    def told_just_now(self) -> list[Event]:
        """What was told late of its clocks a moment ago: after an outage, each person
        hears once of a ticket, of all its clocks."""
        if not self.value("late"):
            return []
        since = self.event.at - AT_ONCE
        about = Event.objects.about(self.incident).filter(kind__in=TOLD)
        earlier = about.filter(seq__lt=self.event.seq, at__gte=since, data__late=True)
        return list(earlier)

    @cached_property
    def faces(self) -> list[Face]:
        """How each of its clocks stands at the moment of the event."""
        rows = self.incident.clocks.select_related("policy")
        return faces(rows, self.event.at, hold=self.incident.hold_reason)

    @property
    def promises(self) -> list[str]:
        """How every promise stands, a line each."""
        return [
            _("%(promise)s: %(state)s") % {"promise": face.label, "state": face.words}
            for face in self.faces
        ]

    @property
    def may_wait(self) -> bool:
        """Nobody waits for ten minutes to hear of what is worst."""
        incident = self.incident
        return incident.severity not in WORST and not incident.is_major

    @cached_property
    def called(self) -> list[Any]:
        """Those whom a rung calls; ``sees`` says who sees the ticket itself."""
        return list(audience.called(self.incident, self.event.data["recipients"]))

    def did(self, user: User) -> bool:
        return self.event.actor_id == user.pk

    @cached_property
    def _readers(self) -> list[User]:
        found = audience.readers(self.incident)
        return list(found.exclude(pk=self.event.actor_id))

    @property
    def _asked_first(self) -> set[int]:
        return {self.incident.reporter_id, self.incident.confirmer_id}

    @property
    def principals(self) -> list[User]:
        """Reporter and confirmer, most often one person."""
        return [reader for reader in self._readers if reader.pk in self._asked_first]

    @property
    def sharers(self) -> list[User]:
        """Colleagues with whom it is shared."""
        return [
            reader for reader in self._readers if reader.pk not in self._asked_first
        ]

    @property
    def confirmer(self) -> list[User]:
        pk = self.incident.confirmer_id
        return [reader for reader in self._readers if reader.pk == pk]

    @cached_property
    def _colleagues(self) -> dict[int, Any]:
        named = {self.incident.owner_id, self.incident.desk_owner_id, self.value("to")}
        named.add(self._escalated_by)
        pks = {pk for pk in named if isinstance(pk, int)}
        found = audience.colleagues(self.incident, pks)
        return {user.pk: user for user in found.exclude(pk=self.event.actor_id)}

    @property
    def watchers(self) -> list[User]:
        return [user for user in self._colleagues.values() if user.is_watcher]

    @property
    def lead(self) -> list[User]:
        """The lead of the owning team."""
        return [user for user in self._colleagues.values() if user.is_lead]

    def colleague(self, pk: int | None) -> list[User]:
        """The owner, the desk owner or whom the event names, if they may see it."""
        found = self._colleagues.get(pk) if pk is not None else None
        return [found] if found is not None else []

    @cached_property
    def _escalated_by(self) -> int | None:
        """Who sent up what is handed back: the last who did so from this team."""
        if self.event.kind != Kind.HAND_BACK:
            return None
        sent = Event.objects.about(self.incident).filter(
            kind=Kind.ESCALATE, data__from=self.value("team"), seq__lt=self.event.seq
        )
        found: int | None = sent.values_list("actor", flat=True).last()
        return found

    @property
    def escalator(self) -> list[User]:
        """Who escalated what is handed back, if they are in the team still."""
        found: list[Any] = self.colleague(self._escalated_by)
        return [user for user in found if user.is_member or user.is_lead]

    @property
    def owner(self) -> list[User]:
        return self.colleague(self.incident.owner_id)

    @property
    def desk_owner(self) -> list[User]:
        return self.colleague(self.incident.desk_owner_id)

    def tell(self, people: Iterable[User], writer: Writer) -> Iterator[Message]:
        for to in people:
            yield message(self, to, writer)
