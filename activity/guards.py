"""Guards in PostgreSQL: the SQL for a new record type, and which must be there.

Each guard refuses with ERRCODE 23514 and its own constraint name, so Django raises
``IntegrityError`` and ``activity.refusals`` puts the name into words.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.operations import RunSQL

from activity.models import Subject

Guard = tuple[str, str]  # table, trigger


def expected_guards() -> list[Guard]:
    """Every guard that must stand, enabled: what apps declare, and all subjects'."""
    declared = [
        guard
        for app in apps.get_app_configs()
        for name in ("guards", "copies")
        for guard in getattr(app, name, ())
    ]
    for model in Subject.all_models():
        declared += subject_guards(model._meta.db_table, model.subject_type)
    return sorted(declared)


def subject_guards(table: str, subject_type: str) -> list[Guard]:
    """The triggers that ``guard_subject`` makes, as (table, trigger)."""
    return [
        (table, f"{subject_type}_agrees_on_insert"),
        (table, f"{subject_type}_agrees_on_update"),
        ("activity_event", f"{subject_type}_agrees_on_event"),
        (table, f"{subject_type}_id_fixed"),
        (table, f"{subject_type}_never_deleted"),
        (table, f"{subject_type}_no_truncate"),
    ]


def guard_subject(*, subject_type: str, table: str, initial_status: str) -> RunSQL:
    """A migration operation that puts a record type under the guards.

    From then on ``(status, version)`` of a row equals what its events say at every
    commit, rows start in ``initial_status`` and are never deleted.
    """
    names = {"type": subject_type, "table": table, "initial": initial_status}
    return RunSQL(_SUBJECT_SQL % names, _SUBJECT_REVERSE_SQL % names)


_SUBJECT_SQL = """
INSERT INTO activity_subject_type (code, table_name, initial_status)
VALUES ('%(type)s', '%(table)s', '%(initial)s');

CREATE OR REPLACE FUNCTION %(type)s_agrees() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pk bigint;
    found_status text;
    found_version bigint;
    last_status text;
    last_seq bigint;
BEGIN
    IF TG_TABLE_NAME = 'activity_event' THEN
        pk := NEW.subject_id;
    ELSE
        pk := NEW.id;
    END IF;
    SELECT status, version INTO found_status, found_version
      FROM %(table)s WHERE id = pk;
    SELECT seq INTO last_seq FROM activity_event
     WHERE subject_type = '%(type)s' AND subject_id = pk
     ORDER BY seq DESC LIMIT 1;
    SELECT to_status INTO last_status FROM activity_event
     WHERE subject_type = '%(type)s' AND subject_id = pk AND to_status IS NOT NULL
     ORDER BY seq DESC LIMIT 1;
    IF found_version IS DISTINCT FROM last_seq
       OR found_status IS DISTINCT FROM last_status
    THEN
        RAISE EXCEPTION '%(type)s %% is %% at %%, its events say %% at %%',
            pk, found_status, found_version, last_status, last_seq
            USING ERRCODE = '23514', CONSTRAINT = 'subject_agrees';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER %(type)s_agrees_on_insert AFTER INSERT ON %(table)s
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION %(type)s_agrees();
CREATE CONSTRAINT TRIGGER %(type)s_agrees_on_update AFTER UPDATE ON %(table)s
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status
          OR OLD.version IS DISTINCT FROM NEW.version)
    EXECUTE FUNCTION %(type)s_agrees();
CREATE TRIGGER %(type)s_id_fixed BEFORE UPDATE ON %(table)s
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id)
    EXECUTE FUNCTION refuse_change('subject_id_fixed');
CREATE CONSTRAINT TRIGGER %(type)s_agrees_on_event AFTER INSERT ON activity_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.subject_type = '%(type)s')
    EXECUTE FUNCTION %(type)s_agrees();
CREATE TRIGGER %(type)s_never_deleted BEFORE DELETE ON %(table)s
    FOR EACH ROW EXECUTE FUNCTION refuse_change('subject_never_deleted');
CREATE TRIGGER %(type)s_no_truncate BEFORE TRUNCATE ON %(table)s
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('subject_never_deleted');
"""

_SUBJECT_REVERSE_SQL = """
DROP TRIGGER %(type)s_no_truncate ON %(table)s;
DROP TRIGGER %(type)s_never_deleted ON %(table)s;
DROP TRIGGER %(type)s_id_fixed ON %(table)s;
DROP TRIGGER %(type)s_agrees_on_event ON activity_event;
DROP TRIGGER %(type)s_agrees_on_update ON %(table)s;
DROP TRIGGER %(type)s_agrees_on_insert ON %(table)s;
DROP FUNCTION %(type)s_agrees();
ALTER TABLE activity_subject_type DISABLE TRIGGER subject_type_fixed;
DELETE FROM activity_subject_type WHERE code = '%(type)s';
ALTER TABLE activity_subject_type ENABLE TRIGGER subject_type_fixed;
"""


def missing_guards() -> list[Guard]:
    """Those of the expected guards that are absent or switched off just now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
        standing = set(cursor.fetchall())
    return [guard for guard in expected_guards() if guard not in standing]


@contextmanager
def guards_lifted(reason: str, guards: Sequence[Guard]) -> Iterator[None]:
    """Switch named guards off for a data migration, in its transaction.

    Writes a lasting record of the reason, the guards and the database user. The
    guards stand again at the end, or the whole transaction is undone.
    """
    if not reason.strip():
        raise ValueError("Say why the guards are lifted.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "INSERT INTO activity_guardlift (reason, guards, database_user, at)"
            " VALUES (%s, %s, current_user, clock_timestamp())",
            [reason, ", ".join(f"{table}.{trigger}" for table, trigger in guards)],
        )
        for table, trigger in guards:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in guards:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER "{trigger}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
