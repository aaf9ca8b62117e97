"""What PostgreSQL refuses about calendars and policies by any path, and which guard
it is.

Every attack runs twice: as it is, where it must be refused with the rule's name,
and with that one guard taken away, where it must go through.
"""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction

from activity.refusals import GUARDED_RULES, broken_rule, explain
from sla.apps import SlaConfig
from sla.models import (
    Calendar,
    CalendarVersion,
    Holiday,
    Policy,
    PolicyVersion,
    Shift,
)
from tests.database import sql, without
from tests.people import Cast
from tests.sla.attacks_on_ladders import ON_LADDERS
from tests.sla.settings_cast import (
    ALWAYS,
    BEGINNING,
    draft_calendar,
    draft_policy,
    in_days,
    make_calendar,
    make_policy,
    publish,
    without_defaults,
)

Attack = Callable[[Cast], None]
MORNING = (time(8), time(12))


class Case(NamedTuple):
    """An attack, the rule that refuses it, and the guard that keeps the rule."""

    attack: Attack
    rule: str
    guard: str

    def attempt(self, cast: Cast) -> None:
        """Attack and let the deferred guards speak, as a commit would."""
        with transaction.atomic():
            self.attack(cast)
            connection.check_constraints()


def office() -> CalendarVersion:
    """A published version with one holiday."""
    return make_calendar(holidays={"2026-12-25": "Christmas"}).versions.get()


def calendar_draft() -> CalendarVersion:
    return draft_calendar(office().calendar, effective_from=in_days(1))


def promise() -> PolicyVersion:
    make_calendar()
    return make_policy("Everything")


def policy_draft() -> PolicyVersion:
    return draft_policy(promise().policy, effective_from=in_days(1))


# ---- what is published stays


def edit_calendar_version(cast: Cast) -> None:
    sql("UPDATE sla_calendarversion SET zone = 'Asia/Tokyo' WHERE id = %s", office().pk)


def unpublish_calendar_version(cast: Cast) -> None:
    sql(
        "UPDATE sla_calendarversion SET published_at = NULL, published_by_id = NULL"
        " WHERE id = %s",
        office().pk,
    )


def delete_calendar_version(cast: Cast) -> None:
    pk = draft_calendar(Calendar.objects.create(name="Bare"), shifts=ALWAYS).pk
    publish(CalendarVersion.objects.get(pk=pk))
    without("sla_shift.shift_kept")
    Shift.objects.filter(version=pk).delete()
    sql("DELETE FROM sla_calendarversion WHERE id = %s", pk)


def edit_policy_version(cast: Cast) -> None:
    sql(
        "UPDATE sla_policyversion SET resolution_target = 9 WHERE id = %s", promise().pk
    )


def unpublish_policy_version(cast: Cast) -> None:
    sql(
        "UPDATE sla_policyversion SET published_at = NULL, published_by_id = NULL"
        " WHERE id = %s",
        promise().pk,
    )


def delete_policy_version(cast: Cast) -> None:
    sql("DELETE FROM sla_policyversion WHERE id = %s", promise().pk)


def add_shift(cast: Cast) -> None:
    Shift.objects.create(
        version=office(), weekday=6, opens=MORNING[0], closes=MORNING[1]
    )


def lengthen_shift(cast: Cast) -> None:
    sql("UPDATE sla_shift SET closes = '20:00' WHERE version_id = %s", office().pk)


def take_shift_over(cast: Cast) -> None:
    draft = calendar_draft()
    first = draft.calendar.versions.get(number=1)
    sql(
        "UPDATE sla_shift SET version_id = %s, weekday = weekday + 5"
        " WHERE version_id = %s AND weekday = 0",
        first.pk,
        draft.pk,
    )


def delete_shift(cast: Cast) -> None:
    sql("DELETE FROM sla_shift WHERE version_id = %s AND weekday = 0", office().pk)


def add_holiday(cast: Cast) -> None:
    Holiday.objects.create(version=office(), day="2026-12-26", name="Another")


def move_holiday(cast: Cast) -> None:
    sql("UPDATE sla_holiday SET day = day + 1 WHERE version_id = %s", office().pk)


def delete_holiday(cast: Cast) -> None:
    sql("DELETE FROM sla_holiday WHERE version_id = %s", office().pk)


# ---- versions follow each other


def leave_a_gap_in_calendar(cast: Cast) -> None:
    office().calendar.versions.create(number=3, effective_from=in_days(1))


def renumber_calendar_version(cast: Cast) -> None:
    sql("UPDATE sla_calendarversion SET number = 9 WHERE id = %s", calendar_draft().pk)


def give_version_to_another_calendar(cast: Cast) -> None:
    other = Calendar.objects.create(name="Other")
    sql(
        "UPDATE sla_calendarversion SET calendar_id = %s WHERE id = %s",
        other.pk,
        calendar_draft().pk,
    )


def leave_a_gap_in_policy(cast: Cast) -> None:
    draft = policy_draft()
    draft.policy.versions.filter(pk=draft.pk).delete()
    draft.pk, draft.number = None, 3
    draft.save()


def renumber_policy_version(cast: Cast) -> None:
    sql("UPDATE sla_policyversion SET number = 9 WHERE id = %s", policy_draft().pk)


def bear_calendar_version_published(cast: Cast) -> None:
    office().calendar.versions.create(
        number=2,
        effective_from=in_days(1),
        published_at=in_days(0),
        published_by=cast.ida,
    )


def bear_policy_version_published(cast: Cast) -> None:
    version = promise()
    version.policy.versions.create(
        number=2,
        effective_from=in_days(1),
        calendar=version.calendar,
        published_at=in_days(0),
        published_by=cast.ida,
    )


def begin_calendar_version_too_early(cast: Cast) -> None:
    publish(draft := calendar_draft())
    between = draft.effective_from - timedelta(hours=1)
    publish(draft_calendar(draft.calendar, effective_from=between))


def begin_policy_version_too_early(cast: Cast) -> None:
    publish(draft := policy_draft())
    between = draft.effective_from
    publish(draft_policy(draft.policy, effective_from=between))


def rewrite_last_hour_of_calendar(cast: Cast) -> None:
    publish(draft_calendar(office().calendar, effective_from=in_days(-1 / 24)))


def rewrite_last_hour_of_policy(cast: Cast) -> None:
    publish(draft_policy(promise().policy, effective_from=in_days(-1 / 24)))


# ---- what may be published


def publish_without_a_shift(cast: Cast) -> None:
    publish(draft_calendar(Calendar.objects.create(name="Never"), shifts={}))


def promise_by_a_calendar_without_version(cast: Cast) -> None:
    make_policy("Early", calendar=Calendar.objects.create(name="Empty"))


def promise_by_a_calendar_that_is_a_draft(cast: Cast) -> None:
    calendar = Calendar.objects.create(name="Drafted")
    draft_calendar(calendar)
    make_policy("Early", calendar=calendar)


def promise_before_the_calendar_begins(cast: Cast) -> None:
    calendar = make_calendar(effective_from=in_days(2))
    make_policy("Early", calendar=calendar, effective_from=in_days(1))


def tie(cast: Cast) -> None:
    promise()
    make_policy("Everything, once more", effective_from=in_days(3))


def tie_by_team_and_severity(cast: Cast) -> None:
    make_calendar()
    for name in ("One", "Two"):
        make_policy(name, team=cast.network, severity=2)


def tie_with_the_past(cast: Cast) -> None:
    """The other one fitted the same tickets until an hour from now."""
    version = promise()
    draft = draft_policy(version.policy, effective_from=in_days(1 / 24), severity=1)
    publish(draft)
    make_policy("Everything, once more")


def tie_by_activation(cast: Cast) -> None:
    version = promise()
    Policy.objects.filter(pk=version.policy_id).update(is_active=False)
    make_policy("Everything, once more")
    sql("UPDATE sla_policy SET is_active = true WHERE id = %s", version.policy_id)


CALENDAR, POLICY = "sla_calendarversion.calendar_version", "sla_policyversion"
CASES = [
    *(
        Case(attack, "calendar_version_kept", f"{CALENDAR}_kept")
        for attack in (
            edit_calendar_version,
            unpublish_calendar_version,
            delete_calendar_version,
        )
    ),
    *(
        Case(attack, "policy_version_kept", f"{POLICY}.policy_version_kept")
        for attack in (
            edit_policy_version,
            unpublish_policy_version,
            delete_policy_version,
        )
    ),
    *(
        Case(attack, "calendar_version_kept", "sla_shift.shift_kept")
        for attack in (add_shift, lengthen_shift, take_shift_over, delete_shift)
    ),
    *(
        Case(attack, "calendar_version_kept", "sla_holiday.holiday_kept")
        for attack in (add_holiday, move_holiday, delete_holiday)
    ),
    *(Case(*attack) for attack in ON_LADDERS),
    *(
        Case(attack, f"calendar_version_{rule}", f"{CALENDAR}_{rule}")
        for attack, rule in (
            (leave_a_gap_in_calendar, "number_follows"),
            (renumber_calendar_version, "number_follows"),
            (give_version_to_another_calendar, "number_follows"),
            (bear_calendar_version_published, "born_draft"),
            (begin_calendar_version_too_early, "follows"),
            (rewrite_last_hour_of_calendar, "not_in_past"),
            (publish_without_a_shift, "is_open"),
        )
    ),
    *(
        Case(attack, f"policy_version_{rule}", f"{POLICY}.policy_version_{rule}")
        for attack, rule in (
            (leave_a_gap_in_policy, "number_follows"),
            (renumber_policy_version, "number_follows"),
            (bear_policy_version_published, "born_draft"),
            (begin_policy_version_too_early, "follows"),
            (rewrite_last_hour_of_policy, "not_in_past"),
            (promise_by_a_calendar_without_version, "calendar_in_force"),
            (promise_by_a_calendar_that_is_a_draft, "calendar_in_force"),
            (promise_before_the_calendar_begins, "calendar_in_force"),
        )
    ),
    *(
        Case(attack, "policy_no_tie", f"{POLICY}.policy_version_no_tie")
        for attack in (tie, tie_by_team_and_severity, tie_with_the_past)
    ),
    Case(tie_by_activation, "policy_no_tie", "sla_policy.policy_no_tie"),
]
TRUNCATED = {
    "sla_calendarversion.calendar_version_no_truncate": "calendar_version_kept",
    "sla_policyversion.policy_version_no_truncate": "policy_version_kept",
    "sla_shift.shift_no_truncate": "calendar_version_kept",
    "sla_holiday.holiday_no_truncate": "calendar_version_kept",
    "sla_rung.rung_no_truncate": "policy_version_kept",
}
ids = [case.attack.__name__ for case in CASES]


@pytest.fixture(autouse=True)
def nothing_else(db: None) -> None:
    without_defaults()


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    with pytest.raises(IntegrityError) as caught:
        case.attempt(cast)
    assert broken_rule(caught.value) == case.rule
    assert explain(caught.value)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    without(case.guard)
    case.attempt(cast)


@pytest.mark.parametrize("guard", TRUNCATED)
def test_no_table_of_theirs_is_emptied_once_its_guard_stands(
    cast: Cast, guard: str
) -> None:
    """The test database has these off; here one is on."""
    table, trigger = guard.split(".")
    sql(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")
    assert broken_rule(caught.value) == TRUNCATED[guard]


def test_every_guard_of_service_levels_was_attacked() -> None:
    attacked = {case.guard for case in CASES}
    declared = {".".join(guard) for guard in SlaConfig.guards}
    assert declared == attacked | set(TRUNCATED)


def test_every_refusal_can_be_put_into_words() -> None:
    assert {case.rule for case in CASES} <= set(GUARDED_RULES)


def overlapping() -> None:
    draft = draft_calendar(Calendar.objects.create(name="Split"), shifts={})
    for opens, closes in ((time(8), time(12, 1)), (time(12), time(0))):
        Shift.objects.create(version=draft, weekday=0, opens=opens, closes=closes)
    connection.check_constraints()


def test_shifts_that_overlap_are_refused_by_name(db: None) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        overlapping()
    assert broken_rule(caught.value) == "shift_no_overlap"
    assert explain(caught.value)


def test_shifts_that_overlap_would_pass_without_that_guard(db: None) -> None:
    sql("ALTER TABLE sla_shift DROP CONSTRAINT shift_no_overlap")
    overlapping()


def test_shifts_that_touch_or_belong_to_others_do_not_overlap(db: None) -> None:
    split = {day: [MORNING, (time(12), time(0))] for day in (0, 6)}
    for name in ("One", "Two"):
        draft_calendar(Calendar.objects.create(name=name), shifts=split)
    connection.check_constraints()


@pytest.mark.parametrize("percents", [[75, 50], [50, 50]])
@pytest.mark.parametrize("name", ["response_warnings", "resolution_warnings"])
def test_warnings_out_of_order_are_refused_by_name(
    db: None, name: str, percents: list[int]
) -> None:
    rule = f"policy_version_{name}_ascend"
    policy = Policy.objects.create(name="Odd")
    odd: Any = {name: percents}
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        draft_policy(policy, calendar=make_calendar(), **odd)
    assert broken_rule(caught.value) == rule
    assert explain(caught.value)
    sql(f"ALTER TABLE sla_policyversion DROP CONSTRAINT {rule}")
    draft_policy(policy, calendar=Calendar.objects.latest("pk"), **odd)


def test_a_draft_may_be_changed_and_dropped(cast: Cast) -> None:
    calendar, policy = calendar_draft(), policy_in_draft_beside()
    calendar.zone, policy.severity = "Asia/Tokyo", 3
    calendar.save()
    policy.save()
    calendar.shifts.filter(weekday=0).delete()
    calendar.delete()
    policy.delete()


def policy_in_draft_beside() -> PolicyVersion:
    return draft_policy(Policy.objects.create(name="New"))


def test_a_version_may_begin_this_very_minute(cast: Cast) -> None:
    publish(draft_calendar(office().calendar, effective_from=in_days(-1 / 24 / 30)))


def test_another_policy_may_take_over_the_same_tickets(cast: Cast) -> None:
    """One hands over and the other begins at the same moment: no tie."""
    version, moment = promise(), in_days(1)
    publish(draft_policy(version.policy, effective_from=moment, severity=1))
    make_policy("Everything, from then on", effective_from=moment)


def test_another_policy_may_take_the_place_of_an_inactive_one(cast: Cast) -> None:
    version = promise()
    Policy.objects.filter(pk=version.policy_id).update(is_active=False)
    make_policy("Everything, once more")
    assert PolicyVersion.objects.in_force(BEGINNING).count() == 1
