"""People, teams, categories, locations and services that a log names."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.text import slugify

from accounts.models import Team, User
from catalogue.models import Category, Location, Service
from catalogue.services import default_desk
from incidents.codes import ImportSource
from incidents.replay.step import Step, TeamName

LONGEST_SLUG = 40
# What nobody can log in with, as ``set_unusable_password`` writes it.
NO_PASSWORD = "!"  # noqa: S105 - no password at all


class Names:
    """What the names of one source mean here: found, or made, and remembered.
    What names no team belongs to ``desk``, what names nobody was done by ``system``.

    ``prepare`` makes all that a number of steps need with few statements, in the
    transaction at hand; after a failure drop the object, for it remembers rows that
    are gone. Whatever is made can do nothing yet: accounts are deactivated, teams
    and entries of the catalogue cannot be chosen.
    """

    def __init__(self, source: ImportSource) -> None:
        self.source = source
        self.unknown_reporter = f"Unknown reporter ({source.label})"
        self.system = User.objects.system()
        self.desk = default_desk()
        self._people: dict[str, User] = {}
        self._teams: dict[str, Team] = {}
        self._categories: dict[tuple[str, ...], Category] = {}
        self._locations: dict[str, Location] = {}
        self._services: dict[str, Service] = {}

    def prepare(self, steps: Iterable[Step]) -> None:
        steps = list(steps)
        self._add_people(
            {step.actor for step in steps}
            | {step.reporter or self.unknown_reporter for step in steps}
            | {step.logged_by for step in steps}
            | {step.owner for step in steps}
        )
        self._add_teams({step.team for step in steps if step.team})
        self._add_categories({step.category[:1] for step in steps})
        self._add_categories({step.category[:2] for step in steps})
        _add(Location, self._locations, {step.location for step in steps})
        _add(Service, self._services, {step.service for step in steps})

    def person(self, name: str) -> User | None:
        return self._people.get(name)

    def reporter(self, name: str) -> User:
        return self._people[name or self.unknown_reporter]

    def team(self, named: TeamName | None) -> Team | None:
        return self._teams[named.name.lower()] if named else None

    def category(self, path: tuple[str, ...]) -> Category | None:
        return self._categories.get(_lower(path[:2]))

    def location(self, name: str) -> Location | None:
        return self._locations.get(name.lower())

    def service(self, name: str) -> Service | None:
        return self._services.get(name.lower())

    def _add_people(self, names: set[str]) -> None:
        wanted = {
            name: address_of(name, self.source)
            for name in names - self._people.keys() - {""}
        }
        if not wanted:
            return
        known = _people_at(wanted.values())
        new = {
            address: User(
                email=address, name=name, is_active=False, password=NO_PASSWORD
            )
            for name, address in sorted(wanted.items())
            if address not in known
        }
        User.objects.bulk_create(new.values())
        known |= new
        self._people |= {name: known[address] for name, address in wanted.items()}

    def _add_teams(self, named: set[TeamName]) -> None:
        wanted = {team.name.lower(): team for team in sorted(named, key=_name_of)}
        missing = wanted.keys() - self._teams.keys()
        if not missing:
            return
        self._teams |= _by_name(Team, missing)
        new = [
            Team(name=wanted[key].name, tier=wanted[key].tier, is_active=False)
            for key in sorted(missing - self._teams.keys())
        ]
        Team.objects.bulk_create(new)
        self._teams |= {team.name.lower(): team for team in new}

    def _add_categories(self, paths: set[tuple[str, ...]]) -> None:
        """Paths of one length; those above them are there already."""
        wanted = {_lower(path): path for path in sorted(paths) if path}
        for key in sorted(wanted.keys() - self._categories.keys()):
            parent = self._categories[key[:-1]] if len(key) > 1 else None
            found = Category.objects.alias(lower=Lower("name")).filter(
                lower=key[-1], parent=parent
            )
            self._categories[key] = found.first() or Category.objects.create(
                name=wanted[key][-1], parent=parent, is_active=False
            )


def address_of(name: str, source: ImportSource) -> str:
    """The e-mail address that stands for a person of the source: the name itself if
    it is one, else one at ``<source>.invalid``, to which nothing can be sent."""
    if "@" in name:
        try:
            validate_email(name)
        except ValidationError:
            pass
        else:
            return name.lower()
    plain = "-".join(name.lower().split())
    slug = slugify(name)[:LONGEST_SLUG].strip("-")
    if slug != plain:
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        slug = f"{slug}-{digest}".strip("-")
    return f"{slug}@{source.value}.invalid"


def _people_at(addresses: Iterable[str]) -> dict[str, User]:
    found = User.objects.alias(lower=Lower("email")).filter(lower__in=list(addresses))
    return {user.email.lower(): user for user in found}


def _add(model: Any, known: dict[str, Any], names: set[str]) -> None:
    wanted = {name.lower(): name for name in sorted(names) if name}
    missing = wanted.keys() - known.keys()
    if not missing:
        return
    known |= _by_name(model, missing)
    new = [
        model(name=wanted[key], is_active=False)
        for key in sorted(missing - known.keys())
    ]
    model.objects.bulk_create(new)
    known |= {entry.name.lower(): entry for entry in new}


def _by_name(model: Any, lower: Iterable[str]) -> dict[str, Any]:
    found = model.objects.alias(lower=Lower("name")).filter(lower__in=list(lower))
    return {entry.name.lower(): entry for entry in found}


def _lower(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower() for name in path)


def _name_of(team: TeamName) -> str:
    return team.name
