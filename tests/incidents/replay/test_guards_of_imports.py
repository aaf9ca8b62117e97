"""What PostgreSQL refuses about the history of another system, by any path.

It is told only while an import of that system runs, only about what it brought in,
and not any more once people here have moved the incident. Every attack runs twice:
refused with the rule's name, and through once that one guard is taken away.
"""

from typing import Any

import pytest
from django.db import IntegrityError, connection

from activity.refusals import broken_rule
from incidents import services
from incidents.codes import ImportSource
from incidents.models import Incident
from tests.database import sql, without
from tests.incidents import attacks, forgery, stories
from tests.incidents.attacks import Case, table
from tests.incidents.replay import imported
from tests.people import Cast

# ---- history that no log has


def by_a_running_import() -> dict[str, Any]:
    """What an event says while rows of such a file are taken."""
    return {"import": imported.a_run(rows=9).pk}


def tell_a_replay(incident: Incident, cast: Cast) -> None:
    _tell(incident, cast, by_a_running_import())


def tell_a_replay_of_what_is_over(incident: Incident, cast: Cast) -> None:
    _tell(incident, cast, {"import": incident.imported.run_id})


def tell_a_replay_of_another_system(incident: Incident, cast: Cast) -> None:
    run = imported.a_run(rows=9, source=ImportSource.VINST)
    _tell(incident, cast, {"import": run.pk})


def tell_a_replay_of_no_import(incident: Incident, cast: Cast) -> None:
    imported.a_run(rows=9)
    _tell(incident, cast, {})


def tell_a_replay_of_an_import_to_come(incident: Incident, cast: Cast) -> None:
    _tell(incident, cast, {"import": imported.a_run(rows=9).pk + 1})


def _tell(incident: Incident, cast: Cast, data: dict[str, Any]) -> None:
    seq = forgery.event(incident, "replay", by=cast.bo, data=data)
    forgery.edit(incident, version=seq)


def move_by_replay(incident: Incident, cast: Cast) -> None:
    data = by_a_running_import()
    forgery.move(incident, "replay", by=cast.bo, to="new", data=data)


def close_by_replay(incident: Incident, cast: Cast) -> None:
    """As a log would, to the last column."""
    _close(incident, cast, by_a_running_import())


def close_by_a_replay_of_what_is_over(incident: Incident, cast: Cast) -> None:
    _close(incident, cast, {"import": incident.imported.run_id})


def _close(incident: Incident, cast: Cast, data: dict[str, Any]) -> None:
    forgery.move(
        incident,
        "replay",
        by=cast.bo,
        to="closed",
        data=data,
        closed_by_id=cast.bo.pk,
        closed_at=forgery.NOW,
        closure_basis="imported",
    )


def replay_what_is_in_no_log(incident: Incident, cast: Cast) -> None:
    """Another row that says it was imported; no import knows it."""
    other = forgery.born(incident)
    seq = forgery.event(other, "replay", by=cast.bo, data=by_a_running_import())
    forgery.edit(other, version=seq)


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


# ---- solutions that no log has


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


def solve_by_replay(incident: Incident, cast: Cast) -> None:
    """As a log would, to the last column."""
    data = by_a_running_import()
    forgery.solve(incident, "replay", by=cast.bo, code="imported", data=data)


def fix_by_replay(incident: Incident, cast: Cast) -> None:
    data = by_a_running_import()
    forgery.solve(incident, "replay", by=cast.bo, code="fixed", data=data)


def replay_the_old_solution(incident: Incident, cast: Cast) -> None:
    """An import runs, and says that what was done once is done again."""
    old = incident.resolutions.get()
    forgery.move(
        incident,
        "replay",
        by=cast.bo,
        to="resolved",
        data=by_a_running_import(),
        resolution_id=old.pk,
        resolved_at=old.at,
        cancelled_at=None,
    )


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


def call_it_another_system(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_importrun SET source = 'vinst' WHERE finished_at IS NULL")


def delete_the_refusal(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_refusedrow")


def excuse_the_refusal(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_refusedrow SET reason = 'repeated'")


CURRENT = table("incidents_incident", "incident_resolution_current")
REPLAY = table("activity_event", "replay_only_imported")
OF_IMPORT = table("incidents_importedincident", "imported_incident_of_import")
TOLD = table("incidents_resolution", "resolution_has_event")
ITS_FIXED = table("incidents_importedincident", "imported_incident_fixed")
RUN_FIXED = table("incidents_importrun", "import_run_fixed")
REFUSALS = table("incidents_refusedrow", "refused_row_kept")

NO_LOG_HAS = [
    *[
        Case(attack, story, "replay_only_imported", REPLAY)
        for attack, story in [
            (tell_a_replay, stories.resolved),
            (tell_a_replay, stories.closed),
            (move_by_replay, stories.triaged),
            (replay_what_is_in_no_log, imported.new),
            (tell_a_replay_of_what_is_over, imported.in_progress),
            (tell_a_replay_of_what_is_over, imported.closed),
            (tell_a_replay_of_another_system, imported.in_progress),
            (tell_a_replay_of_no_import, imported.in_progress),
            (tell_a_replay_of_an_import_to_come, imported.in_progress),
            (tell_a_replay, imported.worked_here),
            (tell_a_replay, imported.closed_here),
            (close_by_a_replay_of_what_is_over, imported.in_progress),
            (close_by_a_replay_of_what_is_over, imported.resolved),
            (close_by_replay, imported.worked_here),
            (close_by_replay, imported.confirmed_here),
            (solve_by_replay, imported.taken_here),
        ]
    ],
    Case(
        say_it_is_of_another_system, stories.triaged, "replay_only_imported", OF_IMPORT
    ),
]
SOLUTIONS = [
    Case(attack, story, "incident_resolution_current", CURRENT)
    for attack, story in [
        (attacks.bring_the_old_one_back, imported.solved_in_vain),
        (replay_the_old_solution, imported.solved_in_vain),
        (replay_the_old_solution, imported.solved_and_cancelled),
    ]
] + [
    Case(attack, story, "act_has_event", TOLD)
    for attack, story in [
        (solution_of_anothers_replay, imported.in_progress),
        (solution_of_a_replay_without_one, imported.in_progress),
        (solve_as_imported, stories.in_progress),
        (solve_as_imported, imported.in_progress),
        (fix_by_replay, imported.in_progress),
    ]
]
ON_RECORD = [
    Case(attack, story, "imported_incident_kept", triggers)
    for attack, story, triggers in [
        (
            forget_where_it_came_from,
            imported.closed,
            table("incidents_importedincident", "imported_incident_kept"),
        ),
        (give_it_another_number, imported.new, ITS_FIXED),
        (give_it_to_another_import, imported.new, ITS_FIXED),
        (
            delete_the_import,
            imported.while_it_runs,
            table("incidents_importrun", "import_run_kept"),
        ),
        (improve_the_counts, imported.new, RUN_FIXED),
        (take_it_up_again, imported.new, RUN_FIXED),
        (call_it_another_file, imported.while_it_runs, RUN_FIXED),
        (call_it_another_system, imported.while_it_runs, RUN_FIXED),
        (delete_the_refusal, imported.with_refused_row, REFUSALS),
        (excuse_the_refusal, imported.with_refused_row, REFUSALS),
    ]
]
CASES = NO_LOG_HAS + SOLUTIONS + ON_RECORD
ids = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    case.is_refused_by_name(cast)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    case.passes_without_its_guards(cast)


@pytest.mark.parametrize(
    ("attack", "story"),
    [
        (tell_a_replay, imported.in_progress),
        (tell_a_replay, imported.closed),
        (move_by_replay, imported.in_progress),
        (close_by_replay, imported.in_progress),
        (close_by_replay, imported.resolved),
        (solve_by_replay, imported.in_progress),
    ],
)
def test_the_very_same_row_is_taken_while_an_import_runs(
    cast: Cast, attack: attacks.Attack, story: attacks.Story
) -> None:
    """So each attack is refused for the one thing in which it differs."""
    incident = story(cast)
    connection.check_constraints()
    Case(attack, story, "", ()).attempt(incident, cast)


def test_an_own_incident_gets_no_history_even_if_it_is_called_imported(
    cast: Cast,
) -> None:
    """Of the two guards one is off: the other one stands."""
    incident = stories.triaged(cast)
    without(*OF_IMPORT)
    say_it_is_of_another_system(incident, cast)
    case = Case(tell_a_replay, stories.triaged, "replay_only_imported", REPLAY)
    with pytest.raises(IntegrityError) as caught:
        case.attempt(incident, cast)
    assert broken_rule(caught.value) == case.rule


def test_what_people_only_wrote_to_is_still_brought_on(cast: Cast) -> None:
    """A note moves nothing, so the log goes on."""
    incident = imported.in_progress(cast)
    services.add_note(incident.pk, by=cast.bo, expected_version=None, text="Seen.")
    tell_a_replay(incident, cast)
    connection.check_constraints()


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
