"""Holidays of countries: copied into a draft, and its own from then on."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from sla import services
from sla.models import Calendar, CalendarVersion
from tests.people import Cast
from tests.sla.settings_cast import draft_calendar, make_calendar


@pytest.fixture
def draft(db: None) -> CalendarVersion:
    return draft_calendar(Calendar.objects.create(name="Clinic"))


def copy(draft: CalendarVersion, cast: Cast, **asked: Any) -> int:
    asked = {"country": "DE", "years": [2027]} | asked
    return services.copy_country_holidays(draft.pk, by=cast.max, **asked)


def days(draft: CalendarVersion) -> dict[date, str]:
    return {holiday.day: holiday.name for holiday in draft.holidays.all()}


def test_a_countrys_holidays_become_rows_with_their_names(
    cast: Cast, draft: CalendarVersion
) -> None:
    assert copy(draft, cast) == 9
    found = days(draft)
    assert found[date(2027, 3, 26)] == "Good Friday"
    assert found[date(2027, 10, 3)] == "German Unity Day"
    assert date(2027, 1, 6) not in found
    draft.refresh_from_db()
    assert (draft.country, draft.subdivision) == ("DE", "")


def test_a_part_of_a_country_has_holidays_of_its_own(
    cast: Cast, draft: CalendarVersion
) -> None:
    copy(draft, cast, subdivision="BY", years=[2027, 2028])
    found = days(draft)
    assert found[date(2027, 1, 6)] == found[date(2028, 1, 6)] == "Epiphany"
    assert {day.year for day in found} == {2027, 2028}
    draft.refresh_from_db()
    assert (draft.country, draft.subdivision) == ("DE", "BY")


def test_copying_twice_keeps_what_was_edited(
    cast: Cast, draft: CalendarVersion
) -> None:
    draft.holidays.create(day=date(2027, 12, 25), name="Closed for Christmas")
    assert copy(draft, cast) == 8
    assert copy(draft, cast) == 0
    assert days(draft)[date(2027, 12, 25)] == "Closed for Christmas"
    assert draft.holidays.count() == 9


def test_a_country_or_part_that_nobody_knows_is_refused(
    cast: Cast, draft: CalendarVersion
) -> None:
    for asked, sentence in (
        ({"country": "XX"}, "No holidays are known for “XX”"),
        ({"subdivision": "XX"}, "DE has no part “XX”. Use one of: Augsburg, BB"),
        ({"country": "CZ", "subdivision": "XX"}, "CZ has no parts"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            copy(draft, cast, **asked)
    assert not days(draft)


def test_a_published_version_takes_no_holidays(cast: Cast) -> None:
    version = make_calendar().versions.get()
    with pytest.raises(ValidationError, match="stays as it is"):
        copy(version, cast)


@pytest.mark.long
def test_every_country_and_part_on_offer_can_be_copied(
    cast: Cast, draft: CalendarVersion
) -> None:
    for country in services.countries():
        for part in ["", *services.subdivisions(country)]:
            copy(draft, cast, country=country, subdivision=part)
            assert all(1 <= len(name) <= 150 for name in days(draft).values())
            draft.holidays.all().delete()
