"""Every version of a policy says what would happen to a ticket opened now."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from activity import clock
from sla.models import Calendar, PolicyVersion
from tests.people import Cast
from tests.sla.settings_cast import draft_policy, in_days, make_policy
from tests.sla.test_deadlines import (
    berlin,
    client_of,
    make_office,
    make_promise,
    text,
)


@pytest.fixture
def office(db: None) -> Calendar:
    return make_office()


@pytest.fixture
def promise(office: Calendar) -> PolicyVersion:
    return make_promise(office)


def opened_now(user: Any, version: PolicyVersion, at: datetime) -> Any:
    page = reverse("admin:sla_policyversion_change", args=[version.pk])
    with clock.frozen_at(at):
        return client_of(user).get(page)


def test_a_version_says_what_would_happen_to_a_ticket_opened_now(
    cast: Cast, promise: PolicyVersion
) -> None:
    shown = opened_now(cast.max, promise, berlin(27, 15))
    assert "A ticket opened now, Fri 27 Mar 2026, 14:00" in text(shown)
    assert "Mon 30 Mar 2026, 15:00" in text(shown)
    assert "Mon 30 Mar 2026, 17:00 Europe/Berlin" in text(shown)
    assert "in force already" not in text(shown)


def test_a_draft_says_it_beside_the_version_in_force(
    cast: Cast, promise: PolicyVersion
) -> None:
    draft = draft_policy(
        promise.policy,
        calendar=promise.calendar,
        effective_from=in_days(1),
        resolution_target=60,
        update_target=30,
    )
    shown = opened_now(cast.max, draft, berlin(27, 15))
    by_metric = {
        metric: {one.label: one.forecast and one.forecast.due_at for one in promises}
        for metric, promises in shown.context["opened_now"].rows
    }
    this, other = "This version", "Version 1, in force"
    assert by_metric == {
        "Response": {this: None, other: berlin(27, 17)},
        "Resolution": {this: berlin(27, 16), other: berlin(30, 17)},
        "Update": {this: berlin(27, 15, 30), other: None},
    }
    assert "in force already" in text(shown)


def test_a_version_without_any_promise_says_so(cast: Cast, office: Calendar) -> None:
    empty = make_policy("Nothing", calendar=office)
    shown = opened_now(cast.max, empty, berlin(27, 15))
    assert "A ticket opened now: Nothing is promised." in text(shown)


def test_a_refused_draft_is_shown_again_without_a_forecast(
    cast: Cast, promise: PolicyVersion
) -> None:
    draft = draft_policy(promise.policy, effective_from=in_days(1))
    page = reverse("admin:sla_policyversion_change", args=[draft.pk])
    shown = client_of(cast.max).post(page, {"resolution_target": "3 days"})
    assert shown.status_code == 200
    assert "A ticket opened now" not in text(shown)
