"""The catalogue: trees without circles, desks that are desks."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Team
from activity.refusals import broken_rule
from catalogue.models import Category, Location, Service
from tests.database import without
from tests.people import Cast

TREES = [Service, Category, Location]
Tree = type[Service] | type[Category] | type[Location]


def chain(model: Tree) -> list[Any]:
    """Three entries, each below the one before."""
    top: Any = model.objects.create(name="top")
    middle: Any = model.objects.create(name="middle", parent=top)
    return [top, middle, model.objects.create(name="bottom", parent=middle)]


@pytest.mark.parametrize("model", TREES)
@pytest.mark.parametrize("below", [0, 1, 2])
def test_a_circle_is_refused_by_form_and_database(
    db: None, model: Tree, below: int
) -> None:
    entries = chain(model)
    top = entries[0]
    top.parent = entries[below]
    with pytest.raises(ValidationError, match="below itself"):
        top.full_clean()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        top.save()
    assert broken_rule(caught.value) == "parent_no_circle"


@pytest.mark.parametrize("model", TREES)
def test_it_is_the_trigger_that_refuses_a_circle(db: None, model: Tree) -> None:
    top, middle, _bottom = chain(model)
    without(f"{model._meta.db_table}.{model._meta.model_name}_no_circle")
    top.parent = middle
    top.save()


def test_an_entry_may_move_elsewhere(db: None) -> None:
    top, middle, bottom = chain(Category)
    bottom.parent = top
    bottom.full_clean()
    bottom.save()
    assert list(top.children.order_by("name")) == [bottom, middle]


def test_a_location_sends_its_reports_to_a_service_desk(cast: Cast) -> None:
    location = Location(name="Ward", desk=cast.network)
    with pytest.raises(ValidationError, match="service desk"):
        location.full_clean()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        location.save()
    assert broken_rule(caught.value) == "location_desk_is_desk"


def test_a_desk_in_use_stays_a_desk(cast: Cast) -> None:
    branch = Team.objects.create(name="Branch desk", tier=1, is_service_desk=True)
    Location.objects.create(name="Branch", desk=branch)
    branch.is_service_desk = False
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        branch.save()
    assert broken_rule(caught.value) == "team_desk_in_use"


def test_names_are_unique_where_they_are_chosen(db: None) -> None:
    top = Category.objects.create(name="Network")
    Category.objects.create(name="Slow", parent=top)
    software = Category.objects.create(name="Software")
    Category.objects.create(name="slow", parent=software)
    for twin in (
        Category(name="network"),
        Category(name="SLOW", parent=top),
    ):
        with pytest.raises(ValidationError, match="exists already"):
            twin.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


@pytest.mark.parametrize("model", TREES)
def test_everybody_who_reports_may_choose_and_who_left_may_not(
    cast: Cast, model: Tree
) -> None:
    model.objects.create(name="one")
    model.objects.create(name="closed", is_active=False)
    for user in (cast.ann, cast.zed, cast.bo):
        assert model.objects.visible_to(user).active().count() == 1
    cast.zed.is_active = False
    assert not model.objects.visible_to(cast.zed).exists()
