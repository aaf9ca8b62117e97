"""Accounts and teams in Django admin: an edge, with the same rules."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import EscalationPath, Membership, RoleGrant, Team, User
from activity.services.deliveries import send_due
from tests.people import Cast

ADD_USER = reverse("admin:accounts_user_add")


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ida)
    return client


def management(*prefixes: str) -> dict[str, str]:
    return {
        f"{prefix}-{name}": value
        for prefix in prefixes
        for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
    }


def person(**fields: str) -> dict[str, str]:
    return {
        "name": "New Person",
        "email": "new@example.org",
        "time_zone": "Europe/Berlin",
        "language": "en",
        "theme": "auto",
        "is_active": "on",
        **management("memberships", "role_grants", "workplace"),
        **fields,
    }


def test_a_new_person_gets_a_link_to_choose_a_password(admin: Client) -> None:
    response = admin.post(ADD_USER, person())
    assert response.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    send_due()
    [message] = mail.outbox
    assert message.to == ["New Person <new@example.org>"]
    assert message.subject == "Your account for the service desk"
    assert "was made for you" in message.body
    link = re.search(r"http://\S+/reset/key/\S+", str(message.body))
    assert link is not None
    newcomer = Client()
    page = newcomer.get(link.group(0), follow=True)
    phrase = "a wholly different phrase"
    newcomer.post(page.request["PATH_INFO"], {"password1": phrase, "password2": phrase})
    credentials = {"login": "new@example.org", "password": phrase}
    assert newcomer.post("/accounts/login/", credentials).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "ANN@example.org", b"Another account has this e-mail address."),
        ("email", "no address", b"Enter a valid email address."),
        ("time_zone", "Mars", b"Choose one such as Europe/Berlin"),
        ("name", "", b"This field is required."),
    ],
)
def test_bad_input_is_told_in_words_and_kept(
    admin: Client, field: str, value: str, words: bytes
) -> None:
    response = admin.post(ADD_USER, person(**{field: value}))
    assert response.status_code == 200
    assert words in response.content
    assert b"Europe/Berlin" in response.content


def test_a_role_remembers_who_granted_it(cast: Cast, admin: Client) -> None:
    roles = {
        **management("memberships"),
        "role_grants-TOTAL_FORMS": "1",
        "role_grants-INITIAL_FORMS": "0",
        "role_grants-0-user": str(cast.ann.pk),
        "role_grants-0-role": "problem_manager",
    }
    url = reverse("admin:accounts_user_change", args=[cast.ann.pk])
    fields = person(name="Ann Archer", email="ann@example.org") | roles
    assert admin.post(url, fields).status_code == 302
    assert RoleGrant.objects.get(user=cast.ann).granted_by == cast.ida


def test_nobody_grants_a_role_to_themselves(cast: Cast, admin: Client) -> None:
    own = cast.ida.role_grants.get()
    roles = {
        **management("memberships"),
        "role_grants-TOTAL_FORMS": "2",
        "role_grants-INITIAL_FORMS": "1",
        "role_grants-0-id": str(own.pk),
        "role_grants-0-user": str(cast.ida.pk),
        "role_grants-0-role": own.role,
        "role_grants-1-user": str(cast.ida.pk),
        "role_grants-1-role": "manager",
    }
    url = reverse("admin:accounts_user_change", args=[cast.ida.pk])
    fields = person(name="Ida Ince", email="ida@example.org") | roles
    response = admin.post(url, fields)
    assert response.status_code == 409
    assert b"Nobody grants a role to themselves" in response.content
    assert RoleGrant.objects.filter(user=cast.ida).count() == 1


def test_a_role_is_never_turned_into_another(cast: Cast, admin: Client) -> None:
    """Or an old grant could be made into any role, with its old name under it."""
    own = cast.ida.role_grants.get()
    roles = {
        **management("memberships"),
        "role_grants-TOTAL_FORMS": "1",
        "role_grants-INITIAL_FORMS": "1",
        "role_grants-0-id": str(own.pk),
        "role_grants-0-user": str(cast.ida.pk),
        "role_grants-0-role": "incident_commander",
    }
    url = reverse("admin:accounts_user_change", args=[cast.ida.pk])
    admin.post(url, person(name="Ida Ince", email="ida@example.org") | roles)
    own.refresh_from_db()
    assert own.role == "administrator"
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=own.pk).update(role="manager")


def test_the_last_administrator_stays(cast: Cast, admin: Client) -> None:
    url = reverse("admin:accounts_user_change", args=[cast.ida.pk])
    own = cast.ida.role_grants.get()
    rows = {
        **management("memberships"),
        "role_grants-TOTAL_FORMS": "1",
        "role_grants-INITIAL_FORMS": "1",
        "role_grants-0-id": str(own.pk),
        "role_grants-0-user": str(cast.ida.pk),
    }
    ida = person(name="Ida Ince", email="ida@example.org") | rows
    response = admin.post(url, ida | {"is_active": ""})
    assert b"This is the last administrator" in response.content
    response = admin.post(url, ida | {"role_grants-0-DELETE": "on"})
    assert response.status_code == 409
    assert b"This is the last administrator" in response.content
    with (
        pytest.raises(IntegrityError, match="last administrator"),
        transaction.atomic(),
    ):
        User.objects.filter(pk=cast.ida.pk).update(is_active=False)
    cast.zed.role_grants.create(role="administrator", granted_by=cast.ida)
    assert admin.post(url, ida | {"is_active": ""}).status_code == 302


def test_a_zone_is_chosen_from_a_list(admin: Client) -> None:
    page = admin.get(ADD_USER).content.decode()
    assert '<option value="Europe/Berlin">' in page


def test_who_starts_switched_off_gets_no_link(admin: Client) -> None:
    admin.post(ADD_USER, person(is_active=""))
    assert User.objects.filter(email="new@example.org").exists()
    assert send_due().total == 0


def test_who_is_sent_a_link_can_be_chosen_from_the_list(
    cast: Cast, admin: Client
) -> None:
    chosen = {
        "action": "send_password_link",
        "_selected_action": [str(cast.ann.pk), str(cast.bo.pk)],
    }
    admin.post(reverse("admin:accounts_user_changelist"), chosen)
    send_due()
    assert {to for message in mail.outbox for to in message.to} == {
        "Ann Archer <ann@example.org>",
        "Bo Berg <bo@example.org>",
    }


def test_the_system_is_nobody_to_edit(cast: Cast, admin: Client) -> None:
    system = User.objects.system()
    url = reverse("admin:accounts_user_change", args=[system.pk])
    assert admin.get(url).status_code == 302
    listed = admin.get(reverse("admin:accounts_user_changelist"))
    assert system.name.encode() not in listed.content


def team_form(team: Team, **fields: str) -> dict[str, str]:
    return {
        "name": team.name,
        "assignment": team.assignment,
        "is_active": "on",
        **management("memberships", "paths_up"),
        **fields,
    }


def test_the_tier_of_a_team_is_chosen_once(cast: Cast, admin: Client) -> None:
    url = reverse("admin:accounts_team_change", args=[cast.network.pk])
    assert admin.post(url, team_form(cast.network, tier="3")).status_code == 302
    cast.network.refresh_from_db()
    assert cast.network.tier == 2


def test_a_path_leads_to_the_next_tier_only(cast: Cast, admin: Client) -> None:
    url = reverse("admin:accounts_team_change", args=[cast.network.pk])
    path = {
        "paths_up-TOTAL_FORMS": "1",
        "paths_up-0-from_team": str(cast.network.pk),
        "paths_up-0-to_team": str(cast.desk.pk),
    }
    response = admin.post(url, team_form(cast.network) | path)
    assert response.status_code == 200
    assert b"Choose a team of the next tier" in response.content
    assert not EscalationPath.objects.filter(to_team=cast.desk).exists()


def test_somebody_can_be_taken_out_of_a_team(cast: Cast, admin: Client) -> None:
    member = Membership.objects.get(user=cast.ned)
    url = reverse("admin:accounts_team_change", args=[cast.network.pk])
    rows = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(member.pk),
        "memberships-0-team": str(cast.network.pk),
        "memberships-0-user": str(cast.ned.pk),
        "memberships-0-DELETE": "on",
    }
    assert admin.post(url, team_form(cast.network) | rows).status_code == 302
    assert not Membership.objects.filter(user=cast.ned).exists()


def test_a_manager_reads_teams_and_changes_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.max)
    url = reverse("admin:accounts_team_change", args=[cast.network.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, team_form(cast.network, name="X")).status_code == 403
    cast.network.refresh_from_db()
    assert cast.network.name == "Network"


def test_a_team_says_who_gets_what_arrives(cast: Cast, admin: Client) -> None:
    url = reverse("admin:accounts_team_change", args=[cast.network.pk])
    assert "Who is away is passed over." in admin.get(url).content.decode()
    admin.post(url, team_form(cast.network, assignment="round_robin"))
    cast.network.refresh_from_db()
    assert cast.network.assignment == "round_robin"
    assert (
        admin.post(url, team_form(cast.network, assignment="dice")).status_code == 200
    )
