"""A check stays as it was made and decides on all that was shown; nobody is told a new
workaround twice, or one that is not for them."""

from django.db import migrations

HEAD = (
    "RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public, pg_temp AS $$"
)

KEPT = """
CREATE TRIGGER known_error_check_append_only BEFORE UPDATE OR DELETE
    ON incidents_knownerrorcheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change('known_error_check_kept');
CREATE TRIGGER known_error_check_no_truncate BEFORE TRUNCATE
    ON incidents_knownerrorcheck
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('known_error_check_kept');
CREATE TRIGGER checked_candidate_append_only BEFORE UPDATE OR DELETE
    ON incidents_checkedcandidate
    FOR EACH ROW EXECUTE FUNCTION refuse_change('known_error_check_kept');
CREATE TRIGGER checked_candidate_no_truncate BEFORE TRUNCATE
    ON incidents_checkedcandidate
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('known_error_check_kept');
CREATE TRIGGER retold_append_only BEFORE UPDATE OR DELETE ON incidents_retold
    FOR EACH ROW EXECUTE FUNCTION refuse_change('use_append_only');
CREATE TRIGGER retold_no_truncate BEFORE TRUNCATE ON incidents_retold
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('use_append_only');
"""

KEPT_REVERSE = """
DROP TRIGGER retold_no_truncate ON incidents_retold;
DROP TRIGGER retold_append_only ON incidents_retold;
DROP TRIGGER checked_candidate_no_truncate ON incidents_checkedcandidate;
DROP TRIGGER checked_candidate_append_only ON incidents_checkedcandidate;
DROP TRIGGER known_error_check_no_truncate ON incidents_knownerrorcheck;
DROP TRIGGER known_error_check_append_only ON incidents_knownerrorcheck;
"""

WHOLE = """
-- At commit: its event tells of it, and every candidate that was shown is decided on.
-- So none is added later either.
CREATE OR REPLACE FUNCTION known_error_check_is_whole() {head}
DECLARE
    pk bigint;
    it record;
BEGIN
    IF TG_TABLE_NAME = 'incidents_checkedcandidate' THEN
        pk := NEW.within_id;
    ELSE
        pk := NEW.id;
    END IF;
    SELECT * INTO it FROM incidents_knownerrorcheck WHERE id = pk;
    IF NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = it.incident_id
           AND e.seq = it.seq AND e.kind = 'incident.check_known_errors'
           AND e.actor_id = it.by_id AND e.data->'shown' = to_jsonb(it.shown))
       OR (SELECT count(*) FROM incidents_checkedcandidate c WHERE c.within_id = pk)
          <> it.shown
    THEN
        RAISE EXCEPTION 'check % has no event, or not all of it is decided', pk
            USING ERRCODE = '23514', CONSTRAINT = 'known_error_check_is_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER known_error_check_is_whole
    AFTER INSERT ON incidents_knownerrorcheck
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION known_error_check_is_whole();
CREATE CONSTRAINT TRIGGER checked_candidate_is_whole
    AFTER INSERT ON incidents_checkedcandidate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION known_error_check_is_whole();
"""

WHOLE_REVERSE = """
DROP TRIGGER checked_candidate_is_whole ON incidents_checkedcandidate;
DROP TRIGGER known_error_check_is_whole ON incidents_knownerrorcheck;
DROP FUNCTION known_error_check_is_whole();
"""

SHOWN = """
-- What is shown is published just then; what is used was used in this incident.
CREATE OR REPLACE FUNCTION checked_candidate_of_published() {head}
BEGIN
    PERFORM 1 FROM knowledgebase_articleversion v
     WHERE v.id = NEW.version_id AND v.state = 'published' FOR SHARE OF v;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'version % is not what is published now', NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'checked_candidate_of_published';
    END IF;
    IF NEW.use_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM incidents_knownerroruse u
          JOIN incidents_knownerrorcheck c ON c.id = NEW.within_id
         WHERE u.id = NEW.use_id AND u.incident_id = c.incident_id
           AND u.version_id = NEW.version_id AND u.seq < c.seq)
    THEN
        RAISE EXCEPTION 'use % is of another incident or version', NEW.use_id
            USING ERRCODE = '23514', CONSTRAINT = 'checked_candidate_use_agrees';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checked_candidate_of_published BEFORE INSERT
    ON incidents_checkedcandidate
    FOR EACH ROW EXECUTE FUNCTION checked_candidate_of_published();
"""

SHOWN_REVERSE = """
DROP TRIGGER checked_candidate_of_published ON incidents_checkedcandidate;
DROP FUNCTION checked_candidate_of_published();
"""

RETOLD = """
-- They were told an older version of the same article in the same incident, and may
-- read the one that is published now.
CREATE OR REPLACE FUNCTION retold_after_older() {head}
DECLARE
    its record;
BEGIN
    SELECT v.article_id, v.number, v.audience INTO its
      FROM knowledgebase_articleversion v
     WHERE v.id = NEW.version_id AND v.state = 'published' FOR SHARE OF v;
    IF its.number IS NULL THEN
        RAISE EXCEPTION 'version % is not what is published now', NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'use_of_published';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM incidents_knownerroruse u
          JOIN knowledgebase_articleversion v ON v.id = u.version_id
         WHERE u.id = NEW.former_id AND u.incident_id = NEW.incident_id
           AND u.how = 'told' AND v.article_id = its.article_id
           AND v.number < its.number)
    THEN
        RAISE EXCEPTION 'nobody was told an older version by use %', NEW.former_id
            USING ERRCODE = '23514', CONSTRAINT = 'retold_after_older';
    END IF;
    IF its.audience = 'agents' OR its.audience = 'staff' AND NOT EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.incident_id AND works_in_a_team_or_role(i.reporter_id))
    THEN
        RAISE EXCEPTION 'version % is not for the reporter', NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'use_told_to_its_audience';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retold_after_older BEFORE INSERT ON incidents_retold
    FOR EACH ROW EXECUTE FUNCTION retold_after_older();

-- At commit: the use that told them, or the letter about what has ended.
CREATE OR REPLACE FUNCTION retold_has_event() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.incident_id
           AND e.seq = NEW.seq AND e.actor_id = NEW.by_id
           AND e.data->'version' = to_jsonb(NEW.version_id)
           AND (e.kind = 'incident.use_workaround' AND e.data->>'how' = 'told'
                OR e.kind = 'incident.tell_new_version' AND e.public))
    THEN
        RAISE EXCEPTION 'what was told anew (%) has no event', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'use_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER retold_has_event AFTER INSERT ON incidents_retold
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION retold_has_event();
"""

RETOLD_REVERSE = """
DROP TRIGGER retold_has_event ON incidents_retold;
DROP FUNCTION retold_has_event();
DROP TRIGGER retold_after_older ON incidents_retold;
DROP FUNCTION retold_after_older();
"""


def guard(sql, reverse):
    return migrations.RunSQL(sql.replace("{head}", HEAD), reverse)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0015_known_error_checks")]

    operations = [
        guard(KEPT, KEPT_REVERSE),
        guard(WHOLE, WHOLE_REVERSE),
        guard(SHOWN, SHOWN_REVERSE),
        guard(RETOLD, RETOLD_REVERSE),
    ]
