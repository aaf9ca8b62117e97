"""What a row of incidents can never say, whoever writes it.

Every attack runs twice: refused with the rule's name, and through once that rule is
taken out of the table.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from accounts.models import Membership
from activity.refusals import broken_rule
from incidents.models import ImportRun, Incident
from sla.codes import Attention
from tests.database import sql, without
from tests.incidents import attacks, forgery, stories
from tests.incidents import test_constraints_of_knowledge as of_knowledge
from tests.incidents.replay import imported
from tests.incidents.shifts import test_guards_of_shift_notes as of_shift_notes
from tests.incidents.tiers import test_constraints_of_stays as of_stays
from tests.people import Cast


class Case(NamedTuple):
    attack: attacks.Attack
    story: Callable[[Cast], Incident]
    table: str
    rule: str
    trigger: str = ""  # one that says the same, and steps aside in the second run


def unknown_status(incident: Incident, cast: Cast) -> None:
    forgery.move(incident, "vanish", by=cast.bo, to="gone")


def unknown_kind(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, kind="wish")


def absurd_impact(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, impact=4)


def override_that_does_not_count(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, severity_override=1)


def nothing_said(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, title="")


def hold_without_reason(incident: Incident, cast: Cast) -> None:
    forgery.move(incident, "hold", by=cast.bo, to="on_hold", hold_until=forgery.NOW)


def hold_without_end(incident: Incident, cast: Cast) -> None:
    forgery.move(incident, "hold", by=cast.bo, to="on_hold", hold_reason="scheduled")


def reason_without_hold(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, hold_reason="scheduled")


def resolve_without_resolution(incident: Incident, cast: Cast) -> None:
    forgery.move(incident, "resolve", by=cast.bo, to="resolved")


def confirm_what_is_not_solved(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, confirmed_at=forgery.NOW)


def close_by_nobody(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closed_at=forgery.NOW)


def look_from_too_high(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, attention=max(Attention) + 1)


def closer_of_what_is_open(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closed_by_id=cast.bo.pk)


def close_by_the_confirmer(incident: Incident, cast: Cast) -> None:
    Membership.objects.create(user=cast.ann, team=cast.desk)
    forgery.close(incident, by=cast.ann, basis="waived")


def cancel_without_reason(incident: Incident, cast: Cast) -> None:
    forgery.move(incident, "cancel", by=cast.bo, to="cancelled", due_at=None)


def due_after_the_end(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, due_at=forgery.NOW)


def called_to_what_is_solved(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, rung_at=forgery.NOW, rung_position=1)


def called_to_no_rung(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, rung_at=forgery.NOW, rung_position=None)


def duplicate_of_nothing(incident: Incident, cast: Cast) -> None:
    forgery.move(
        incident,
        "cancel",
        by=cast.bo,
        to="cancelled",
        due_at=None,
        cancelled_at=forgery.NOW,
        cancel_reason="duplicate",
    )


def duplicate_of_itself(incident: Incident, cast: Cast) -> None:
    forgery.move(
        incident,
        "cancel",
        by=cast.bo,
        to="cancelled",
        due_at=None,
        cancelled_at=forgery.NOW,
        cancel_reason="duplicate",
        master_id=incident.pk,
    )


def file_of_no_event(incident: Incident, cast: Cast) -> None:
    waiting = forgery.attachment(None, by=cast.ann)
    sql(
        "UPDATE incidents_attachment SET incident_id = %s WHERE id = %s",
        incident.pk,
        waiting.pk,
    )


def call_that_nobody_took(incident: Incident, cast: Cast) -> None:
    forgery.confirm(incident, by=cast.ann, channel="call")


def call_with_oneself(incident: Incident, cast: Cast) -> None:
    forgery.confirm(incident, by=cast.bo, recorded_by=cast.bo, channel="call")


def rejected_by_pigeon(incident: Incident, cast: Cast) -> None:
    data = {"resolution": incident.resolution_id, "team": incident.team_id}
    seq = forgery.event(incident, "reject", by=cast.ann, to="assigned", data=data)
    forgery.act("rejection", incident, by=cast.ann, seq=seq, channel="pigeon")
    forgery.edit(
        incident, status="assigned", version=seq, resolution_id=None, resolved_at=None
    )


def link(incident: Incident, cast: Cast, to: int, kind: str) -> None:
    forgery.insert(
        "incidents_link",
        from_incident_id=incident.pk,
        to_incident_id=to,
        kind=kind,
        by_id=cast.bo.pk,
    )


def linked_to_itself(incident: Incident, cast: Cast) -> None:
    link(incident, cast, incident.pk, "related")


def linked_somehow(incident: Incident, cast: Cast) -> None:
    link(incident, cast, stories.reported(cast).pk, "somehow")


def solved_by_magic(incident: Incident, cast: Cast) -> None:
    sql("ALTER TABLE incidents_resolution DISABLE TRIGGER resolution_append_only")
    sql("UPDATE incidents_resolution SET code = 'magic'")


def fifth_level(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_severitylevel SET severity = 5 WHERE severity = 4")


def absurd_rule(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_severityrule SET severity = 0 WHERE impact = 1")


def absurd_template(incident: Incident, cast: Cast) -> None:
    forgery.insert(
        "incidents_tickettemplate",
        name="Password",
        title="Password",
        description="",
        kind="wish",
        impact=3,
        urgency=3,
        resolution_code="",
        solution="",
        is_active=True,
    )


def import_from_nowhere(incident: Incident, cast: Cast) -> None:
    run = an_import()
    run["source"] = "paper"
    forgery.insert("incidents_importrun", **run)


def rows_that_nobody_counted(incident: Incident, cast: Cast) -> None:
    forgery.insert("incidents_importrun", **an_import(taken=3, refused=1, position=5))


def more_rows_than_the_file_has(incident: Incident, cast: Cast) -> None:
    forgery.insert("incidents_importrun", **an_import(taken=11, position=11))


def progress_that_counts_nothing(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_importrun SET position = position + 1")


def an_import(**counts: int) -> dict[str, Any]:
    """The columns of an import that has just begun, of ten rows."""
    return {
        "source": "servicenow",
        "file_name": "log.csv",
        "digest": "0" * 64,
        "options": "{}",
        "rows": 10,
        "position": 0,
        "taken": 0,
        "refused": 0,
        "incidents": 0,
        "moves": 0,
        "started_at": forgery.NOW,
    } | counts


def imported_from_nowhere(incident: Incident, cast: Cast) -> None:
    """Another row of another system, of which nothing else is known."""
    forgery.insert(
        "incidents_importedincident",
        incident_id=forgery.born(incident).pk,
        run_id=ImportRun.objects.get().pk,
        source="paper",
        number="INC9",
        state="",
        counters="{}",
        extras_digest="",
    )


def clock_in_no_state(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_clock SET state = 'perhaps'")


def refused_for_no_reason(incident: Incident, cast: Cast) -> None:
    forgery.insert(
        "incidents_refusedrow",
        run_id=ImportRun.objects.get().pk,
        line=7,
        number="INC7",
        reason="mood",
        detail="",
    )


def with_begun_import(cast: Cast) -> Incident:
    imported.a_run(rows=10)
    return stories.reported(cast)


def by_agent(cast: Cast) -> Incident:
    """Bo reported it for himself, and Cy solved it."""
    incident = stories.triaged(cast, by=cast.cy, of=stories.reported(cast, by=cast.bo))
    return stories.resolved(
        cast, of=stories.in_progress(cast, owner=cast.cy, of=incident)
    )


ROW = "incidents_incident"
BY_ROW = "incidents_incident.incident_confirmed_by_row"
CASES = [
    Case(unknown_status, stories.triaged, ROW, "incident_status_known"),
    Case(unknown_kind, stories.triaged, ROW, "incident_codes_known"),
    Case(absurd_impact, stories.triaged, ROW, "incident_severity_known"),
    Case(override_that_does_not_count, stories.triaged, ROW, "incident_severity_known"),
    Case(nothing_said, stories.triaged, ROW, "incident_says_what_is_wrong"),
    Case(hold_without_reason, stories.in_progress, ROW, "incident_hold_has_reason"),
    Case(hold_without_end, stories.in_progress, ROW, "incident_hold_has_reason"),
    Case(reason_without_hold, stories.in_progress, ROW, "incident_hold_has_reason"),
    Case(hold_without_reason, imported.in_progress, ROW, "incident_hold_has_reason"),
    Case(reason_without_hold, imported.in_progress, ROW, "incident_hold_has_reason"),
    Case(
        resolve_without_resolution,
        stories.in_progress,
        ROW,
        "incident_resolved_has_resolution",
    ),
    Case(
        confirm_what_is_not_solved,
        stories.in_progress,
        ROW,
        "incident_confirmed_has_resolution",
        BY_ROW,
    ),
    Case(
        look_from_too_high,
        stories.triaged,
        ROW,
        "incident_attention_known",
        "incidents_incident.incident_attention_on_update",
    ),
    Case(close_by_nobody, stories.confirmed, ROW, "incident_closed_has_closer"),
    Case(closer_of_what_is_open, stories.triaged, ROW, "incident_closed_has_closer"),
    Case(close_by_the_confirmer, stories.waived, ROW, "incident_closed_by_another"),
    Case(cancel_without_reason, stories.triaged, ROW, "incident_cancelled_has_reason"),
    Case(due_after_the_end, stories.cancelled, ROW, "incident_ended_has_nothing_due"),
    Case(called_to_what_is_solved, stories.resolved, ROW, "incident_rung_of_open"),
    Case(called_to_no_rung, stories.triaged, ROW, "incident_rung_of_open"),
    Case(duplicate_of_nothing, stories.triaged, ROW, "incident_duplicate_has_master"),
    Case(duplicate_of_itself, stories.triaged, ROW, "incident_own_master_never"),
    Case(
        file_of_no_event,
        stories.reported,
        "incidents_attachment",
        "attachment_has_event",
    ),
    Case(
        call_that_nobody_took,
        stories.resolved,
        "incidents_confirmation",
        "confirmation_call_has_recorder",
    ),
    Case(
        call_with_oneself,
        by_agent,
        "incidents_confirmation",
        "confirmation_not_recorded_by_oneself",
    ),
    Case(
        rejected_by_pigeon,
        stories.resolved,
        "incidents_rejection",
        "rejection_channel_known",
    ),
    Case(linked_to_itself, stories.reported, "incidents_link", "link_to_another"),
    Case(linked_somehow, stories.reported, "incidents_link", "link_kind_known"),
    Case(
        solved_by_magic,
        stories.resolved,
        "incidents_resolution",
        "resolution_code_known",
    ),
    Case(
        fifth_level,
        stories.reported,
        "incidents_severitylevel",
        "severity_level_known",
    ),
    Case(
        absurd_rule, stories.reported, "incidents_severityrule", "severity_rule_known"
    ),
    Case(
        absurd_template,
        stories.reported,
        "incidents_tickettemplate",
        "ticket_template_codes_known",
    ),
    Case(
        import_from_nowhere,
        stories.reported,
        "incidents_importrun",
        "import_source_known",
    ),
    Case(
        rows_that_nobody_counted,
        stories.reported,
        "incidents_importrun",
        "import_counts_every_row",
    ),
    Case(
        more_rows_than_the_file_has,
        stories.reported,
        "incidents_importrun",
        "import_counts_every_row",
    ),
    Case(
        progress_that_counts_nothing,
        with_begun_import,
        "incidents_importrun",
        "import_counts_every_row",
    ),
    Case(
        imported_from_nowhere,
        imported.new,
        "incidents_importedincident",
        "imported_source_known",
    ),
    Case(
        clock_in_no_state,
        attacks.promised,
        "incidents_clock",
        "clock_codes_known",
    ),
    Case(
        refused_for_no_reason,
        imported.new,
        "incidents_refusedrow",
        "refused_row_reason_known",
    ),
]
ids = [f"{case.attack.__name__}-{case.story.__name__}" for case in CASES]


def attempt(case: Case, incident: Incident, cast: Cast) -> None:
    with transaction.atomic():
        case.attack(incident, cast)
        connection.check_constraints()


def lift(case: Case) -> None:
    """Take the rule out of the table, and what says the same out of the way."""
    without(*filter(None, [case.trigger]))
    sql(f"ALTER TABLE {case.table} DROP CONSTRAINT {case.rule}")


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    incident = case.story(cast)
    connection.check_constraints()
    sql("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(IntegrityError) as caught:
        attempt(case, incident, cast)
    assert broken_rule(caught.value) == case.rule


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_rule(cast: Cast, case: Case) -> None:
    incident = case.story(cast)
    lift(case)
    attempt(case, incident, cast)


def test_every_rule_of_incidents_was_attacked() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("incidents").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    attacked = {case.rule for case in CASES}
    attacked |= {case.rule for case in of_knowledge.CASES}
    attacked |= {rule for _attack, rule, _triggers in of_shift_notes.CASES} & declared
    checks = {rule for rule in of_stays.ATTACKED if rule in declared}
    assert declared == attacked | checks
