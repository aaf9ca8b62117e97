"""Who had a ticket at an earlier moment, by what happened to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from accounts.models import Team, User
from activity.models import Event
from catalogue.models import Service
from incidents.events import Kind
from incidents.models import Incident, TierStay
from incidents.tiers.spent import owner_after

# Beside what concerns clocks: who owns it, and who answers for it at the desk.
OWNING: Final = (Kind.ASSIGN, Kind.DESK_OWNER)


@dataclass(slots=True)
class Held:
    """As ``people.Held`` asks. Team and owner are those of then; who leads, manages or
    commands is who does so today, and so are desk and service."""

    owner: User | None
    desk_owner: User | None
    team: Team
    desk: Team
    service: Service | None


class Hands:
    """One ticket while its events are read, oldest first."""

    def __init__(
        self, incident: Incident, stays: Iterable[TierStay], people: Mapping[int, User]
    ) -> None:
        self.incident = incident
        self.stays = list(stays)
        self.people = people
        self.owner: int | None = None
        self.desk_owner: int | None = None
        self.desk: Team | None = None
        self.seq = 1

    def take(self, event: Event) -> None:
        self.seq, actor = event.seq, event.actor_id
        self.owner = owner_after(event, self.owner)
        team = self._team()
        if team.is_service_desk:
            if self.desk is not None and self.desk != team:
                self.desk_owner = None
            self.desk = team
        match event.kind:
            case Kind.TRIAGE:
                self.desk_owner = actor
            case Kind.TAKE if team.is_service_desk:
                self.desk_owner = self.desk_owner or actor
            case Kind.DESK_OWNER:
                self.desk_owner = event.data["to"]

    def _team(self) -> Team:
        begun = [stay.team for stay in self.stays if stay.entered_seq <= self.seq]
        return begun[-1] if begun else self.incident.team

    def held(self) -> Held:
        return Held(
            owner=self.people.get(self.owner or 0),
            desk_owner=self.people.get(self.desk_owner or 0),
            team=self._team(),
            desk=self.incident.desk,
            service=self.incident.service,
        )
