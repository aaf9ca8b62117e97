"""Moments to choose and to read: on weekdays, in the format of the language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import formats, timezone

from accounts.models import User
from activity import clock
from incidents.forms.working import HoldForm, quick_moments
from incidents.reporter_words import in_words
from servicedesk.formats.en import formats as english
from sla.models import Calendar
from tests.incidents import stories
from tests.incidents.ticket.conftest import As, address, words
from tests.people import Cast
from tests.sla.settings_cast import draft_calendar, in_days, publish

MONDAY = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
SATURDAY = 5
# To come: what is published may not begin in the past.
TUESDAY_AFTER = date(2031, 3, 4)


@pytest.fixture
def year_first(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another language, as far as its dates go."""
    monkeypatch.setattr(english, "DATETIME_FORMAT", "Y. m. d. H.i")
    monkeypatch.setattr(english, "DATE_FORMAT", "Y. m. d.")
    monkeypatch.setattr(english, "TIME_FORMAT", "H.i")
    formats.reset_format_cache()
    yield
    monkeypatch.undo()
    formats.reset_format_cache()


@pytest.mark.django_db
@pytest.mark.parametrize("days", range(7))
def test_mornings_that_are_offered_are_those_of_weekdays(days: int) -> None:
    at = MONDAY + timedelta(days=days)
    mornings = {name: moment for name, (_label, moment) in quick_moments(at).items()}
    del mornings["hours"]
    for moment in mornings.values():
        assert moment > at
        assert timezone.localtime(moment).weekday() < SATURDAY
        assert timezone.localtime(moment).hour == 9


def test_a_holiday_of_the_desk_is_no_morning_to_go_on(db: None) -> None:
    holiday = {TUESDAY_AFTER: "A holiday"}
    office = Calendar.objects.get(counts_days=True)
    publish(draft_calendar(office, effective_from=in_days(0), holidays=holiday))
    at = datetime.combine(TUESDAY_AFTER, time(10), tzinfo=UTC) - timedelta(days=1)
    _label, moment = quick_moments(at)["next_day"]
    assert timezone.localtime(moment).date() == TUESDAY_AFTER + timedelta(days=1)


def test_on_a_friday_the_hold_form_preselects_monday(cast: Cast) -> None:
    incident = stories.in_progress(cast)
    with clock.frozen_at(MONDAY + timedelta(days=4)):
        form = HoldForm(incident=incident, by=cast.bo)
    chosen = dict(form.fields["soon"].choices)[form.fields["soon"].initial]  # type: ignore[attr-defined]
    assert chosen == "The next working day, in the morning (Mon, 9 Mar 2026, 09:00)"


@pytest.mark.parametrize("days", range(7))
def test_no_moment_is_offered_twice_and_every_choice_is_taken(
    days: int, cast: Cast
) -> None:
    with clock.frozen_at(MONDAY + timedelta(days=days)):
        form = HoldForm(incident=stories.in_progress(cast), by=cast.bo)
    soon: Any = form.fields["soon"]
    shown = [name for name, _words in soon.widget.choices]
    moments = [form.moments[name][1] for name in shown]
    assert len(set(moments)) == len(moments)
    assert soon.initial in shown
    assert all(soon.valid_value(name) for name in form.moments)


def test_dates_follow_the_format_of_the_language(
    year_first: None, window: As, cast: Cast
) -> None:
    assert in_words(MONDAY) == "2026. 03. 02. 10.30"
    with clock.frozen_at(MONDAY):
        form = HoldForm(incident=stories.in_progress(cast), by=cast.bo)
    choices = dict(form.fields["soon"].choices)  # type: ignore[attr-defined]
    assert choices["week"] == "In a week (Mon, 2026. 03. 09. 09.00)"


def test_their_time_follows_the_format_and_survives_an_unknown_zone(
    year_first: None, window: As, cast: Cast
) -> None:
    """The database of time zones drops names now and then."""
    User.objects.filter(pk=cast.ann.pk).update(time_zone="Mars/Olympus")
    incident = stories.reported(cast)
    with clock.frozen_at(MONDAY):
        shown = words(window("bo").get(address("ticket", incident)))
    assert "<dt>Their time</dt><dd>Mon, 10.30</dd>" in shown
