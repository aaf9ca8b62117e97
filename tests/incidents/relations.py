"""Incidents as one person may stand to them: reported by them, shared with them, held
by their team, once held by it, none of theirs, a major one of others, or missing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Membership, Team, User
from accounts.permissions import reads_figures_only
from activity import clock
from activity.handlers import muted
from catalogue.models import Location, Workplace
from incidents import services
from incidents.events import Kind
from incidents.models import Attachment, Incident, ShiftNote
from tests.incidents import stories
from tests.incidents.crowd import make_incidents
from tests.incidents.shifts.words import written
from tests.knowledgebase.stories import make_editor, published
from tests.people import Cast, make_user

RELATIONS = ("own", "shared", "team", "once", "foreign", "major", "missing")
NO_SUCH = 987_654_321
OURS = {"own", "shared", "team"}  # the first desk has them; Dot's desk the others
WORKED = {"in_progress", "on_hold", "resolved", "confirmed", "silent", "closed"}


@dataclass
class Places:
    """A second desk with Dot and its lead Gus, and Rae, who reports there."""

    cast: Cast
    dot: User = field(init=False)
    gus: User = field(init=False)
    rae: User = field(init=False)
    second: Team = field(init=False)
    article: str = field(init=False)  # the address of one that everybody reads

    def __post_init__(self) -> None:
        self.dot, self.gus, self.rae = map(make_user, ("Dot", "Gus", "Rae"))
        self.second = Team.objects.create(
            name="Second desk", tier=1, is_service_desk=True, lead=self.gus
        )
        Membership.objects.create(user=self.dot, team=self.second)
        annex = Location.objects.create(name="Annex", desk=self.second)
        Workplace.objects.create(user=self.rae, location=annex)
        self.article = published(self.cast, make_editor("Kai")).slug


@dataclass
class Standpoint:
    """One person, and one incident for each relation and state, made when needed
    and as it was made."""

    places: Places
    person: User | None
    made: dict[tuple[str, str], Incident] = field(default_factory=dict)

    @property
    def relations(self) -> list[str]:
        """Who works in no team has no team's incidents; nothing is shared with who
        reads figures only."""
        if self.person is None or not self.person.is_active:
            return ["foreign", "missing"]
        none = set() if self.person.standing.teams else {"team", "once"}
        if reads_figures_only(self.person):
            none.add("shared")
        return [one for one in RELATIONS if one not in none]

    def incident(self, relation: str, state: str) -> Incident:
        key = (relation, state)
        if key not in self.made:  # Nobody changes it: what a POST did is undone.
            with muted():
                self.made[key] = self._make(relation, state)
        return self.made[key]

    def file(self, relation: str) -> Attachment:
        """A public file of the incident."""
        incident = self.incident(relation, "new")
        return keep_file(incident, by=incident.reporter, public=True)

    def team(self, relation: str) -> Team:
        """One that they work in, or one of others."""
        mine = sorted(self.person.standing.teams) if self.person else []
        if relation == "team" and mine:
            return Team.objects.get(pk=mine[0])
        return self.places.second

    def note(self, relation: str) -> ShiftNote:
        """A word to the next shift: their own, of a colleague, or of another team."""
        mine = sorted(self.person.standing.teams) if self.person else []
        if self.person is None or not mine or relation not in {"own", "team"}:
            return written(
                self.places.cast, by=self.places.dot, team=self.places.second
            )
        team = Team.objects.get(pk=mine[0])
        colleague = User.objects.filter(name="Col Colleague").first()
        if colleague is None:
            colleague = make_user("Col Colleague")
            Membership.objects.create(user=colleague, team=team)
        by = self.person if relation == "own" else colleague
        return written(self.places.cast, by=by, team=team)

    def _make(self, relation: str, state: str) -> Incident:
        at = _begun(state)
        with clock.frozen_at(at):
            incident = self._begin(relation)
            if state not in {"new", "cancelled"}:
                self._triage(incident, relation)
        if state == "cancelled":
            return stories.cancelled(self.places.cast, of=incident)
        return _Work(self.places, incident, self._worker(relation)).until(state)

    def _begin(self, relation: str) -> Incident:
        places, cast = self.places, self.places.cast
        reporter = self._reporter(relation)
        if relation == "team" and self._is_resolver:
            return self._with_their_team(reporter)
        incident = stories.reported(cast, by=reporter)
        if self.person is None:
            return incident
        if relation == "shared":
            services.share_incident(incident.pk, by=reporter, email=self.person.email)
        if relation == "major":
            services.declare_major(
                incident.pk, by=cast.lea, expected_version=None, reason="Everybody."
            )
        if relation == "once" and self._is_resolver:
            incident.holdings.create(team=places.cast.network)
        return incident

    def _with_their_team(self, reporter: User) -> Incident:
        """As if another system had put what is new there."""
        (incident,) = make_incidents(
            1,
            self.places.cast,
            reporters=[reporter],
            titles=[stories.DESCRIPTION],
            stories=[(Kind.REPORT,)],
            severity=4,
            team=self.places.cast.network,
        )
        return stories.again(incident)

    @property
    def _is_resolver(self) -> bool:
        return self.person is not None and bool(self.person.standing.resolver_teams)

    def _reporter(self, relation: str) -> User:
        if relation == "own" and self.person is not None:
            return self.person
        return self.places.cast.zed if relation in OURS else self.places.rae

    def _worker(self, relation: str) -> User:
        """Whose work it is: never this person's, but what their team has."""
        if relation == "team" and self.person is not None:
            return self.person
        return self.places.cast.cy if relation in OURS else self.places.dot

    def _triage(self, incident: Incident, relation: str) -> None:
        places = self.places
        ours = relation in OURS
        by = places.cast.cy if ours else places.dot
        first = relation == "once" and not self._is_resolver
        stories.triaged(
            places.cast,
            of=incident,
            by=by,
            team=places.cast.desk if ours or first else places.second,
        )
        if first:
            services.transfer_incident(
                incident.pk,
                by=places.cast.cy,
                expected_version=None,
                team=places.second,
                reason="Theirs.",
            )
        if relation == "team" and self._is_resolver:
            stories.escalated(places.cast, of=stories.again(incident), by=by)


def _begun(state: str) -> datetime:
    """Long enough ago for a waiver on whatever weekday and hour this runs."""
    ago = stories.WAIVED_AFTER_DAYS if state == "silent" else 0
    return clock.now() - timedelta(days=ago)


@dataclass
class _Work:
    """From triaged to wherever the state is."""

    places: Places
    incident: Incident
    worker: User

    def until(self, state: str) -> Incident:
        cast, pk = self.places.cast, self.incident.pk
        if state == "given":
            Incident.objects.filter(pk=pk).update(owner=self.worker)
        if state in WORKED:
            at = _begun(state)
            self._take(at)
        if state == "on_hold":
            stories.on_hold(cast, of=stories.again(self.incident))
        if state in WORKED - {"in_progress", "on_hold"}:
            self._solve(state)
        return stories.again(self.incident)

    def _take(self, at: Any) -> None:
        services.take_incident(
            self.incident.pk, by=self.worker, expected_version=None, at=at
        )

    def _solve(self, state: str) -> None:
        cast = self.places.cast
        at = _begun(state)
        stories.resolved(cast, of=stories.again(self.incident), at=at)
        if state == "silent":
            stories.reminded(cast, of=stories.again(self.incident))
        if state in {"confirmed", "closed"}:
            stories.confirmed(cast, of=stories.again(self.incident))
        if state == "closed":
            found = stories.again(self.incident)
            by = self.places.gus if found.confirmer == cast.cy else cast.cy
            stories.closed(cast, of=found, by=by)


def keep_file(
    incident: Incident | None, *, by: User, public: bool, name: str = "a.txt"
) -> Attachment:
    """A file that came with the report, or waits for it."""
    return Attachment.objects.create(
        incident=incident,
        seq=1 if incident else None,
        public=public,
        file=ContentFile(b"text", name=name),
        name=name,
        content_type="text/plain",
        size=4,
        sha256="0" * 64,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
