"""Who works at Harbour Hospital, in which teams, with which services.

Everything is found again by name or address, so filling twice changes nothing.
"""

from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models

from accounts.models import EscalationPath, Membership, Role, Team, User
from catalogue.models import Category, Location, Service, Workplace
from sla.models import Calendar, OperationalTarget

Record = TypeVar("Record", bound=models.Model)

PASSWORD = "harbour-hospital-demo"  # noqa: S105 - public on purpose, shown at log-in
DOMAIN = "harbour.example"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast; ``shown_as`` is the role that the log-in page offers."""

    name: str
    team: str = ""
    works_at: str = "Harbour Hospital"
    leads: bool = False
    roles: tuple[Role, ...] = ()
    shown_as: str = ""

    @property
    def email(self) -> str:
        return f"{self.name.split(' ')[0].lower()}@{DOMAIN}"


PEOPLE = [
    Person("Nora Lindqvist", works_at="Ward 3", shown_as="Reporter"),
    Person("Tomas Adeyemi", works_at="North clinic"),
    Person("Yusuf Karim", works_at="North clinic"),
    Person("Grace Oduya"),
    Person("Leila Haddad", works_at="Ward 3"),
    Person("Anton Berg"),
    Person("Priya Raman", team="Service desk", shown_as="Service desk agent"),
    Person("Jonas Weber", team="Service desk"),
    Person(
        "Marta Kowalska", team="Service desk", leads=True, shown_as="Service desk lead"
    ),
    Person(
        "Ingrid Solberg",
        team="North clinic desk",
        works_at="North clinic",
        leads=True,
    ),
    Person("Mateo Costa", team="North clinic desk", works_at="North clinic"),
    Person("Samuel Osei", team="Network", leads=True, shown_as="Resolver (L2)"),
    Person("Lin Chen", team="Network"),
    Person("Elif Demir", team="Clinical applications", leads=True),
    Person("Oskar Nyberg", team="Workplace", leads=True),
    Person("Ruth Mbeki", team="Platform engineering", leads=True),
    Person("Diego Alvarez", team="MedSoft (supplier)", works_at=""),
    Person("Hanna Virtanen", roles=(Role.PROBLEM_MANAGER,), shown_as="Problem manager"),
    Person("Peter Novak", roles=(Role.KNOWLEDGE_EDITOR,), shown_as="Knowledge editor"),
    Person(
        "Carmen Ruiz", roles=(Role.INCIDENT_COMMANDER,), shown_as="Incident commander"
    ),
    Person("Victor Lang", roles=(Role.MANAGER,), shown_as="Manager"),
    Person("Ada Brandt", roles=(Role.ADMINISTRATOR,), shown_as="Administrator"),
]

# Name, tier, and the teams it escalates to.
TEAMS: list[tuple[str, int, tuple[str, ...]]] = [
    ("MedSoft (supplier)", 3, ()),
    ("Platform engineering", 3, ()),
    ("Network", 2, ("Platform engineering",)),
    ("Clinical applications", 2, ("MedSoft (supplier)", "Platform engineering")),
    ("Workplace", 2, ("Platform engineering",)),
    ("Service desk", 1, ("Network", "Clinical applications", "Workplace")),
    ("North clinic desk", 1, ("Network", "Clinical applications", "Workplace")),
]
DEFAULT_DESK = "Service desk"
# In minutes of working time.
AGREED = {
    "Service desk": 60,
    "Network": 240,
    "Clinical applications": 240,
    "Workplace": 480,
}
# Small, and careful: who recorded a call there leaves the closing to the other.
CAREFUL_DESK = "North clinic desk"

# Name, criticality, team, and the service it stands below.
SERVICES: list[tuple[str, int, str, str]] = [
    ("Patient records", 1, "Clinical applications", ""),
    ("Laboratory results", 1, "Clinical applications", "Patient records"),
    ("Hospital network", 1, "Network", ""),
    ("Wi-Fi", 2, "Network", "Hospital network"),
    ("Telephones", 2, "Network", ""),
    ("E-mail and calendar", 2, "Workplace", ""),
    ("Printing", 3, "Workplace", ""),
    ("Computers and accounts", 3, "Workplace", ""),
]

# Category, and its subcategories.
CATEGORIES: list[tuple[str, str, tuple[str, ...]]] = [
    ("Access", "Workplace", ("Password", "Missing permission", "New account")),
    ("Hardware", "Workplace", ("Computer", "Screen", "Printer", "Telephone")),
    ("Network", "Network", ("No connection", "Slow", "Wi-Fi")),
    ("Software", "Clinical applications", ("Error message", "Slow", "Wrong data")),
]

# Name, the location above, and the desk that receives its reports.
LOCATIONS = [
    ("Harbour Hospital", "", "Service desk"),
    ("North clinic", "", "North clinic desk"),
    ("Ward 3", "Harbour Hospital", "Service desk"),
]
ZONE = "Europe/Stockholm"


def furnish() -> None:
    """Create whatever of people, teams and catalogue is not there yet."""
    people = _people()
    teams = _teams(people)
    for name, criticality, team, parent in SERVICES:
        _once(
            Service,
            name,
            criticality=criticality,
            team=teams[team],
            parent=Service.objects.filter(name=parent).first(),
            owner=people["Grace Oduya"],
        )
    for name, team, below in CATEGORIES:
        top = _once(Category, name, team=teams[team], parent=None)
        for child in below:
            Category.objects.get_or_create(name=child, parent=top)
    for name, parent, desk in LOCATIONS:
        above = Location.objects.filter(name=parent).first()
        _once(Location, name, parent=above, desk=teams[desk], time_zone=ZONE)
    for person in PEOPLE:
        _workplace(people[person.name], person.works_at)


def is_empty() -> bool:
    """Whether nobody has used this installation yet."""
    return not User.objects.people().exists()


def logins() -> list[dict[str, str]]:
    """One log-in per role that exists, as ``role`` and ``email``."""
    shown = {person.email: person.shown_as for person in PEOPLE if person.shown_as}
    users = User.objects.active().filter(email__in=shown)
    there = {user.email for user in users}
    return [
        {"role": role, "email": email}
        for email, role in shown.items()
        if email in there
    ]


def _people() -> dict[str, User]:
    # A hash is slow on purpose, and everybody has the same password: one will do.
    password = make_password(PASSWORD)
    return {person.name: _person(person, password) for person in PEOPLE}


def _person(person: Person, password: str) -> User:
    found = User.objects.filter(email=person.email).first()
    if found is None:
        found = User(
            email=person.email, name=person.name, time_zone=ZONE, password=password
        )
        found.save()
    for role in person.roles:
        found.role_grants.get_or_create(
            role=role, defaults={"granted_by": User.objects.system()}
        )
    return found


def _workplace(user: User, name: str) -> None:
    location = Location.objects.filter(name=name).first()
    if location is not None:
        Workplace.objects.get_or_create(user=user, defaults={"location": location})


def _teams(people: dict[str, User]) -> dict[str, Team]:
    teams: dict[str, Team] = {}
    for name, tier, above in TEAMS:
        lead = next((p for p in PEOPLE if p.team == name and p.leads), None)
        teams[name] = _once(
            Team,
            name,
            tier=tier,
            is_service_desk=tier == 1,
            is_default_desk=name == DEFAULT_DESK,
            second_person_closes=name == CAREFUL_DESK,
            lead=people[lead.name] if lead else None,
            manager=people["Victor Lang"],
        )
        for upper in above:
            EscalationPath.objects.get_or_create(
                from_team=teams[name], to_team=teams[upper]
            )
    for person in PEOPLE:
        if person.team:
            Membership.objects.get_or_create(
                user=people[person.name], team=teams[person.team]
            )
    _agree(teams)
    return teams


def _agree(teams: dict[str, Team]) -> None:
    """How long each team takes for what comes to it, in minutes."""
    calendar = Calendar.objects.filter(name="Working hours").first()
    if calendar is None:
        return
    for name, minutes in AGREED.items():
        OperationalTarget.objects.get_or_create(
            team=teams[name], defaults={"calendar": calendar, "minutes": minutes}
        )


def _once(model: type[Record], name: str, **fields: object) -> Record:
    record, _created = model._default_manager.get_or_create(name=name, defaults=fields)
    return record
