"""Proof that history is whole: every chain, every tail, every note."""

from dataclasses import dataclass

from django.db import connection

from activity.guards import missing_guards
from activity.models import Subject


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where something does not fit, and what."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def faults() -> list[Fault]:
    """The first fault of each kind, worst first; empty when history is whole.

    Looks for edited, removed and reordered events, cut tails, records whose state
    is not what their events say, events without a record, edited or missing notes,
    and guards that are switched off. About 7 s for a million events.
    """
    found = [_broken_link()]
    for model in Subject.all_models():
        found += [_disagreement(model), _orphan(model)]
    found += [_edited_note(), _missing_note(), _missing_guard()]
    return [fault for fault in found if fault is not None]


def size() -> tuple[int, int]:
    """How many events of how many records there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE seq = 1) FROM activity_event"
        )
        events, records = cursor.fetchone()
    return events, records


def _first(sql: str, *values: str) -> tuple[object, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql + " LIMIT 1", values)
        row: tuple[object, ...] | None = cursor.fetchone()
    return row


def _broken_link() -> Fault | None:
    row = _first(
        """
        SELECT subject_type, subject_id, seq, previous_seq
          FROM (SELECT e.*, e AS event,
                       lag(hash) OVER chain AS previous_hash,
                       lag(seq) OVER chain AS previous_seq
                  FROM activity_event e
                WINDOW chain AS (PARTITION BY subject_type, subject_id ORDER BY seq)
               ) AS linked
         WHERE seq <> COALESCE(previous_seq, 0) + 1
            OR hash IS DISTINCT FROM
               activity_event_digest(COALESCE(previous_hash, ''::bytea), event)
         ORDER BY subject_type, subject_id, seq
        """
    )
    if row is None:
        return None
    subject_type, subject_id, seq, previous = row
    place = f"{subject_type} {subject_id}, event {seq}"
    if seq != int(str(previous or 0)) + 1:
        return Fault(place, f"the one before it is {previous or 'missing'}")
    return Fault(place, "the chain is broken here: this event or its place was changed")


def _disagreement(model: type[Subject]) -> Fault | None:
    row = _first(
        f"""
        SELECT s.id, s.version, s.status, last.seq, last.status
          FROM {model._meta.db_table} s
          LEFT JOIN LATERAL (
               SELECT max(seq) AS seq,
                      (array_agg(to_status ORDER BY seq DESC)
                       FILTER (WHERE to_status IS NOT NULL))[1] AS status
                 FROM activity_event
                WHERE subject_type = %s AND subject_id = s.id) last ON true
         WHERE s.version IS DISTINCT FROM COALESCE(last.seq, 0)
            OR s.status IS DISTINCT FROM last.status
         ORDER BY s.id
        """,  # noqa: S608 - a table name of our own
        model.subject_type,
    )
    if row is None:
        return None
    pk, version, status, seq, last_status = row
    place = f"{model.subject_type} {pk}"
    if version != (seq or 0):
        return Fault(
            place, f"{version} events were written, the last one found is {seq or 0}"
        )
    return Fault(place, f"it is {status}, its events say {last_status}")


def _orphan(model: type[Subject]) -> Fault | None:
    row = _first(
        f"""
        SELECT e.subject_id FROM activity_event e
         WHERE e.subject_type = %s AND e.seq = 1 AND NOT EXISTS (
               SELECT 1 FROM {model._meta.db_table} s WHERE s.id = e.subject_id)
         ORDER BY e.subject_id
        """,  # noqa: S608 - a table name of our own
        model.subject_type,
    )
    if row is None:
        return None
    return Fault(
        f"{model.subject_type} {row[0]}", "it has events, but the record is gone"
    )


def _edited_note() -> Fault | None:
    row = _first(
        """
        SELECT e.subject_type, e.subject_id, e.seq, n.name
          FROM activity_note n JOIN activity_event e ON e.id = n.event_id
         WHERE n.digest IS DISTINCT FROM e.data -> 'notes' ->> n.name
            OR (n.redacted_at IS NULL AND n.digest <>
                encode(sha256(convert_to(n.salt || n.text, 'UTF8')), 'hex'))
         ORDER BY e.subject_type, e.subject_id, e.seq
        """
    )
    return _note_fault(row, "its text was changed")


def _missing_note() -> Fault | None:
    row = _first(
        """
        SELECT e.subject_type, e.subject_id, e.seq, claimed.name
          FROM activity_event e, jsonb_object_keys(
               CASE jsonb_typeof(e.data -> 'notes') WHEN 'object'
               THEN e.data -> 'notes' ELSE '{}' END) AS claimed (name)
         WHERE e.data ? 'notes' AND NOT EXISTS (
               SELECT 1 FROM activity_note n
                WHERE n.event_id = e.id AND n.name = claimed.name)
         ORDER BY e.subject_type, e.subject_id, e.seq
        """
    )
    return _note_fault(row, "it is gone")


def _note_fault(row: tuple[object, ...] | None, what: str) -> Fault | None:
    if row is None:
        return None
    subject_type, subject_id, seq, name = row
    return Fault(f"{subject_type} {subject_id}, event {seq}, note {name}", what)


def _missing_guard() -> Fault | None:
    missing = missing_guards()
    if not missing:
        return None
    table, trigger = missing[0]
    return Fault(f"guard {trigger} on {table}", "it is missing or switched off")
