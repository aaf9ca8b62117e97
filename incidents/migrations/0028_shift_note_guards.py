"""A word to the next shift is a team's own, and stays as it was written."""

from django.db import migrations

KEPT = """
-- The only change: the text goes, and it is said when and by whom.
CREATE TRIGGER shift_note_kept BEFORE UPDATE ON incidents_shiftnote
    FOR EACH ROW WHEN (NOT (
        OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL
        AND (NEW.id, NEW.team_id, NEW.by_id, NEW.at, NEW.submission)
            = (OLD.id, OLD.team_id, OLD.by_id, OLD.at, OLD.submission)))
    EXECUTE FUNCTION refuse_change('shift_note_kept');
CREATE TRIGGER shift_note_never_deleted BEFORE DELETE ON incidents_shiftnote
    FOR EACH ROW EXECUTE FUNCTION refuse_change('shift_note_kept');
CREATE TRIGGER shift_note_no_truncate BEFORE TRUNCATE ON incidents_shiftnote
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('shift_note_kept');
CREATE TRIGGER shift_note_seen_kept BEFORE UPDATE OR DELETE ON incidents_shiftnoteseen
    FOR EACH ROW EXECUTE FUNCTION refuse_change('shift_note_kept');
CREATE TRIGGER shift_note_seen_no_truncate BEFORE TRUNCATE ON incidents_shiftnoteseen
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('shift_note_kept');
"""

KEPT_REVERSE = """
DROP TRIGGER shift_note_seen_no_truncate ON incidents_shiftnoteseen;
DROP TRIGGER shift_note_seen_kept ON incidents_shiftnoteseen;
DROP TRIGGER shift_note_no_truncate ON incidents_shiftnote;
DROP TRIGGER shift_note_never_deleted ON incidents_shiftnote;
DROP TRIGGER shift_note_kept ON incidents_shiftnote;
"""

BY_TEAM = """
CREATE OR REPLACE FUNCTION works_in_team(person bigint, wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_team t
          JOIN accounts_user u ON u.id = person AND u.is_active
         WHERE t.id = wanted AND t.is_active
           AND (t.lead_id = person OR EXISTS (
                SELECT 1 FROM accounts_membership m
                 WHERE m.team_id = t.id AND m.user_id = person)))
$$;
-- Whoever works in the team writes it, and what is written has its words.
CREATE OR REPLACE FUNCTION shift_note_by_team() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.redacted_at IS NOT NULL THEN
        RAISE EXCEPTION 'a word to the next shift begins with its text'
            USING ERRCODE = '23514', CONSTRAINT = 'shift_note_kept';
    END IF;
    IF NOT works_in_team(NEW.by_id, NEW.team_id) THEN
        RAISE EXCEPTION '% does not work in team %', NEW.by_id, NEW.team_id
            USING ERRCODE = '23514', CONSTRAINT = 'shift_note_by_team';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shift_note_by_team BEFORE INSERT ON incidents_shiftnote
    FOR EACH ROW EXECUTE FUNCTION shift_note_by_team();
-- Only a colleague can have seen it, and not before it was there.
CREATE OR REPLACE FUNCTION shift_note_seen_by_team() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM incidents_shiftnote n
         WHERE n.id = NEW.note_id AND n.by_id <> NEW.by_id AND n.at <= NEW.at
           AND works_in_team(NEW.by_id, n.team_id))
    THEN
        RAISE EXCEPTION 'note % was not for %', NEW.note_id, NEW.by_id
            USING ERRCODE = '23514', CONSTRAINT = 'shift_note_seen_by_team';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shift_note_seen_by_team BEFORE INSERT ON incidents_shiftnoteseen
    FOR EACH ROW EXECUTE FUNCTION shift_note_seen_by_team();
"""

BY_TEAM_REVERSE = """
DROP TRIGGER shift_note_seen_by_team ON incidents_shiftnoteseen;
DROP FUNCTION shift_note_seen_by_team();
DROP TRIGGER shift_note_by_team ON incidents_shiftnote;
DROP FUNCTION shift_note_by_team();
DROP FUNCTION works_in_team(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0027_shift_notes")]

    operations = [
        migrations.RunSQL(KEPT, KEPT_REVERSE),
        migrations.RunSQL(BY_TEAM, BY_TEAM_REVERSE),
    ]
