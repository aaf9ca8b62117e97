"""What a preview says is what happens: to the second, and without a trace."""

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Team
from activity import clock
from incidents import services
from incidents.clocks.previewing import Effect, Plan, preview
from incidents.events import Kind
from incidents.models import Incident
from sla.codes import OnChange, OnMove, OnReopen, State
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
                services.resume_incident(
                    incident.pk, by=cast.bo, expected_version=None
                )
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
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("number", "moment", "severity"),
    [(0, "office", 3), (3, "night", 1), (5, "weekend", 4), (10, "monday", 2)],
)
def test_what_is_foreseen_happens(
    number: int, moment: str, severity: int, cast: Cast, other: Team
) -> None:
    """Every value of every setting once; all combinations in the long suite."""
    agree_in_every_state(SETTINGS[number], MOMENTS[moment], severity, cast, other)


@pytest.mark.long
@pytest.mark.parametrize("severity", [1, 2, 3, 4])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_what_is_foreseen_happens_always(
    settings: Settings, moment: str, severity: int, cast: Cast, other: Team
) -> None:
    agree_in_every_state(settings, MOMENTS[moment], severity, cast, other)
