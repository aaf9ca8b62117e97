"""What the row of an imported incident can never say either.

Only what was closed in another system escapes the columns of the two keys. Every
attack runs twice: refused with the rule's name, and through once that rule is taken
out of the table.
"""

import pytest
from django.db import IntegrityError, connection

from activity.refusals import broken_rule, explain
from incidents.models import Incident
from tests.database import sql, without
from tests.incidents import forgery, stories
from tests.incidents import test_constraints as rows
from tests.incidents.replay import imported
from tests.incidents.test_constraints import BY_ROW, ROW, Case
from tests.people import Cast


def forget_the_closer(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closed_by_id=None)


def forget_the_solution(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, resolution_id=None, resolved_at=None)


def keep_only_the_time_of_it(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, resolution_id=None)


def resolve_by_replay_without_resolution(incident: Incident, cast: Cast) -> None:
    data = {"import": imported.a_run(rows=9).pk}
    forgery.move(incident, "replay", by=cast.bo, to="resolved", data=data)


def keep_the_solution_by_replay(incident: Incident, cast: Cast) -> None:
    """Cancelled in the other system after all, and still solved by the row."""
    forgery.move(
        incident,
        "replay",
        by=cast.bo,
        to="cancelled",
        data={"import": imported.a_run(rows=9).pk},
        cancelled_at=forgery.NOW,
    )


def cancel_for_a_strange_reason(incident: Incident, cast: Cast) -> None:
    forgery.move(
        incident,
        "cancel",
        by=cast.bo,
        to="cancelled",
        cancelled_at=forgery.NOW,
        cancel_reason="mood",
    )


def cancelled_but_open(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, cancelled_at=forgery.NOW)


def master_of_no_duplicate(incident: Incident, cast: Cast) -> None:
    """Cancelled for a reason that nobody knows, and below another all the same."""
    forgery.move(
        incident,
        "cancel",
        by=cast.bo,
        to="cancelled",
        cancelled_at=forgery.NOW,
        master_id=stories.reported(cast).pk,
    )


CASES = [
    Case(attack, story, ROW, rule, trigger)
    for attack, story, rule, trigger in [
        (
            rows.resolve_without_resolution,
            imported.in_progress,
            "incident_resolved_has_resolution",
            "",
        ),
        (
            resolve_by_replay_without_resolution,
            imported.in_progress,
            "incident_resolved_has_resolution",
            "",
        ),
        (
            keep_the_solution_by_replay,
            imported.resolved,
            "incident_resolved_has_resolution",
            "",
        ),
        (
            forget_the_solution,
            imported.resolved,
            "incident_resolved_has_resolution",
            "",
        ),
        (
            forget_the_solution,
            imported.worked_here,
            "incident_resolved_has_resolution",
            "",
        ),
        (
            keep_only_the_time_of_it,
            imported.closed,
            "incident_resolved_has_resolution",
            "",
        ),
        (
            rows.confirm_what_is_not_solved,
            imported.in_progress,
            "incident_confirmed_has_resolution",
            BY_ROW,
        ),
        (
            rows.confirm_what_is_not_solved,
            imported.cancelled,
            "incident_confirmed_has_resolution",
            BY_ROW,
        ),
        (
            rows.confirm_what_is_not_solved,
            imported.closed_unsolved,
            "incident_confirmed_has_resolution",
            BY_ROW,
        ),
        (rows.close_by_nobody, imported.in_progress, "incident_closed_has_closer", ""),
        (rows.close_by_nobody, imported.resolved, "incident_closed_has_closer", ""),
        (
            rows.closer_of_what_is_open,
            imported.in_progress,
            "incident_closed_has_closer",
            "",
        ),
        (
            rows.closer_of_what_is_open,
            imported.cancelled,
            "incident_closed_has_closer",
            "",
        ),
        (forget_the_closer, imported.closed, "incident_closed_has_closer", ""),
        (
            rows.close_by_the_confirmer,
            imported.waived_here,
            "incident_closed_by_another",
            "",
        ),
        (
            rows.cancel_without_reason,
            imported.in_progress,
            "incident_cancelled_has_reason",
            "",
        ),
        (
            cancel_for_a_strange_reason,
            imported.in_progress,
            "incident_cancelled_has_reason",
            "",
        ),
        (cancelled_but_open, imported.in_progress, "incident_cancelled_has_reason", ""),
        (
            rows.duplicate_of_nothing,
            imported.in_progress,
            "incident_duplicate_has_master",
            "",
        ),
        (
            master_of_no_duplicate,
            imported.in_progress,
            "incident_duplicate_has_master",
            "",
        ),
        (
            rows.duplicate_of_itself,
            imported.in_progress,
            "incident_own_master_never",
            "",
        ),
    ]
]
# These have one more guard around them, which lets nothing change.
CLOSED_THERE = (imported.closed, imported.closed_unsolved)
ids = [f"{case.attack.__name__}-{case.story.__name__}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    incident = case.story(cast)
    connection.check_constraints()
    sql("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(IntegrityError) as caught:
        rows.attempt(case, incident, cast)
    assert broken_rule(caught.value) == case.rule
    assert explain(caught.value)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_rule(cast: Cast, case: Case) -> None:
    incident = case.story(cast)
    rows.lift(case)
    if case.story in CLOSED_THERE:
        without("incidents_incident.incident_closed_elsewhere_fixed")
    rows.attempt(case, incident, cast)


def test_a_log_need_not_say_why_it_cancelled_or_until_when_it_waits(
    cast: Cast,
) -> None:
    """This is all that an imported row may leave open, but for the keys."""
    cancelled, on_hold = imported.cancelled(cast), imported.on_hold(cast)
    connection.check_constraints()
    assert (cancelled.cancel_reason, on_hold.hold_until) == ("", None)
