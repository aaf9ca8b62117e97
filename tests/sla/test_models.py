"""What a calendar and a policy may say, in sentences and in the database."""

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from activity.refusals import broken_rule
from sla.models import (
    Calendar,
    CalendarVersion,
    Holiday,
    Policy,
    PolicyVersion,
    Shift,
)
from tests.people import Cast
from tests.sla.settings_cast import (
    BEGINNING,
    draft_calendar,
    draft_policy,
    make_calendar,
)

WRONG_SETTINGS = [
    ("kind", "problem", "policy_version_kind_known"),
    ("severity", 5, "policy_version_severity_known"),
    ("severity", 0, "policy_version_severity_known"),
    ("response_target", 0, "policy_version_response_target_in_range"),
    ("resolution_target", 0, "policy_version_resolution_target_in_range"),
    ("update_target", 999_999, "policy_version_update_target_in_range"),
    ("pauses_on", ["awaiting_lunch"], "policy_version_pauses_on_known"),
    ("stops_at", "lunch", "policy_version_stops_at_known"),
    ("on_change", "lunch", "policy_version_on_change_known"),
    ("on_transfer", "retroactive", "policy_version_on_transfer_known"),
    ("on_tier_move", "lunch", "policy_version_on_tier_move_known"),
    ("on_reject", "lunch", "policy_version_on_reject_known"),
    ("on_reopen", "restart", "policy_version_on_reopen_known"),
    ("response_warnings", [0], "policy_version_response_warnings_in_range"),
    ("response_warnings", [50, 100], "policy_version_response_warnings_in_range"),
    ("resolution_warnings", [100], "policy_version_resolution_warnings_in_range"),
]


def rule_that_refuses(record: Any) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        record.save()
    return broken_rule(caught.value)


@pytest.fixture
def policy_draft(db: None) -> PolicyVersion:
    calendar = make_calendar()
    return draft_policy(Policy.objects.create(name="New"), calendar=calendar)


@pytest.fixture
def calendar_draft(db: None) -> CalendarVersion:
    return draft_calendar(Calendar.objects.create(name="New"), shifts={})


@pytest.mark.parametrize(("name", "value", "rule"), WRONG_SETTINGS)
def test_a_setting_that_nobody_knows_is_refused_twice(
    policy_draft: PolicyVersion, name: str, value: object, rule: str
) -> None:
    setattr(policy_draft, name, value)
    with pytest.raises(ValidationError) as caught:
        policy_draft.full_clean()
    assert caught.value.messages
    assert rule_that_refuses(policy_draft) == rule


def test_every_rule_of_the_records_has_words() -> None:
    for model in (Calendar, CalendarVersion, Holiday, Policy, PolicyVersion, Shift):
        for constraint in model._meta.constraints:
            default = constraint.default_violation_error_message
            assert constraint.violation_error_message != default, constraint.name


@pytest.mark.parametrize(
    "percents", [[75, 50], [50, 50], [50, 75, 75]], ids=["down", "twice", "last twice"]
)
def test_warnings_come_in_their_order(
    policy_draft: PolicyVersion, percents: list[int]
) -> None:
    policy_draft.resolution_warnings = percents
    with pytest.raises(ValidationError, match="smallest first"):
        policy_draft.full_clean()


def test_a_promise_may_be_nothing_at_all(policy_draft: PolicyVersion) -> None:
    policy_draft.full_clean()
    assert policy_draft.target_of("response") is None


@pytest.mark.parametrize(
    ("opens", "closes"), [(time(12), time(12)), (time(17), time(8))]
)
def test_a_shift_closes_after_it_opens(
    calendar_draft: CalendarVersion, opens: time, closes: time
) -> None:
    shift = Shift(version=calendar_draft, weekday=0, opens=opens, closes=closes)
    with pytest.raises(ValidationError, match="until 00:00 on one day"):
        shift.full_clean()
    assert rule_that_refuses(shift) == "shift_closes_after_it_opens"


def test_a_shift_may_end_with_its_day(calendar_draft: CalendarVersion) -> None:
    for weekday, opens in enumerate([time(0), time(18), time(23, 59)]):
        shift = Shift(
            version=calendar_draft, weekday=weekday, opens=opens, closes=time(0)
        )
        shift.full_clean()
        shift.save()
    assert str(shift) == "Wednesday 23:59–00:00"


def test_a_week_has_seven_days(calendar_draft: CalendarVersion) -> None:
    shift = Shift(version=calendar_draft, weekday=7, opens=time(8), closes=time(9))
    with pytest.raises(ValidationError):
        shift.full_clean()
    assert rule_that_refuses(shift) == "shift_weekday_known"


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (time(9), time(10)),
        (time(7), time(9)),
        (time(7), time(0)),
        (time(11), time(0)),
        (time(8), time(12)),
    ],
)
def test_shifts_of_a_day_do_not_overlap(opens: time, closes: time) -> None:
    morning = Shift(weekday=0, opens=time(8), closes=time(12))
    other = Shift(weekday=0, opens=opens, closes=closes)
    assert morning.overlaps(other)
    assert other.overlaps(morning)
    other.weekday = 1
    assert not morning.overlaps(other)


def test_shifts_of_a_day_may_touch(calendar_draft: CalendarVersion) -> None:
    for opens, closes in (
        (time(8), time(12)),
        (time(12), time(20)),
        (time(20), time(0)),
        (time(0), time(8)),
    ):
        shift = Shift(version=calendar_draft, weekday=0, opens=opens, closes=closes)
        shift.full_clean()
        shift.save()


def test_a_day_is_a_holiday_once(calendar_draft: CalendarVersion) -> None:
    day = date(2026, 12, 25)
    calendar_draft.holidays.create(day=day, name="Christmas")
    twin = Holiday(version=calendar_draft, day=day, name="Once more")
    with pytest.raises(ValidationError, match="a holiday already"):
        twin.full_clean()
    assert rule_that_refuses(twin) == "holiday_once"


def test_names_are_unique_whatever_their_case(db: None) -> None:
    for model, rule in (
        (Calendar, "calendar_name_once"),
        (Policy, "policy_name_once"),
    ):
        model.objects.create(name="Night shift")
        twin = model(name="NIGHT shift")
        with pytest.raises(ValidationError, match="has this name"):
            twin.full_clean()
        assert rule_that_refuses(twin) == rule


def test_a_second_draft_is_refused_by_name(
    calendar_draft: CalendarVersion, policy_draft: PolicyVersion
) -> None:
    for draft, rule in (
        (calendar_draft, "calendar_version_one_draft"),
        (policy_draft, "policy_version_one_draft"),
    ):
        draft.pk, draft.number = None, 2
        assert rule_that_refuses(draft) == rule


def test_what_is_published_was_published_by_somebody(
    cast: Cast, calendar_draft: CalendarVersion, policy_draft: PolicyVersion
) -> None:
    for draft, rule in (
        (calendar_draft, "calendar_version_has_publisher"),
        (policy_draft, "policy_version_has_publisher"),
    ):
        draft.published_by = cast.ida
        assert rule_that_refuses(draft) == rule


def test_a_part_needs_its_country(calendar_draft: CalendarVersion) -> None:
    calendar_draft.subdivision = "BY"
    assert rule_that_refuses(calendar_draft) == "calendar_version_part_of_country"


def test_a_version_is_called_by_its_name_and_number(
    calendar_draft: CalendarVersion,
) -> None:
    assert str(calendar_draft) == "New, version 1"
    assert calendar_draft.effective_from == BEGINNING
