"""The people and teams of the machine: the cast, and a second desk."""

from datetime import UTC, datetime, timedelta

from accounts.models import EscalationPath, Membership, Team, User
from catalogue.models import Category, Location, Service, Workplace
from sla.models import Calendar, Policy
from tests.incidents import model
from tests.incidents.model import World
from tests.people import make_cast, make_user
from tests.sla.settings_cast import make_calendar

# In the week in which the clocks of Europe change; a calendar may change only in what
# is to come for the database as well.
START = datetime(2030, 10, 21, 8, tzinfo=UTC)
AWAY, LEFT = "eve", "ivy"
ALWAYS_HERE = "ida"  # the only administrator: the database does not let her go


class Town:
    """The people and teams, in the database and in the model."""

    def __init__(self) -> None:
        cast = make_cast()
        names = ["ann", "bo", "cy", "lea", "ned", "ute", "max", "ida", "zed"]
        self.people = {name: getattr(cast, name) for name in names}
        for name in ("dot", "gus", AWAY, "com", LEFT):
            self.people[name] = make_user(name.title(), is_active=name != LEFT)
        second, field, storage = self._further_teams()
        self.teams = {
            "first": cast.desk,
            "second": second,
            "network": cast.network,
            "storage": storage,
            "vendor": cast.vendor,
        }
        self.others = {"field": field}
        self._paths_lead_up()
        self._staff(cast.desk, AWAY, START + timedelta(days=400))
        self._staff(second, "dot", None)
        self._staff(storage, "ned", None)
        system = User.objects.system()
        self.people["com"].role_grants.create(
            role="incident_commander", granted_by=system
        )
        place = Location.objects.create(name="Annex", desk=second)
        Workplace.objects.create(user=self.people["zed"], location=place)
        self.category = Category.objects.create(name="Hardware")
        self.services = {
            "owned": Service.objects.create(name="Owned", owner=self.people["max"]),
            "unowned": Service.objects.create(name="Unowned"),
        }
        self._days_are_counted()
        self.names = {user.pk: name for name, user in self.people.items()}
        self.names[system.pk] = "system"
        self.team_names = {team.pk: name for name, team in self.teams.items()}
        self.seats = {
            name: {team.lead_id, *team.memberships.values_list("user", flat=True)}
            for name, team in self.teams.items()
        }

    def _days_are_counted(self) -> None:
        Calendar.objects.update(counts_days=False)
        days = make_calendar(
            "Days",
            zone=str(model.DAYS_ZONE),
            holidays=dict.fromkeys(model.HOLIDAYS, "Off"),
        )
        Calendar.objects.filter(pk=days.pk).update(counts_days=True)
        self.hours = Calendar.objects.get(name="Working hours")
        self.always = Calendar.objects.get(name="Around the clock")
        self.policies = {n: Policy.objects.get(name=f"SEV{n}") for n in range(1, 5)}

    def _further_teams(self) -> tuple[Team, Team, Team]:
        second = Team.objects.create(
            name="Second desk",
            tier=1,
            is_service_desk=True,
            lead=self.people["gus"],
            second_person_closes=True,
        )
        field = Team.objects.create(name="Field", tier=1)
        storage = Team.objects.create(name="Storage", tier=2, lead=self.people["ute"])
        return second, field, storage

    def _staff(self, team: Team, name: str, away_until: datetime | None) -> None:
        Membership.objects.create(
            user=self.people[name], team=team, joined_at=START, away_until=away_until
        )

    def _paths_lead_up(self) -> None:
        """Beside those of the cast."""
        for lower, upper in (
            ("first", "storage"),
            ("second", "network"),
            ("storage", "vendor"),
        ):
            EscalationPath.objects.create(
                from_team=self.teams[lower], to_team=self.teams[upper]
            )

    def world(self) -> World:
        return World(
            teams={
                "first": model.Team(
                    "lea",
                    ("bo", "cy", "lea", AWAY),
                    escalates_to=("network", "storage"),
                ),
                "second": model.Team(
                    "gus",
                    ("dot",),
                    second_person_closes=True,
                    escalates_to=("network",),
                ),
                "network": model.Team("", ("ned",), tier=2, escalates_to=("vendor",)),
                "storage": model.Team(
                    "ute", ("ned",), tier=2, escalates_to=("vendor",)
                ),
                "vendor": model.Team("", ("ute",), tier=3),
            },
            default_desk="first",
            desk_at={"zed": "second"},
            commanders={"com"},
            away={AWAY},
            service_owners={"owned": "max"},
            gone={LEFT},
        )

    def pk_of(self, name: str) -> int:
        return next(pk for pk, one in self.names.items() if one == name)

    def works_in(self, name: str, team: str) -> bool:
        return self.pk_of(name) in self.seats[team]

    def is_on_a_desk(self, name: str) -> bool:
        return any(self.works_in(name, team) for team in ("first", "second"))

    def team(self, name: str) -> Team:
        found: Team = (self.teams | self.others)[name]
        return found
