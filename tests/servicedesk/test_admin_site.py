"""Django admin as a whole: its order, its look, and what its addresses are asked."""

import re
from pathlib import Path
from typing import Any

import django.contrib.admin
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from catalogue.models import Location
from tests.people import Cast

BLOCK = re.compile(r"{% block ([a-z_-]+)")


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ida)
    client.raise_request_exception = False
    return client


def test_people_stand_first_and_the_log_last(admin: Client) -> None:
    page = admin.get(reverse("admin:index"))
    labels = [app["app_label"] for app in page.context["app_list"]]
    assert labels[:2] == ["accounts", "catalogue"]
    assert labels[-1] == "activity"


def test_a_manager_sees_the_same_order_without_the_log(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.max)
    page = client.get(reverse("admin:index"))
    labels = [app["app_label"] for app in page.context["app_list"]]
    assert labels[:2] == ["accounts", "catalogue"]
    assert "activity" not in labels


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_profile_reaches_the_administration(
    cast: Cast, admin: Client, theme: str
) -> None:
    cast.ida.theme = theme
    cast.ida.save(update_fields=["theme"])
    page = admin.get(reverse("admin:index")).content.decode()
    assert f'data-theme="{theme}"' in page
    assert "theme.js" not in page
    assert "theme-toggle" not in page


def test_without_a_choice_the_device_decides(admin: Client) -> None:
    assert b"data-theme" not in admin.get(reverse("admin:index")).content


def test_our_frame_has_every_place_that_pages_of_django_fill() -> None:
    folder = Path(django.contrib.admin.__path__[0]) / "templates" / "admin"
    theirs = set(BLOCK.findall((folder / "base.html").read_text()))
    ours = Path(settings.BASE_DIR) / "templates" / "admin" / "base.html"
    assert theirs <= set(BLOCK.findall(ours.read_text()))


ODD = ["abc", "-1", "1,2", "9" * 30, "1e9", "%FF", "\u2028", "2026-13-45", "{}", " "]
ASKED = [
    ("admin:catalogue_service_add", "owner"),
    ("admin:catalogue_service_add", "parent"),
    ("admin:catalogue_service_add", "team"),
    ("admin:catalogue_service_add", "criticality"),
    ("admin:catalogue_service_add", "_popup"),
    ("admin:catalogue_service_add", "_to_field"),
    ("admin:catalogue_service_add", "_changelist_filters"),
    ("admin:catalogue_location_add", "desk"),
    ("admin:catalogue_location_add", "time_zone"),
    ("admin:accounts_team_add", "lead"),
    ("admin:accounts_team_add", "escalates_to"),
    ("admin:accounts_user_add", "is_active"),
    ("admin:accounts_user_add", "joined_at"),
    ("admin:accounts_user_changelist", "p"),
    ("admin:accounts_user_changelist", "o"),
    ("admin:accounts_user_changelist", "_to_field"),
    ("admin:accounts_user_changelist", "memberships__team__id__exact"),
    ("admin:catalogue_service_changelist", "criticality__exact"),
    ("admin:activity_event_changelist", "at__year"),
    ("admin:activity_event_changelist", "at__month"),
    ("admin:autocomplete", "page"),
]


@pytest.mark.parametrize(("route", "name"), ASKED)
def test_an_odd_address_gets_a_clean_answer(
    admin: Client, route: str, name: str
) -> None:
    field: dict[str, str] = {
        "app_label": "catalogue",
        "model_name": "service",
        "field_name": "team",
    }
    for value in ODD:
        response = admin.get(reverse(route), field | {name: value})
        assert response.status_code < 500, value


@pytest.mark.parametrize("day", [("2026", "13", "1"), ("2026", "2", "31")])
def test_a_day_that_no_calendar_has_gets_a_clean_answer(
    admin: Client, day: tuple[str, str, str]
) -> None:
    asked = dict(zip(["at__year", "at__month", "at__day"], day, strict=True))
    response = admin.get(reverse("admin:activity_event_changelist"), asked)
    assert response.status_code < 500


@pytest.mark.parametrize("value", ODD)
def test_what_is_no_key_is_told_when_it_is_sent(admin: Client, value: str) -> None:
    sent = {"name": "Wi-Fi", "criticality": "3", "owner": value, "parent": value}
    response = admin.post(reverse("admin:catalogue_service_add"), sent)
    assert response.status_code in {200, 302}


@pytest.mark.parametrize("value", ["abc", "9" * 30, ""])
def test_an_action_on_what_is_no_row_gets_a_clean_answer(
    admin: Client, value: str
) -> None:
    chosen = {"action": "send_password_link", "_selected_action": [value]}
    response = admin.post(reverse("admin:accounts_user_changelist"), chosen)
    assert response.status_code < 500


def test_what_an_address_fills_in_well_stands_in_the_form(
    cast: Cast, admin: Client
) -> None:
    site = Location.objects.create(name="Site")
    asked: dict[str, Any] = {
        "parent": site.pk,
        "desk": cast.desk.pk,
        "name": "Ward",
        "is_active": "1",
    }
    page = admin.get(reverse("admin:catalogue_location_add"), asked)
    initial = page.context["adminform"].form.initial
    assert initial["name"] == "Ward"
    assert f'<option value="{site.pk}" selected>Site</option>' in page.content.decode()
