"""What PostgreSQL refuses about incidents by any path, and which guard it is.

Every attack runs twice: as it is, where it must be refused with the rule's name,
and with that one trigger taken away, where it must go through.
"""

import pytest
from django.db import IntegrityError, connection, transaction

from activity.refusals import GUARDED_RULES, broken_rule
from incidents import services
from incidents.apps import IncidentsConfig
from tests.database import sql
from tests.incidents import attacks, forgery, stories
from tests.incidents import test_portal_guards as of_the_portal
from tests.incidents.attacks import Case, table
from tests.incidents.checking import test_guards_of_checks as of_checks
from tests.incidents.ladders import test_guards_of_climbs as of_climbs
from tests.incidents.replay import test_guards_of_imports as of_imports
from tests.incidents.replay import test_keys_of_imports as keys_of_imports
from tests.incidents.shifts import test_guards_of_shift_notes as of_shifts
from tests.incidents.tiers import test_guards_of_stays as of_stays
from tests.incidents.using import test_guards_of_uses as of_uses
from tests.people import Cast

ROW = "incidents_incident"
TWO_KEYS = table(ROW, "incident_two_keys_on_update")
FIXED = table(ROW, "incident_closed_fixed")
CONFIRMED = table(ROW, "incident_confirmed_by_row")
CURRENT = table(ROW, "incident_resolution_current")
ORIGIN = table(ROW, "incident_origin_fixed")
CONFIRMER = table(ROW, "incident_confirmer_fixed")
CONFIRMS = table("incidents_confirmation", "confirmation_by_confirmer")
WAIVES = table("incidents_waiver", "waiver_by_lead")
REJECTS = table("incidents_rejection", "rejection_of_own")
TEAMS = table("accounts_team", "team_holds_incidents")


def kept(act: str) -> tuple[str, ...]:
    return table(f"incidents_{act}", f"{act}_append_only")


def told(act: str) -> tuple[str, ...]:
    return table(f"incidents_{act}", f"{act}_has_event")


CASES = [
    Case(attacks.close_it, stories.resolved, "incident_two_keys", TWO_KEYS),
    Case(attacks.close_it, attacks.resolved_again, "incident_two_keys", TWO_KEYS),
    Case(
        attacks.close_it,
        attacks.resolved_after_confirmation,
        "incident_two_keys",
        TWO_KEYS,
    ),
    Case(
        attacks.close_by_a_stranger,
        stories.confirmed,
        "incident_closed_by_desk",
        TWO_KEYS,
    ),
    Case(
        attacks.close_by_who_left,
        stories.confirmed,
        "incident_closed_by_desk",
        TWO_KEYS,
    ),
    Case(
        attacks.close_by_who_confirmed,
        attacks.confirmed_by_who_came_back,
        "incident_closed_by_another",
        TWO_KEYS,
    ),
    Case(
        attacks.close_on_false_ground,
        stories.confirmed,
        "incident_closed_for_its_reason",
        TWO_KEYS,
    ),
    Case(
        attacks.close_by_who_was_called,
        attacks.called_with_two_people_wanted,
        "incident_second_person_closes",
        TWO_KEYS,
    ),
    Case(
        attacks.born_closed,
        attacks.rejected,
        "incident_two_keys",
        table(ROW, "incident_two_keys_on_insert"),
    ),
    Case(attacks.edit_what_is_closed, stories.closed, "incident_closed_fixed", FIXED),
    Case(attacks.move_the_closing, stories.closed, "incident_closed_fixed", FIXED),
    Case(
        attacks.claim_a_confirmation,
        stories.resolved,
        "incident_confirmed_by_row",
        CONFIRMED,
    ),
    Case(
        attacks.drop_the_confirmation,
        stories.confirmed,
        "incident_confirmed_by_row",
        CONFIRMED,
    ),
    Case(
        attacks.confirm_by_another,
        stories.resolved,
        "confirmation_by_confirmer",
        CONFIRMS,
    ),
    Case(
        attacks.confirm_by_who_left,
        stories.resolved,
        "confirmation_by_confirmer",
        CONFIRMS,
    ),
    Case(
        attacks.confirm_the_old_one,
        attacks.resolved_again,
        "confirmation_by_confirmer",
        CONFIRMS,
    ),
    Case(
        attacks.record_by_a_stranger,
        stories.resolved,
        "confirmation_recorded_by_desk",
        CONFIRMS,
    ),
    Case(attacks.waive_by_an_agent, stories.resolved, "waiver_by_lead", WAIVES),
    Case(attacks.waive_the_old_one, attacks.resolved_again, "waiver_by_lead", WAIVES),
    Case(
        attacks.reject_by_a_stranger,
        stories.resolved,
        "rejection_by_confirmer_or_desk",
        REJECTS,
    ),
    Case(attacks.reject_anothers, stories.resolved, "rejection_of_own", REJECTS),
    Case(
        attacks.bring_the_old_one_back,
        attacks.rejected,
        "incident_resolution_current",
        CURRENT,
    ),
    Case(
        attacks.bring_the_old_one_back,
        attacks.reopened,
        "incident_resolution_current",
        CURRENT,
    ),
    Case(
        attacks.use_anothers,
        stories.in_progress,
        "incident_resolution_current",
        CURRENT,
    ),
    Case(
        attacks.resolution_without_event,
        stories.triaged,
        "act_has_event",
        told("resolution"),
    ),
    Case(
        attacks.confirmation_without_event,
        stories.resolved,
        "act_has_event",
        told("confirmation"),
    ),
    Case(
        attacks.confirmation_by_an_old_event,
        attacks.resolved_after_confirmation,
        "act_has_event",
        told("confirmation"),
    ),
    Case(
        attacks.confirmation_in_anothers_event,
        stories.resolved,
        "act_has_event",
        told("confirmation"),
    ),
    Case(
        attacks.rejection_without_event,
        stories.resolved,
        "act_has_event",
        told("rejection"),
    ),
    Case(
        attacks.waiver_without_event, stories.resolved, "act_has_event", told("waiver")
    ),
    Case(
        attacks.edit_resolution, stories.resolved, "act_append_only", kept("resolution")
    ),
    Case(
        attacks.edit_confirmation,
        stories.confirmed,
        "act_append_only",
        kept("confirmation"),
    ),
    Case(
        attacks.edit_rejection, attacks.rejected, "act_append_only", kept("rejection")
    ),
    Case(attacks.edit_waiver, stories.waived, "act_append_only", kept("waiver")),
    Case(
        attacks.delete_confirmation,
        stories.confirmed,
        "act_append_only",
        kept("confirmation"),
    ),
    Case(
        attacks.delete_rejection, attacks.rejected, "act_append_only", kept("rejection")
    ),
    Case(attacks.delete_waiver, stories.waived, "act_append_only", kept("waiver")),
    Case(
        attacks.delete_old_resolution,
        attacks.rejected,
        "act_append_only",
        kept("rejection") + kept("resolution"),
    ),
    Case(attacks.change_reporter, stories.reported, "incident_origin_fixed", ORIGIN),
    Case(attacks.change_logger, stories.reported, "incident_origin_fixed", ORIGIN),
    Case(attacks.change_source, stories.reported, "incident_origin_fixed", ORIGIN),
    Case(attacks.change_origin, stories.reported, "incident_origin_fixed", ORIGIN),
    Case(attacks.change_report_time, stories.reported, "incident_origin_fixed", ORIGIN),
    Case(
        attacks.change_confirmer,
        stories.resolved,
        "incident_confirmer_fixed",
        CONFIRMER,
    ),
    Case(
        attacks.change_confirmer,
        stories.reported,
        "incident_confirmer_fixed",
        CONFIRMER,
    ),
    Case(
        attacks.change_confirmer, attacks.watched, "incident_confirmer_fixed", CONFIRMER
    ),
    Case(
        attacks.change_confirmer,
        attacks.watched_and_resolved,
        "incident_confirmer_fixed",
        CONFIRMER,
    ),
    Case(
        attacks.name_who_left, stories.resolved, "incident_confirmer_fixed", CONFIRMER
    ),
    Case(
        attacks.own_it_from_outside,
        stories.triaged,
        "incident_owner_in_team",
        table(ROW, "incident_owner_in_team_on_update"),
    ),
    Case(
        attacks.born_with_a_strange_owner,
        stories.reported,
        "incident_owner_in_team",
        table(ROW, "incident_owner_in_team_on_insert"),
    ),
    Case(
        attacks.answer_for_it_at_no_desk,
        stories.triaged,
        "incident_desk_is_desk",
        table(ROW, "incident_desk_is_desk"),
    ),
    Case(attacks.dissolve_the_team, stories.triaged, "team_holds_incidents", TEAMS),
    Case(attacks.make_the_desk_none, stories.cancelled, "team_holds_incidents", TEAMS),
    Case(
        attacks.rename_file,
        attacks.with_file,
        "attachment_fixed",
        table("incidents_attachment", "attachment_fixed"),
    ),
    Case(
        attacks.hide_file,
        attacks.with_file,
        "attachment_fixed",
        table("incidents_attachment", "attachment_fixed"),
    ),
    Case(
        attacks.delete_file,
        attacks.with_file,
        "attachment_fixed",
        table("incidents_attachment", "attachment_never_deleted"),
    ),
    Case(
        attacks.edit_holding,
        stories.reported,
        "holding_kept",
        table("incidents_holding", "holding_kept"),
    ),
    Case(
        attacks.delete_holding,
        stories.reported,
        "holding_kept",
        table("incidents_holding", "holding_kept"),
    ),
    Case(
        attacks.delete_rule,
        stories.reported,
        "severity_kept",
        table("incidents_severityrule", "severity_rule_kept"),
    ),
    Case(
        attacks.delete_level,
        stories.reported,
        "severity_kept",
        table("incidents_severitylevel", "severity_level_kept"),
    ),
]
CASES += [
    Case(
        attacks.rewrite_a_match,
        attacks.promised,
        "policy_match_append_only",
        table("incidents_policymatch", "policy_match_append_only"),
    ),
    Case(
        attacks.forget_a_match,
        attacks.promised,
        "policy_match_append_only",
        table("incidents_policymatch", "policy_match_append_only"),
    ),
    Case(
        attacks.match_before_anything_happened,
        attacks.promised,
        "policy_match_has_event",
        table("incidents_policymatch", "policy_match_has_event"),
    ),
    Case(
        attacks.match_at_another_time,
        stories.reported,
        "policy_match_has_event",
        table("incidents_policymatch", "policy_match_has_event"),
    ),
]
TRUNCATED = {
    "incidents_policymatch.policy_match_no_truncate": "policy_match_append_only",
    "incidents_resolution.resolution_no_truncate": "act_append_only",
    "incidents_confirmation.confirmation_no_truncate": "act_append_only",
    "incidents_rejection.rejection_no_truncate": "act_append_only",
    "incidents_waiver.waiver_no_truncate": "act_append_only",
    "incidents_attachment.attachment_no_truncate": "attachment_fixed",
    "incidents_importrun.import_run_no_truncate": "imported_incident_kept",
    "incidents_importedincident.imported_incident_no_truncate": (
        "imported_incident_kept"
    ),
    "incidents_refusedrow.refused_row_no_truncate": "imported_incident_kept",
    "incidents_incident.incident_no_truncate": "subject_never_deleted",
    "incidents_announcement.announcement_no_truncate": "announcement_fixed",
    "incidents_deflection.deflection_no_truncate": "deflection_fixed",
    **of_checks.TRUNCATED,
    **of_shifts.TRUNCATED,
    **of_stays.TRUNCATED,
    **of_uses.TRUNCATED,
}
ids = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    case.is_refused_by_name(cast)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    case.passes_without_its_guards(cast)


@pytest.mark.parametrize("guard", TRUNCATED)
def test_no_table_of_theirs_is_emptied_once_its_guard_stands(
    cast: Cast, guard: str
) -> None:
    """The test database has these off; here one is on."""
    table_name, trigger = guard.split(".")
    sql(f"ALTER TABLE {table_name} ENABLE TRIGGER {trigger}")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        sql(f"TRUNCATE {table_name} CASCADE")
    assert broken_rule(caught.value) == TRUNCATED[guard]


EVERYWHERE = [
    *CASES,
    *of_imports.CASES,
    *keys_of_imports.CASES,
    *of_uses.CASES,
    *of_checks.CASES,
    *of_stays.CASES,
    *of_climbs.CASES,
]


def test_every_guard_of_incidents_was_attacked() -> None:
    attacked = {trigger for case in EVERYWHERE for trigger in case.triggers}
    attacked |= set(of_the_portal.ATTACKED) | of_shifts.ATTACKED
    declared = {".".join(guard) for guard in IncidentsConfig.guards}
    assert declared - attacked - set(TRUNCATED) == set()


def test_every_refusal_can_be_put_into_words() -> None:
    assert {case.rule for case in EVERYWHERE} <= set(GUARDED_RULES)


def test_a_file_that_waits_may_go(cast: Cast) -> None:
    forgery.attachment(None, by=cast.ann)
    sql("DELETE FROM incidents_attachment")


def test_notes_and_links_still_go_to_what_is_closed(cast: Cast) -> None:
    incident = stories.closed(cast)
    services.add_note(incident.pk, by=cast.bo, expected_version=None, text="The drum.")
    services.share_incident(incident.pk, by=cast.bo, email="zed@example.org")
    connection.check_constraints()


def test_a_team_with_nothing_open_may_be_dissolved(cast: Cast) -> None:
    stories.closed(cast)
    stories.resolved(cast)
    cast.desk.is_default_desk = cast.desk.is_active = False
    cast.desk.save()
