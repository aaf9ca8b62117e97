"""Every escalation has its package, and the package stays as it was written."""

from django.db import migrations

HEAD = (
    "RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public, pg_temp AS $$"
)

KEPT = """
CREATE TRIGGER hand_over_append_only BEFORE UPDATE OR DELETE ON incidents_handover
    FOR EACH ROW EXECUTE FUNCTION refuse_change('hand_over_kept');
CREATE TRIGGER hand_over_no_truncate BEFORE TRUNCATE ON incidents_handover
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('hand_over_kept');
"""

KEPT_REVERSE = """
DROP TRIGGER hand_over_no_truncate ON incidents_handover;
DROP TRIGGER hand_over_append_only ON incidents_handover;
"""

WHOLE = """
-- At commit, from both sides: an escalation says all four things, and its row names
-- the stay that it began and the check for known errors that it rests on.
CREATE OR REPLACE FUNCTION hand_over_is_whole() {head}
DECLARE
    pk bigint;
    number bigint;
BEGIN
    IF TG_TABLE_NAME = 'activity_event' THEN
        pk := NEW.subject_id;
        number := NEW.seq;
    ELSE
        pk := NEW.incident_id;
        number := NEW.seq;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM incidents_handover h
          JOIN activity_event e ON e.subject_type = 'incident'
               AND e.subject_id = h.incident_id AND e.seq = h.seq
          JOIN incidents_tierstay s ON s.id = h.stay_id
          LEFT JOIN incidents_knownerrorcheck c ON c.id = h.check_made_id
         WHERE h.incident_id = pk AND h.seq = number
           AND e.kind = 'incident.escalate' AND e.actor_id = h.by_id
           AND COALESCE(e.data->'notes', '{}')
               ?& ARRAY['symptom', 'diagnosis', 'tried', 'wanted']
           AND s.incident_id = h.incident_id AND s.entered_seq = h.seq
           AND NULLIF(e.data->'check', 'null') IS NOT DISTINCT FROM to_jsonb(c.seq)
           AND (c.id IS NULL OR c.incident_id = h.incident_id))
    THEN
        RAISE EXCEPTION 'event % of incident % hands nothing over', number, pk
            USING ERRCODE = '23514', CONSTRAINT = 'hand_over_is_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hand_over_is_whole AFTER INSERT ON incidents_handover
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hand_over_is_whole();
CREATE CONSTRAINT TRIGGER escalation_has_hand_over AFTER INSERT ON activity_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.subject_type = 'incident' AND NEW.kind = 'incident.escalate')
    EXECUTE FUNCTION hand_over_is_whole();
"""

WHOLE_REVERSE = """
DROP TRIGGER escalation_has_hand_over ON activity_event;
DROP TRIGGER hand_over_is_whole ON incidents_handover;
DROP FUNCTION hand_over_is_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0024_step_guards")]

    operations = [
        migrations.RunSQL(KEPT, KEPT_REVERSE),
        migrations.RunSQL(WHOLE.replace("{head}", HEAD), WHOLE_REVERSE),
    ]
