"""Test a deadline: the answer is the fold's, in words, and nothing is kept.

All times are worked out by hand; the cast lives in UTC unless a test says otherwise.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activity import clock
from catalogue.models import Service
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion
from sla.services import Hold, foretell_calendar, foretell_policy
from tests.people import Cast
from tests.sla.settings_cast import (
    ALWAYS,
    draft_calendar,
    draft_policy,
    in_days,
    make_calendar,
    make_policy,
    without_defaults,
)

HOUR = timedelta(hours=1)
# The clocks of Berlin went forward on Sunday 29 March 2026, 02:00 to 03:00.
SPLIT = {day: [(time(8), time(12)), (time(13), time(17))] for day in range(5)}


def berlin(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """In UTC: an hour less in winter, two in summer."""
    is_summer = (month, day, hour) >= (3, 29, 3)
    offset = timedelta(hours=2 if is_summer else 1)
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - offset


def make_office() -> Calendar:
    """Berlin, Mondays to Fridays, 8 to 12 and 13 to 17; Good Friday is 3 April."""
    without_defaults()
    return make_calendar(
        "Berlin office",
        zone="Europe/Berlin",
        shifts=SPLIT,
        holidays={date(2026, 4, 3): "Good Friday"},
    )


def make_promise(office: Calendar) -> PolicyVersion:
    return make_policy(
        "Everything",
        calendar=office,
        response_target=120,
        resolution_target=600,
        response_warnings=[75],
        resolution_warnings=[50, 90],
        pauses_on=["awaiting_supplier"],
    )


@pytest.fixture
def office(db: None) -> Calendar:
    return make_office()


@pytest.fixture
def promise(office: Calendar) -> PolicyVersion:
    return make_promise(office)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(user: Any, **question: Any) -> Any:
    return client_of(user).get(reverse("admin:sla_deadline"), question)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


# ---- the forecast


def test_a_split_shift_and_a_weekend_with_a_clock_change(
    promise: PolicyVersion,
) -> None:
    """Friday 15:00: 2 h that day, 8 h on Monday, which is summer time already."""
    response, resolution = foretell_policy(promise, at=berlin(27, 15))
    assert response.due_at == berlin(27, 17)
    assert [(one.percent, one.at) for one in response.warnings] == [
        (75, berlin(27, 16, 30))
    ]
    assert resolution.due_at == berlin(30, 17)
    assert [(one.percent, one.at) for one in resolution.warnings] == [
        (50, berlin(30, 11)),
        (90, berlin(30, 16)),
    ]
    assert resolution.zone == "Europe/Berlin"
    assert [(line.start, line.end, line.why) for line in resolution.lines] == [
        (berlin(27, 15), berlin(27, 17), "running"),
        (berlin(27, 17), berlin(30, 8), "outside_hours"),
        (berlin(30, 8), berlin(30, 12), "running"),
        (berlin(30, 12), berlin(30, 13), "outside_hours"),
        (berlin(30, 13), berlin(30, 17), "running"),
    ]
    assert resolution.is_whole


def test_around_the_clock_an_hour_that_is_skipped_does_not_count(db: None) -> None:
    """Saturday 20:00 and 8 h: midnight is 4 h, and 05:00 only 8 h, as 2 became 3."""
    calendar = make_calendar("Always", zone="Europe/Berlin", shifts=ALWAYS)
    found = foretell_calendar(calendar.versions.get(), 8 * HOUR, at=berlin(28, 20))
    assert found.due_at == berlin(29, 5)
    assert found.is_whole


def test_a_holiday_is_named_and_not_counted(promise: PolicyVersion) -> None:
    """Thursday 2 April 16:00: 1 h; nothing on Good Friday; 8 h on Monday, 1 h more."""
    _response, resolution = foretell_policy(promise, at=berlin(2, 16, month=4))
    assert resolution.due_at == berlin(7, 9, month=4)
    closed = [line for line in resolution.lines if line.why == "holiday"]
    assert [(line.holiday, line.counts) for line in closed] == [
        (date(2026, 4, 3), False)
    ]
    assert resolution.holidays[date(2026, 4, 3)] == "Good Friday"


def test_a_hold_that_the_policy_pauses_on_moves_what_comes_after(
    promise: PolicyVersion,
) -> None:
    """Monday 8:00, from 9 to 11 nothing counts: 6 h that day, 4 h the next."""
    hold = Hold(berlin(2, 9), berlin(2, 11), "awaiting_supplier")
    response, resolution = foretell_policy(promise, at=berlin(2, 8), holds=[hold])
    assert response.due_at == berlin(2, 12)
    assert resolution.due_at == berlin(3, 12)
    assert "awaiting_supplier" in [line.why for line in resolution.lines]
    assert response.is_whole
    assert resolution.is_whole


def test_a_hold_for_another_reason_or_after_the_end_moves_nothing(
    promise: PolicyVersion,
) -> None:
    for hold in (
        Hold(berlin(2, 9), berlin(2, 11), "awaiting_change"),
        Hold(berlin(20, 9), berlin(20, 11), "awaiting_supplier"),
    ):
        response, resolution = foretell_policy(promise, at=berlin(2, 8), holds=[hold])
        assert response.due_at == berlin(2, 10)
        assert resolution.due_at == berlin(3, 10)


def test_a_warning_may_fall_into_the_time_after_a_hold(promise: PolicyVersion) -> None:
    """Half of 10 h from Monday 8:00, less 9 to 11: 1 h, 11 to 12, 13 to 16."""
    hold = Hold(berlin(2, 9), berlin(2, 11), "awaiting_supplier")
    _response, resolution = foretell_policy(promise, at=berlin(2, 8), holds=[hold])
    assert resolution.warnings[0].at == berlin(2, 16)


def test_whatever_a_bare_calendar_waits_for_stops_it(office: Calendar) -> None:
    version = office.versions.get()
    hold = Hold(berlin(2, 9), berlin(2, 11), "scheduled")
    found = foretell_calendar(version, 2 * HOUR, at=berlin(2, 8), holds=[hold])
    assert found.due_at == berlin(2, 12)


def test_a_draft_of_a_calendar_is_counted_as_if_it_were_in_force(
    office: Calendar,
) -> None:
    draft = draft_calendar(office, effective_from=in_days(30), shifts=ALWAYS)
    found = foretell_calendar(draft, 2 * HOUR, at=berlin(1, 12))
    assert found.due_at == datetime(2026, 3, 1, 13, tzinfo=UTC)


def test_what_cannot_be_answered_is_refused_in_words(office: Calendar) -> None:
    never = draft_calendar(Calendar.objects.create(name="Never"), shifts={})
    with pytest.raises(ValidationError, match="never open"):
        foretell_calendar(never, HOUR, at=berlin(2, 8))
    seldom = draft_calendar(
        Calendar.objects.create(name="Seldom"), shifts={0: [(time(8), time(8, 1))]}
    )
    with pytest.raises(ValidationError, match="working time before 2190"):
        foretell_calendar(seldom, 8784 * HOUR, at=berlin(2, 8))
    draft = draft_policy(
        Policy.objects.create(name="Early"), calendar=seldom.calendar, update_target=60
    )
    with pytest.raises(ValidationError, match="is not published yet"):
        foretell_policy(draft, at=berlin(2, 8))


# ---- the page


def test_the_page_asks_first(cast: Cast, promise: PolicyVersion) -> None:
    shown = asked(cast.max)
    assert shown.context["answer"] is None
    assert 'name="severity"' in text(shown)


def test_a_ticket_gets_its_policy_and_why(cast: Cast, promise: PolicyVersion) -> None:
    printing = Service.objects.create(name="Printing")
    make_policy("Printers", service=printing, resolution_target=60, severity=2)
    question = {"kind": "incident", "severity": 2, "start": "2026-03-02T08:00"}
    shown = asked(cast.max, service=printing.pk, **question)
    assert "Service: Printing, Severity: SEV2" in text(shown)
    assert "Printers, version 1" in text(shown)
    shown = asked(cast.max, **question)
    assert "It is for every ticket." in text(shown)
    assert "Everything, version 1" in text(shown)


def test_the_answer_sums_to_the_target_in_both_zones(
    cast: Cast, promise: PolicyVersion
) -> None:
    cast.max.time_zone = "Asia/Tokyo"
    cast.max.save()
    shown = asked(cast.max, of="policy", version=promise.pk, start="2026-03-27T23:00")
    sentence = text(shown)
    assert "Tue 31 Mar 2026, 00:00" in sentence  # Monday 17:00 in Berlin
    assert "Mon 30 Mar 2026, 17:00 Europe/Berlin" in sentence
    assert "The counted lines add up to" in sentence
    totals = [told.total for told in shown.context["answer"].forecasts[1].lines]
    assert totals == [2 * HOUR, 2 * HOUR, 6 * HOUR, 6 * HOUR, 10 * HOUR]


def test_a_holiday_stands_there_by_name(cast: Cast, promise: PolicyVersion) -> None:
    shown = asked(cast.max, of="policy", version=promise.pk, start="2026-04-02T14:00")
    assert "Holiday: Good Friday" in text(shown)


def test_a_hold_stands_there_and_leaves_room_for_another(
    cast: Cast, promise: PolicyVersion
) -> None:
    hold = {
        "hold1-start": "2026-03-02T09:00",
        "hold1-end": "2026-03-02T10:00",
        "hold1-reason": "awaiting_supplier",
    }
    question = {"of": "policy", "version": promise.pk, "start": "2026-03-02T08:00"}
    shown = asked(cast.max, **question, **hold)
    assert "On hold: waiting for a supplier" in text(shown)
    assert 'name="hold2-start"' in text(shown)
    assert 'name="hold3-start"' not in text(shown)
    shown = asked(cast.max, **question, **(hold | {"hold1-reason": "scheduled"}))
    assert "by this policy the clocks go on meanwhile" in text(shown)
    shown = asked(
        cast.max, **question, **(hold | {"hold1-reason": "awaiting_reporter"})
    )
    assert "Here nobody answers." in text(shown)


def test_a_link_that_names_a_version_alone_asks_from_now_on(
    cast: Cast, promise: PolicyVersion
) -> None:
    with clock.frozen_at(berlin(2, 8)):
        shown = asked(cast.max, of="policy", version=promise.pk)
        assert "Mon 2 Mar 2026, 09:00" in text(shown)
        version = promise.calendar.versions.get()
        shown = asked(cast.max, of="calendar", version=version.pk)
    assert "8 h" in text(shown)
    assert "Mon 2 Mar 2026, 16:00" in text(shown)


def test_to_ask_about_something_else_keeps_when_and_the_holds(
    cast: Cast, promise: PolicyVersion
) -> None:
    shown = asked(
        cast.max,
        **{"severity": 2, "start": "2026-03-02T08:00", "hold1-reason": "scheduled"},
    )
    addresses = [tab.address for tab in shown.context["tabs"]]
    assert all("start=2026-03-02T08%3A00" in address for address in addresses)
    assert all("hold1-reason=scheduled" in address for address in addresses)
    assert not any("severity" in address for address in addresses)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"start": "tomorrow"}, "Enter a day and a time"),
        ({"start": ""}, "This field is required"),
        ({"start": "1066-10-14T09:00"}, "Choose a year from 2000 to 2100"),
        ({"amount": "three days"}, "such as 1 h 30 min"),
        ({"amount": "99999 h"}, "less than or equal to"),
        ({"version": "no"}, "Select a valid choice"),
        ({"version": "9999999999999999999999"}, "Select a valid choice"),
        ({"hold1-reason": "scheduled"}, "A hold has a beginning, an end and a reason"),
        ({"hold1-start": "2026-03-02T12:00"}, "A hold has a beginning"),
        (
            {
                "hold1-reason": "scheduled",
                "hold1-start": "2026-03-02T12:00",
                "hold1-end": "2026-03-02T11:00",
            },
            "A hold ends after it begins",
        ),
        (
            {
                "hold1-reason": "scheduled",
                "hold1-start": "2026-03-02T07:00",
                "hold1-end": "2026-03-02T11:00",
            },
            "It cannot wait before it is opened",
        ),
        (
            {
                "hold1-reason": "scheduled",
                "hold1-start": "2026-03-02T10:00",
                "hold1-end": "2026-03-02T12:00",
                "hold2-reason": "scheduled",
                "hold2-start": "2026-03-02T11:00",
                "hold2-end": "2026-03-02T13:00",
            },
            "Another hold lasts until later",
        ),
    ],
)
def test_wrong_input_gets_words_and_is_kept(
    cast: Cast, promise: PolicyVersion, wrong: dict[str, str], sentence: str
) -> None:
    right = {
        "of": "calendar",
        "version": str(promise.calendar.versions.get().pk),
        "amount": "2 h",
        "start": "2026-03-02T08:00",
    }
    shown = asked(cast.max, **(right | wrong))
    assert shown.status_code == 200
    assert shown.context["answer"] is None
    assert sentence in text(shown)
    for name, value in wrong.items():
        if name not in {"version", "hold1-reason", "hold2-reason"}:
            assert f'value="{value}"' in text(shown) or not value


def test_a_time_that_the_clocks_skip_is_refused(
    cast: Cast, promise: PolicyVersion
) -> None:
    cast.max.time_zone = "Europe/Berlin"
    cast.max.save()
    shown = asked(cast.max, of="policy", version=promise.pk, start="2026-03-29T02:30")
    assert "it may be ambiguous or it may not exist" in text(shown)


def test_no_policy_and_no_promise_are_answers(cast: Cast, office: Calendar) -> None:
    question = {"kind": "incident", "severity": 2, "start": "2026-03-02T08:00"}
    shown = asked(cast.max, **question)
    assert "No policy fits: nothing would be promised." in text(shown)
    empty = make_policy("Nothing", calendar=office)
    shown = asked(cast.max, of="policy", version=empty.pk)
    assert "This version promises nothing." in text(shown)
    assert "What is promised" not in text(shown)


def test_a_calendar_that_was_never_published_is_an_answer(
    cast: Cast, office: Calendar
) -> None:
    early = Calendar.objects.create(name="Early")
    draft_calendar(early)
    draft = draft_policy(
        Policy.objects.create(name="Early"), calendar=early, update_target=60
    )
    shown = asked(cast.max, of="policy", version=draft.pk)
    assert "“Early” is not published yet" in text(shown)
    page = reverse("admin:sla_policyversion_change", args=[draft.pk])
    assert "“Early” is not published yet" in text(client_of(cast.max).get(page))


def test_nothing_is_written(cast: Cast, promise: PolicyVersion) -> None:
    client = client_of(cast.max)
    question: dict[str, Any] = {"of": "policy", "version": promise.pk}
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("admin:sla_deadline"), question)
    written = ("INSERT", "UPDATE", "DELETE")
    assert not [one for one in caught if one["sql"].startswith(written)]


def test_a_long_explanation_is_cut_and_says_so(cast: Cast, office: Calendar) -> None:
    version = office.versions.get()
    shown = asked(cast.max, of="calendar", version=version.pk, amount="8784 h")
    forecast = shown.context["answer"].forecasts[0]
    assert len(forecast.lines) == 400
    assert f"And {forecast.left_out} more lines." in text(shown)


def test_statements_do_not_grow_with_lines_or_policies(
    cast: Cast, promise: PolicyVersion
) -> None:
    def statements() -> int:
        client = client_of(cast.max)
        question: dict[str, Any] = {
            "severity": 2,
            "kind": "incident",
            "start": "2026-03-02T08:00",
        }
        client.get(reverse("admin:sla_deadline"), question)
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("admin:sla_deadline"), question)
        return len(caught)

    few = statements()
    for place in range(5):
        service = Service.objects.create(name=f"Service {place}")
        make_policy(f"Policy {place}", service=service, resolution_target=9000)
    assert statements() == few


# ---- who, and from where


def test_only_managers_and_administrators_ask(
    cast: Cast, promise: PolicyVersion
) -> None:
    for user in cast.everyone:
        wanted = 200 if user in {cast.max, cast.ida} else 302
        assert asked(user).status_code == wanted


def test_every_page_about_service_levels_leads_there(
    cast: Cast, promise: PolicyVersion
) -> None:
    client, page = client_of(cast.max), reverse("admin:sla_deadline")
    version = promise.calendar.versions.get()
    for address in (
        reverse("admin:app_list", args=["sla"]),
        reverse("admin:sla_policy_changelist"),
        reverse("admin:sla_calendar_changelist"),
    ):
        assert f'href="{page}"' in text(client.get(address)), address
    for record, wanted in (
        (promise, f"{page}?of=policy&amp;version={promise.pk}"),
        (promise.policy, f"{page}?of=policy&amp;version={promise.pk}"),
        (version, f"{page}?of=calendar&amp;version={version.pk}"),
        (promise.calendar, f"{page}?of=calendar&amp;version={version.pk}"),
    ):
        name = f"admin:sla_{record._meta.model_name}_change"
        shown = text(client.get(reverse(name, args=[record.pk])))
        assert f'href="{wanted}"' in shown, record


def test_a_published_calendar_keeps_its_names_apart_from_a_draft(
    cast: Cast, promise: PolicyVersion
) -> None:
    draft = draft_calendar(
        promise.calendar,
        effective_from=in_days(1),
        holidays={date(2026, 4, 3): "Renamed"},
    )
    shown = asked(cast.max, of="policy", version=promise.pk, start="2026-04-02T14:00")
    assert "Renamed" not in text(shown)
    assert CalendarVersion.objects.get(pk=draft.pk).holidays.exists()
