"""A rung is told once in a climb, in order, and never after the answer."""

from django.db import migrations

ONCE = """
CREATE UNIQUE INDEX incident_rung_once ON activity_event (
    subject_id, (data ->> 'climb'), (data ->> 'rung')
) WHERE kind = 'incident.rung';
CREATE UNIQUE INDEX incident_acknowledged_once ON activity_event (
    subject_id, (data ->> 'climb')
) WHERE kind = 'incident.acknowledge_attention';
CREATE UNIQUE INDEX incident_urged_once ON activity_event (
    subject_id, (data ->> 'stay')
) WHERE kind = 'incident.urge';
"""
ONCE_REVERSE = """
DROP INDEX incident_urged_once;
DROP INDEX incident_acknowledged_once;
DROP INDEX incident_rung_once;
"""

HEAD = (
    "RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public, pg_temp AS $$"
)

# The values that are read again have to be there. A word of a person is told on its
# rung whatever was told above it, if somebody said it in this climb.
RUNG = """
CREATE OR REPLACE FUNCTION rung_in_its_climb() {head}
DECLARE
    word text := CASE NEW.data->>'trigger'
        WHEN 'complaint' THEN 'incident.urge'
        WHEN 'by_hand' THEN 'incident.call_attention'
    END;
BEGIN
    IF jsonb_typeof(NEW.data->'rung') IS DISTINCT FROM 'number'
       OR jsonb_typeof(NEW.data->'trigger') IS DISTINCT FROM 'string'
       OR jsonb_typeof(NEW.data->'answer_by') IS DISTINCT FROM 'string'
       OR jsonb_typeof(NEW.data->'recipients') IS DISTINCT FROM 'array'
       OR NOT EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.subject_id
           AND i.status IN ('new', 'assigned', 'in_progress', 'on_hold'))
       OR NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.subject_id
           AND to_jsonb(e.seq) = NEW.data->'climb'
           AND (e.kind IN ('incident.reject', 'incident.reopen', 'incident.urge',
                           'incident.call_attention')
                OR EXISTS (
                 SELECT 1 FROM incidents_policymatch m
                  WHERE m.incident_id = e.subject_id AND m.seq = e.seq)))
       OR word IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.subject_id
           AND e.kind = word AND to_jsonb(e.seq) >= NEW.data->'climb')
       OR EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.subject_id
           AND (e.kind = 'incident.acknowledge_attention'
                    AND e.data->'climb' >= NEW.data->'climb'
                OR e.kind = 'incident.rung'
                    AND (e.data->'climb' > NEW.data->'climb'
                         OR e.data->'climb' = NEW.data->'climb'
                            AND (e.data->'rung' = NEW.data->'rung'
                                 OR word IS NULL
                                    AND e.data->'rung' > NEW.data->'rung'))))
    THEN
        RAISE EXCEPTION 'rung % is not next in climb % of incident %',
            NEW.data->'rung', NEW.data->'climb', NEW.subject_id
            USING ERRCODE = '23514', CONSTRAINT = 'rung_in_its_climb';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rung_in_its_climb BEFORE INSERT ON activity_event
    FOR EACH ROW WHEN (NEW.kind = 'incident.rung')
    EXECUTE FUNCTION rung_in_its_climb();
"""
RUNG_REVERSE = """
DROP TRIGGER rung_in_its_climb ON activity_event;
DROP FUNCTION rung_in_its_climb();
"""

ANSWER = """
CREATE OR REPLACE FUNCTION acknowledgement_of_told() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.subject_id
           AND e.kind = 'incident.rung' AND e.data->'climb' = NEW.data->'climb')
    THEN
        RAISE EXCEPTION 'nobody was called in climb % of incident %',
            NEW.data->'climb', NEW.subject_id
            USING ERRCODE = '23514', CONSTRAINT = 'acknowledgement_of_told';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acknowledgement_of_told BEFORE INSERT ON activity_event
    FOR EACH ROW WHEN (NEW.kind = 'incident.acknowledge_attention')
    EXECUTE FUNCTION acknowledgement_of_told();
"""
ANSWER_REVERSE = """
DROP TRIGGER acknowledgement_of_told ON activity_event;
DROP FUNCTION acknowledgement_of_told();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0029_next_rung"),
        ("activity", "0008_digest_guards"),
    ]

    operations = [
        migrations.RunSQL(ONCE, ONCE_REVERSE),
        migrations.RunSQL(RUNG.replace("{head}", HEAD), RUNG_REVERSE),
        migrations.RunSQL(ANSWER.replace("{head}", HEAD), ANSWER_REVERSE),
    ]
