"""What was brought in goes on here by the moves of RULES, like everything else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from activity import clock
from incidents import services
from incidents.codes import CancelReason, HoldReason
from incidents.models import ImportedIncident, Incident
from incidents.replay.step import Reason, State
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.incidents.services.facts import kinds, leave, outcome
from tests.people import Cast

Move = Callable[[Incident, User, Cast], object]
WORDS = "Because it is so."
# Where a story of the desk ends in the same state; nobody owns it, or Bo does.
OWN: dict[str, Callable[[Cast], Incident]] = {
    "new": stories.reported,
    "assigned": stories.triaged,
    "in_progress": stories.in_progress,
    "on_hold": stories.on_hold,
    "resolved": stories.resolved,
    "closed": stories.closed,
    "closed_unsolved": stories.closed,
    "cancelled": stories.cancelled,
    "solved_and_cancelled": stories.cancelled,
}


def answer(incident: Incident, by: User, cast: Cast) -> object:
    return services.answer_desk(incident.pk, by=by, message=WORDS)


def assign(incident: Incident, by: User, cast: Cast) -> object:
    return services.assign_incident(
        incident.pk, by=by, expected_version=None, to=cast.cy
    )


def cancel(incident: Incident, by: User, cast: Cast) -> object:
    return services.cancel_incident(
        incident.pk, by=by, reason=CancelReason.NOT_A_FAULT, explanation=WORDS
    )


def close(incident: Incident, by: User, cast: Cast) -> object:
    return services.close_incident(incident.pk, by=by, expected_version=None)


def confirm(incident: Incident, by: User, cast: Cast) -> object:
    about = incident.resolution_id or 0
    return services.confirm_resolution(incident.pk, by=by, resolution=about)


def hold(incident: Incident, by: User, cast: Cast) -> object:
    return services.hold_incident(
        incident.pk,
        by=by,
        expected_version=None,
        reason=HoldReason.SCHEDULED,
        until=clock.now() + timedelta(days=1),
    )


def note(incident: Incident, by: User, cast: Cast) -> object:
    return services.add_note(incident.pk, by=by, expected_version=None, text=WORDS)


def record_call(incident: Incident, by: User, cast: Cast) -> object:
    return services.record_call(
        incident.pk, by=by, expected_version=None, account=WORDS
    )


def reject(incident: Incident, by: User, cast: Cast) -> object:
    return services.reject_resolution(incident.pk, by=by, complaint=WORDS)


def reopen(incident: Incident, by: User, cast: Cast) -> object:
    return services.reopen_incident(incident.pk, by=by, complaint=WORDS)


def resolve(incident: Incident, by: User, cast: Cast) -> object:
    return services.resolve_incident(
        incident.pk, by=by, expected_version=None, solution=stories.solution()
    )


def resume(incident: Incident, by: User, cast: Cast) -> object:
    return services.resume_incident(incident.pk, by=by, expected_version=None)


def start(incident: Incident, by: User, cast: Cast) -> object:
    return services.start_incident(incident.pk, by=by, expected_version=None)


def take(incident: Incident, by: User, cast: Cast) -> object:
    return services.take_incident(incident.pk, by=by, expected_version=None)


def triage(incident: Incident, by: User, cast: Cast) -> object:
    return services.triage_incident(
        incident.pk,
        by=by,
        expected_version=None,
        classification=stories.classification(),
        team=cast.desk,
    )


def waive(incident: Incident, by: User, cast: Cast) -> object:
    return services.waive_confirmation(
        incident.pk, by=by, expected_version=None, reason=WORDS
    )


def works_again(incident: Incident, by: User, cast: Cast) -> object:
    return services.report_works_again(incident.pk, by=by)


MOVES: list[Move] = [
    answer,
    assign,
    cancel,
    close,
    confirm,
    hold,
    note,
    record_call,
    reject,
    reopen,
    resolve,
    resume,
    start,
    take,
    triage,
    waive,
    works_again,
]


def outcomes(incident: Incident, cast: Cast) -> Iterator[tuple[str, str, str]]:
    """Who does what, and what comes of it; each undone before the next."""
    for move in MOVES:
        for by in (cast.ann, cast.bo, cast.lea, cast.zed):
            yield move.__name__, by.name, outcome(lambda: move(incident, by, cast))  # noqa: B023


@pytest.mark.parametrize("state", imported.EVERY_STATE)
def test_it_goes_on_by_the_moves_of_any_other(cast: Cast, state: str) -> None:
    """And whatever is refused for any other is refused for it, in the same way."""
    brought_in = list(outcomes(imported.EVERY_STATE[state](cast), cast))
    assert brought_in == list(outcomes(OWN[state](cast), cast))
    assert "ok" in {result for *_move, result in brought_in}


def test_what_was_closed_elsewhere_is_closed_here_only_with_two_keys(
    cast: Cast,
) -> None:
    """Reopened, taken, solved, confirmed, closed: the ground is the new one."""
    incident = imported.closed(cast)
    reopen(incident, cast.ann, cast)
    incident = stories.in_progress(cast, of=stories.again(incident))
    incident = stories.resolved(cast, of=incident)
    assert outcome(lambda: close(incident, cast.cy, cast)) == "409"
    incident = stories.closed(cast, of=stories.confirmed(cast, of=incident))
    connection.check_constraints()
    assert incident.closure_basis == "confirmed"
    assert incident.closed_by == cast.cy
    assert [row.code for row in incident.resolutions.all()] == ["imported", "fixed"]
    assert kinds(incident)[-5:] == ["reopen", "start", "resolve", "confirm", "close"]


def test_a_solution_of_the_other_system_is_confirmed_here(cast: Cast) -> None:
    incident = stories.confirmed(cast, of=imported.resolved(cast))
    incident = stories.closed(cast, of=incident)
    connection.check_constraints()
    assert incident.closure_basis == "confirmed"


def test_silence_about_a_solution_of_the_other_system_is_waived_here(
    cast: Cast,
) -> None:
    long_ago = clock.now() - timedelta(days=stories.WAIVED_AFTER_DAYS)
    incident = imported.resolved(cast, ended_at=long_ago)
    incident = stories.waived(cast, of=stories.reminded(cast, of=incident))
    incident = stories.closed(cast, of=incident)
    connection.check_constraints()
    assert incident.closure_basis == "waived"


def test_what_a_log_cancels_after_all_has_no_solution_left(cast: Cast) -> None:
    """The row of the old one stays; the incident does not point to it any more."""
    incident = imported.solved_and_cancelled(cast)
    connection.check_constraints()
    assert incident.status == "cancelled"
    assert incident.resolution is None
    assert (incident.resolved_at, incident.restored_at) == (None, None)
    assert incident.resolutions.get().code == "imported"


def test_solved_once_more_after_that_it_has_a_new_solution(cast: Cast) -> None:
    before = imported.solved_and_cancelled(cast)
    number = before.imported.number
    after = imported.replayed(cast, imported.SOLVED, number=number)
    connection.check_constraints()
    old, new = after.resolutions.order_by("number")
    assert (after.pk, after.resolution) == (before.pk, new)
    assert after.resolved_at == new.at > old.at


@pytest.mark.parametrize(
    "state", ["closed", "closed_unsolved", "cancelled", "solved_and_cancelled"]
)
@pytest.mark.parametrize(("days", "result"), [(13, "ok"), (15, "409")])
def test_it_is_reopened_within_14_days_of_its_end_there(
    cast: Cast, state: str, days: int, result: str
) -> None:
    ended_at = clock.now() - timedelta(days=days)
    incident = imported.EVERY_STATE[state](cast, ended_at=ended_at)
    assert outcome(lambda: reopen(incident, cast.ann, cast)) == result


def test_what_was_closed_unsolved_comes_back_to_who_had_it(cast: Cast) -> None:
    incident = imported.closed_unsolved(cast)
    reopen(incident, cast.ann, cast)
    connection.check_constraints()
    incident = stories.again(incident)
    assert (incident.status, incident.team) == ("assigned", cast.desk)
    assert incident.owner == cast.bo
    assert (incident.closed_by, incident.closure_basis) == (None, "")


def test_a_hold_without_an_end_ends_with_the_answer(cast: Cast) -> None:
    incident = imported.on_hold(cast)
    assert incident.hold_until is None
    answer(incident, cast.ann, cast)
    connection.check_constraints()
    assert stories.again(incident).status == "in_progress"


def test_who_left_the_other_system_is_followed_by_a_successor(cast: Cast) -> None:
    """Nobody called Caller 7 has an account that anybody could log in to."""
    incident = imported.resolved(cast, reporter="Caller 7")
    assert outcome(lambda: record_call(incident, cast.bo, cast)) == "409"
    services.name_successor(
        incident.pk,
        by=cast.lea,
        expected_version=None,
        successor=cast.zed,
        reason=WORDS,
    )
    incident = stories.confirmed(cast, of=stories.again(incident))
    assert stories.closed(cast, of=incident).closure_basis == "confirmed"


def test_the_team_takes_over_from_an_owner_who_never_came_here(cast: Cast) -> None:
    incident = imported.in_progress(cast, owner="Resolver 9")
    assert incident.owner is not None
    assert not incident.owner.is_active
    assert outcome(lambda: resolve(incident, cast.cy, cast)) == "403"
    incident = stories.in_progress(cast, owner=cast.cy, of=incident)
    assert stories.resolved(cast, of=incident).status == "resolved"


def test_a_solver_who_never_came_here_leaves_it_to_the_team(cast: Cast) -> None:
    incident = imported.closed(cast, actor="Resolver 9", owner="Resolver 9")
    reopen(incident, cast.ann, cast)
    connection.check_constraints()
    incident = stories.again(incident)
    assert (incident.team, incident.owner) == (cast.desk, None)


def test_what_people_work_on_here_gets_no_more_history_from_there(cast: Cast) -> None:
    incident = imported.in_progress(cast, owner="")
    take(incident, cast.bo, cast)
    number = ImportedIncident.objects.get(incident=incident).number
    first = clock.now()
    row = imported.step(cast, imported.ENDED, line=2, number=number, first=first)
    run = imported.taken([row])
    assert (run.taken, run.refused) == (0, 1)
    assert run.refusals.get().reason == Reason.WORKED
    assert stories.again(incident).status == "in_progress"


def test_who_left_since_is_named_by_the_log_all_the_same(cast: Cast) -> None:
    leave(cast.bo)
    incident = imported.closed(cast)
    connection.check_constraints()
    assert incident.closed_by == cast.bo


@pytest.mark.parametrize("state", [imported.SOLVED, imported.ENDED, imported.DROPPED])
def test_what_was_promised_here_stands_in_the_way_of_no_row_from_there(
    cast: Cast, state: State
) -> None:
    """Classified again by the desk it has a policy, with a promise and a ladder."""
    incident = imported.in_progress(cast)
    services.reclassify_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(impact=1, urgency=1),
        reason=WORDS,
    )
    incident = stories.again(incident)
    assert None not in (incident.due_at, incident.rung_at)
    number = ImportedIncident.objects.get(incident=incident).number
    after = imported.replayed(cast, state, number=number, ended_at=clock.now())
    connection.check_constraints()
    assert (after.pk, after.status) == (incident.pk, state.status)
    assert (after.due_at, after.rung_at, after.rung_position) == (None, None, None)
