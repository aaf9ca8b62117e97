"""How far up an incident is looked at is what its events say, and only rises in a
climb."""

from django.db import migrations

HEAD = (
    "RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public, pg_temp AS $$"
)

AGREES = """
-- At commit: the level is that of the last event about it.
CREATE OR REPLACE FUNCTION incident_attention_agrees() {head}
DECLARE
    pk bigint;
BEGIN
    IF TG_TABLE_NAME = 'activity_event' THEN
        pk := NEW.subject_id;
    ELSE
        pk := NEW.id;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = pk AND to_jsonb(i.attention) = COALESCE((
               SELECT e.data->'level' FROM activity_event e
                WHERE e.subject_type = 'incident' AND e.subject_id = pk
                  AND e.kind IN ('incident.raise_attention',
                                 'incident.lower_attention')
                ORDER BY e.seq DESC LIMIT 1), '0'))
    THEN
        RAISE EXCEPTION 'the attention of incident % has no event', pk
            USING ERRCODE = '23514', CONSTRAINT = 'incident_attention_by_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER incident_attention_on_insert
    AFTER INSERT ON incidents_incident
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.attention <> 0)
    EXECUTE FUNCTION incident_attention_agrees();
CREATE CONSTRAINT TRIGGER incident_attention_on_update
    AFTER UPDATE ON incidents_incident
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.attention IS DISTINCT FROM NEW.attention)
    EXECUTE FUNCTION incident_attention_agrees();
CREATE CONSTRAINT TRIGGER incident_attention_on_event AFTER INSERT ON activity_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.subject_type = 'incident' AND NEW.kind IN (
        'incident.raise_attention', 'incident.lower_attention'))
    EXECUTE FUNCTION incident_attention_agrees();
"""

AGREES_REVERSE = """
DROP TRIGGER incident_attention_on_event ON activity_event;
DROP TRIGGER incident_attention_on_update ON incidents_incident;
DROP TRIGGER incident_attention_on_insert ON incidents_incident;
DROP FUNCTION incident_attention_agrees();
"""

RISES = """
-- Raised is higher than before, lowered is nobody: a climb never takes a step back.
CREATE OR REPLACE FUNCTION attention_rises() {head}
DECLARE
    former jsonb;
BEGIN
    former := COALESCE((
        SELECT e.data->'level' FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.subject_id
           AND e.kind IN ('incident.raise_attention', 'incident.lower_attention')
         ORDER BY e.seq DESC LIMIT 1), '0');
    IF jsonb_typeof(NEW.data->'level') IS DISTINCT FROM 'number'
       OR NEW.kind = 'incident.raise_attention' AND NEW.data->'level' <= former
       OR NEW.kind = 'incident.lower_attention'
          AND (NEW.data->'level' <> '0' OR former = '0')
    THEN
        RAISE EXCEPTION 'attention for incident % goes from % to %',
            NEW.subject_id, former, NEW.data->'level'
            USING ERRCODE = '23514', CONSTRAINT = 'attention_rises';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attention_rises BEFORE INSERT ON activity_event
    FOR EACH ROW WHEN (NEW.subject_type = 'incident' AND NEW.kind IN (
        'incident.raise_attention', 'incident.lower_attention'))
    EXECUTE FUNCTION attention_rises();
"""

RISES_REVERSE = """
DROP TRIGGER attention_rises ON activity_event;
DROP FUNCTION attention_rises();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0025_hand_over_guards")]

    operations = [
        migrations.RunSQL(AGREES.replace("{head}", HEAD), AGREES_REVERSE),
        migrations.RunSQL(RISES.replace("{head}", HEAD), RISES_REVERSE),
    ]
