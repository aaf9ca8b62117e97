"""A ticket comes to a team: who of it gets it, and whether it came back too often."""

from datetime import UTC, datetime, timedelta

from accounts.models import Membership, Team, User
from activity import clock
from activity.lifecycle import fire, record
from incidents.codes import Because
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.attention import raise_attention
from incidents.tiers.bounces import BOUNCES_UNTIL_ATTENTION, PASSED_ON, bounces_of
from sla.codes import Attention

LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def arrive(incident: Incident) -> None:
    """A locked incident has just come to its team: give it to somebody, where the team
    wants that, and let those above know of the third time that it came back."""
    at = clock.now()
    if incident.owner_id is None:
        give(incident, at)
    _say_how_often(incident, at)


def _say_how_often(incident: Incident, at: datetime) -> None:
    """At the third bounce, and at a later one where nobody above looks at it any more.
    Where somebody does already, their level stays."""
    stays = list(incident.stays.all())
    bounces = bounces_of(stays)
    count = len(bounces)
    if count < BOUNCES_UNTIL_ATTENTION or bounces[-1] != stays[-1]:
        return
    if count > BOUNCES_UNTIL_ATTENTION and incident.attention:
        return
    passed = sum(stay.why in PASSED_ON for stay in bounces)
    record(
        incident,
        Kind.CAME_BACK_OFTEN,
        by=User.objects.system(),
        at=at,
        data={"bounces": count, "passed": passed},
    )
    raise_attention(
        incident,
        level=Attention.TEAM,
        because=Because.BOUNCES,
        values={"bounces": count},
        at=at,
    )


def can_be_assigned(team: Team, user: User, at: datetime) -> bool:
    """A member or the lead of an active team who is not away."""
    if not user.is_active or not team.is_active:
        return False
    membership = Membership.objects.filter(team=team, user=user).first()
    if membership is None:
        return team.lead_id == user.pk
    return not membership.is_away(at)


def give(incident: Incident, at: datetime) -> None:
    """By the rule of the team that has it, if there is one and somebody is here."""
    team = Team.objects.get(pk=incident.team_id)
    if team.assignment == Team.Assignment.NONE:
        return
    to = _whose_turn(team, at)
    if to is None:
        return
    fire(
        incident.assign,
        by=User.objects.system(),
        at=at,
        data={"owner": to.pk, "because": str(team.assignment)},
        to=to,
    )


def _whose_turn(team: Team, at: datetime) -> User | None:
    """Who is here and is next by the rule of the team; ``None`` where there is nobody.

    Two tickets that come at once wait for each other here, so they see each other.
    """
    members = Membership.objects.filter(team=team).order_by("pk")
    locked = list(members.select_for_update(of=("self",)).select_related("user"))
    here = [one for one in locked if one.user.is_active and not one.is_away(at)]
    if not here:
        return None
    loads = {}
    if team.assignment == Team.Assignment.LEAST_LOADED:
        loads = Incident.objects.loads_of(one.user_id for one in here)
    former = {one.pk: one.given_at or LONG_AGO for one in locked}
    chosen = min(here, key=lambda one: (loads.get(one.user_id, 0), former[one.pk]))
    # Turns are in the order of the lock, whichever clock was read first.
    chosen.given_at = max(at, max(former.values()) + TICK)
    chosen.save(update_fields=["given_at"])
    return chosen.user
