"""People, teams and roles: what they are, and what the database refuses."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts import permissions
from accounts.models import EscalationPath, Membership, Role, RoleGrant, Team, User
from activity.refusals import broken_rule
from tests.database import without
from tests.people import Cast, make_user

PREDICATES = {
    "reporter": permissions.is_reporter,
    "agent": permissions.is_agent,
    "resolver": permissions.is_resolver,
    "desk lead": permissions.is_service_desk_lead,
    "problem manager": permissions.is_problem_manager,
    "knowledge editor": permissions.is_knowledge_editor,
    "incident commander": permissions.is_incident_commander,
    "manager": permissions.is_manager,
    "administrator": permissions.is_administrator,
}

WHO_IS_WHAT = {
    "ann": set(),
    "bo": {"agent"},
    "cy": {"agent"},
    "lea": {"agent", "desk lead"},
    "ned": {"resolver"},
    "ute": {"resolver"},
    "max": {"manager"},
    "ida": {"administrator"},
    "zed": set(),
}


def roles(user: User) -> set[str]:
    return {name for name, is_it in PREDICATES.items() if is_it(user)}


@pytest.mark.parametrize(("name", "expected"), WHO_IS_WHAT.items())
def test_everybody_is_what_their_teams_and_grants_make_them(
    cast: Cast, name: str, expected: set[str]
) -> None:
    assert roles(getattr(cast, name)) == expected | {"reporter"}


def test_who_left_is_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.lea.pk).update(is_active=False)
    assert roles(User.objects.get(pk=cast.lea.pk)) == set()


def test_a_team_that_was_closed_gives_no_role(cast: Cast) -> None:
    Team.objects.filter(pk=cast.network.pk).update(is_active=False)
    assert not permissions.is_resolver(User.objects.get(pk=cast.ned.pk))


def test_a_lead_works_in_their_team_without_a_membership(cast: Cast) -> None:
    Membership.objects.filter(user=cast.lea).delete()
    lea = User.objects.get(pk=cast.lea.pk)
    assert permissions.is_member_of(lea, cast.desk)
    assert permissions.is_lead_of(lea, cast.desk)
    assert not permissions.is_lead_of(cast.bo, cast.desk)
    assert not permissions.is_member_of(cast.zed, cast.desk)


def test_standing_costs_one_query_once(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    bo = User.objects.get(pk=cast.bo.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        roles(bo)
        roles(bo)


def test_nobody_is_above_the_rules(db: None) -> None:
    call_command(
        "createsuperuser", interactive=False, email="root@example.org", name="Root"
    )
    root = User.objects.get(email="root@example.org")
    assert permissions.is_administrator(root)
    assert root.is_staff
    assert root.is_superuser is False
    assert root.role_grants.get().granted_by.is_system


@pytest.mark.parametrize(
    ("name", "seen"),
    [("ann", 1), ("zed", 1), ("max", 1), ("bo", 9), ("ned", 9), ("ida", 9)],
)
def test_contact_data_are_for_those_who_work_with_them(
    cast: Cast, name: str, seen: int
) -> None:
    user = getattr(cast, name)
    visible = User.objects.visible_to(user)
    assert visible.count() == seen
    assert user in visible
    assert not visible.filter(is_system=True).exists()


def test_who_left_sees_nobody(cast: Cast) -> None:
    cast.zed.is_active = False
    assert not User.objects.visible_to(cast.zed).exists()
    assert not Team.objects.visible_to(cast.zed).exists()


def test_one_address_is_one_account_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Another account"):
        User.objects.create_user("ANN@example.org", name="Other Ann")
    with pytest.raises(IntegrityError, match="user_email_once"), transaction.atomic():
        User.objects.create(email="Ann@Example.org", name="Other Ann")


@pytest.mark.parametrize(
    "name", ["a\nb", "a\x00b", "a\u2028b", "a\x85b", "", "\u202e", "\u200b", "a\u202eb"]
)
def test_a_name_is_one_line(db: None, name: str) -> None:
    with pytest.raises(ValidationError):
        User.objects.create_user("new@example.org", name=name)


def test_a_name_may_be_written_in_any_script(db: None) -> None:
    for n, name in enumerate(["Zoë Ñandú", "علی‌رضا", "李小龍", "O'Neil-Smith 3rd"]):
        user = User.objects.create_user(f"p{n}@example.org", name=name)
        assert User.objects.get(pk=user.pk).name == name


def test_a_language_has_to_be_spoken(db: None) -> None:
    with pytest.raises(ValidationError):
        make_user("New Person", language="../../x")


def test_a_time_zone_has_to_exist(db: None) -> None:
    with pytest.raises(ValidationError, match="Europe/Berlin"):
        make_user("New Person", time_zone="Mars/Olympus")


def test_the_system_acts_and_never_logs_in(cast: Cast) -> None:
    system = User.objects.system()
    assert system == User.objects.system()
    assert not system.has_usable_password()
    with pytest.raises(IntegrityError, match="never_logs_in"), transaction.atomic():
        User.objects.filter(pk=system.pk).update(is_active=True)


REFUSED = {
    "user_never_deleted": lambda cast: User.objects.filter(pk=cast.zed.pk).delete(),
    "team_tier_fixed": lambda cast: Team.objects.filter(pk=cast.network.pk).update(
        tier=3
    ),
    "team_tier_known": lambda cast: Team.objects.create(name="Tier 4", tier=4),
    "team_desk_is_tier_1": lambda cast: Team.objects.create(
        name="Odd", tier=2, is_service_desk=True
    ),
    "team_default_is_active_desk": lambda cast: Team.objects.filter(
        pk=cast.desk.pk
    ).update(is_active=False),
    "team_one_default_desk": lambda cast: Team.objects.create(
        name="Other", tier=1, is_service_desk=True, is_default_desk=True
    ),
    "team_name_once": lambda cast: Team.objects.create(name="NETWORK", tier=2),
    "escalation_path_next_tier": lambda cast: EscalationPath.objects.create(
        from_team=cast.desk, to_team=cast.vendor
    ),
    "escalation_path_once": lambda cast: EscalationPath.objects.create(
        from_team=cast.desk, to_team=cast.network
    ),
    "role_once_per_person": lambda cast: RoleGrant.objects.create(
        user=cast.max, role=Role.MANAGER, granted_by=cast.ida
    ),
    "role_known": lambda cast: RoleGrant.objects.create(
        user=cast.zed, role="king", granted_by=cast.ida
    ),
    "role_not_to_oneself": lambda cast: RoleGrant.objects.create(
        user=cast.ida, role=Role.MANAGER, granted_by=cast.ida
    ),
    "membership_once": lambda cast: Membership.objects.create(
        user=cast.bo, team=cast.desk
    ),
    "membership_away_after_joining": lambda cast: Membership.objects.filter(
        user=cast.bo
    ).update(away_until=datetime(2000, 1, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_the_database_refuses_by_name(cast: Cast, rule: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        REFUSED[rule](cast)
    assert broken_rule(caught.value) == rule


@pytest.mark.parametrize(
    ("guard", "rule"),
    [
        ("accounts_user.user_never_deleted", "user_never_deleted"),
        ("accounts_team.team_tier_fixed", "team_tier_fixed"),
        (
            "accounts_escalationpath.escalation_path_next_tier",
            "escalation_path_next_tier",
        ),
    ],
)
def test_it_is_that_trigger_that_refuses(cast: Cast, guard: str, rule: str) -> None:
    without(guard)
    REFUSED[rule](cast)


def test_a_path_to_the_wrong_tier_is_explained_in_the_form(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="next tier"):
        EscalationPath(from_team=cast.desk, to_team=cast.vendor).full_clean()


def test_away_ends_at_its_moment(cast: Cast) -> None:
    noon = datetime(2030, 3, 1, 12, tzinfo=UTC)
    membership = Membership(user=cast.bo, team=cast.desk, away_until=noon)
    assert membership.is_away(noon.replace(hour=11))
    assert not membership.is_away(noon)
