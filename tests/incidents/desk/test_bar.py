"""The bar on top leads each person to their own work, and to nothing else."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import Cast

DESK = ["Queue", "Hand-over", "Confirmations", "New ticket"]
REPORTS = ["My reports", "Report a problem"]


def links(client: Client) -> list[str]:
    html = client.get(reverse("accounts:profile")).content.decode()
    bar = re.search(r'<ul class="bar-links">(.*?)</ul>', html, re.DOTALL)
    return re.findall(r"<a[^>]*>(.*?)</a>", bar.group(1)) if bar else []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ann", [*REPORTS, "Knowledge"]),
        ("bo", [*DESK, "My reports", "Knowledge"]),
        ("lea", [*DESK, "Lead", "My reports", "Knowledge"]),
        ("ned", ["My work", "Queue", "Hand-over", "My reports", "Knowledge"]),
        ("max", ["Teams", *REPORTS, "Knowledge", "Administration"]),
        ("ida", ["Teams", *REPORTS, "Knowledge", "Administration"]),
    ],
)
def test_bar_leads_to_ones_own_work(
    name: str, expected: list[str], client: Client, cast: Cast
) -> None:
    client.force_login(getattr(cast, name))
    assert links(client) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bo", ["Teams"]),
        ("ned", ["Teams"]),
        ("ann", []),
        ("max", []),  # In the bar.
    ],
)
def test_menu_leads_to_the_teams_for_whom_the_bar_does_not(
    name: str, expected: list[str], client: Client, cast: Cast
) -> None:
    client.force_login(getattr(cast, name))
    html = client.get(reverse("accounts:profile")).content.decode()
    menu = html.split('id="user-menu"')[1]
    found = re.findall(r'href="/teams/"[^>]*data-go="t"[^>]*>(.*?)</a>', menu)
    assert found == expected


@pytest.mark.parametrize("name", ["bo", "ned", "ann", "max", "ida", "zed"])
def test_search_is_for_everybody(name: str, client: Client, cast: Cast) -> None:
    client.force_login(getattr(cast, name))
    html = client.get(reverse("accounts:profile")).content.decode()
    assert 'id="bar-search"' in html


def test_bar_says_where_one_is(client: Client, cast: Cast) -> None:
    client.force_login(cast.bo)
    html = client.get(reverse("incidents:queue")).content.decode()
    assert f'href="{reverse("incidents:queue")}" aria-current="page"' in html


def test_nobody_has_no_links(client: Client, db: None) -> None:
    html = client.get(reverse("help")).content.decode()
    assert "bar-links" not in html
    assert "bar-search" not in html
