"""Calendars and policies in the administration: as sound as the rest of it."""

from datetime import date

import pytest

from incidents.codes import Impact, Urgency
from sla.models import (
    Calendar,
    CalendarVersion,
    OperationalTarget,
    Policy,
    PolicyVersion,
)
from tests.browser.conftest import Open
from tests.browser.soundness import check
from tests.browser.test_admin_pages import UNDECIDED
from tests.incidents import stories
from tests.people import Cast, keep_severities, make_cast
from tests.sla.settings_cast import (
    draft_calendar,
    draft_policy,
    in_days,
    keep_service_levels,
)

ADMINISTRATOR = {
    "calendars": "/admin/sla/calendar/",
    "calendar-new": "/admin/sla/calendar/add/",
    "calendar": "/admin/sla/calendar/{calendar}/change/",
    "calendar-published": "/admin/sla/calendarversion/{calendar_version}/change/",
    "calendar-draft": "/admin/sla/calendarversion/{calendar_draft}/change/",
    "calendar-publish": "/admin/sla/calendarversion/{calendar_draft}/publish/",
    "holidays": "/admin/sla/calendarversion/{calendar_draft}/holidays/?country=DE",
    "policies": "/admin/sla/policy/",
    "policy": "/admin/sla/policy/{policy}/change/",
    "policy-published": "/admin/sla/policyversion/{policy_version}/change/",
    "policy-draft": "/admin/sla/policyversion/{policy_draft}/change/",
    "policy-publish": "/admin/sla/policyversion/{policy_draft}/publish/",
    "policy-impact": "/admin/incidents/clock/policy-draft/{policy_draft}/",
    "policy-copy": "/admin/sla/policy/{other}/draft/?copy_of=1",
    "targets": "/admin/sla/operationaltarget/",
    "target-new": "/admin/sla/operationaltarget/add/",
    "target": "/admin/sla/operationaltarget/{target}/change/",
}
MANAGER = {
    "target": "/admin/sla/operationaltarget/{target}/change/",
    "policy": "/admin/sla/policy/{policy}/change/",
    "policy-draft": "/admin/sla/policyversion/{policy_draft}/change/",
    "index": "/admin/sla/",
    "deadline": "/admin/sla/policy/deadline/",
    "deadline-answer": "/admin/sla/policy/deadline/?of=ticket&kind=incident&severity=3"
    "&start=2026-12-24T15:00&hold1-start=2026-12-28T09:00&hold1-end=2026-12-29T09:00"
    "&hold1-reason=awaiting_supplier",
    "deadline-wrong": "/admin/sla/policy/deadline/?of=calendar&amount=three+days"
    "&start=2026-12-24T15:00&hold1-start=2026-12-28T09:00",
    "policy-impact": "/admin/incidents/clock/policy-draft/{policy_draft}/",
    "calendar-impact": "/admin/incidents/clock/calendar-draft/{calendar_draft}/",
}


@pytest.fixture
def people(transactional_db: None) -> Cast:
    cast = make_cast()
    keep_severities()
    keep_service_levels()
    stories.reported(cast)
    stories.reported(cast, impact=Impact.TEAM, urgency=Urgency.CANNOT_WORK)
    office = Calendar.objects.get(name="Working hours")
    draft_calendar(
        office,
        effective_from=in_days(1),
        holidays={
            date(2026, 12, 25): "Christmas Day",
            in_days(3).date(): "Founders’ Day",
            in_days(5).date(): "Founders’ Day, observed",
        },
        note="Christmas is a holiday.",
    )
    draft_policy(
        Policy.objects.get(name="SEV2"),
        effective_from=in_days(1),
        severity=2,
        resolution_target=390,
        resolution_warnings=[50, 75],
        note="A shift shorter.",
    )
    OperationalTarget.objects.create(team=cast.network, calendar=office, minutes=240)
    return cast


def address(path: str) -> str:
    office = Calendar.objects.get(name="Working hours")
    policy = Policy.objects.get(name="SEV2")
    of_office = CalendarVersion.objects.filter(calendar=office)
    of_policy = PolicyVersion.objects.filter(policy=policy)
    return path.format(
        calendar=office.pk,
        target=OperationalTarget.objects.get().pk,
        policy=policy.pk,
        other=Policy.objects.get(name="SEV1").pk,
        calendar_version=of_office.get(number=1).pk,
        calendar_draft=of_office.get(number=2).pk,
        policy_version=of_policy.get(number=1).pk,
        policy_draft=of_policy.get(number=2).pk,
    )


@pytest.mark.parametrize("name", ADMINISTRATOR)
def test_page_of_the_administrator_is_sound(
    name: str, visit: Open, people: Cast
) -> None:
    window = visit(people.ida)
    window.go(address(ADMINISTRATOR[name]))
    check(window, f"admin-sla-{name}", undecided=UNDECIDED)


@pytest.mark.parametrize("name", MANAGER)
def test_page_of_the_manager_is_sound(name: str, visit: Open, people: Cast) -> None:
    window = visit(people.max)
    window.go(address(MANAGER[name]))
    check(window, f"admin-sla-manager-{name}", undecided=UNDECIDED)
