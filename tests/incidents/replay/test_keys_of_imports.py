"""An import is no way around the two keys: who confirms, who closes, on what ground.

Every attack runs twice: refused with the rule's name, and through once all that
stands in its way is taken away. Where that is more than one guard, each refuses alone.
"""

import pytest
from django.db import IntegrityError, connection, transaction

from activity.refusals import broken_rule, explain
from incidents import services
from incidents.models import Incident
from tests.database import without
from tests.incidents import attacks, forgery, stories
from tests.incidents.attacks import Case, table
from tests.incidents.replay import imported
from tests.people import Cast

# ---- closing for a ground that nobody gave


def close_as_imported(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy, basis="imported")


def close_as_waived(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy, basis="waived")


def close_for_no_reason(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy, basis="")


def close_by_who_confirmed(incident: Incident, cast: Cast) -> None:
    """A desk member, who reported it as well."""
    forgery.close(incident, by=incident.confirmer)


def close_by_the_confirmer_as_imported(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.ann, basis="imported")


def move_the_closing_elsewhere(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closed_by_id=cast.cy.pk)


def call_it_imported(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closure_basis="imported")


def call_it_confirmed(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closure_basis="confirmed")


def let_it_look_closed_elsewhere(incident: Incident, cast: Cast) -> None:
    """All that a closing elsewhere leaves, but the state."""
    forgery.edit(
        incident,
        closed_at=forgery.NOW,
        closed_by_id=cast.cy.pk,
        closure_basis="imported",
    )


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


# ---- stories


def reported_by_the_desk(cast: Cast) -> Incident:
    """Bo reported it in the other system; solved here by Cy, and Bo confirmed it."""
    incident = imported.in_progress(cast, reporter=cast.bo.email, owner=cast.cy.email)
    return stories.confirmed(cast, of=stories.resolved(cast, of=incident))


def of_somebody_who_is_not_here(cast: Cast) -> Incident:
    return imported.in_progress(cast, reporter="Caller 7")


ROW = "incidents_incident"
TWO_KEYS = table(ROW, "incident_two_keys_on_update")
BORN = table(ROW, "incident_two_keys_on_insert")
BY_REPLAY = table(ROW, "incident_imported_by_replay")
FIXED = table(ROW, "incident_closed_fixed")
FIXED_ELSEWHERE = table(ROW, "incident_closed_elsewhere_fixed")
CONFIRMED = table(ROW, "incident_confirmed_by_row")
CONFIRMER = table(ROW, "incident_confirmer_fixed")
SOLVED = ("incident_resolved_has_resolution",)
CLOSER = ("incident_closed_has_closer",)
ANOTHER = ("incident_closed_by_another",)

WITHOUT_A_KEY = [
    Case(attacks.close_it, imported.resolved, "incident_two_keys", TWO_KEYS),
    Case(attacks.close_it, imported.in_progress, "incident_two_keys", TWO_KEYS, SOLVED),
    Case(attacks.close_it, imported.worked_here, "incident_two_keys", TWO_KEYS),
    Case(close_as_waived, imported.worked_here, "incident_two_keys", TWO_KEYS),
    Case(
        close_for_no_reason,
        imported.worked_here,
        "incident_two_keys",
        TWO_KEYS,
        CLOSER,
    ),
    Case(born_confirmed, imported.new, "incident_two_keys", BORN, SOLVED),
    Case(attacks.born_closed, imported.solved_in_vain, "incident_two_keys", BORN),
    Case(
        attacks.close_on_false_ground,
        imported.waived_here,
        "incident_closed_for_its_reason",
        TWO_KEYS,
    ),
    Case(
        close_as_waived,
        imported.confirmed_here,
        "incident_closed_for_its_reason",
        TWO_KEYS,
    ),
    Case(
        attacks.close_by_a_stranger,
        imported.confirmed_here,
        "incident_closed_by_desk",
        TWO_KEYS,
    ),
    Case(
        attacks.close_by_a_stranger,
        imported.waived_here,
        "incident_closed_by_desk",
        TWO_KEYS,
    ),
    Case(
        close_by_who_confirmed,
        reported_by_the_desk,
        "incident_closed_by_another",
        TWO_KEYS,
        ANOTHER,
    ),
]
AS_IMPORTED = [
    Case(
        close_as_imported, imported.resolved, "incident_imported_by_replay", BY_REPLAY
    ),
    Case(
        close_as_imported,
        imported.in_progress,
        "incident_imported_by_replay",
        BY_REPLAY,
    ),
    Case(
        close_as_imported,
        imported.confirmed_here,
        "incident_imported_by_replay",
        BY_REPLAY,
    ),
    Case(
        close_by_the_confirmer_as_imported,
        imported.waived_here,
        "incident_imported_by_replay",
        BY_REPLAY,
    ),
    Case(
        call_it_imported,
        imported.in_progress,
        "incident_closed_has_closer",
        BY_REPLAY,
        CLOSER,
    ),
    Case(
        let_it_look_closed_elsewhere,
        imported.in_progress,
        "incident_closed_has_closer",
        BY_REPLAY,
        CLOSER,
    ),
    Case(
        call_it_imported,
        imported.closed_here,
        "incident_closed_fixed",
        FIXED + BY_REPLAY,
    ),
    Case(born_closed, imported.new, "incident_imported_by_replay", BY_REPLAY),
]
AFTERWARDS = [
    Case(call_it_confirmed, imported.closed, "incident_closed_fixed", FIXED),
    Case(
        call_it_confirmed,
        imported.closed_unsolved,
        "incident_resolved_has_resolution",
        FIXED,
        SOLVED,
    ),
    Case(
        attacks.edit_what_is_closed,
        imported.closed_here,
        "incident_closed_fixed",
        FIXED,
    ),
    Case(
        attacks.move_the_closing, imported.closed_here, "incident_closed_fixed", FIXED
    ),
    Case(
        attacks.edit_what_is_closed,
        imported.closed,
        "incident_closed_fixed",
        FIXED_ELSEWHERE,
    ),
    Case(
        move_the_closing_elsewhere,
        imported.closed,
        "incident_closed_fixed",
        FIXED_ELSEWHERE,
    ),
]
WHO_CONFIRMS = [
    Case(
        attacks.claim_a_confirmation,
        imported.worked_here,
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
        attacks.claim_a_confirmation,
        imported.closed,
        "incident_closed_fixed",
        FIXED_ELSEWHERE + CONFIRMED,
    ),
    Case(
        attacks.drop_the_confirmation,
        imported.confirmed_here,
        "incident_confirmed_by_row",
        CONFIRMED,
    ),
    *[
        Case(attacks.change_confirmer, story, "incident_confirmer_fixed", CONFIRMER)
        for story in (
            imported.new,
            imported.in_progress,
            imported.resolved,
            imported.cancelled,
            imported.worked_here,
        )
    ],
    Case(
        attacks.change_confirmer,
        imported.closed,
        "incident_confirmer_fixed",
        CONFIRMER + FIXED_ELSEWHERE,
    ),
    *[
        Case(attacks.name_who_left, story, "incident_confirmer_fixed", CONFIRMER)
        for story in (imported.resolved, of_somebody_who_is_not_here)
    ],
]
CASES = WITHOUT_A_KEY + AS_IMPORTED + AFTERWARDS + WHO_CONFIRMS
ids = [case.name for case in CASES]
SEVERAL = [
    pytest.param(case, guard, id=f"{case.name}-{guard.split('.')[-1]}")
    for case in CASES
    for guard in case.triggers + case.row_rules
    if len(case.triggers + case.row_rules) > 1
]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    case.is_refused_by_name(cast)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    case.passes_without_its_guards(cast)


@pytest.mark.parametrize(("case", "guard"), SEVERAL)
def test_each_of_several_guards_refuses_it_alone(
    cast: Cast, case: Case, guard: str
) -> None:
    incident = case.story(cast)
    case.lift(but=guard)
    with pytest.raises(IntegrityError) as caught:
        case.attempt(incident, cast)
    assert explain(caught.value)


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


def test_by_the_log_the_reporter_may_have_closed_it_there(cast: Cast) -> None:
    """The other system had its own rules; here nobody gains a key by it."""
    incident = imported.closed(cast, actor=cast.ann.email)
    connection.check_constraints()
    assert incident.closed_by == incident.confirmer == cast.ann


def test_notes_go_to_what_was_closed_elsewhere(cast: Cast) -> None:
    incident = imported.closed(cast)
    services.add_note(incident.pk, by=cast.bo, expected_version=None, text="Seen.")
    connection.check_constraints()
