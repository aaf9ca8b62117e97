"""What PostgreSQL refuses by any path, and that each guard is the one who does it.

Every case runs twice: as it is, where it must be refused with the rule's name,
and with that one trigger taken away, where it must go through. So none of them
can pass because of something else.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from activity.guards import expected_guards, guards_lifted, missing_guards
from activity.lifecycle import record
from activity.models import Event, GuardLift, Note
from activity.refusals import GUARDED_RULES, broken_rule, explain
from tests.database import sql, without
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe, start_probe

Attack = Callable[[Probe], None]


def insert_event(
    probe: Probe, *, seq: int, kind: str = "probe.forged", **more: object
) -> None:
    columns = {
        "subject_type": "probe",
        "subject_id": probe.pk,
        "seq": seq,
        "kind": kind,
        "actor_id": User.objects.order_by("pk")[0].pk,
        "data": "{}",
        "public": False,
        "at": "2026-01-01T00:00:00Z",
        "request_id": "",
        **more,
    }
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    sql(f"INSERT INTO activity_event ({names}) VALUES ({marks})", *columns.values())


def update_event(probe: Probe) -> None:
    sql(
        "UPDATE activity_event SET kind = 'probe.edited' WHERE subject_id = %s",
        probe.pk,
    )


def rehash_event(probe: Probe) -> None:
    sql("UPDATE activity_event SET hash = '' WHERE subject_id = %s", probe.pk)


def delete_event(probe: Probe) -> None:
    sql("DELETE FROM activity_note")
    sql("DELETE FROM activity_event WHERE subject_id = %s AND seq = 3", probe.pk)


def truncate_events(probe: Probe) -> None:
    sql("TRUNCATE activity_event, activity_note, activity_delivery")


def truncate_notes(probe: Probe) -> None:
    sql("TRUNCATE activity_note")


def truncate_subjects(probe: Probe) -> None:
    sql("TRUNCATE probe_probe")


def skip_a_number(probe: Probe) -> None:
    insert_event(probe, seq=probe.version + 2)


def repeat_a_number(probe: Probe) -> None:
    insert_event(probe, seq=1, kind="probe.open")


def ghost_event(probe: Probe) -> None:
    """An event that claims a move nobody made."""
    insert_event(
        probe,
        seq=probe.version + 1,
        kind="probe.finish",
        from_status="running",
        to_status="done",
    )


def fact_without_version(probe: Probe) -> None:
    insert_event(probe, seq=probe.version + 1)


def event_of_nobody(probe: Probe) -> None:
    insert_event(probe, seq=1, subject_id=10**9, kind="probe.open", to_status="draft")


def move_from_elsewhere(probe: Probe) -> None:
    insert_event(
        probe,
        seq=probe.version + 1,
        kind="probe.finish",
        from_status="draft",
        to_status="done",
    )
    sql(
        "UPDATE probe_probe SET status='done', version=version+1 WHERE id = %s",
        probe.pk,
    )


def move_by_queryset(probe: Probe) -> None:
    Probe.objects.filter(pk=probe.pk).update(status="done")


def move_by_bulk_update(probe: Probe) -> None:
    copy = Probe(pk=probe.pk, title=probe.title, status="done", version=probe.version)
    Probe.objects.bulk_update([copy], ["status"])


def move_by_sql_with_version(probe: Probe) -> None:
    sql(
        "UPDATE probe_probe SET status='done', version=version+1 WHERE id = %s",
        probe.pk,
    )


def raise_version_alone(probe: Probe) -> None:
    sql("UPDATE probe_probe SET version = version + 1 WHERE id = %s", probe.pk)


def renumber_row(probe: Probe) -> None:
    sql("UPDATE probe_probe SET id = id + 1000000 WHERE id = %s", probe.pk)


def born_without_event(probe: Probe) -> None:
    Probe.objects.create()


def born_later_without_event(probe: Probe) -> None:
    Probe.objects.create(status="running", version=1)


def born_later_with_event(probe: Probe) -> None:
    born = Probe.objects.create(status="running", version=1)
    insert_event(born, seq=1, kind="probe.open", to_status="running")


def delete_row(probe: Probe) -> None:
    sql("DELETE FROM probe_probe WHERE id = %s", probe.pk)


def edit_note(probe: Probe) -> None:
    sql("UPDATE activity_note SET text = 'other words'")


def edit_note_and_digest(probe: Probe) -> None:
    sql("UPDATE activity_note SET text='x', salt='', digest=encode(sha256('x'), 'hex')")


def half_redaction(probe: Probe) -> None:
    actor = Event.objects.about(probe)[0].actor_id
    sql(
        "UPDATE activity_note SET text='', salt='', digest='', redacted_at=now(),"
        " redacted_by_id = %s",
        actor,
    )


def delete_note(probe: Probe) -> None:
    sql("DELETE FROM activity_note")


def false_note(probe: Probe) -> None:
    event = Event.objects.about(probe)[2]
    sql(
        "INSERT INTO activity_note (event_id, name, text, salt, digest)"
        " VALUES (%s, 'other', 'x', '', encode(sha256('x'), 'hex'))",
        event.pk,
    )


# attack, rule that must be named, trigger that keeps it
CASES: list[tuple[Attack, str, tuple[str, ...]]] = [
    (update_event, "event_append_only", ("activity_event.event_append_only",)),
    (rehash_event, "event_append_only", ("activity_event.event_append_only",)),
    (
        delete_event,
        "note_append_only",
        ("activity_note.note_never_deleted", "activity_event.event_append_only"),
    ),
    (
        skip_a_number,
        "event_seq_follows",
        ("activity_event.event_chain", "activity_event.probe_agrees_on_event"),
    ),
    (ghost_event, "subject_agrees", ("activity_event.probe_agrees_on_event",)),
    (fact_without_version, "subject_agrees", ("activity_event.probe_agrees_on_event",)),
    (event_of_nobody, "subject_agrees", ("activity_event.probe_agrees_on_event",)),
    (move_from_elsewhere, "event_move_follows", ("activity_event.event_chain",)),
    (move_by_queryset, "subject_agrees", ("probe_probe.probe_agrees_on_update",)),
    (move_by_bulk_update, "subject_agrees", ("probe_probe.probe_agrees_on_update",)),
    (
        move_by_sql_with_version,
        "subject_agrees",
        ("probe_probe.probe_agrees_on_update",),
    ),
    (raise_version_alone, "subject_agrees", ("probe_probe.probe_agrees_on_update",)),
    (renumber_row, "subject_id_fixed", ("probe_probe.probe_id_fixed",)),
    (born_without_event, "subject_agrees", ("probe_probe.probe_agrees_on_insert",)),
    (
        born_later_without_event,
        "subject_agrees",
        ("probe_probe.probe_agrees_on_insert",),
    ),
    (born_later_with_event, "event_starts_initial", ("activity_event.event_chain",)),
    (delete_row, "subject_never_deleted", ("probe_probe.probe_never_deleted",)),
    (edit_note, "note_append_only", ("activity_note.note_append_only",)),
    (edit_note_and_digest, "note_append_only", ("activity_note.note_append_only",)),
    (half_redaction, "note_append_only", ("activity_note.note_append_only",)),
    (delete_note, "note_append_only", ("activity_note.note_never_deleted",)),
    (false_note, "note_matches_event", ("activity_note.note_matches_event",)),
]
IDS = [attack.__name__ for attack, _rule, _triggers in CASES]

TRUNCATIONS: list[tuple[Attack, str, tuple[str, ...]]] = [
    (
        truncate_events,
        "event_append_only",
        ("activity_event.event_no_truncate", "activity_note.note_no_truncate"),
    ),
    (truncate_notes, "note_append_only", ("activity_note.note_no_truncate",)),
    (truncate_subjects, "subject_never_deleted", ("probe_probe.probe_no_truncate",)),
]


@pytest.fixture
def probe(cast: Cast) -> Probe:
    """Running, with three events, the last of them with a note."""
    probe = start_probe(open_probe(by=cast.bo).pk, by=cast.bo)
    record(probe, "probe.seen", by=cast.bo, notes={"reason": "as it was"})
    connection.check_constraints()
    sql("SET CONSTRAINTS ALL DEFERRED")
    return probe


def attempt(attack: Attack, probe: Probe) -> None:
    """Attack and let the deferred guards speak, as a commit would."""
    with transaction.atomic():
        attack(probe)
        connection.check_constraints()


@pytest.mark.parametrize(("attack", "rule", "triggers"), CASES, ids=IDS)
def test_it_is_refused_by_name(
    probe: Probe, attack: Attack, rule: str, triggers: tuple[str, ...]
) -> None:
    with pytest.raises(IntegrityError) as caught:
        attempt(attack, probe)
    assert broken_rule(caught.value) == rule
    assert explain(caught.value)


@pytest.mark.parametrize(("attack", "rule", "triggers"), CASES, ids=IDS)
def test_it_would_pass_without_that_guard(
    probe: Probe, attack: Attack, rule: str, triggers: tuple[str, ...]
) -> None:
    without(*triggers)
    attempt(attack, probe)


def test_a_repeated_number_is_refused_twice_over(probe: Probe) -> None:
    with pytest.raises(IntegrityError) as caught:
        attempt(repeat_a_number, probe)
    assert broken_rule(caught.value) == "event_seq_follows"
    without("activity_event.event_chain", "activity_event.probe_agrees_on_event")
    with pytest.raises(IntegrityError) as caught:
        attempt(repeat_a_number, probe)
    assert broken_rule(caught.value) == "event_seq_once"
    sql("ALTER TABLE activity_event DROP CONSTRAINT event_seq_once")
    attempt(repeat_a_number, probe)


@pytest.mark.parametrize(
    ("attack", "rule", "triggers"),
    TRUNCATIONS,
    ids=[attack.__name__ for attack, _rule, _triggers in TRUNCATIONS],
)
def test_truncate_is_refused_once_its_guard_stands(
    probe: Probe, attack: Attack, rule: str, triggers: tuple[str, ...]
) -> None:
    """The test database has this one guard off; here it is on."""
    with transaction.atomic():
        attack(probe)
        transaction.set_rollback(True)
    for name in triggers:
        table, trigger = name.split(".")
        sql(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        attack(probe)
    assert broken_rule(caught.value) == rule


def test_an_unknown_status_is_refused(probe: Probe) -> None:
    with pytest.raises(IntegrityError) as caught:
        attempt(
            lambda p: sql("UPDATE probe_probe SET status = 'gone' WHERE id = %s", p.pk),
            probe,
        )
    assert broken_rule(caught.value) == "probe_status_known"


def test_an_unknown_record_type_has_no_events(probe: Probe) -> None:
    with pytest.raises(IntegrityError) as caught:
        attempt(
            lambda p: insert_event(p, seq=1, subject_type="toaster", to_status="draft"),
            probe,
        )
    assert broken_rule(caught.value) in {
        "event_subject_type_known",
        "event_starts_initial",
    }


@pytest.mark.parametrize("kind", ["Probe.Open", "open", "probe.open it", "probe."])
def test_a_kind_is_a_code(probe: Probe, kind: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        attempt(lambda p: insert_event(p, seq=p.version + 1, kind=kind), probe)
    assert broken_rule(caught.value) == "event_kind_is_code"


def test_the_database_says_when_it_was_recorded(probe: Probe) -> None:
    insert_event(probe, seq=probe.version + 1, recorded_at="2001-01-01T00:00:00Z")
    forged = Event.objects.about(probe).last()
    assert forged is not None
    assert forged.recorded_at.year > 2001
    sql("UPDATE probe_probe SET version = version + 1 WHERE id = %s", probe.pk)


def test_history_refuses_in_words_before_the_database_does(probe: Probe) -> None:
    event = Event.objects.about(probe)[0]
    for attempt_ in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(kind="x.y"),
        lambda: Note.objects.get().delete(),
    ):
        with pytest.raises(TypeError, match=r"append-only|redacted"):
            attempt_()


def test_the_expected_guards_stand_enabled(db: None) -> None:
    expected = expected_guards()
    assert len(expected) == len(set(expected)) > 20
    truncate = {guard for guard in expected if guard[1].endswith("_no_truncate")}
    assert set(missing_guards()) == truncate  # the one kind that tests switch off


def test_no_guard_stands_unlisted(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal"
        )
        standing = set(cursor.fetchall())
    assert standing == set(expected_guards())


def test_a_guard_that_is_switched_off_is_missed(db: None) -> None:
    without("activity_event.event_chain")
    assert ("activity_event", "event_chain") in missing_guards()


def test_every_guard_can_be_put_into_words() -> None:
    rules = {rule for _attack, rule, _triggers in CASES + TRUNCATIONS}
    assert rules <= set(GUARDED_RULES)


def move_in_disguise(probe: Probe) -> None:
    sql("UPDATE probe_probe SET status = 'done', version = 12 WHERE id = %s", probe.pk)


def test_a_temporary_table_is_not_asked_instead(probe: Probe) -> None:
    """Anybody who may log in to the database may make one, under any name."""
    sql("CREATE TEMP TABLE activity_event AS SELECT * FROM public.activity_event")
    sql("UPDATE pg_temp.activity_event SET to_status = 'done', seq = seq + 9")
    with pytest.raises(IntegrityError) as caught:
        attempt(move_in_disguise, probe)
    assert broken_rule(caught.value) == "subject_agrees"


def test_every_function_of_ours_fixes_its_search_path(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND p.prosrc ~ 'FROM'"
            " AND p.proconfig IS NULL"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET initial_status='done'", "DELETE FROM {}"]
)
def test_the_first_state_of_a_record_type_is_fixed(
    probe: Probe, statement: str
) -> None:
    with pytest.raises(IntegrityError) as caught:
        attempt(lambda _probe: sql(statement.format("activity_subject_type")), probe)
    assert broken_rule(caught.value) == "subject_type_fixed"


def test_a_redaction_says_when_it_really_was(cast: Cast, probe: Probe) -> None:
    sql(
        "UPDATE activity_note SET text='', salt='', redacted_at='1999-01-01',"
        " redacted_by_id = %s",
        cast.ida.pk,
    )
    redacted = Note.objects.get().redacted_at
    assert redacted is not None
    assert redacted.year > 1999


class TestLiftingGuards:
    GUARD = ("activity_event", "event_append_only")

    def lifted(self, reason: str = "repair of a test") -> AbstractContextManager[None]:
        return guards_lifted(reason, [self.GUARD])

    def test_inside_the_guard_is_off_and_it_is_written_down(self, probe: Probe) -> None:
        with self.lifted():
            update_event(probe)
        lift = GuardLift.objects.get()
        assert lift.reason == "repair of a test"
        assert lift.guards == "activity_event.event_append_only"
        assert lift.database_user

    def test_afterwards_it_stands_again(self, probe: Probe) -> None:
        with self.lifted():
            pass
        with pytest.raises(IntegrityError):
            attempt(update_event, probe)

    def test_an_error_inside_leaves_the_guard_standing(self, probe: Probe) -> None:
        with pytest.raises(ZeroDivisionError), self.lifted():
            raise ZeroDivisionError
        assert self.GUARD not in missing_guards()
        assert not GuardLift.objects.exists()

    def test_a_reason_is_needed(self, probe: Probe) -> None:
        with pytest.raises(ValueError, match="Say why"), self.lifted("  "):
            pass

    def test_the_record_of_it_is_append_only(self, probe: Probe) -> None:
        with self.lifted():
            pass
        with pytest.raises(IntegrityError), transaction.atomic():
            sql("UPDATE activity_guardlift SET reason = 'nothing'")
        with pytest.raises(IntegrityError), transaction.atomic():
            sql("DELETE FROM activity_guardlift")
