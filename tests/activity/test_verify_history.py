"""``verify_history`` names the first place where history does not fit."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from activity.lifecycle import record
from activity.models import Event, Note
from activity.services import history
from activity.services.notes import redact_note
from tests.database import sql
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe, start_probe


@pytest.fixture
def probe(cast: Cast) -> Probe:
    """One of several, with four events, in a database without any guard."""
    open_probe(by=cast.bo)
    probe = start_probe(open_probe(by=cast.bo).pk, by=cast.bo)
    record(probe, "probe.seen", by=cast.bo, notes={"reason": "as it was"})
    record(probe, "probe.seen", by=cast.cy)
    open_probe(by=cast.bo)
    connection.check_constraints()
    sql("SET CONSTRAINTS ALL DEFERRED")
    return probe


def verify() -> str:
    """What the command prints when history is whole; its error otherwise."""
    out = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "missing_guards", list)  # asked for by its own test
        call_command("verify_history", stdout=out)
    return out.getvalue()


def test_a_whole_history_says_so(probe: Probe) -> None:
    assert verify() == "6 events of 3 records: whole.\n"


def test_an_empty_history_is_whole(db: None) -> None:
    assert verify() == "0 events of 0 records: whole.\n"


def test_a_redacted_note_leaves_history_whole(cast: Cast, probe: Probe) -> None:
    note = redact_note(
        Note.objects.get().pk, by=cast.ida, reason_code="privacy_request"
    )
    assert (note.text, note.salt) == ("", "")
    last = Event.objects.about(probe).last()
    assert last is not None
    assert last.data == {"event": 3, "note": "reason", "reason": "privacy_request"}
    connection.check_constraints()
    assert "whole" in verify()


def test_a_note_is_redacted_once(cast: Cast, probe: Probe) -> None:
    pk = Note.objects.get().pk
    redact_note(pk, by=cast.ida, reason_code="privacy_request")
    with pytest.raises(ValueError, match="redacted before"):
        redact_note(pk, by=cast.ida, reason_code="privacy_request")


EDITS: dict[str, str] = {
    "kind": "kind = 'probe.other'",
    "status": "to_status = 'done'",
    "data": """data = '{"page": 4}'""",
    "public": "public = NOT public",
    "at": "at = at + interval '1 microsecond'",
    "recorded": "recorded_at = recorded_at - interval '1 day'",
    "actor": "actor_id = (SELECT max(id) FROM accounts_user)",
    "request": "request_id = 'other'",
    "hash": "hash = sha256('x')",
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
def test_an_edited_event_is_named(probe: Probe, change: str) -> None:
    sql("ALTER TABLE activity_event DISABLE TRIGGER event_append_only")
    sql(
        f"UPDATE activity_event SET {change} WHERE subject_id = %s AND seq = 2",
        probe.pk,
    )
    with pytest.raises(CommandError, match=rf"^probe {probe.pk}, event 2: the chain"):
        verify()


def remove_from_the_middle(probe: Probe) -> None:
    sql("DELETE FROM activity_event WHERE subject_id = %s AND seq = 2", probe.pk)


def remove_the_first(probe: Probe) -> None:
    sql("DELETE FROM activity_event WHERE subject_id = %s AND seq = 1", probe.pk)


def cut_the_tail(probe: Probe) -> None:
    sql("DELETE FROM activity_event WHERE subject_id = %s AND seq = 4", probe.pk)


def swap_two(probe: Probe) -> None:
    sql("UPDATE activity_event SET seq = 9 WHERE subject_id = %s AND seq = 2", probe.pk)
    sql("UPDATE activity_event SET seq = 2 WHERE subject_id = %s AND seq = 3", probe.pk)
    sql("UPDATE activity_event SET seq = 3 WHERE subject_id = %s AND seq = 9", probe.pk)


def rewrite_the_end_with_a_right_hash(probe: Probe) -> None:
    """The last event can be re-hashed, but not what it says of the record."""
    sql("DELETE FROM activity_event WHERE subject_id = %s AND seq = 4", probe.pk)
    sql("UPDATE probe_probe SET version = 3, status = 'done' WHERE id = %s", probe.pk)


def lose_the_record(probe: Probe) -> None:
    sql("DELETE FROM probe_probe WHERE id = %s", probe.pk)


def edit_the_note(probe: Probe) -> None:
    sql("UPDATE activity_note SET text = 'other words'")


def edit_note_and_its_digest(probe: Probe) -> None:
    sql("UPDATE activity_note SET text='x', salt='', digest=encode(sha256('x'),'hex')")


def lose_the_note(probe: Probe) -> None:
    sql("DELETE FROM activity_note")


@pytest.mark.parametrize(
    ("attack", "words"),
    [
        (remove_from_the_middle, "event 3: the one before it is 1"),
        (remove_the_first, "event 2: the one before it is missing"),
        (cut_the_tail, ": 4 events were written, the last one found is 3"),
        (swap_two, "event 2: the chain is broken"),
        (rewrite_the_end_with_a_right_hash, ": it is done, its events say running"),
        (lose_the_record, ": it has events, but the record is gone"),
        (edit_the_note, "event 3, note reason: its text was changed"),
        (edit_note_and_its_digest, "event 3, note reason: its text was changed"),
        (lose_the_note, "event 3, note reason: it is gone"),
    ],
)
def test_the_first_fault_is_named(
    probe: Probe, attack: Callable[[Probe], None], words: str
) -> None:
    for table in ("activity_event", "activity_note", "probe_probe"):
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    attack(probe)
    with pytest.raises(CommandError) as caught:
        verify()
    assert f"probe {probe.pk}" in str(caught.value)
    assert words in str(caught.value)


def test_a_guard_that_is_off_is_named(db: None) -> None:
    """In the test database that is the truncate guard."""
    with pytest.raises(CommandError, match=r"no_truncate.*switched off"):
        call_command("verify_history")
