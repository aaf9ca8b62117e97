"""Calendars and policies in the administration: who changes what, and what is said."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from sla.forms import DurationField
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion
from tests.database import without
from tests.people import Cast
from tests.sla.settings_cast import (
    draft_calendar,
    draft_policy,
    in_days,
    make_calendar,
    make_policy,
    without_defaults,
)


@pytest.fixture
def promise(db: None) -> PolicyVersion:
    without_defaults()
    make_calendar()
    return make_policy("Everything", resolution_target=90)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(record: Any, page: str = "change") -> str:
    return reverse(f"admin:sla_{record._meta.model_name}_{page}", args=[record.pk])


def fields_of(response: Any) -> dict[str, Any]:
    """What a browser would send back of the form that was shown."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.value()
            if field.name == "effective_from" and not isinstance(value, list):
                local = value.astimezone()
                sent[f"{field.html_name}_0"] = f"{local:%Y-%m-%d}"
                sent[f"{field.html_name}_1"] = f"{local:%H:%M:%S}"
            elif value is not None:
                sent[field.html_name] = value
    return sent


def save(client: Client, record: Any, **changed: Any) -> Any:
    page = address(record)
    return client.post(page, fields_of(client.get(page)) | changed, follow=True)


def text(response: Any) -> str:
    return response.content.decode()


# ---- drafts


def test_a_new_calendar_goes_on_to_its_first_draft(cast: Cast) -> None:
    client = client_of(cast.max)
    page = reverse("admin:sla_calendar_add")
    sent = client.post(page, {"name": "Night shift", "_save": "Save"}, follow=True)
    draft = CalendarVersion.objects.get(calendar__name="Night shift")
    assert (draft.number, draft.is_published) == (1, False)
    assert sent.request["PATH_INFO"] == address(draft)
    assert "This is a draft" in text(sent)


def test_a_manager_edits_a_draft_with_its_shifts_and_holidays(cast: Cast) -> None:
    draft = draft_calendar(Calendar.objects.create(name="Night"), shifts={})
    sent = save(
        client_of(cast.max),
        draft,
        **{
            "zone": "Europe/Rome",
            "shifts-0-weekday": "4",
            "shifts-0-opens": "18:00",
            "shifts-0-closes": "00:00",
            "holidays-0-day": "2026-12-25",
            "holidays-0-name": "Christmas",
        },
    )
    assert "was changed successfully" in text(sent)
    draft.refresh_from_db()
    assert draft.zone == "Europe/Rome"
    assert str(draft.shifts.get()) == "Friday 18:00–00:00"
    assert draft.holidays.get().day == date(2026, 12, 25)


def test_shifts_that_overlap_are_refused_on_the_page(cast: Cast) -> None:
    draft = draft_calendar(Calendar.objects.create(name="Night"))
    monday = str(draft.shifts.get(weekday=0))
    sent = save(
        client_of(cast.max),
        draft,
        **{
            "shifts-5-weekday": "0",
            "shifts-5-opens": "09:00",
            "shifts-5-closes": "10:00",
        },
    )
    assert f"This overlaps another shift: {monday}." in text(sent)
    assert draft.shifts.count() == 5


def test_shifts_may_change_places_in_one_go(cast: Cast) -> None:
    draft = draft_calendar(Calendar.objects.create(name="Week"))
    sent = save(
        client_of(cast.max), draft, **{"shifts-0-weekday": "1", "shifts-1-weekday": "0"}
    )
    assert "was changed successfully" in text(sent)


def test_a_manager_edits_a_policy_in_the_words_of_people(
    cast: Cast, promise: PolicyVersion
) -> None:
    draft = draft_policy(promise.policy, effective_from=in_days(1))
    sent = save(
        client_of(cast.max),
        draft,
        severity="2",
        response_target="1 h 30 min",
        resolution_target="24h",
        response_warnings="75",
        resolution_warnings="50,90",
        pauses_on=["scheduled"],
        on_reject="restart",
    )
    assert "was changed successfully" in text(sent)
    draft.refresh_from_db()
    assert (draft.response_target, draft.resolution_target) == (90, 1440)
    assert (draft.response_warnings, draft.resolution_warnings) == ([75], [50, 90])
    assert (draft.pauses_on, draft.on_reject) == (["scheduled"], "restart")
    shown = text(sent)
    assert "What is different from version 1" in shown
    for sentence in ("every severity", "SEV2", "1 h 30 min", "Begin again"):
        assert sentence in shown


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("90", 90),
        ("90 min", 90),
        ("1h30m", 90),
        ("1 h 30 min", 90),
        ("24 H", 1440),
        ("", None),
    ],
)
def test_a_duration_is_written_as_people_do(written: str, minutes: int | None) -> None:
    field = DurationField(required=False)
    assert field.clean(written) == minutes
    shown = field.prepare_value(minutes)
    assert field.clean(shown) == minutes


@pytest.mark.parametrize("written", ["3 days", "1.5 h", "-5", "h"])
def test_a_duration_that_could_mean_two_things_is_refused(
    cast: Cast, promise: PolicyVersion, written: str
) -> None:
    draft = draft_policy(promise.policy, effective_from=in_days(1))
    sent = save(client_of(cast.max), draft, resolution_target=written)
    assert "such as 1 h 30 min" in text(sent)


def test_a_draft_can_be_deleted_and_a_published_version_cannot(
    cast: Cast, promise: PolicyVersion
) -> None:
    client = client_of(cast.max)
    for published in (promise, promise.calendar.versions.get()):
        assert client.post(address(published, "delete")).status_code == 403
    for draft in (
        draft_policy(promise.policy, effective_from=in_days(1)),
        draft_calendar(promise.calendar, effective_from=in_days(1)),
    ):
        sent = client.post(address(draft, "delete"), {"post": "yes"}, follow=True)
        assert "version 2 is deleted." in text(sent)
        assert not type(draft).objects.filter(pk=draft.pk).exists()


# ---- published ones


def test_a_published_version_is_shown_and_not_changed(
    cast: Cast, promise: PolicyVersion
) -> None:
    client = client_of(cast.ida)
    for version in (promise, promise.calendar.versions.get()):
        shown = client.get(address(version))
        assert "stays as it is" in text(shown)
        assert 'name="_save"' not in text(shown)
        assert client.post(address(version), {"note": "New"}).status_code == 403


def test_a_published_version_is_copied_to_a_new_draft(
    cast: Cast, promise: PolicyVersion
) -> None:
    client = client_of(cast.max)
    page = address(promise.policy, "draft")
    asked = client.get(page, {"copy_of": 1})
    assert "a copy of version 1" in text(asked)
    assert "<title>New draft of “Everything” | Service desk</title>" in text(asked)
    assert not promise.policy.versions.filter(number=2).exists()
    client.post(page, {"copy_of": 1})
    draft = promise.policy.versions.get(number=2)
    assert draft.resolution_target == 90
    again = client.post(page, {"copy_of": 1}, follow=True)
    assert "a draft already" in text(again)
    assert again.request["PATH_INFO"] == address(draft)


def test_an_older_version_can_be_the_model_of_a_draft(
    cast: Cast, promise: PolicyVersion
) -> None:
    client = client_of(cast.ida)
    draft = draft_policy(promise.policy, effective_from=in_days(1))
    client.post(address(draft, "publish"))
    client.post(address(promise.policy, "draft"), {"copy_of": 1})
    assert promise.policy.versions.get(number=3).resolution_target == 90


def test_a_version_that_does_not_exist_cannot_be_copied(
    cast: Cast, promise: PolicyVersion
) -> None:
    page = address(promise.policy, "draft")
    assert client_of(cast.ida).get(page, {"copy_of": 9}).status_code == 404


# ---- publishing


def test_an_administrator_publishes_after_a_question(
    cast: Cast, promise: PolicyVersion
) -> None:
    draft = draft_policy(promise.policy, effective_from=in_days(1), severity=1)
    client = client_of(cast.ida)
    asked = client.get(address(draft, "publish"))
    assert "can no longer be changed then" in text(asked)
    assert "What is different from version 1" in text(asked)
    draft.refresh_from_db()
    assert not draft.is_published
    sent = client.post(address(draft, "publish"), follow=True)
    assert "version 2 is published." in text(sent)
    draft.refresh_from_db()
    assert draft.published_by == cast.ida
    logged = LogEntry.objects.get(object_id=str(draft.pk))
    assert logged.get_change_message() == "Published."
    again = client.post(address(draft, "publish"), follow=True)
    assert "published already" in text(again)


def inputs_of(response: Any) -> dict[str, str]:
    """What a browser sends of the page without anything being ticked."""
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text(response))
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}


def test_a_draft_whose_moment_has_passed_begins_when_it_is_published(
    cast: Cast, promise: PolicyVersion
) -> None:
    for draft in (
        draft_policy(promise.policy, effective_from=in_days(-1)),
        draft_calendar(promise.calendar, effective_from=in_days(-1)),
    ):
        client = client_of(cast.ida)
        asked = client.get(address(draft, "publish"))
        assert "That has passed" in text(asked)
        assert "it counts from the moment at which you publish it" in text(asked)
        assert "Let it begin now instead" not in text(asked)
        client.post(address(draft, "publish"), inputs_of(asked))
        draft.refresh_from_db()
        assert draft.is_published
        assert draft.effective_from == draft.published_at


def test_what_the_page_did_not_say_is_asked_again(
    cast: Cast, promise: PolicyVersion
) -> None:
    """The moment passed while the page was open: nothing begins in the past."""
    draft = draft_policy(promise.policy, effective_from=in_days(1))
    client = client_of(cast.ida)
    asked = client.get(address(draft, "publish"))
    assert "That has passed" not in text(asked)
    PolicyVersion.objects.filter(pk=draft.pk).update(effective_from=in_days(-1))
    again = client.post(address(draft, "publish"), inputs_of(asked))
    assert "let it begin now" in text(again)
    assert "That has passed" in text(again)
    draft.refresh_from_db()
    assert not draft.is_published
    client.post(address(draft, "publish"), inputs_of(again))
    draft.refresh_from_db()
    assert draft.is_published


def test_a_first_version_may_reach_back(cast: Cast) -> None:
    without_defaults()
    make_calendar()
    draft = draft_policy(Policy.objects.create(name="New"), effective_from=in_days(-1))
    asked = client_of(cast.ida).get(address(draft, "publish"))
    assert "Let it begin now instead" in text(asked)
    client_of(cast.ida).post(address(draft, "publish"), inputs_of(asked))
    draft.refresh_from_db()
    assert draft.is_published
    assert draft.published_at
    assert draft.effective_from < draft.published_at


def test_a_manager_does_not_publish_and_is_not_offered_it(
    cast: Cast, promise: PolicyVersion
) -> None:
    client = client_of(cast.max)
    for draft in (
        draft_policy(promise.policy, effective_from=in_days(1)),
        draft_calendar(promise.calendar, effective_from=in_days(1)),
    ):
        page = address(draft, "publish")
        assert page not in text(client.get(address(draft)))
        assert client.get(page).status_code == 403
        assert client.post(page).status_code == 403
        draft.refresh_from_db()
        assert not draft.is_published
        assert page in text(client_of(cast.ida).get(address(draft)))


def test_nobody_else_sees_any_of_it(cast: Cast, promise: PolicyVersion) -> None:
    for user in cast.everyone:
        if user not in {cast.max, cast.ida}:
            for record in (promise, promise.policy, promise.calendar):
                assert client_of(user).get(address(record)).status_code == 302


def test_a_manager_renames_and_deactivates_nothing(
    cast: Cast, promise: PolicyVersion
) -> None:
    page = address(promise.policy)
    assert client_of(cast.max).get(page).status_code == 200
    sent = client_of(cast.max).post(page, {"name": "Other"})
    assert sent.status_code == 403
    client_of(cast.ida).post(page, {"name": "Other", "is_active": "on"})
    assert Policy.objects.get(pk=promise.policy_id).name == "Other"


def test_an_activation_that_would_tie_is_refused_in_words(
    cast: Cast, promise: PolicyVersion
) -> None:
    Policy.objects.filter(pk=promise.policy_id).update(is_active=False)
    make_policy("Everything, once more")
    client = client_of(cast.ida)
    sent = client.post(
        address(promise.policy), {"name": "Everything", "is_active": "on"}
    )
    assert sent.status_code == 409
    assert "exactly the same tickets" in text(sent)


# ---- holidays


def test_the_holidays_of_a_country_are_copied_in_two_steps(cast: Cast) -> None:
    draft = draft_calendar(Calendar.objects.create(name="Clinic"))
    client, page = client_of(cast.max), address(draft, "holidays")
    assert "Germany" in text(client.get(page))
    assert "Bayern" in text(client.get(page, {"country": "DE"}))
    wanted = {
        "country": "DE",
        "subdivision": "BY",
        "first_year": "2027",
        "last_year": "2028",
    }
    wrong = client.post(page, wanted | {"last_year": "2026"})
    assert "the first one first" in text(wrong)
    sent = client.post(page, wanted, follow=True)
    assert f"{draft.holidays.count()} holidays were added." in text(sent)
    assert draft.holidays.filter(day=date(2028, 1, 6)).exists()
    assert "Germany, BY" in text(sent)


def test_a_published_calendar_takes_no_holidays_on_its_page(
    cast: Cast, promise: PolicyVersion
) -> None:
    version = promise.calendar.versions.get()
    sent = client_of(cast.max).get(address(version, "holidays"), follow=True)
    assert "published already" in text(sent)


# ---- lists


def test_a_list_says_what_is_in_force_and_what_is_drafted(
    cast: Cast, promise: PolicyVersion
) -> None:
    draft_policy(promise.policy, effective_from=in_days(1))
    shown = text(client_of(cast.max).get(reverse("admin:sla_policy_changelist")))
    assert "Version 1" in shown
    assert "Version 2" in shown
    page = text(client_of(cast.max).get(address(promise.policy)))
    assert "In force" in page
    assert "Draft" in page


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    without("sla_policyversion.policy_version_kept", "sla_rung.rung_kept")
    PolicyVersion.objects.all().delete()
    Policy.objects.all().delete()
    shown = client_of(cast.max).get(reverse("admin:sla_policy_changelist"))
    assert "There is nothing yet." in text(shown)


def test_the_changes_of_a_calendar_are_listed_by_day(cast: Cast) -> None:
    calendar = make_calendar(holidays={date(2026, 12, 25): "Christmas"})
    draft = draft_calendar(calendar, effective_from=in_days(1), zone="Asia/Tokyo")
    draft.shifts.filter(weekday=2).delete()
    draft.holidays.create(day=date(2026, 12, 26), name="Boxing Day")
    shown = text(client_of(cast.max).get(address(draft)))
    for sentence in ("Wednesday", "closed", "Asia/Tokyo", "Boxing Day", "Christmas"):
        assert sentence in shown
    changes = client_of(cast.max).get(address(draft)).context["changes"]
    assert [change.label for change in changes] == [
        "Time zone",
        "Wednesday",
        "25 Dec 2026",
        "26 Dec 2026",
    ]


def test_a_published_promise_is_read_as_its_draft_was_written(cast: Cast) -> None:
    without_defaults()
    make_calendar()
    said = {"response_target": 30, "resolution_target": 480, "update_target": 90}
    more = {"resolution_warnings": [50, 75], "pauses_on": ["awaiting_reporter"]}
    version = make_policy("Everything", **said, **more)
    shown = text(client_of(cast.max).get(address(version)))
    for name, words in {
        "response_target": "30 min",
        "resolution_target": "8 h",
        "update_target": "1 h 30 min",
        "response_warnings": "–",
        "resolution_warnings": "50 %, 75 %",
        "pauses_on": "Waiting for the reporter",
    }.items():
        row = shown.split(f"field-{name}", 1)[1].split("form-row", 1)[0]
        assert f'<div class="readonly">{words}</div>' in row
        assert 'class="help"' in row
