"""What about an incident never changes, and who may be set as what."""

from django.db import migrations

ORIGIN = """
CREATE TRIGGER incident_origin_fixed BEFORE UPDATE ON incidents_incident
    FOR EACH ROW WHEN (
        (OLD.origin, OLD.reporter_id, OLD.logged_by_id, OLD.reported_at, OLD.source)
        IS DISTINCT FROM
        (NEW.origin, NEW.reporter_id, NEW.logged_by_id, NEW.reported_at, NEW.source))
    EXECUTE FUNCTION refuse_change('incident_origin_fixed');
"""

CONFIRMER = """
-- Another's word counts only for somebody who left. What monitoring opened follows
-- its service while nobody is asked yet: its owner, else the desk's lead.
CREATE OR REPLACE FUNCTION incident_confirmer_fixed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_user WHERE id = NEW.confirmer_id AND is_active)
       OR EXISTS (SELECT 1 FROM accounts_user WHERE id = OLD.confirmer_id AND is_active)
       AND NOT (
        OLD.source = 'monitoring'
        AND OLD.status IN ('new', 'assigned', 'in_progress', 'on_hold')
        AND (NEW.confirmer_id = OLD.reporter_id
             OR EXISTS (SELECT 1 FROM catalogue_service s
                         WHERE s.id = NEW.service_id AND s.owner_id = NEW.confirmer_id)
             OR EXISTS (SELECT 1 FROM accounts_team t
                         WHERE t.id = NEW.desk_id AND t.lead_id = NEW.confirmer_id)))
    THEN
        RAISE EXCEPTION 'incident % keeps its confirmer', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_confirmer_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_confirmer_fixed BEFORE UPDATE ON incidents_incident
    FOR EACH ROW WHEN (OLD.confirmer_id IS DISTINCT FROM NEW.confirmer_id)
    EXECUTE FUNCTION incident_confirmer_fixed();
"""

OWNER = """
CREATE OR REPLACE FUNCTION incident_owner_in_team() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_membership
         WHERE team_id = NEW.team_id AND user_id = NEW.owner_id)
       AND NOT EXISTS (
        SELECT 1 FROM accounts_team WHERE id = NEW.team_id AND lead_id = NEW.owner_id)
    THEN
        RAISE EXCEPTION 'the owner of incident % is not in its team', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_owner_in_team';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_owner_in_team_on_insert BEFORE INSERT ON incidents_incident
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL AND NEW.origin <> 'import')
    EXECUTE FUNCTION incident_owner_in_team();
CREATE TRIGGER incident_owner_in_team_on_update BEFORE UPDATE ON incidents_incident
    FOR EACH ROW WHEN (
        NEW.owner_id IS NOT NULL AND NEW.origin <> 'import'
        AND (OLD.owner_id, OLD.team_id) IS DISTINCT FROM (NEW.owner_id, NEW.team_id))
    EXECUTE FUNCTION incident_owner_in_team();
"""

DESK = """
CREATE OR REPLACE FUNCTION incident_desk_is_desk() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_team WHERE id = NEW.desk_id AND is_service_desk)
    THEN
        RAISE EXCEPTION 'team % is no service desk', NEW.desk_id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_desk_is_desk';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_desk_is_desk BEFORE INSERT OR UPDATE OF desk_id
    ON incidents_incident FOR EACH ROW EXECUTE FUNCTION incident_desk_is_desk();
"""

TEAMS = """
-- Nobody works in a team that is inactive: what is open there would be lost. And a
-- desk that answers for incidents stays a desk; it may be deactivated.
CREATE OR REPLACE FUNCTION team_holds_incidents() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT NEW.is_active AND EXISTS (
        SELECT 1 FROM incidents_incident
         WHERE team_id = NEW.id
           AND status IN ('new', 'assigned', 'in_progress', 'on_hold'))
       OR NOT NEW.is_service_desk AND EXISTS (
        SELECT 1 FROM incidents_incident WHERE desk_id = NEW.id)
    THEN
        RAISE EXCEPTION 'team % holds incidents', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'team_holds_incidents';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER team_holds_incidents BEFORE UPDATE ON accounts_team
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active
                       OR OLD.is_service_desk AND NOT NEW.is_service_desk)
    EXECUTE FUNCTION team_holds_incidents();
"""

ATTACHMENTS = """
-- A file that belongs to an incident stays as it is; one that waits may go.
CREATE TRIGGER attachment_fixed BEFORE UPDATE ON incidents_attachment
    FOR EACH ROW WHEN (OLD.incident_id IS NOT NULL)
    EXECUTE FUNCTION refuse_change('attachment_fixed');
CREATE TRIGGER attachment_never_deleted BEFORE DELETE ON incidents_attachment
    FOR EACH ROW WHEN (OLD.incident_id IS NOT NULL)
    EXECUTE FUNCTION refuse_change('attachment_fixed');
CREATE TRIGGER attachment_no_truncate BEFORE TRUNCATE ON incidents_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('attachment_fixed');
"""

KEPT = """
CREATE TRIGGER holding_kept BEFORE UPDATE OR DELETE ON incidents_holding
    FOR EACH ROW EXECUTE FUNCTION refuse_change('holding_kept');
CREATE TRIGGER severity_rule_kept BEFORE DELETE ON incidents_severityrule
    FOR EACH ROW EXECUTE FUNCTION refuse_change('severity_kept');
CREATE TRIGGER severity_level_kept BEFORE DELETE ON incidents_severitylevel
    FOR EACH ROW EXECUTE FUNCTION refuse_change('severity_kept');
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_acts_append_only")]

    operations = [
        migrations.RunSQL(
            ORIGIN, "DROP TRIGGER incident_origin_fixed ON incidents_incident;"
        ),
        migrations.RunSQL(
            CONFIRMER,
            "DROP TRIGGER incident_confirmer_fixed ON incidents_incident;"
            "DROP FUNCTION incident_confirmer_fixed();",
        ),
        migrations.RunSQL(
            OWNER,
            "DROP TRIGGER incident_owner_in_team_on_update ON incidents_incident;"
            "DROP TRIGGER incident_owner_in_team_on_insert ON incidents_incident;"
            "DROP FUNCTION incident_owner_in_team();",
        ),
        migrations.RunSQL(
            DESK,
            "DROP TRIGGER incident_desk_is_desk ON incidents_incident;"
            "DROP FUNCTION incident_desk_is_desk();",
        ),
        migrations.RunSQL(
            TEAMS,
            "DROP TRIGGER team_holds_incidents ON accounts_team;"
            "DROP FUNCTION team_holds_incidents();",
        ),
        migrations.RunSQL(
            ATTACHMENTS,
            "DROP TRIGGER attachment_no_truncate ON incidents_attachment;"
            "DROP TRIGGER attachment_never_deleted ON incidents_attachment;"
            "DROP TRIGGER attachment_fixed ON incidents_attachment;",
        ),
        migrations.RunSQL(
            KEPT,
            "DROP TRIGGER severity_level_kept ON incidents_severitylevel;"
            "DROP TRIGGER severity_rule_kept ON incidents_severityrule;"
            "DROP TRIGGER holding_kept ON incidents_holding;",
        ),
    ]
