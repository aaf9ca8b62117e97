"""What PostgreSQL refuses about imports by any path, and which guard it is.

History of another system is a way around the two keys, so every attack runs twice:
refused with the rule's name, and through once that one guard is taken away.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from activity import clock
from activity.refusals import broken_rule, explain
from incidents import services
from incidents.models import Incident
from incidents.replay.step import Reason
from incidents.services.replaying import Refusal
from tests.database import sql, without
from tests.incidents import attacks, forgery, stories
from tests.incidents.attacks import Case, table
from tests.incidents.replay import imported
from tests.people import Cast

# ---- stories


def worked_here(cast: Cast) -> Incident:
    """Brought in while it was worked on; Bo of this desk solved it."""
    return stories.resolved(cast, of=imported.in_progress(cast))


def confirmed_here(cast: Cast) -> Incident:
    return stories.confirmed(cast, of=worked_here(cast))


def closed_here(cast: Cast) -> Incident:
    return stories.closed(cast, of=confirmed_here(cast))


def waived_here(cast: Cast) -> Incident:
    return stories.waived(cast, of=stories.reminded(cast, of=solved_long_ago(cast)))


def solved_long_ago(cast: Cast) -> Incident:
    long_ago = clock.now() - timedelta(days=stories.WAIVED_AFTER_DAYS)
    before = long_ago - imported.HOUR
    incident = imported.in_progress(cast, ended_at=before)
    return stories.resolved(cast, of=incident, at=long_ago)


def with_refused_row(cast: Cast) -> Incident:
    incident = imported.in_progress(cast)
    imported.taken([Refusal(7, "INC0000001", Reason.STATE, "Asleep")])
    return incident


def with_unfinished_run(cast: Cast) -> Incident:
    incident = imported.in_progress(cast)
    imported.a_run(rows=100)
    return incident


# ---- closing for a ground that nobody gave


def close_as_imported(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy, basis="imported")


def close_as_waived(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy, basis="waived")


def close_for_no_reason(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy, basis="")


def call_it_imported(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closure_basis="imported")


def call_it_confirmed(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closure_basis="confirmed")


def born_closed(incident: Incident, cast: Cast) -> None:
    _born_closed(incident, cast, basis="imported")


def born_confirmed(incident: Incident, cast: Cast) -> None:
    _born_closed(incident, cast, basis="confirmed")


def _born_closed(incident: Incident, cast: Cast, *, basis: str) -> None:
    forgery.born(
        incident,
        moves=["closed"],
        closed_at=forgery.NOW,
        closed_by_id=cast.cy.pk,
        closure_basis=basis,
    )


# ---- history that no log has


def tell_a_replay(incident: Incident, cast: Cast) -> None:
    seq = forgery.event(incident, "replay", by=cast.bo)
    forgery.edit(incident, version=seq)


def move_by_replay(incident: Incident, cast: Cast) -> None:
    forgery.move(incident, "replay", by=cast.bo, to="new")


def say_it_is_of_another_system(incident: Incident, cast: Cast) -> None:
    """The next import would go on with it."""
    forgery.insert(
        "incidents_importedincident",
        incident_id=incident.pk,
        run_id=imported.a_run(rows=1).pk,
        source="servicenow",
        number="INC0009999",
        state="",
        counters="{}",
        extras_digest="",
    )


def solution_of_anothers_replay(incident: Incident, cast: Cast) -> None:
    """The event that it names is there, in the history of another incident."""
    other = imported.resolved(cast).resolutions.get()
    row = {"number": 9, "seq": other.seq, "code": "imported", "team_id": cast.desk.pk}
    forgery.act("resolution", incident, by=cast.bo, **row)


def solution_of_a_replay_without_one(incident: Incident, cast: Cast) -> None:
    row = {"number": 9, "code": "imported", "team_id": cast.desk.pk}
    forgery.act("resolution", incident, by=cast.bo, **row)


def solve_as_imported(incident: Incident, cast: Cast) -> None:
    forgery.solve(incident, "resolve", by=cast.bo, code="imported")


def fix_by_replay(incident: Incident, cast: Cast) -> None:
    forgery.solve(incident, "replay", by=cast.bo, code="fixed")


def replay_the_old_solution(incident: Incident, cast: Cast) -> None:
    old = incident.resolutions.get()
    columns = {"resolution_id": old.pk, "resolved_at": old.at}
    forgery.move(incident, "replay", by=cast.bo, to="resolved", **columns)


# ---- what an import took, and what it did not


def forget_where_it_came_from(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_importedincident")


def give_it_another_number(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_importedincident SET number = 'INC7'")


def give_it_to_another_import(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_importedincident SET run_id = %s", imported.a_run(rows=1).pk)


def delete_the_import(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_importrun WHERE finished_at IS NULL")


def improve_the_counts(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_importrun SET moves = moves + 1")


def take_it_up_again(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_importrun SET finished_at = NULL")


def call_it_another_file(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_importrun SET digest = 'x' WHERE finished_at IS NULL")


def delete_the_refusal(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_refusedrow")


def excuse_the_refusal(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_refusedrow SET reason = 'repeated'")


ROW = "incidents_incident"
TWO_KEYS = table(ROW, "incident_two_keys_on_update")
BY_REPLAY = table(ROW, "incident_imported_by_replay")
FIXED = table(ROW, "incident_closed_fixed")
CONFIRMED = table(ROW, "incident_confirmed_by_row")
CURRENT = table(ROW, "incident_resolution_current")
REPLAY = table("activity_event", "replay_only_imported")
OF_IMPORT = table("incidents_importedincident", "imported_incident_of_import")
TOLD = table("incidents_resolution", "resolution_has_event")
ITS_FIXED = table("incidents_importedincident", "imported_incident_fixed")
RUN_FIXED = table("incidents_importrun", "import_run_fixed")
REFUSALS = table("incidents_refusedrow", "refused_row_kept")

CASES = [
    Case(attacks.close_it, imported.resolved, "incident_two_keys", TWO_KEYS),
    Case(attacks.close_it, imported.in_progress, "incident_two_keys", TWO_KEYS),
    Case(attacks.close_it, worked_here, "incident_two_keys", TWO_KEYS),
    Case(close_as_waived, worked_here, "incident_two_keys", TWO_KEYS),
    Case(close_for_no_reason, worked_here, "incident_two_keys", TWO_KEYS),
    Case(
        attacks.close_on_false_ground,
        waived_here,
        "incident_closed_for_its_reason",
        TWO_KEYS,
    ),
    Case(close_as_waived, confirmed_here, "incident_closed_for_its_reason", TWO_KEYS),
    Case(
        attacks.close_by_a_stranger, confirmed_here, "incident_closed_by_desk", TWO_KEYS
    ),
    Case(
        born_confirmed,
        imported.new,
        "incident_two_keys",
        table(ROW, "incident_two_keys_on_insert"),
    ),
    Case(
        close_as_imported, imported.resolved, "incident_imported_by_replay", BY_REPLAY
    ),
    Case(
        close_as_imported,
        imported.in_progress,
        "incident_imported_by_replay",
        BY_REPLAY,
    ),
    Case(close_as_imported, confirmed_here, "incident_imported_by_replay", BY_REPLAY),
    Case(
        call_it_imported, imported.in_progress, "incident_imported_by_replay", BY_REPLAY
    ),
    Case(call_it_imported, closed_here, "incident_closed_fixed", FIXED + BY_REPLAY),
    Case(born_closed, imported.new, "incident_imported_by_replay", BY_REPLAY),
    Case(call_it_confirmed, imported.closed, "incident_closed_fixed", FIXED),
    Case(attacks.edit_what_is_closed, closed_here, "incident_closed_fixed", FIXED),
    Case(attacks.move_the_closing, closed_here, "incident_closed_fixed", FIXED),
    Case(
        attacks.claim_a_confirmation,
        worked_here,
        "incident_confirmed_by_row",
        CONFIRMED,
    ),
    Case(
        attacks.claim_a_confirmation,
        imported.resolved,
        "incident_confirmed_by_row",
        CONFIRMED,
    ),
    Case(
        attacks.drop_the_confirmation,
        confirmed_here,
        "incident_confirmed_by_row",
        CONFIRMED,
    ),
    Case(tell_a_replay, stories.resolved, "replay_only_imported", REPLAY),
    Case(tell_a_replay, stories.closed, "replay_only_imported", REPLAY),
    Case(move_by_replay, stories.triaged, "replay_only_imported", REPLAY),
    Case(
        say_it_is_of_another_system, stories.triaged, "replay_only_imported", OF_IMPORT
    ),
    Case(
        attacks.bring_the_old_one_back,
        imported.solved_in_vain,
        "incident_resolution_current",
        CURRENT,
    ),
    Case(
        replay_the_old_solution,
        imported.solved_in_vain,
        "incident_resolution_current",
        CURRENT,
    ),
    Case(solution_of_anothers_replay, imported.in_progress, "act_has_event", TOLD),
    Case(solution_of_a_replay_without_one, imported.in_progress, "act_has_event", TOLD),
    Case(solve_as_imported, stories.in_progress, "act_has_event", TOLD),
    Case(solve_as_imported, imported.in_progress, "act_has_event", TOLD),
    Case(fix_by_replay, imported.in_progress, "act_has_event", TOLD),
    Case(
        forget_where_it_came_from,
        imported.closed,
        "imported_incident_kept",
        table("incidents_importedincident", "imported_incident_kept"),
    ),
    Case(give_it_another_number, imported.new, "imported_incident_kept", ITS_FIXED),
    Case(give_it_to_another_import, imported.new, "imported_incident_kept", ITS_FIXED),
    Case(
        delete_the_import,
        with_unfinished_run,
        "imported_incident_kept",
        table("incidents_importrun", "import_run_kept"),
    ),
    Case(improve_the_counts, imported.new, "imported_incident_kept", RUN_FIXED),
    Case(take_it_up_again, imported.new, "imported_incident_kept", RUN_FIXED),
    Case(
        call_it_another_file, with_unfinished_run, "imported_incident_kept", RUN_FIXED
    ),
    Case(delete_the_refusal, with_refused_row, "imported_incident_kept", REFUSALS),
    Case(excuse_the_refusal, with_refused_row, "imported_incident_kept", REFUSALS),
]
ids = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    incident = case.story(cast)
    connection.check_constraints()
    with pytest.raises(IntegrityError) as caught:
        case.attempt(incident, cast)
    assert broken_rule(caught.value) == case.rule
    assert explain(caught.value)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    incident = case.story(cast)
    without(*case.triggers)
    case.attempt(incident, cast)


@pytest.mark.parametrize(
    ("lifted", "rule"),
    [((), "incident_two_keys"), (TWO_KEYS, "incident_closed_has_closer")],
)
def test_a_desk_s_own_incident_is_never_closed_as_imported(
    cast: Cast, lifted: tuple[str, ...], rule: str
) -> None:
    """Nor when one of the two rules is taken away: the other one stands."""
    incident = stories.resolved(cast)
    without(*lifted)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        close_as_imported(incident, cast)
    assert broken_rule(caught.value) == rule


@pytest.mark.parametrize("story", [stories.resolved, stories.confirmed])
def test_nor_does_it_become_an_imported_one_for_that(
    cast: Cast, story: attacks.Story
) -> None:
    incident = story(cast)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        forgery.edit(incident, origin="import", closure_basis="imported")
    assert broken_rule(caught.value) == "incident_origin_fixed"


def test_history_goes_on_for_what_was_closed_elsewhere(cast: Cast) -> None:
    """Rows after the closing, of the same log and of a later one."""
    later = (imported.ENDED, imported.SAID_NOTHING)
    before = imported.replayed(cast, imported.REPORTED, imported.ENDED, *later)
    after = imported.replayed(
        cast, imported.SAID_NOTHING, number=before.imported.number, severity=1
    )
    connection.check_constraints()
    assert (after.pk, after.status, after.severity) == (before.pk, "closed", 1)
    assert after.closure_basis == "imported"
    assert after.version == before.version + 1


def test_a_log_may_reopen_what_was_closed_elsewhere(cast: Cast) -> None:
    before = imported.closed(cast)
    after = imported.replayed(cast, imported.ACTIVE, number=before.imported.number)
    connection.check_constraints()
    assert (after.status, after.closure_basis) == ("in_progress", "")
    assert after.resolution is None


def test_the_desk_member_who_confirmed_does_not_close_it(cast: Cast) -> None:
    """Bo reported it in the other system, and confirms it here."""
    incident = imported.in_progress(cast, reporter=cast.bo.email, owner=cast.cy.email)
    incident = stories.confirmed(cast, of=stories.resolved(cast, of=incident))
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        forgery.close(incident, by=cast.bo)
    assert broken_rule(caught.value) == "incident_closed_by_another"


def test_notes_go_to_what_was_closed_elsewhere(cast: Cast) -> None:
    incident = imported.closed(cast)
    services.add_note(incident.pk, by=cast.bo, expected_version=None, text="Seen.")
    connection.check_constraints()
