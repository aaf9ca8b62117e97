"""A draft of an article from what happened to one incident, without its people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Lower, StrIndex
from django.utils.translation import gettext as _

from accounts.models import User
from activity.models import Event
from incidents.models import Incident
from incidents.neutral import Neutral, Person, neutral
from knowledgebase.codes import LONGEST_TEXT, LONGEST_TITLE, Kind
from knowledgebase.matching.codes import codes_in
from knowledgebase.services.content import wrong_signatures

# Of more colleagues the whole names are looked for all the same.
MOST_COLLEAGUES = 200


@dataclass(frozen=True, slots=True)
class Prefilled:
    """``initial`` fills the editor. ``count`` is how often something of a person was
    taken out, ``doubtful`` what may be a name and was left."""

    initial: dict[str, Any]
    count: int
    doubtful: Sequence[str]


def prefilled(incident: Incident, kind: str) -> Prefilled:
    """What an article of that kind would say, for a person to go on with."""
    words = _last_solution(incident)
    said = {
        "title": incident.title,
        "wrong": incident.description,
        "done": words.get("solution", ""),
        "verified": words.get("verification", ""),
    }
    people = _people(incident, "\n".join(said.values()))
    found = {name: neutral(text, people) for name, text in said.items()}
    return Prefilled(
        initial=_initial(incident, kind, found),
        count=sum(one.count for one in found.values()),
        doubtful=list(
            dict.fromkeys(word for one in found.values() for word in one.doubtful)
        ),
    )


def _initial(
    incident: Incident, kind: str, found: dict[str, Neutral]
) -> dict[str, Any]:
    title = " ".join(found["title"].text.split())[:LONGEST_TITLE]
    wrong, done = found["wrong"].text, found["done"].text
    verified = found["verified"].text
    if verified:
        done += "\n\n" + _("How it was verified: %(words)s") % {"words": verified}
    given: dict[str, Any] = {
        "title": title,
        "services": [incident.service_id] if incident.service else [],
        "categories": [incident.category_id] if incident.category else [],
    }
    if kind != Kind.KNOWN_ERROR:
        return given | {"body": f"{wrong}\n\n{done}".strip()[:LONGEST_TEXT]}
    return given | {
        "symptom": wrong[:LONGEST_TEXT],
        "workaround_agents": done.strip()[:LONGEST_TEXT],
        "signatures": "\n".join(_signatures(f"{title}\n{wrong}")),
    }


def _signatures(text: str) -> Iterator[str]:
    """Codes that stand in the text and may be signatures."""
    for code in codes_in(text):
        if not wrong_signatures([code]):
            yield code


def _last_solution(incident: Incident) -> dict[str, str]:
    """The words of the current resolution, or of the last one that failed."""
    last = incident.resolutions.order_by("-number").first()
    if last is None:
        return {}
    event = Event.objects.about(incident).filter(seq=last.seq).first()
    return {note.name: note.text for note in event.notes.all()} if event else {}


def _people(incident: Incident, text: str) -> list[Person]:
    """Those with a part in it, by all parts of their names; of others the whole."""
    reporter = incident.reporter
    known = {reporter.pk: _person(reporter, _("the reporter"))}
    for user in _colleagues(incident):
        known.setdefault(user.pk, _person(user, _("a colleague")))
    named = User.objects.annotate(
        place=StrIndex(Lower(Value(text)), Lower("name"))
    ).filter(place__gt=0)
    for user in named.exclude(pk__in=known):
        known[user.pk] = _person(user, _("somebody"), only_whole=True)
    return list(known.values())


def _person(user: User, role: str, *, only_whole: bool = False) -> Person:
    return Person(name=user.name, role=role, email=user.email, only_whole=only_whole)


def _colleagues(incident: Incident) -> Any:
    """Who acted in it, who reads it, and who is in a team that holds or held it."""
    acted = Event.objects.about(incident).order_by().values("actor")
    teams = [incident.team_id, incident.desk_id]
    held = incident.holdings.values("team")
    parts = (
        Q(pk__in=acted)
        | Q(pk__in=incident.watches.values("user"))
        | Q(pk__in=incident.shares.values("user"))
        | Q(pk=incident.confirmer_id)
        | Q(memberships__team__in=teams)
        | Q(memberships__team__in=held)
    )
    found = User.objects.people().filter(parts).distinct().order_by("pk")
    return found[:MOST_COLLEAGUES]
