"""Which policy held from when on is written down once."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER policy_match_append_only BEFORE UPDATE OR DELETE
    ON incidents_policymatch
    FOR EACH ROW EXECUTE FUNCTION refuse_change('policy_match_append_only');
CREATE TRIGGER policy_match_no_truncate BEFORE TRUNCATE ON incidents_policymatch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('policy_match_append_only');
"""

OF_EVENT = """
-- At commit: it matches from an event on that is there, and from its time on.
CREATE OR REPLACE FUNCTION policy_match_has_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event
         WHERE subject_type = 'incident' AND subject_id = NEW.incident_id
           AND seq = NEW.seq AND at = NEW.at)
    THEN
        RAISE EXCEPTION 'policy match % has no event', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'policy_match_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER policy_match_has_event AFTER INSERT
    ON incidents_policymatch DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION policy_match_has_event();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0009_clocks")]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER policy_match_no_truncate ON incidents_policymatch;"
            "DROP TRIGGER policy_match_append_only ON incidents_policymatch;",
        ),
        migrations.RunSQL(
            OF_EVENT,
            "DROP TRIGGER policy_match_has_event ON incidents_policymatch;"
            "DROP FUNCTION policy_match_has_event();",
        ),
    ]
