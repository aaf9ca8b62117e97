"""What a row about knowledge in use can never say, whoever writes it.

Every attack runs twice: refused with the rule's name, and through once that rule is
taken out of the table. Guards that would refuse any change step aside in both.
"""

from typing import NamedTuple
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from activity.refusals import broken_rule
from incidents import services
from tests.database import sql, without
from tests.incidents import stories
from tests.incidents.checking.asked import check, refused
from tests.incidents.told import announced
from tests.incidents.using.known import judged, known, use
from tests.people import Cast

BLANK = "Labels come out blank since the update, E102 on the display."


class Case(NamedTuple):
    """``said``: what the only row of the table is made to say."""

    table: str
    rule: str
    said: str
    guards: tuple[str, ...]


USE = ("use_append_only",)
OUTCOME = ("use_outcome_append_only",)
CHECK = ("known_error_check_append_only",)
CANDIDATE = ("checked_candidate_append_only",)
TOLD = ("announcement_fixed", "announcement_has_event")
HELPED = ("deflection_fixed",)
CASES = [
    Case("knownerroruse", "use_how_known", "how = 'sung'", USE),
    Case("useoutcome", "use_outcome_codes_known", "outcome = 'great'", OUTCOME),
    Case("useoutcome", "use_outcome_codes_known", "asked = 'nobody'", OUTCOME),
    Case("knownerrorcheck", "known_error_check_is_bounded", "shown = 4", CHECK),
    Case("checkedcandidate", "checked_candidate_has_score", "score = 1.5", CANDIDATE),
    Case("checkedcandidate", "checked_candidate_has_score", "position = 0", CANDIDATE),
    Case("checkedcandidate", "checked_candidate_is_decided", "refusal = ''", CANDIDATE),
    Case(
        "checkedcandidate",
        "checked_candidate_is_decided",
        "decided = 'used'",
        CANDIDATE,
    ),
    Case("announcement", "announcement_says_something", "title = ' '", TOLD),
    Case("announcement", "announcement_ends_whole", "ended_at = now()", TOLD),
    Case(
        "announcement",
        "announcement_ends_whole",
        "ended_at = at, ended_by_id = by_id, end_seq = seq",
        TOLD,
    ),
    Case(
        "deflection",
        "deflection_taken_back_later",
        "taken_back_at = at - interval '1 minute'",
        HELPED,
    ),
]


@pytest.fixture
def rows(cast: Cast) -> None:
    """One of each."""
    version, incident = known(cast), stories.in_progress(cast, description=BLANK)
    judged(use(incident, version, by=cast.bo), by=cast.bo, outcome="worked")
    check(incident, by=cast.bo, decisions={version.pk: refused()})
    announced(cast)
    number = UUID("0c8ddc1f-54c8-4f1e-8a5b-1b0a6f0c9d11")
    services.record_deflection(version.pk, by=cast.ann, submission=number, letters=20)


def attempt(case: Case) -> None:
    without(*(f"incidents_{case.table}.{guard}" for guard in case.guards))
    with transaction.atomic():
        sql(f"UPDATE incidents_{case.table} SET {case.said}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.said)
def test_it_is_refused_by_name(rows: None, case: Case) -> None:
    with pytest.raises(IntegrityError) as caught:
        attempt(case)
    assert broken_rule(caught.value) == case.rule


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.said)
def test_it_would_pass_without_that_rule(rows: None, case: Case) -> None:
    without()
    sql(f"ALTER TABLE incidents_{case.table} DROP CONSTRAINT {case.rule}")
    attempt(case)
