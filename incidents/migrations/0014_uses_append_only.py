"""A use is of what is published just then, is kept, and names its event."""

from django.db import migrations

HEAD = (
    "RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public, pg_temp AS $$"
)

KEPT = """
CREATE TRIGGER use_append_only BEFORE UPDATE OR DELETE ON incidents_knownerroruse
    FOR EACH ROW EXECUTE FUNCTION refuse_change('use_append_only');
CREATE TRIGGER use_no_truncate BEFORE TRUNCATE ON incidents_knownerroruse
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('use_append_only');
CREATE TRIGGER use_outcome_append_only BEFORE UPDATE OR DELETE
    ON incidents_useoutcome
    FOR EACH ROW EXECUTE FUNCTION refuse_change('use_append_only');
CREATE TRIGGER use_outcome_no_truncate BEFORE TRUNCATE ON incidents_useoutcome
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('use_append_only');
"""

KEPT_REVERSE = """
DROP TRIGGER use_outcome_no_truncate ON incidents_useoutcome;
DROP TRIGGER use_outcome_append_only ON incidents_useoutcome;
DROP TRIGGER use_no_truncate ON incidents_knownerroruse;
DROP TRIGGER use_append_only ON incidents_knownerroruse;
"""

PUBLISHED = """
CREATE OR REPLACE FUNCTION works_in_a_team_or_role(person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_user u WHERE u.id = person AND u.is_active AND (
            EXISTS (SELECT 1 FROM accounts_rolegrant r WHERE r.user_id = person)
            OR EXISTS (
                SELECT 1 FROM accounts_team t WHERE t.is_active AND (
                    t.lead_id = person OR EXISTS (
                        SELECT 1 FROM accounts_membership m
                         WHERE m.team_id = t.id AND m.user_id = person)))))
$$;

-- Whoever publishes the next version, or retires it, waits until this is committed.
CREATE OR REPLACE FUNCTION use_of_published() {head}
DECLARE
    its_audience text;
    its_words text;
BEGIN
    SELECT v.audience, v.workaround_reporters || v.body INTO its_audience, its_words
      FROM knowledgebase_articleversion v
     WHERE v.id = NEW.version_id AND v.state = 'published' FOR SHARE OF v;
    IF its_audience IS NULL THEN
        RAISE EXCEPTION 'version % is not what is published now', NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'use_of_published';
    END IF;
    IF NEW.how <> 'told' THEN
        RETURN NEW;
    END IF;
    IF btrim(its_words) = '' OR its_audience = 'agents'
       OR its_audience = 'staff' AND NOT EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.incident_id AND works_in_a_team_or_role(i.reporter_id))
    THEN
        RAISE EXCEPTION 'version % is not for the reporter', NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'use_told_to_its_audience';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER use_of_published BEFORE INSERT ON incidents_knownerroruse
    FOR EACH ROW EXECUTE FUNCTION use_of_published();
"""

PUBLISHED_REVERSE = """
DROP TRIGGER use_of_published ON incidents_knownerroruse;
DROP FUNCTION use_of_published();
DROP FUNCTION works_in_a_team_or_role(bigint);
"""

EVENT = """
-- At commit: its event is the same person's and names the same version; what was
-- told stands in a public reply before it.
CREATE OR REPLACE FUNCTION use_has_event() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.incident_id
           AND e.seq = NEW.seq AND e.kind = 'incident.use_workaround'
           AND e.actor_id = NEW.by_id AND e.data->>'how' = NEW.how
           AND e.data->'version' = to_jsonb(NEW.version_id)
           AND (NEW.how <> 'told' OR EXISTS (
                SELECT 1 FROM activity_event r
                 WHERE r.subject_type = 'incident' AND r.subject_id = NEW.incident_id
                   AND r.seq < e.seq AND to_jsonb(r.seq) = e.data->'reply'
                   AND r.kind = 'incident.reply' AND r.public
                   AND r.actor_id = NEW.by_id)))
    THEN
        RAISE EXCEPTION 'use % has no event', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'use_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER use_has_event AFTER INSERT ON incidents_knownerroruse
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION use_has_event();

CREATE OR REPLACE FUNCTION use_outcome_has_event() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.incident_id
           AND e.seq = NEW.seq AND e.kind = 'incident.judge_workaround'
           AND e.actor_id = NEW.by_id AND e.data->'use' = to_jsonb(NEW.use_id)
           AND e.data->>'asked' = NEW.asked AND e.data->>'outcome' = NEW.outcome)
    THEN
        RAISE EXCEPTION 'outcome % has no event', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'use_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER use_outcome_has_event AFTER INSERT ON incidents_useoutcome
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION use_outcome_has_event();
"""

EVENT_REVERSE = """
DROP TRIGGER use_outcome_has_event ON incidents_useoutcome;
DROP FUNCTION use_outcome_has_event();
DROP TRIGGER use_has_event ON incidents_knownerroruse;
DROP FUNCTION use_has_event();
"""

ASKED = """
-- The confirmer answers about what was told, or a desk member writes down that they
-- did; for the desk answers who works on it.
CREATE OR REPLACE FUNCTION use_outcome_by_asked() {head}
DECLARE
    its_how text;
BEGIN
    SELECT u.how INTO its_how FROM incidents_knownerroruse u
     WHERE u.id = NEW.use_id AND u.incident_id = NEW.incident_id;
    IF its_how IS NULL THEN
        RAISE EXCEPTION 'use % belongs to another incident', NEW.use_id
            USING ERRCODE = '23514', CONSTRAINT = 'use_outcome_of_own';
    END IF;
    IF is_on_a_service_desk(NEW.by_id)
       AND (NEW.asked = 'desk' OR its_how = 'told')
       OR NEW.asked = 'confirmer' AND its_how = 'told' AND EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.incident_id AND i.confirmer_id = NEW.by_id)
       OR NEW.asked = 'desk' AND EXISTS (
        SELECT 1 FROM incidents_holding h
          JOIN accounts_team t ON t.id = h.team_id AND t.is_active
          JOIN accounts_user u ON u.id = NEW.by_id AND u.is_active
         WHERE h.incident_id = NEW.incident_id
           AND (t.lead_id = u.id OR EXISTS (
                SELECT 1 FROM accounts_membership m
                 WHERE m.team_id = t.id AND m.user_id = u.id)))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% was not asked whether use % helped', NEW.by_id, NEW.use_id
        USING ERRCODE = '23514', CONSTRAINT = 'use_outcome_by_asked';
END $$;
CREATE TRIGGER use_outcome_by_asked BEFORE INSERT ON incidents_useoutcome
    FOR EACH ROW EXECUTE FUNCTION use_outcome_by_asked();
"""

ASKED_REVERSE = """
DROP TRIGGER use_outcome_by_asked ON incidents_useoutcome;
DROP FUNCTION use_outcome_by_asked();
"""


def guard(sql, reverse):
    return migrations.RunSQL(sql.replace("{head}", HEAD), reverse)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0013_known_error_uses"),
        ("knowledgebase", "0004_two_people_publish"),
    ]

    operations = [
        guard(KEPT, KEPT_REVERSE),
        guard(PUBLISHED, PUBLISHED_REVERSE),
        guard(EVENT, EVENT_REVERSE),
        guard(ASKED, ASKED_REVERSE),
    ]
