"""People change how they are shown and how pages look to them, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.forms import time_zone_choices
from tests.people import Cast

PROFILE = {"name": "Ann Archer", "time_zone": "Europe/Paris", "theme": "dark"}


@pytest.fixture
def ann_online(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ann)
    return client


def _send(client: Client, **changes: str) -> str:
    answer = client.post(reverse("accounts:profile"), PROFILE | changes, follow=True)
    return answer.content.decode()


def test_profile_is_saved_and_the_language_kept(cast: Cast, ann_online: Client) -> None:
    assert "Your profile is saved." in _send(ann_online)
    cast.ann.refresh_from_db()
    assert cast.ann.time_zone == "Europe/Paris"
    assert cast.ann.theme == "dark"
    assert cast.ann.language == "en"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Enter your name."),
        (
            {"name": "Ann\u2028Archer"},
            "Use one line of letters, without control characters.",
        ),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus is no time zone."),
        ({"theme": "neon"}, "neon is not one of the available choices"),
    ],
)
def test_mistakes_are_named_twice_and_nothing_is_saved(
    changes: dict[str, str], words: str, cast: Cast, ann_online: Client
) -> None:
    page = _send(ann_online, **changes)
    assert page.count(words) == 2, "in the summary and beside the field"
    assert "<title>Error: " in page
    cast.ann.refresh_from_db()
    assert cast.ann.time_zone == "UTC"


def test_who_wants_no_keys_has_none(cast: Cast, ann_online: Client) -> None:
    assert "js/keys.js" in _send(ann_online, uses_keys="on")
    assert "js/keys.js" not in _send(ann_online)
    cast.ann.refresh_from_db()
    assert not cast.ann.uses_keys


def test_only_these_fields_can_be_changed(cast: Cast, ann_online: Client) -> None:
    _send(ann_online, email="boss@example.org", is_active="", is_system="on")
    cast.ann.refresh_from_db()
    assert cast.ann.email == "ann@example.org"
    assert cast.ann.is_active
    assert not cast.ann.is_system


def test_a_zone_with_an_old_name_is_kept(cast: Cast, ann_online: Client) -> None:
    cast.ann.time_zone = "GMT"
    cast.ann.save(update_fields=["time_zone"])
    page = ann_online.get(reverse("accounts:profile")).content.decode()
    assert '<option value="GMT" selected>' in page


def test_zones_stand_below_their_region() -> None:
    regions = dict(time_zone_choices())
    assert ("Europe/Paris", "Paris") in regions["Europe"]
    assert ("America/Argentina/Salta", "Argentina, Salta") in regions["America"]
    assert regions["UTC"] == "UTC"


def test_profile_names_teams_and_roles(cast: Cast, client: Client) -> None:
    client.force_login(cast.lea)
    page = client.get(reverse("accounts:profile")).content.decode()
    assert "Service desk (lead)" in " ".join(page.split())
    client.force_login(cast.ida)
    assert "Administrator" in client.get(reverse("accounts:profile")).content.decode()
    client.force_login(cast.ann)
    assert "Teams" not in client.get(reverse("accounts:profile")).content.decode()


def test_nobody_else_reads_them(client: Client, db: None) -> None:
    for name in ("home", "accounts:profile", "account_change_password"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))
