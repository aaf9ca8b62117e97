"""Announcements are of open incidents and keep their words; deflections stay."""

from django.db import migrations

KEPT = """
CREATE TRIGGER announcement_never_deleted BEFORE DELETE ON incidents_announcement
    FOR EACH ROW EXECUTE FUNCTION refuse_change('announcement_fixed');
CREATE TRIGGER announcement_no_truncate BEFORE TRUNCATE ON incidents_announcement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('announcement_fixed');
-- It begins without an end, by somebody of a desk, and then it only ends, once.
CREATE OR REPLACE FUNCTION announcement_begins() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an announcement begins without an end'
            USING ERRCODE = '23514', CONSTRAINT = 'announcement_fixed';
    END IF;
    IF NOT is_on_a_service_desk(NEW.by_id) THEN
        RAISE EXCEPTION 'who announces it is on no service desk'
            USING ERRCODE = '23514', CONSTRAINT = 'announcement_by_desk';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER announcement_begins BEFORE INSERT ON incidents_announcement
    FOR EACH ROW EXECUTE FUNCTION announcement_begins();

CREATE OR REPLACE FUNCTION announcement_fixed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR (to_jsonb(NEW) - 'ended_at' - 'ended_by_id' - 'end_seq')
          IS DISTINCT FROM
          (to_jsonb(OLD) - 'ended_at' - 'ended_by_id' - 'end_seq')
    THEN
        RAISE EXCEPTION 'announcement % only ends, once', OLD.id
            USING ERRCODE = '23514', CONSTRAINT = 'announcement_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER announcement_fixed BEFORE UPDATE ON incidents_announcement
    FOR EACH ROW EXECUTE FUNCTION announcement_fixed();
"""

KEPT_REVERSE = """
DROP TRIGGER announcement_fixed ON incidents_announcement;
DROP FUNCTION announcement_fixed();
DROP TRIGGER announcement_begins ON incidents_announcement;
DROP FUNCTION announcement_begins();
DROP TRIGGER announcement_no_truncate ON incidents_announcement;
DROP TRIGGER announcement_never_deleted ON incidents_announcement;
"""

EVENTS = """
-- At commit: its events tell of it and are the same people's.
CREATE OR REPLACE FUNCTION announcement_has_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event
         WHERE subject_type = 'incident' AND subject_id = NEW.incident_id
           AND seq = NEW.seq AND kind = 'incident.announce' AND actor_id = NEW.by_id
           AND data->>'announcement' = NEW.id::text)
       OR NEW.ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM activity_event
         WHERE subject_type = 'incident' AND subject_id = NEW.incident_id
           AND seq = NEW.end_seq AND kind = 'incident.end_announcement'
           AND actor_id = NEW.ended_by_id
           AND data->>'announcement' = NEW.id::text)
    THEN
        RAISE EXCEPTION 'announcement % has no event', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'announcement_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER announcement_has_event
    AFTER INSERT OR UPDATE ON incidents_announcement
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION announcement_has_event();
"""

EVENTS_REVERSE = """
DROP TRIGGER announcement_has_event ON incidents_announcement;
DROP FUNCTION announcement_has_event();
"""

OPEN = """
-- At commit: nobody is told of what is solved or has ended. Asked from both sides.
CREATE OR REPLACE FUNCTION refuse_announced_unless_open(incident bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM incidents_announcement a
          JOIN incidents_incident i ON i.id = a.incident_id
         WHERE i.id = incident AND a.ended_at IS NULL
           AND i.status NOT IN ('new', 'assigned', 'in_progress', 'on_hold'))
    THEN
        RAISE EXCEPTION 'incident % is announced and not open', incident
            USING ERRCODE = '23514', CONSTRAINT = 'announcement_of_open';
    END IF;
END $$;
CREATE OR REPLACE FUNCTION announcement_of_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM refuse_announced_unless_open(NEW.incident_id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION announced_is_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM refuse_announced_unless_open(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER announcement_of_open AFTER INSERT ON incidents_announcement
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION announcement_of_open();
CREATE CONSTRAINT TRIGGER announced_is_open AFTER UPDATE ON incidents_incident
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status
          AND NEW.status NOT IN ('new', 'assigned', 'in_progress', 'on_hold'))
    EXECUTE FUNCTION announced_is_open();
"""

OPEN_REVERSE = """
DROP TRIGGER announced_is_open ON incidents_incident;
DROP TRIGGER announcement_of_open ON incidents_announcement;
DROP FUNCTION announced_is_open();
DROP FUNCTION announcement_of_open();
DROP FUNCTION refuse_announced_unless_open(bigint);
"""

DEFLECTIONS = """
CREATE TRIGGER deflection_never_deleted BEFORE DELETE ON incidents_deflection
    FOR EACH ROW EXECUTE FUNCTION refuse_change('deflection_fixed');
CREATE TRIGGER deflection_no_truncate BEFORE TRUNCATE ON incidents_deflection
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('deflection_fixed');
-- It is taken back once, and nothing else of it ever changes.
CREATE OR REPLACE FUNCTION deflection_fixed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.taken_back_at IS NOT NULL OR NEW.taken_back_at IS NULL
       OR (to_jsonb(NEW) - 'taken_back_at')
          IS DISTINCT FROM (to_jsonb(OLD) - 'taken_back_at')
    THEN
        RAISE EXCEPTION 'deflection % is only taken back, once', OLD.id
            USING ERRCODE = '23514', CONSTRAINT = 'deflection_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deflection_fixed BEFORE UPDATE ON incidents_deflection
    FOR EACH ROW EXECUTE FUNCTION deflection_fixed();
-- What solved it is or was published, of what still is, and counts until taken back.
CREATE OR REPLACE FUNCTION deflection_by_published() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.taken_back_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM knowledgebase_articleversion v
          JOIN knowledgebase_article a ON a.id = v.article_id
         WHERE v.id = NEW.version_id AND v.state IN ('published', 'superseded')
           AND a.status = 'published')
    THEN
        RAISE EXCEPTION 'version % was never published', NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'deflection_by_published';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deflection_by_published BEFORE INSERT ON incidents_deflection
    FOR EACH ROW EXECUTE FUNCTION deflection_by_published();
"""

DEFLECTIONS_REVERSE = """
DROP TRIGGER deflection_by_published ON incidents_deflection;
DROP FUNCTION deflection_by_published();
DROP TRIGGER deflection_fixed ON incidents_deflection;
DROP FUNCTION deflection_fixed();
DROP TRIGGER deflection_no_truncate ON incidents_deflection;
DROP TRIGGER deflection_never_deleted ON incidents_deflection;
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0018_deflections")]

    operations = [
        migrations.RunSQL(KEPT, KEPT_REVERSE),
        migrations.RunSQL(EVENTS, EVENTS_REVERSE),
        migrations.RunSQL(OPEN, OPEN_REVERSE),
        migrations.RunSQL(DEFLECTIONS, DEFLECTIONS_REVERSE),
    ]
