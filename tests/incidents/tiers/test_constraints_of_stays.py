"""What a row of a stay can never say, whoever writes it: overlap, gap, a moved seam.

Every attack runs twice: refused with the rule's name, and through once that rule, and
what stands beside it, is taken away.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction

from activity.refusals import GUARDED_RULES, broken_rule
from incidents.models import Incident
from tests.database import sql, without
from tests.incidents import forgery, stories
from tests.incidents.tiers.test_guards_of_stays import STAYS
from tests.people import Cast

GUARDS = [
    "tier_stay_fixed",
    "tier_stay_begun",
    "tier_stay_left",
    "tier_stay_agrees",
    "tier_stay_step",
]


class Case(NamedTuple):
    """``also`` are rules that say the same of this attack."""

    rule: str
    story: Callable[[Cast], Incident]
    attack: Callable[[Incident, Cast], None]
    also: tuple[str, ...] = ()


def row(incident: Incident, **columns: object) -> None:
    """A stay like the open one, with other values."""
    stay = incident.stays.order_by("entered_seq").last()
    given = {
        field.attname: getattr(stay, field.attname)
        for field in stay._meta.concrete_fields  # type: ignore[union-attr]
        if field.attname != "id"
    }
    forgery.insert(STAYS, **(given | columns))


def second_open(incident: Incident, cast: Cast) -> None:
    seq = incident.version + 1
    row(incident, why="replay", entered_seq=seq, after_seq=seq)


def second_first(incident: Incident, cast: Cast) -> None:
    row(incident, left_seq=99, left_at=forgery.NOW, entered_at=forgery.NOW)


def overlap(incident: Incident, cast: Cast) -> None:
    """Another team left it with the same event."""
    first = incident.stays.order_by("entered_seq")[0]
    row(
        incident,
        why="replay",
        entered_seq=2,
        entered_at=first.entered_at,
        after_seq=2,
        after_at=first.entered_at,
        left_seq=first.left_seq,
        left_at=first.left_at,
    )


def two_heirs(incident: Incident, cast: Cast) -> None:
    """Two teams got it from one."""
    row(incident, left_seq=99, left_at="2040-01-01T00:00:00Z")


def gap(incident: Incident, cast: Cast) -> None:
    """It begins later than the one before ended."""
    sql(
        f"UPDATE {STAYS} SET after_seq = after_seq - 1 WHERE left_seq IS NULL"
        " AND after_seq IS NOT NULL"
    )


def gap_in_time(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {STAYS} SET after_at = after_at - interval '1 s'")


def false_link(incident: Incident, cast: Cast) -> None:
    """After one that never ended there."""
    sql(
        f"UPDATE {STAYS} SET after_seq = after_seq + 1, entered_seq = entered_seq + 1"
        " WHERE left_seq IS NULL AND after_seq IS NOT NULL"
    )


def moved_seam(incident: Incident, cast: Cast) -> None:
    """One team had it longer, and the next one does not know."""
    sql(
        f"UPDATE {STAYS} SET left_at = left_at + interval '1 hour'"
        " WHERE after_seq IS NULL"
    )


def backwards(incident: Incident, cast: Cast) -> None:
    sql(
        f"UPDATE {STAYS} SET left_at = entered_at - interval '1 s'"
        " WHERE after_seq IS NULL"
    )


def left_by_nothing(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {STAYS} SET left_at = now() WHERE left_seq IS NULL")


def by_magic(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {STAYS} SET why = 'magic' WHERE after_seq IS NOT NULL")


def fourth_tier(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {STAYS} SET tier = 4 WHERE left_seq IS NULL")


NO_GAP = "tier_stay_no_gap"
CASES = [
    Case("tier_stay_one_open", stories.escalated, second_open, (NO_GAP,)),
    Case("tier_stay_one_first", stories.triaged, second_first),
    Case(
        "tier_stay_one_left",
        stories.escalated,
        overlap,
        ("tier_stay_seam", NO_GAP),
    ),
    Case("tier_stay_one_next", stories.escalated, two_heirs),
    Case("tier_stay_follows", stories.escalated, gap, (NO_GAP,)),
    Case("tier_stay_follows", stories.escalated, gap_in_time, (NO_GAP,)),
    Case(NO_GAP, stories.escalated, false_link),
    Case(NO_GAP, stories.escalated, moved_seam),
    Case("tier_stay_leaves_later", stories.escalated, backwards, (NO_GAP,)),
    Case("tier_stay_leaves_later", stories.escalated, left_by_nothing),
    Case("tier_stay_codes_known", stories.escalated, by_magic),
    Case("tier_stay_codes_known", stories.escalated, fourth_tier),
]
ATTACKED = {case.rule for case in CASES}
ids = [case.attack.__name__ for case in CASES]


def attempt(case: Case, incident: Incident, cast: Cast) -> None:
    with transaction.atomic():
        case.attack(incident, cast)
        connection.check_constraints()


def set_the_scene(case: Case, cast: Cast) -> Incident:
    """Triggers aside: here the table itself has to say no."""
    incident = case.story(cast)
    without(*(f"{STAYS}.{guard}" for guard in GUARDS))
    return incident


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    incident = set_the_scene(case, cast)
    with pytest.raises(IntegrityError) as caught:
        attempt(case, incident, cast)
    assert broken_rule(caught.value) == case.rule
    assert case.rule in GUARDED_RULES


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_rule(cast: Cast, case: Case) -> None:
    incident = set_the_scene(case, cast)
    for rule in ("tier_stay_no_gap", *case.also, case.rule):
        drop(rule)
    attempt(case, incident, cast)


def drop(rule: str) -> None:
    """As a constraint or, where it has a condition, as an index."""
    sql(f"ALTER TABLE {STAYS} DROP CONSTRAINT IF EXISTS {rule} CASCADE")
    sql(f"DROP INDEX IF EXISTS {rule}")
