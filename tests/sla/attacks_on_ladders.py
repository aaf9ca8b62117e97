"""Attacks on the ladder of a policy, each with the rule and guard that refuse it."""

from typing import Any, Final

from sla.models import Policy, PolicyVersion, Rung
from tests.database import sql
from tests.people import Cast
from tests.sla.settings_cast import draft_policy, in_days, make_calendar, publish


def climb_of(*rungs: dict[str, Any], **fields: Any) -> PolicyVersion:
    """A published version with these rungs."""
    make_calendar()
    draft = draft_policy(Policy.objects.create(name="Climbed"), **fields)
    for position, one in enumerate(rungs, 1):
        said: Any = {"tells": "owner", "acknowledge_within": 30, **one}
        Rung.objects.create(version=draft, position=position, **said)
    return publish(draft)


def add_rung(cast: Cast) -> None:
    Rung.objects.create(
        version=climb_of(),
        position=1,
        trigger="by_hand",
        tells="owner",
        acknowledge_within=30,
    )


def hurry_rung(cast: Cast) -> None:
    sql(
        "UPDATE sla_rung SET acknowledge_within = 1 WHERE version_id = %s",
        climb_of({"trigger": "by_hand"}).pk,
    )


def drop_rung(cast: Cast) -> None:
    version = climb_of({"trigger": "by_hand"})
    sql("DELETE FROM sla_rung WHERE version_id = %s", version.pk)


def take_rung_over(cast: Cast) -> None:
    version = climb_of({"trigger": "by_hand"})
    draft = draft_policy(version.policy, effective_from=in_days(1))
    sql(
        "UPDATE sla_rung SET version_id = %s WHERE version_id = %s",
        draft.pk,
        version.pk,
    )


def wait_for_nobody_first(cast: Cast) -> None:
    climb_of({"trigger": "unacknowledged"}, {"trigger": "by_hand"})


def wait_for_no_response(cast: Cast) -> None:
    share = {"trigger": "response_percent", "percent": 50}
    climb_of(share, resolution_target=90)


def wait_for_no_resolution(cast: Cast) -> None:
    share = {"trigger": "resolution_percent", "percent": 50}
    climb_of(share, response_target=90)


def wait_for_no_breach(cast: Cast) -> None:
    climb_of({"trigger": "breach"}, update_target=90)


def climb_down_by_share(cast: Cast) -> None:
    shares = [{"trigger": "resolution_percent", "percent": n} for n in (90, 75)]
    climb_of(*shares, resolution_target=90)


def wait_twice_for_a_breach(cast: Cast) -> None:
    climb_of({"trigger": "breach"}, {"trigger": "breach"}, resolution_target=90)


def climb_down_by_bounces(cast: Cast) -> None:
    climb_of(*({"trigger": "bounces", "count": n} for n in (3, 2)))


KEPT: Final = (add_rung, hurry_rung, drop_rung, take_rung_over)
UNREACHABLE: Final = (
    wait_for_nobody_first,
    wait_for_no_response,
    wait_for_no_resolution,
    wait_for_no_breach,
)
DOWNWARDS: Final = (climb_down_by_share, wait_twice_for_a_breach, climb_down_by_bounces)
ON_LADDERS: Final = [
    *((attack, "policy_version_kept", "sla_rung.rung_kept") for attack in KEPT),
    *(
        (attack, f"policy_version_{rule}", f"sla_policyversion.policy_version_{rule}")
        for rule, attacks in (
            ("ladder_reachable", UNREACHABLE),
            ("ladder_ascends", DOWNWARDS),
        )
        for attack in attacks
    ),
]
