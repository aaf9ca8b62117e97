"""Many random lives that go up and down: after every step the stays tile the ticket's
life, are what was done, and equal the fold; the guards have spoken each time."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection

from accounts.models import EscalationPath, Membership, Team, User
from activity import clock
from activity.handlers import muted
from incidents import services
from incidents.codes import CancelReason
from incidents.models import Incident, TierStay
from incidents.tiers.bounces import bounces_of
from incidents.tiers.keeping import differences
from tests.incidents import stories
from tests.people import Cast, make_user

LONG = pytest.param(400, marks=pytest.mark.long)
STEPS = 30


@dataclass
class Life:
    """One ticket, and what was done with it: the team and the verb of each stay."""

    cast: Cast
    chance: random.Random
    teams: dict[str, Team]
    people: dict[int, User]
    incident: Incident
    told: list[tuple[str, str]] = field(default_factory=list)
    is_checked: bool = False

    @property
    def holder(self) -> User:
        """Somebody of the team that has it."""
        return self.people[self.incident.team_id]

    def again(self) -> None:
        self.incident = stories.again(self.incident)

    def went(self, why: str) -> None:
        self.told.append((stories.again(self.incident).team.name, why))
        self.is_checked = False

    def take(self) -> None:
        if self.incident.owner_id != self.holder.pk:
            services.take_incident(
                self.incident.pk, by=self.holder, expected_version=None
            )

    def check(self) -> None:
        stories.checked(self.incident, by=self.cast.bo)
        self.is_checked = True

    def declare(self) -> None:
        if not self.incident.is_major:
            services.declare_major(
                self.incident.pk, by=self.cast.lea, expected_version=None, reason="All."
            )

    def triage(self) -> None:
        desk = self.teams[self.chance.choice(["Service desk", "North desk"])]
        stories.triaged(self.cast, of=self.incident, team=desk)
        if desk.pk != self.incident.team_id:
            self.told.append((desk.name, "triage"))

    def transfer(self) -> None:
        tier = self.incident.team.tier
        others = [
            team
            for team in self.teams.values()
            if team.tier == tier and team.pk != self.incident.team_id
        ]
        if not others:
            return
        services.transfer_incident(
            self.incident.pk,
            by=self.holder,
            expected_version=None,
            team=self.chance.choice(others),
            reason="Theirs.",
        )
        self.went("transfer")

    def escalate(self) -> None:
        tier = self.incident.team.tier
        if tier == 3:
            return
        if tier == 1 and not self.is_checked:
            self.check()
        skips = self.incident.is_major and tier == 1 and self.chance.random() < 0.5
        names = ["Vendor"] if skips or tier == 2 else ["Network", "Storage"]
        services.escalate_incident(
            self.incident.pk,
            by=self.holder,
            expected_version=None,
            team=self.teams[self.chance.choice(names)],
            package=stories.package(),
        )
        self.went("escalate")

    def hand_back(self) -> None:
        if self.incident.team.tier == 1:
            return
        services.hand_back_incident(
            self.incident.pk, by=self.holder, expected_version=None, reason="Yours."
        )
        self.went("hand_back")

    def resolve(self) -> None:
        self.take()
        if self.incident.status == "on_hold":
            return
        services.resolve_incident(
            self.incident.pk,
            by=self.holder,
            expected_version=None,
            solution=stories.solution(),
        )
        self.went("resolve")

    def works_again(self) -> None:
        services.report_works_again(self.incident.pk, by=self.cast.ann)
        self.went("works_again")

    def hold(self) -> None:
        self.take()
        if self.incident.status == "on_hold":
            return
        services.hold_incident(
            self.incident.pk,
            by=self.holder,
            expected_version=None,
            reason="scheduled",
            until=clock.now() + timedelta(days=900),
        )

    def reject(self) -> None:
        services.reject_resolution(self.incident.pk, by=self.cast.ann, complaint="No.")
        self.went("reject")

    def confirm_and_close(self) -> None:
        if not self.incident.is_confirmed:
            stories.confirmed(self.cast, of=self.incident)
        stories.closed(self.cast, of=stories.again(self.incident))

    def cancel(self) -> None:
        services.cancel_incident(
            self.incident.pk, by=self.cast.ann, reason=CancelReason.WITHDRAWN
        )
        self.is_checked = False

    def reopen(self) -> None:
        services.reopen_incident(self.incident.pk, by=self.cast.ann, complaint="Again.")
        self.went("reopen")

    def step(self) -> None:
        """Something that its state allows; going up and down most of the time."""
        moving = [self.escalate] * 6 + [self.hand_back] * 4 + [self.transfer] * 2
        moves: dict[str, list[Callable[[], None]]] = {
            "new": [self.triage, self.check, self.declare, self.take],
            "resolved": [self.reject, self.reject, self.confirm_and_close],
            "closed": [self.reopen],
            "cancelled": [self.reopen],
        }
        rest = [self.take, self.hold, self.check, self.declare, self.cancel]
        busy = [*moving, *rest, self.resolve, self.resolve, self.works_again]
        self.chance.choice(moves.get(str(self.incident.status), busy))()
        self.again()

    def agrees(self) -> None:
        connection.check_constraints()
        rows = list(self.incident.stays.select_related("team"))
        assert [(row.team.name, row.why) for row in rows] == self.told
        assert rows[0].entered_at == self.incident.reported_at
        for former, row in pairwise(rows):
            assert (former.left_seq, former.left_at) == (row.after_seq, row.after_at)
            if row.why != "reopen":
                assert (row.after_seq, row.after_at) == (
                    row.entered_seq,
                    row.entered_at,
                )
        assert rows[-1].left_at == self.incident.ended_at
        ours = TierStay.objects.filter(incident=self.incident)
        assert list(ours.bounces()) == list(bounces_of(rows))
        if self.incident.is_ended:
            return
        assert rows[-1].team == self.incident.team
        bounces = bounces_of(rows)
        came_back = bounces and bounces[-1] == rows[-1]
        if came_back and len(bounces) >= 3 and self.incident.is_open:
            assert self.incident.attention == 1


def town(cast: Cast) -> tuple[dict[str, Team], dict[int, User]]:
    """Two desks, two teams of tier 2, one of tier 3; one person for each."""
    north = Team.objects.create(name="North desk", tier=1, is_service_desk=True)
    storage = Team.objects.create(name="Storage", tier=2)
    people = {
        cast.desk.pk: cast.bo,
        cast.network.pk: cast.ned,
        cast.vendor.pk: cast.ute,
    }
    for team, name in ((north, "Nora"), (storage, "Sid")):
        people[team.pk] = make_user(name)
        Membership.objects.create(user=people[team.pk], team=team)
    for lower, upper in (
        (cast.desk, storage),
        (north, cast.network),
        (north, storage),
        (storage, cast.vendor),
    ):
        EscalationPath.objects.create(from_team=lower, to_team=upper)
    teams = [cast.desk, north, cast.network, storage, cast.vendor]
    return {team.name: team for team in teams}, people


@pytest.mark.parametrize("lives", [8, LONG])
def test_stays_tile_every_life(cast: Cast, lives: int) -> None:
    teams, people = town(cast)
    seen: set[str] = set()
    for number in range(lives):
        with muted():
            incident = stories.reported(cast)
            life = Life(cast, random.Random(number), teams, people, incident)
            life.told.append((incident.team.name, "report"))
            for _step in range(STEPS):
                life.step()
                life.agrees()
        seen |= {why for _team, why in life.told}
    assert list(differences()) == []
    assert {"escalate", "hand_back", "transfer", "resolve", "reject", "reopen"} <= seen
