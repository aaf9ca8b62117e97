"""History of another system belongs to what was imported, and to nothing else."""

from django.db import migrations

ONLY_IMPORTED = """
-- Only while an import runs, and only until people here have moved the incident.
CREATE OR REPLACE FUNCTION replay_only_imported() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM incidents_incident i
          JOIN incidents_importedincident m ON m.incident_id = i.id
          JOIN incidents_importrun r ON r.source = m.source
         WHERE i.id = NEW.subject_id AND i.origin = 'import'
           AND r.finished_at IS NULL AND r.id::text = NEW.data->>'import')
       OR EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'incident' AND e.subject_id = NEW.subject_id
           AND e.to_status IS NOT NULL
           AND e.kind NOT IN ('incident.report', 'incident.replay'))
    THEN
        RAISE EXCEPTION 'incident % is not being imported', NEW.subject_id
            USING ERRCODE = '23514', CONSTRAINT = 'replay_only_imported';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER replay_only_imported BEFORE INSERT ON activity_event
    FOR EACH ROW WHEN (NEW.kind = 'incident.replay' AND NEW.subject_type = 'incident')
    EXECUTE FUNCTION replay_only_imported();

CREATE OR REPLACE FUNCTION imported_incident_of_import() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM incidents_incident
         WHERE id = NEW.incident_id AND origin = 'import')
    THEN
        RAISE EXCEPTION 'incident % was not imported', NEW.incident_id
            USING ERRCODE = '23514', CONSTRAINT = 'replay_only_imported';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER imported_incident_of_import BEFORE INSERT ON incidents_importedincident
    FOR EACH ROW EXECUTE FUNCTION imported_incident_of_import();
"""

CLOSED_BY_REPLAY = """
-- At commit: "imported" is no ground to close anything here, only what a replay says.
CREATE OR REPLACE FUNCTION incident_imported_by_replay() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.id AND i.closure_basis = 'imported'
           AND (i.origin <> 'import' OR i.status <> 'closed'
                OR 'incident.replay' IS DISTINCT FROM (
                    SELECT e.kind FROM activity_event e
                     WHERE e.subject_type = 'incident' AND e.subject_id = i.id
                       AND e.to_status IS NOT NULL
                     ORDER BY e.seq DESC LIMIT 1)))
    THEN
        RAISE EXCEPTION 'incident % was not closed in another system', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_imported_by_replay';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER incident_imported_by_replay AFTER INSERT OR UPDATE
    ON incidents_incident DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.closure_basis = 'imported')
    EXECUTE FUNCTION incident_imported_by_replay();
"""

CLOSED_FIXED = """
-- What was closed in another system changes only while an import from there runs.
CREATE OR REPLACE FUNCTION incident_closed_elsewhere_fixed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM incidents_importedincident m
          JOIN incidents_importrun r ON r.source = m.source
         WHERE m.incident_id = NEW.id AND r.finished_at IS NULL)
    THEN
        RAISE EXCEPTION 'incident % is closed', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_closed_fixed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER incident_closed_elsewhere_fixed AFTER UPDATE ON incidents_incident
    FOR EACH ROW WHEN (
        OLD.status = 'closed' AND NEW.status = 'closed'
        AND OLD.closure_basis = 'imported' AND NEW.closure_basis = 'imported'
        AND (to_jsonb(OLD) - 'version' - 'timer_generation')
            IS DISTINCT FROM (to_jsonb(NEW) - 'version' - 'timer_generation'))
    EXECUTE FUNCTION incident_closed_elsewhere_fixed();
"""

KEPT = """
CREATE TRIGGER imported_incident_kept BEFORE DELETE ON incidents_importedincident
    FOR EACH ROW EXECUTE FUNCTION refuse_change('imported_incident_kept');
CREATE TRIGGER imported_incident_fixed BEFORE UPDATE ON incidents_importedincident
    FOR EACH ROW WHEN (
        (OLD.incident_id, OLD.source, OLD.number, OLD.run_id)
        IS DISTINCT FROM (NEW.incident_id, NEW.source, NEW.number, NEW.run_id))
    EXECUTE FUNCTION refuse_change('imported_incident_kept');
CREATE TRIGGER import_run_kept BEFORE DELETE ON incidents_importrun
    FOR EACH ROW EXECUTE FUNCTION refuse_change('imported_incident_kept');
-- Its counts go on until it is finished; what file it was never changes.
CREATE TRIGGER import_run_fixed BEFORE UPDATE ON incidents_importrun
    FOR EACH ROW WHEN (
        OLD.finished_at IS NOT NULL OR NEW.position < OLD.position
        OR (OLD.id, OLD.source, OLD.file_name, OLD.digest, OLD.options, OLD.rows,
            OLD.started_at)
        IS DISTINCT FROM
           (NEW.id, NEW.source, NEW.file_name, NEW.digest, NEW.options, NEW.rows,
            NEW.started_at))
    EXECUTE FUNCTION refuse_change('imported_incident_kept');
CREATE TRIGGER refused_row_kept BEFORE UPDATE OR DELETE ON incidents_refusedrow
    FOR EACH ROW EXECUTE FUNCTION refuse_change('imported_incident_kept');
CREATE TRIGGER imported_incident_no_truncate
    BEFORE TRUNCATE ON incidents_importedincident
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('imported_incident_kept');
CREATE TRIGGER import_run_no_truncate BEFORE TRUNCATE ON incidents_importrun
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('imported_incident_kept');
CREATE TRIGGER refused_row_no_truncate BEFORE TRUNCATE ON incidents_refusedrow
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('imported_incident_kept');
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_imports")]

    operations = [
        migrations.RunSQL(
            ONLY_IMPORTED,
            "DROP TRIGGER imported_incident_of_import ON incidents_importedincident;"
            "DROP FUNCTION imported_incident_of_import();"
            "DROP TRIGGER replay_only_imported ON activity_event;"
            "DROP FUNCTION replay_only_imported();",
        ),
        migrations.RunSQL(
            CLOSED_BY_REPLAY,
            "DROP TRIGGER incident_imported_by_replay ON incidents_incident;"
            "DROP FUNCTION incident_imported_by_replay();",
        ),
        migrations.RunSQL(
            CLOSED_FIXED,
            "DROP TRIGGER incident_closed_elsewhere_fixed ON incidents_incident;"
            "DROP FUNCTION incident_closed_elsewhere_fixed();",
        ),
        migrations.RunSQL(
            KEPT,
            "DROP TRIGGER refused_row_no_truncate ON incidents_refusedrow;"
            "DROP TRIGGER import_run_no_truncate ON incidents_importrun;"
            "DROP TRIGGER imported_incident_no_truncate ON incidents_importedincident;"
            "DROP TRIGGER refused_row_kept ON incidents_refusedrow;"
            "DROP TRIGGER import_run_fixed ON incidents_importrun;"
            "DROP TRIGGER import_run_kept ON incidents_importrun;"
            "DROP TRIGGER imported_incident_fixed ON incidents_importedincident;"
            "DROP TRIGGER imported_incident_kept ON incidents_importedincident;",
        ),
    ]
