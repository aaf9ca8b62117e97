"""Words to the next shift against raw SQL: each guard, and what it holds off."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from activity.refusals import GUARDED_RULES, broken_rule, explain
from incidents import services
from incidents.apps import IncidentsConfig
from incidents.models import ShiftNote
from tests.database import sql, without
from tests.incidents.shifts.words import written
from tests.people import Cast

NOTE = "incidents_shiftnote"
SEEN = "incidents_shiftnoteseen"
Attack = Callable[[ShiftNote, Cast], None]


def insert(team: int, by: int, redacted: str = "NULL, NULL", text: str = "x") -> None:
    sql(
        f"INSERT INTO {NOTE} (team_id, by_id, at, text, submission, redacted_at,"
        f" redacted_by_id) VALUES (%s, %s, now(), %s, gen_random_uuid(), {redacted})",
        team,
        by,
        text,
    )


def insert_seen(note: ShiftNote, by: int, at: str = "now()") -> None:
    sql(f"INSERT INTO {SEEN} (note_id, by_id, at) VALUES (%s, %s, {at})", note.pk, by)


def reword(note: ShiftNote, cast: Cast) -> None:
    sql(f"UPDATE {NOTE} SET text = 'Something else'")


def give_to_another_author(note: ShiftNote, cast: Cast) -> None:
    sql(f"UPDATE {NOTE} SET by_id = %s", cast.cy.pk)


def give_to_another_team(note: ShiftNote, cast: Cast) -> None:
    sql(f"UPDATE {NOTE} SET team_id = %s", cast.network.pk)


def redact_and_move(note: ShiftNote, cast: Cast) -> None:
    sql(
        f"UPDATE {NOTE} SET text = '', redacted_at = now(), redacted_by_id = by_id,"
        " at = at - interval '1 day'"
    )


def write_again_after_redaction(note: ShiftNote, cast: Cast) -> None:
    services.redact_shift_note(note.pk, by=cast.bo)
    sql(f"UPDATE {NOTE} SET text = 'x', redacted_at = NULL, redacted_by_id = NULL")


def redact_twice(note: ShiftNote, cast: Cast) -> None:
    services.redact_shift_note(note.pk, by=cast.bo)
    sql(f"UPDATE {NOTE} SET redacted_at = now(), redacted_by_id = %s", cast.cy.pk)


def redact_without_taking_the_text(note: ShiftNote, cast: Cast) -> None:
    sql(f"UPDATE {NOTE} SET redacted_at = now(), redacted_by_id = by_id")


def redact_by_nobody(note: ShiftNote, cast: Cast) -> None:
    sql(f"UPDATE {NOTE} SET redacted_at = now(), text = ''")


def delete(note: ShiftNote, cast: Cast) -> None:
    sql(f"DELETE FROM {NOTE}")


def say_nothing(note: ShiftNote, cast: Cast) -> None:
    insert(cast.desk.pk, cast.bo.pk, text="  ")


def send_twice(note: ShiftNote, cast: Cast) -> None:
    sql(
        f"INSERT INTO {NOTE} (team_id, by_id, at, text, submission)"
        f" SELECT team_id, by_id, now(), text, submission FROM {NOTE}"
    )


def write_to_another_team(note: ShiftNote, cast: Cast) -> None:
    insert(cast.network.pk, cast.bo.pk)


def write_as_who_left(note: ShiftNote, cast: Cast) -> None:
    sql("UPDATE accounts_user SET is_active = false WHERE id = %s", cast.cy.pk)
    insert(cast.desk.pk, cast.cy.pk)


def begin_redacted(note: ShiftNote, cast: Cast) -> None:
    insert(cast.desk.pk, cast.bo.pk, f"now(), {cast.bo.pk}", text="")


def mark_as_a_stranger(note: ShiftNote, cast: Cast) -> None:
    insert_seen(note, cast.ned.pk)


def mark_ones_own(note: ShiftNote, cast: Cast) -> None:
    insert_seen(note, cast.bo.pk)


def mark_too_early(note: ShiftNote, cast: Cast) -> None:
    insert_seen(note, cast.cy.pk, "now() - interval '1 day'")


def mark_twice(note: ShiftNote, cast: Cast) -> None:
    services.see_shift_note(note.pk, by=cast.cy)
    insert_seen(note, cast.cy.pk, "now() + interval '1 minute'")


def mark_for_another(note: ShiftNote, cast: Cast) -> None:
    services.see_shift_note(note.pk, by=cast.cy)
    sql(f"UPDATE {SEEN} SET by_id = %s", cast.lea.pk)


def unmark(note: ShiftNote, cast: Cast) -> None:
    services.see_shift_note(note.pk, by=cast.cy)
    sql(f"DELETE FROM {SEEN}")


KEPT = (f"{NOTE}.shift_note_kept",)
BY_TEAM = (f"{NOTE}.shift_note_by_team",)
SEEN_BY_TEAM = (f"{SEEN}.shift_note_seen_by_team",)
SEEN_KEPT = (f"{SEEN}.shift_note_seen_kept",)
# Attack, the rule that refuses it, the triggers that keep the rule; without triggers
# it is a constraint of the row.
CASES: list[tuple[Attack, str, tuple[str, ...]]] = [
    (reword, "shift_note_kept", KEPT),
    (give_to_another_author, "shift_note_kept", KEPT),
    (give_to_another_team, "shift_note_kept", KEPT),
    (redact_and_move, "shift_note_kept", KEPT),
    (write_again_after_redaction, "shift_note_kept", KEPT),
    (redact_twice, "shift_note_kept", KEPT),
    (redact_without_taking_the_text, "shift_note_says_something", ()),
    (redact_by_nobody, "shift_note_says_something", ()),
    (delete, "shift_note_kept", (f"{NOTE}.shift_note_never_deleted",)),
    (say_nothing, "shift_note_says_something", ()),
    (send_twice, "shift_note_once", ()),
    (write_to_another_team, "shift_note_by_team", BY_TEAM),
    (write_as_who_left, "shift_note_by_team", BY_TEAM),
    (begin_redacted, "shift_note_kept", BY_TEAM),
    (mark_as_a_stranger, "shift_note_seen_by_team", SEEN_BY_TEAM),
    (mark_ones_own, "shift_note_seen_by_team", SEEN_BY_TEAM),
    (mark_too_early, "shift_note_seen_by_team", SEEN_BY_TEAM),
    (mark_twice, "shift_note_seen_once", ()),
    (mark_for_another, "shift_note_kept", SEEN_KEPT),
    (unmark, "shift_note_kept", SEEN_KEPT),
]
ATTACKED = {trigger for _attack, _rule, found in CASES for trigger in found}
TRUNCATED = {
    f"{NOTE}.shift_note_no_truncate": "shift_note_kept",
    f"{SEEN}.shift_note_seen_no_truncate": "shift_note_kept",
}


def named(case: object) -> str:
    return getattr(case, "__name__", "")


@pytest.mark.parametrize(("attack", "rule", "triggers"), CASES, ids=named)
def test_the_database_refuses_it(
    attack: Attack, rule: str, triggers: tuple[str, ...], cast: Cast
) -> None:
    note = written(cast)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        attack(note, cast)
    assert broken_rule(caught.value) == rule
    assert explain(caught.value)


@pytest.mark.parametrize(
    ("attack", "rule", "triggers"), [case for case in CASES if case[2]], ids=named
)
def test_without_its_guard_it_would_go_through(
    attack: Attack, rule: str, triggers: tuple[str, ...], cast: Cast
) -> None:
    note = written(cast)
    without(*triggers)
    attack(note, cast)


def test_every_guard_was_attacked_and_has_its_words() -> None:
    declared = {
        f"{table}.{name}"
        for table, name in IncidentsConfig.guards
        if table in {NOTE, SEEN}
    }
    assert declared == ATTACKED | set(TRUNCATED)
    assert {rule for _attack, rule, _triggers in CASES} <= set(GUARDED_RULES)
