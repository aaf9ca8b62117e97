"""Log-in, passwords and the mail about them."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from activity.models import Delivery
from activity.services.deliveries import send_due
from servicedesk import demonstration
from tests.people import PASSWORD, Cast

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def fresh_rate_limits(db: None) -> None:
    cache.clear()


def log_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def test_an_address_and_a_password_log_in(cast: Cast, client: Client) -> None:
    assert log_in(client, "ann@example.org") == 302
    assert client.get("/").status_code == 200


def test_the_case_of_the_address_does_not_matter(cast: Cast, client: Client) -> None:
    assert log_in(client, "Ann@Example.ORG") == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("system@servicedesk.invalid", "!"),
        ("ann@example.org\x00", PASSWORD),
        ("a" * 5000, "b" * 100_000),
    ],
)
def test_a_wrong_log_in_says_the_same_whatever_was_wrong(
    cast: Cast, client: Client, email: str, password: str
) -> None:
    assert log_in(client, email, password) == 200
    assert client.get("/").status_code == 302


def test_who_left_cannot_log_in_and_is_logged_out(cast: Cast, client: Client) -> None:
    log_in(client, "zed@example.org")
    User.objects.filter(pk=cast.zed.pk).update(is_active=False)
    assert client.get("/").status_code == 302
    log_in(client, "zed@example.org")
    assert client.get("/").status_code == 302


def test_after_log_in_the_page_that_was_asked_for_opens(
    cast: Cast, client: Client
) -> None:
    response = client.get("/profile/")
    assert response["Location"] == f"{LOGIN}?next=/profile/"
    credentials = {"login": "ann@example.org", "password": PASSWORD}
    response = client.post(response["Location"], credentials)
    assert response["Location"] == "/profile/"


def test_a_foreign_address_is_never_next(cast: Cast, client: Client) -> None:
    credentials = {"login": "ann@example.org", "password": PASSWORD}
    response = client.post(f"{LOGIN}?next=https://evil.example/", credentials)
    assert response["Location"] == "/"


def test_guessing_is_stopped(cast: Cast, client: Client) -> None:
    for _ in range(10):
        log_in(client, "ann@example.org", "wrong")
    assert log_in(client, "ann@example.org") in {200, 429}
    assert client.get("/").status_code == 302


def test_a_lock_is_not_flushed_by_many_other_names(cast: Cast, client: Client) -> None:
    for _ in range(6):
        log_in(client, "ann@example.org", "wrong")
    for n in range(400):
        cache.set(f"somebody-else-{n}", 1, 3600)
    log_in(client, "ann@example.org")
    assert client.get("/").status_code == 302


def test_others_behind_the_same_address_do_not_lock_anybody_out(
    cast: Cast, client: Client
) -> None:
    for n in range(15):
        log_in(client, f"nobody{n}@example.org", "wrong")
    assert log_in(client, "bo@example.org") == 302


def test_a_log_out_is_a_post(cast: Cast, client: Client) -> None:
    client.force_login(cast.ann)
    client.get("/accounts/logout/")
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def reset_link(client: Client, email: str) -> str:
    client.post(RESET, {"email": email})
    send_due()
    found = re.search(
        r"http://\S+/accounts/password/reset/key/\S+", str(mail.outbox[-1].body)
    )
    assert found is not None
    return found.group(0)


def test_a_forgotten_password_is_chosen_anew(cast: Cast, client: Client) -> None:
    link = reset_link(client, "ann@example.org")
    page = client.get(link, follow=True)
    new = "a wholly different phrase"
    address = page.request["PATH_INFO"]
    client.post(address, {"password1": new, "password2": new})
    assert log_in(Client(), "ann@example.org") == 200, "the old one is gone"
    assert log_in(Client(), "ann@example.org", new) == 302


def test_a_reset_link_works_once(cast: Cast, client: Client) -> None:
    link = reset_link(client, "ann@example.org")
    page = client.get(link, follow=True)
    new = "a wholly different phrase"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content


def test_a_reset_waits_for_the_mail_server_in_the_outbox(
    cast: Cast, client: Client
) -> None:
    client.post(RESET, {"email": "ann@example.org"})
    assert mail.outbox == []
    assert Delivery.objects.get().recipient == cast.ann
    send_due()
    assert mail.outbox[0].to == ["Ann Archer <ann@example.org>"]
    assert "/reset/key/" not in str(Delivery.objects.get().envelope)


def test_a_link_leads_to_our_own_address_whatever_the_request_named(
    cast: Cast, client: Client, settings: pytest.FixtureRequest
) -> None:
    client.post(RESET, {"email": "ann@example.org"}, headers={"host": "evil.example"})
    send_due()
    assert f"{settings.SITE_URL}/accounts/" in mail.outbox[0].body  # type: ignore[attr-defined]
    assert "evil.example" not in str(mail.outbox[0].message())


def test_nobody_learns_whether_an_account_exists(cast: Cast, client: Client) -> None:
    known = client.post(RESET, {"email": "ann@example.org"})
    unknown = client.post(RESET, {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )
    assert Delivery.objects.count() == 1


def test_a_short_or_common_password_is_refused_in_words(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.ann)
    for bad in ("short", "password1234", "ann@example.org"):
        response = client.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": bad, "password2": bad},
        )
        assert response.status_code == 200
        assert b"error" in response.content.lower()
    cast.ann.refresh_from_db()
    assert cast.ann.check_password(PASSWORD)


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "confirm-email/key/", "password/set/"],
)
def test_accounts_and_addresses_are_kept_by_administrators(
    cast: Cast, client: Client, path: str
) -> None:
    for user in (None, cast.ann, cast.ida):
        if user:
            client.force_login(user)
        assert client.get(f"/accounts/{path}").status_code == 404
        assert client.post(f"/accounts/{path}", {"email": "x@x.org"}).status_code == 404


class TestDemonstration:
    def test_filling_twice_changes_nothing(self, db: None) -> None:
        demonstration.furnish()
        before = User.objects.count()
        demonstration.furnish()
        assert User.objects.count() == before

    def test_the_page_shows_one_log_in_per_role_and_each_works(
        self, db: None, client: Client, settings: pytest.FixtureRequest
    ) -> None:
        demonstration.furnish()
        page = client.get(LOGIN).content.decode()
        logins = demonstration.logins()
        assert len({login["role"] for login in logins}) == len(logins) == 9
        for login in logins:
            assert login["email"] in page
            cache.clear()
            assert log_in(Client(), login["email"], demonstration.PASSWORD) == 302

    def test_a_real_desk_shows_none(
        self, db: None, client: Client, settings: pytest.FixtureRequest
    ) -> None:
        demonstration.furnish()
        settings.DEMONSTRATION = False  # type: ignore[attr-defined]
        assert demonstration.PASSWORD not in client.get(LOGIN).content.decode()

    def test_a_desk_with_people_is_not_filled(self, cast: Cast) -> None:
        assert not demonstration.is_empty()
