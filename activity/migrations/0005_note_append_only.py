"""A note says what its event's digest says, until it is emptied, once."""

from django.db import migrations

MATCHES = """
CREATE OR REPLACE FUNCTION note_matches_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.digest IS DISTINCT FROM
       (SELECT data -> 'notes' ->> NEW.name FROM activity_event WHERE id = NEW.event_id)
       OR NEW.digest IS DISTINCT FROM
          encode(sha256(convert_to(NEW.salt || NEW.text, 'UTF8')), 'hex')
    THEN
        RAISE EXCEPTION 'note % does not match event %', NEW.name, NEW.event_id
            USING ERRCODE = '23514', CONSTRAINT = 'note_matches_event';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER note_matches_event BEFORE INSERT ON activity_note
    FOR EACH ROW EXECUTE FUNCTION note_matches_event();
"""

APPEND_ONLY = """
-- The only change: text and salt go, and it is said when and by whom.
CREATE TRIGGER note_append_only BEFORE UPDATE ON activity_note
    FOR EACH ROW WHEN (NOT (
        OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL
        AND NEW.text = '' AND NEW.salt = ''
        AND (NEW.id, NEW.event_id, NEW.name, NEW.digest)
            = (OLD.id, OLD.event_id, OLD.name, OLD.digest)))
    EXECUTE FUNCTION refuse_change('note_append_only');
CREATE OR REPLACE FUNCTION note_redacted_now() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.redacted_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER note_redacted_now BEFORE UPDATE ON activity_note
    FOR EACH ROW WHEN (NEW.redacted_at IS NOT NULL)
    EXECUTE FUNCTION note_redacted_now();
CREATE TRIGGER note_never_deleted BEFORE DELETE ON activity_note
    FOR EACH ROW EXECUTE FUNCTION refuse_change('note_append_only');
CREATE TRIGGER note_no_truncate BEFORE TRUNCATE ON activity_note
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('note_append_only');
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0004_event_append_only")]

    operations = [
        migrations.RunSQL(
            MATCHES,
            "DROP TRIGGER note_matches_event ON activity_note;"
            "DROP FUNCTION note_matches_event();",
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER note_no_truncate ON activity_note;"
            "DROP TRIGGER note_never_deleted ON activity_note;"
            "DROP TRIGGER note_redacted_now ON activity_note;"
            "DROP FUNCTION note_redacted_now();"
            "DROP TRIGGER note_append_only ON activity_note;",
        ),
    ]
