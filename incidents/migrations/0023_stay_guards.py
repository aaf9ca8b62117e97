"""Stays tile the life of an incident: no overlap, no gap, each with its event, the last
one where the incident is."""

from django.db import migrations

HEAD = (
    "RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public, pg_temp AS $$"
)

KEPT = """
CREATE TRIGGER tier_stay_never_deleted BEFORE DELETE ON incidents_tierstay
    FOR EACH ROW EXECUTE FUNCTION refuse_change('tier_stay_kept');
CREATE TRIGGER tier_stay_no_truncate BEFORE TRUNCATE ON incidents_tierstay
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('tier_stay_kept');
-- It is left, once; nothing else of it ever changes.
CREATE TRIGGER tier_stay_fixed BEFORE UPDATE ON incidents_tierstay
    FOR EACH ROW WHEN (
        OLD.left_seq IS NOT NULL
        OR (to_jsonb(OLD) - 'left_seq' - 'left_at')
           IS DISTINCT FROM (to_jsonb(NEW) - 'left_seq' - 'left_at'))
    EXECUTE FUNCTION refuse_change('tier_stay_kept');
"""

KEPT_REVERSE = """
DROP TRIGGER tier_stay_fixed ON incidents_tierstay;
DROP TRIGGER tier_stay_no_truncate ON incidents_tierstay;
DROP TRIGGER tier_stay_never_deleted ON incidents_tierstay;
"""

SEAM = """
ALTER TABLE incidents_tierstay ADD CONSTRAINT tier_stay_no_gap
    FOREIGN KEY (incident_id, after_seq, after_at)
    REFERENCES incidents_tierstay (incident_id, left_seq, left_at)
    DEFERRABLE INITIALLY DEFERRED;
"""

SEAM_REVERSE = "ALTER TABLE incidents_tierstay DROP CONSTRAINT tier_stay_no_gap;"

BEGUN = """
-- At commit: the event it names began it, at that moment, for that team. After an end
-- it begins with the event that brought the incident back, and nothing moved between.
CREATE OR REPLACE FUNCTION tier_stay_begun() {head}
DECLARE
    it record;
    former record;
    moment timestamptz;
BEGIN
    SELECT * INTO it FROM activity_event e
     WHERE e.subject_type = 'incident' AND e.subject_id = NEW.incident_id
       AND e.seq = NEW.entered_seq;
    SELECT * INTO former FROM incidents_tierstay s
     WHERE s.incident_id = NEW.incident_id AND s.left_seq = NEW.after_seq;
    moment := CASE WHEN NEW.after_seq = NEW.entered_seq
              THEN GREATEST(it.at, former.entered_at)
              ELSE GREATEST(it.at, NEW.after_at) END;
    IF it.kind IS DISTINCT FROM 'incident.' || NEW.why
       OR (CASE WHEN NEW.why IN ('resolve', 'works_again') THEN it.data->'desk'
                ELSE it.data->'team' END) IS DISTINCT FROM to_jsonb(NEW.team_id)
       OR NEW.entered_at IS DISTINCT FROM moment
       OR COALESCE(it.to_status, '') IN ('closed', 'cancelled')
       OR NEW.tier IS DISTINCT FROM (
           SELECT t.tier FROM accounts_team t WHERE t.id = NEW.team_id)
    THEN
        RAISE EXCEPTION 'stay % has no event that began it', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'tier_stay_has_event';
    END IF;
    IF NEW.after_seq < NEW.entered_seq AND (
        it.from_status NOT IN ('closed', 'cancelled')
        OR EXISTS (
            SELECT 1 FROM activity_event e
             WHERE e.subject_type = 'incident' AND e.subject_id = NEW.incident_id
               AND e.seq >= NEW.after_seq AND e.seq < NEW.entered_seq
               AND e.to_status NOT IN ('closed', 'cancelled')))
    THEN
        RAISE EXCEPTION 'stay % leaves a gap', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'tier_stay_no_gap';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tier_stay_begun AFTER INSERT ON incidents_tierstay
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tier_stay_begun();
"""

BEGUN_REVERSE = """
DROP TRIGGER tier_stay_begun ON incidents_tierstay;
DROP FUNCTION tier_stay_begun();
"""

LEFT = """
-- At commit: the event that ended it began the next one, or ended the incident.
CREATE OR REPLACE FUNCTION tier_stay_left() {head}
DECLARE
    it record;
BEGIN
    SELECT * INTO it FROM activity_event e
     WHERE e.subject_type = 'incident' AND e.subject_id = NEW.incident_id
       AND e.seq = NEW.left_seq;
    IF NEW.left_at IS DISTINCT FROM GREATEST(it.at, NEW.entered_at)
       OR it.seq IS NULL
       OR COALESCE(it.to_status, '') NOT IN ('closed', 'cancelled') AND NOT EXISTS (
           SELECT 1 FROM incidents_tierstay s
            WHERE s.incident_id = NEW.incident_id AND s.entered_seq = NEW.left_seq)
    THEN
        RAISE EXCEPTION 'stay % has no event that ended it', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'tier_stay_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tier_stay_left AFTER INSERT OR UPDATE ON incidents_tierstay
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.left_seq IS NOT NULL)
    EXECUTE FUNCTION tier_stay_left();
"""

LEFT_REVERSE = """
DROP TRIGGER tier_stay_left ON incidents_tierstay;
DROP FUNCTION tier_stay_left();
"""

AGREES = """
-- At commit: the open stay is that of the team which has the incident; what has ended
-- is with nobody.
CREATE OR REPLACE FUNCTION tier_stay_agrees() {head}
DECLARE
    pk bigint;
    its record;
    had bigint;
BEGIN
    IF TG_TABLE_NAME = 'incidents_incident' THEN
        pk := NEW.id;
    ELSE
        pk := NEW.incident_id;
    END IF;
    SELECT i.team_id, i.status IN ('closed', 'cancelled') AS is_ended INTO its
      FROM incidents_incident i WHERE i.id = pk;
    SELECT s.team_id INTO had FROM incidents_tierstay s
     WHERE s.incident_id = pk AND s.left_seq IS NULL;
    IF had IS DISTINCT FROM (CASE WHEN NOT its.is_ended THEN its.team_id END) THEN
        RAISE EXCEPTION 'team % has incident %, its stays say %', its.team_id, pk, had
            USING ERRCODE = '23514', CONSTRAINT = 'tier_stay_agrees';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tier_stay_agrees AFTER INSERT OR UPDATE ON incidents_tierstay
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tier_stay_agrees();
CREATE CONSTRAINT TRIGGER incident_stay_agrees_on_insert
    AFTER INSERT ON incidents_incident
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tier_stay_agrees();
CREATE CONSTRAINT TRIGGER incident_stay_agrees_on_update
    AFTER UPDATE ON incidents_incident
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.team_id, OLD.status) IS DISTINCT FROM (NEW.team_id, NEW.status))
    EXECUTE FUNCTION tier_stay_agrees();
"""

AGREES_REVERSE = """
DROP TRIGGER incident_stay_agrees_on_update ON incidents_incident;
DROP TRIGGER incident_stay_agrees_on_insert ON incidents_incident;
DROP TRIGGER tier_stay_agrees ON incidents_tierstay;
DROP FUNCTION tier_stay_agrees();
"""

TOLD = """
-- At commit: an event that changes hands has its stay. What triage and rows of another
-- system say of a team is what the stay of that moment says.
CREATE OR REPLACE FUNCTION event_has_stay() {head}
DECLARE
    is_begun boolean;
    is_left boolean;
    had bigint;
BEGIN
    SELECT COALESCE(bool_or(s.entered_seq = NEW.seq), false),
           COALESCE(bool_or(s.left_seq = NEW.seq), false),
           max(s.team_id) FILTER (WHERE s.entered_seq <= NEW.seq
                                  AND (s.left_seq IS NULL OR s.left_seq > NEW.seq))
      INTO is_begun, is_left, had
      FROM incidents_tierstay s WHERE s.incident_id = NEW.subject_id;
    IF NEW.kind IN ('incident.close', 'incident.cancel') AND NOT is_left
       OR NEW.kind NOT IN ('incident.close', 'incident.cancel', 'incident.triage',
                           'incident.replay') AND NOT is_begun
       OR NEW.kind = 'incident.triage'
          AND NEW.data->'team' IS DISTINCT FROM to_jsonb(had)
       OR NEW.kind = 'incident.replay' AND had IS NOT NULL AND NEW.data ? 'team'
          AND NEW.data->'team' IS DISTINCT FROM to_jsonb(had)
       OR NEW.kind = 'incident.replay' AND NEW.to_status IN ('closed', 'cancelled')
          AND NEW.from_status NOT IN ('closed', 'cancelled') AND NOT is_left
       OR NEW.kind = 'incident.replay' AND NEW.from_status IN ('closed', 'cancelled')
          AND NEW.to_status NOT IN ('closed', 'cancelled') AND NOT is_begun
    THEN
        RAISE EXCEPTION 'event % of incident % has no stay', NEW.seq, NEW.subject_id
            USING ERRCODE = '23514', CONSTRAINT = 'tier_stay_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_has_stay AFTER INSERT ON activity_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        NEW.subject_type = 'incident' AND NEW.kind IN (
            'incident.report', 'incident.triage', 'incident.transfer',
            'incident.escalate', 'incident.hand_back', 'incident.resolve',
            'incident.works_again', 'incident.reject', 'incident.reopen',
            'incident.replay', 'incident.close', 'incident.cancel'))
    EXECUTE FUNCTION event_has_stay();
"""

TOLD_REVERSE = """
DROP TRIGGER event_has_stay ON activity_event;
DROP FUNCTION event_has_stay();
"""

PAIRS = (
    (KEPT, KEPT_REVERSE),
    (SEAM, SEAM_REVERSE),
    (BEGUN, BEGUN_REVERSE),
    (LEFT, LEFT_REVERSE),
    (AGREES, AGREES_REVERSE),
    (TOLD, TOLD_REVERSE),
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0022_stays_filled")]

    operations = [
        migrations.RunSQL(sql.replace("{head}", HEAD), reverse)
        for sql, reverse in PAIRS
    ]
