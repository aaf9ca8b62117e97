"""Events of a subject are numbered without a gap and chained by hash.

Every function fixes its search_path, or a temporary table of the same name would be
asked instead of the real one.

The application gives the number from the locked row; a rival that forgot the lock
gives a number that is taken, and is refused. The first event starts the record in
its initial status; a later move starts where the last one ended.
"""

from django.db import migrations

DIGEST = """
-- One function for the trigger and for verify_history. Times count microseconds
-- since 1970, because their text depends on the session's time zone.
CREATE OR REPLACE FUNCTION activity_event_digest(previous bytea, event activity_event)
RETURNS bytea LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        event.subject_type, event.subject_id, event.seq, event.kind,
        event.from_status, event.to_status, event.actor_id, event.data, event.public,
        (extract(epoch FROM event.at) * 1000000)::bigint,
        (extract(epoch FROM event.recorded_at) * 1000000)::bigint,
        event.request_id
    )::text, 'UTF8'))
$$;
"""

CHAIN = """
CREATE OR REPLACE FUNCTION event_chain() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last activity_event;
    last_status text;
BEGIN
    SELECT * INTO last FROM activity_event
     WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id
     ORDER BY seq DESC LIMIT 1;
    IF NEW.seq IS DISTINCT FROM COALESCE(last.seq, 0) + 1 THEN
        RAISE EXCEPTION '% % has % events, the next is not %',
            NEW.subject_type, NEW.subject_id, COALESCE(last.seq, 0), NEW.seq
            USING ERRCODE = '23514', CONSTRAINT = 'event_seq_follows';
    END IF;
    IF last.seq IS NULL THEN
        IF NEW.from_status IS NOT NULL OR NEW.to_status IS DISTINCT FROM (
            SELECT initial_status FROM activity_subject_type WHERE code = NEW.subject_type)
        THEN
            RAISE EXCEPTION '% % cannot start as %',
                NEW.subject_type, NEW.subject_id, NEW.to_status
                USING ERRCODE = '23514', CONSTRAINT = 'event_starts_initial';
        END IF;
    ELSIF NEW.to_status IS NOT NULL THEN
        SELECT to_status INTO last_status FROM activity_event
         WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id
           AND to_status IS NOT NULL
         ORDER BY seq DESC LIMIT 1;
        IF NEW.from_status IS DISTINCT FROM last_status THEN
            RAISE EXCEPTION '% % is %, it cannot move from %',
                NEW.subject_type, NEW.subject_id, last_status, NEW.from_status
                USING ERRCODE = '23514', CONSTRAINT = 'event_move_follows';
        END IF;
    END IF;
    NEW.recorded_at := clock_timestamp();
    NEW.hash := activity_event_digest(COALESCE(last.hash, ''::bytea), NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER event_chain BEFORE INSERT ON activity_event
    FOR EACH ROW EXECUTE FUNCTION event_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_subject_types")]

    operations = [
        migrations.RunSQL(
            DIGEST, "DROP FUNCTION activity_event_digest(bytea, activity_event);"
        ),
        migrations.RunSQL(
            CHAIN,
            "DROP TRIGGER event_chain ON activity_event; DROP FUNCTION event_chain();",
        ),
    ]
