"""What a preview says is what happens: to the second, and without a trace."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Team
from activity import clock
from incidents import services
from incidents.clocks.previewing import Plan, preview
from incidents.events import Kind
from incidents.models import Incident
from sla.codes import OnChange, OnMove, OnReopen
from tests.incidents import stories
from tests.incidents.clocks.plans import (
    HOUR,
    MOMENTS,
    SETTINGS,
    Settings,
    as_kept,
    as_read,
    carry_out,
    plans,
    prepared,
    promise,
)
from tests.people import Cast
from tests.sla.settings_cast import make_policy

USUAL = Settings(OnChange.RETROACTIVE, OnMove.CARRY, OnReopen.NEW_CYCLE)


@pytest.fixture
def other(cast: Cast) -> Team:
    """Another desk, where Bo works as well."""
    team = Team.objects.create(name="North desk", tier=1, is_service_desk=True)
    Membership.objects.create(user=cast.bo, team=team)
    return team


def agree(plan: Plan, incident: Incident, cast: Cast, at: datetime) -> None:
    """Preview it, do it, compare, and take it back."""
    found = preview(stories.again(incident), plan, at)
    foreseen = as_read([one.after for one in found.effects])
    later = as_read([one.then or one.after for one in found.effects])
    with transaction.atomic():
        with clock.frozen_at(at):
            carry_out(plan, incident, cast, take=False)
        assert as_kept(incident) == foreseen, plan
        if plan.kind == Kind.HOLD and plan.until:
            with clock.frozen_at(plan.until):
                services.resume_incident(incident.pk, by=cast.bo, expected_version=None)
            assert as_kept(incident) == later, plan
        transaction.set_rollback(True)
    if plan.kind == Kind.TRIAGE:
        with transaction.atomic():
            with clock.frozen_at(at):
                carry_out(plan, incident, cast, take=True)
            assert as_kept(incident) == later, plan
            transaction.set_rollback(True)


def agree_in_every_state(
    settings: Settings, moment: datetime, severity: int, cast: Cast, other: Team
) -> None:
    promise(settings, other)
    seen = set()
    for name, incident in prepared(cast, moment, severity).items():
        for plan in plans(name, incident, other, moment):
            agree(plan, incident, cast, moment)
            seen.add(plan.kind)
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("number", "moment", "severity"),
    [(0, "office", 3), (3, "night", 1), (5, "weekend", 4), (10, "monday", 2)],
)
def test_what_is_foreseen_happens(
    number: int, moment: str, severity: int, cast: Cast, other: Team
) -> None:
    """Every value of every setting once; all combinations in the long suite."""
    agree_in_every_state(SETTINGS[number], MOMENTS[moment], severity, cast, other)


def test_the_policy_of_the_team_above_counts_after_both(
    cast: Cast, other: Team
) -> None:
    promise(replace(USUAL, on_move=OnMove.RESTART), other)
    make_policy("Network", team=cast.network, resolution_target=600)
    moment = MOMENTS["office"]
    incident = prepared(cast, moment, 3)["new"]
    (both,) = [
        plan
        for plan in plans("new", incident, other, moment)
        if plan.kind == Kind.ESCALATE
    ]
    found = preview(incident, both, moment)
    assert found.match
    assert found.match.version.policy.name == "Network"
    agree(both, incident, cast, moment)


@pytest.mark.long
@pytest.mark.parametrize("severity", [1, 2, 3, 4])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_what_is_foreseen_happens_always(
    settings: Settings, moment: str, severity: int, cast: Cast, other: Team
) -> None:
    agree_in_every_state(settings, MOMENTS[moment], severity, cast, other)


def test_what_is_told_late_is_foreseen_as_well(cast: Cast, other: Team) -> None:
    """A change of 11:00 that is written down after the solution of 12:00."""
    promise(USUAL, other)
    moment = MOMENTS["office"]
    incident = prepared(cast, moment, 3)["resolved"]
    for plan in plans("resolved", incident, other, moment):
        agree(plan, incident, cast, moment - 4 * HOUR)


def reads(incident: Incident, plan: Plan, at: datetime) -> int:
    """How many statements it takes; all of them read."""
    fresh = stories.again(incident)
    before = dict(fresh.__dict__)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        preview(fresh, plan, at)
    statements = [one["sql"] for one in caught.captured_queries]
    assert all(one.startswith("SELECT") for one in statements), statements
    after = {name: value for name, value in fresh.__dict__.items() if name in before}
    assert after == before
    return len(statements)


def test_a_preview_leaves_no_trace(cast: Cast, other: Team) -> None:
    moment = MOMENTS["office"]
    promise(USUAL, other)
    for name, incident in prepared(cast, moment, 3).items():
        for plan in plans(name, incident, other, moment):
            assert reads(incident, plan, moment) <= 16, plan


def test_a_long_history_takes_no_more_questions(cast: Cast) -> None:
    incident = stories.in_progress(cast)
    plan = Plan(kind=Kind.OVERRIDE, severity=1)
    reads(incident, plan, clock.now())  # Calendars are remembered from then on.
    few = reads(incident, plan, clock.now())
    for _ in range(30):
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="We look."
        )
    assert reads(incident, plan, clock.now()) == few
