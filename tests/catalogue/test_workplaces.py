"""Where a person works decides which desk hears of their trouble."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Team
from catalogue.models import Location, Workplace
from catalogue.services import desk_for, location_of
from servicedesk import demonstration
from tests.people import Cast


@pytest.fixture
def branch(cast: Cast) -> Team:
    return Team.objects.create(name="Branch desk", tier=1, is_service_desk=True)


@pytest.fixture
def ward(cast: Cast, branch: Team) -> Location:
    """A ward on a floor of a site; only the site names a desk. Ann works there."""
    site = Location.objects.create(name="Site", desk=branch)
    floor = Location.objects.create(name="Floor", parent=site)
    ward = Location.objects.create(name="Ward", parent=floor)
    Workplace.objects.create(user=cast.ann, location=ward)
    return ward


def test_who_works_nowhere_known_reports_to_the_default_desk(
    cast: Cast, ward: Location
) -> None:
    assert location_of(cast.zed) is None
    assert desk_for(cast.zed) == cast.desk


def test_the_nearest_desk_up_the_tree_receives_the_reports(
    cast: Cast, ward: Location, branch: Team
) -> None:
    assert location_of(cast.ann) == ward
    assert desk_for(cast.ann) == branch
    own = Team.objects.create(name="Ward desk", tier=1, is_service_desk=True)
    ward.desk = own
    ward.save()
    assert desk_for(cast.ann) == own


def test_a_desk_that_stopped_working_is_passed_over(
    cast: Cast, ward: Location, branch: Team
) -> None:
    ward.desk = Team.objects.create(
        name="Old desk", tier=1, is_service_desk=True, is_active=False
    )
    ward.save()
    assert desk_for(cast.ann) == branch
    branch.is_active = False
    branch.save()
    assert desk_for(cast.ann) == cast.desk


def test_without_a_desk_on_the_way_the_default_desk_receives_them(
    cast: Cast, ward: Location
) -> None:
    Location.objects.update(desk=None)
    assert desk_for(cast.ann) == cast.desk


def test_without_any_desk_it_says_so(cast: Cast, ward: Location) -> None:
    Location.objects.update(desk=None)
    Team.objects.filter(is_service_desk=True).update(
        is_default_desk=False, is_active=False
    )
    with pytest.raises(LookupError, match="No service desk"):
        desk_for(cast.ann)


def test_who_moves_is_found_at_the_new_place(cast: Cast, ward: Location) -> None:
    north = Location.objects.create(name="North", desk=cast.desk)
    assert desk_for(cast.ann) != cast.desk
    Workplace.objects.filter(user=cast.ann).update(location=north)
    assert location_of(cast.ann) == north
    assert desk_for(cast.ann) == cast.desk


def test_a_person_works_at_one_place(cast: Cast, ward: Location) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Workplace.objects.create(user=cast.ann, location=ward)


def test_a_place_where_somebody_works_stays(cast: Cast, ward: Location) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.filter(pk=ward.pk).delete()


def workplace_form(cast: Cast, **row: str) -> dict[str, str]:
    """Ann's page as the browser sends it, with one row for her workplace."""
    person = {
        "name": "Ann Archer",
        "email": "ann@example.org",
        "time_zone": "UTC",
        "language": "en",
        "theme": "auto",
        "is_active": "on",
    }
    counts = {
        f"{prefix}-{name}": "0"
        for prefix in ("memberships", "role_grants", "workplace")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    rows = {f"workplace-0-{name}": value for name, value in row.items()}
    one = {"workplace-TOTAL_FORMS": "1", "workplace-0-user": str(cast.ann.pk)}
    return person | counts | one | rows


def test_an_administrator_says_where_a_person_works_and_takes_it_back(
    cast: Cast, client: Client
) -> None:
    north = Location.objects.create(name="North")
    client.force_login(cast.ida)
    url = reverse("admin:accounts_user_change", args=[cast.ann.pk])
    sent = workplace_form(cast, location=str(north.pk))
    assert client.post(url, sent).status_code == 302
    assert location_of(cast.ann) == north
    row: Any = Workplace.objects.get()
    sent |= {
        "workplace-INITIAL_FORMS": "1",
        "workplace-0-id": str(row.pk),
        "workplace-0-DELETE": "on",
    }
    assert client.post(url, sent).status_code == 302
    assert location_of(cast.ann) is None


def test_a_manager_neither_reads_nor_changes_it(cast: Cast, client: Client) -> None:
    north = Location.objects.create(name="North")
    client.force_login(cast.max)
    url = reverse("admin:accounts_user_change", args=[cast.ann.pk])
    assert client.get(url).status_code == 403
    sent = workplace_form(cast, location=str(north.pk))
    assert client.post(url, sent).status_code == 403
    assert location_of(cast.ann) is None


def test_people_of_the_demonstration_work_somewhere(db: None) -> None:
    demonstration.fill()
    demonstration.fill()
    places = dict(Workplace.objects.values_list("user__name", "location__name"))
    assert places["Nora Lindqvist"] == "Ward 3"
    assert places["Tomas Adeyemi"] == "North clinic"
    assert "Diego Alvarez" not in places
    assert len(places) == len(demonstration.PEOPLE) - 1
