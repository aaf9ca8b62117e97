"""Resolutions, confirmations, rejections and waivers stay as they were written."""

from django.db import migrations

# The kinds of its event, whose act the event is, which resolution it is about, and
# what else is true of both.
ACTS = {
    "resolution": (
        ("incident.resolve", "incident.works_again", "incident.replay"),
        "NEW.by_id",
        "NEW.id",
        "(kind = 'incident.replay') = (NEW.code = 'imported')",
    ),
    "confirmation": (
        ("incident.confirm",),
        "COALESCE(NEW.recorded_by_id, NEW.by_id)",
        "NEW.resolution_id",
        "true",
    ),
    "rejection": (("incident.reject",), "NEW.by_id", "NEW.resolution_id", "true"),
    "waiver": (("incident.waive",), "NEW.by_id", "NEW.resolution_id", "true"),
}

APPEND_ONLY = """
CREATE TRIGGER %(act)s_append_only BEFORE UPDATE OR DELETE ON incidents_%(act)s
    FOR EACH ROW EXECUTE FUNCTION refuse_change('act_append_only');
CREATE TRIGGER %(act)s_no_truncate BEFORE TRUNCATE ON incidents_%(act)s
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('act_append_only');
-- At commit: the event it names tells of it, of no other, and is the same person's.
CREATE OR REPLACE FUNCTION %(act)s_has_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event
         WHERE subject_type = 'incident' AND subject_id = NEW.incident_id
           AND seq = NEW.seq AND kind IN (%(kinds)s) AND actor_id = %(actor)s
           AND data->>'resolution' = (%(about)s)::text AND %(also)s)
    THEN
        RAISE EXCEPTION '%(act)s %% has no event', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'act_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER %(act)s_has_event AFTER INSERT ON incidents_%(act)s
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION %(act)s_has_event();
"""

APPEND_ONLY_REVERSE = """
DROP TRIGGER %(act)s_has_event ON incidents_%(act)s;
DROP FUNCTION %(act)s_has_event();
DROP TRIGGER %(act)s_no_truncate ON incidents_%(act)s;
DROP TRIGGER %(act)s_append_only ON incidents_%(act)s;
"""

WHO = """
-- An answer is about the current resolution, and from whose answer it is.
CREATE OR REPLACE FUNCTION confirmation_by_confirmer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM incidents_incident i
          JOIN accounts_user u ON u.id = i.confirmer_id AND u.is_active
         WHERE i.id = NEW.incident_id AND i.status = 'resolved'
           AND i.resolution_id = NEW.resolution_id AND i.confirmer_id = NEW.by_id)
    THEN
        RAISE EXCEPTION 'this confirmation is not the confirmer''s of what is asked'
            USING ERRCODE = '23514', CONSTRAINT = 'confirmation_by_confirmer';
    END IF;
    IF NEW.recorded_by_id IS NOT NULL
       AND NOT is_on_a_service_desk(NEW.recorded_by_id)
    THEN
        RAISE EXCEPTION 'who recorded the call is on no service desk'
            USING ERRCODE = '23514', CONSTRAINT = 'confirmation_recorded_by_desk';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER confirmation_by_confirmer BEFORE INSERT ON incidents_confirmation
    FOR EACH ROW EXECUTE FUNCTION confirmation_by_confirmer();

CREATE OR REPLACE FUNCTION waiver_by_lead() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_team t JOIN accounts_user u ON u.id = t.lead_id
         WHERE t.is_service_desk AND t.is_active AND u.is_active
           AND t.lead_id = NEW.by_id)
       OR NOT EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.incident_id AND i.status = 'resolved'
           AND i.resolution_id = NEW.resolution_id AND i.confirmer_id <> NEW.by_id)
    THEN
        RAISE EXCEPTION 'a waiver is given by a lead, for the current resolution'
            USING ERRCODE = '23514', CONSTRAINT = 'waiver_by_lead';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER waiver_by_lead BEFORE INSERT ON incidents_waiver
    FOR EACH ROW EXECUTE FUNCTION waiver_by_lead();

CREATE OR REPLACE FUNCTION rejection_of_own() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM incidents_resolution r
         WHERE r.id = NEW.resolution_id AND r.incident_id = NEW.incident_id)
    THEN
        RAISE EXCEPTION 'this resolution belongs to another incident'
            USING ERRCODE = '23514', CONSTRAINT = 'rejection_of_own';
    END IF;
    IF NOT is_on_a_service_desk(NEW.by_id) AND NOT EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.incident_id AND i.confirmer_id = NEW.by_id)
    THEN
        RAISE EXCEPTION 'only the confirmer and the desk reject'
            USING ERRCODE = '23514', CONSTRAINT = 'rejection_by_confirmer_or_desk';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rejection_of_own BEFORE INSERT ON incidents_rejection
    FOR EACH ROW EXECUTE FUNCTION rejection_of_own();
"""

CURRENT = """
-- The current resolution is the incident's own, and nothing has undone it since.
CREATE OR REPLACE FUNCTION incident_resolution_current() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM incidents_resolution r
         WHERE r.id = NEW.resolution_id AND r.incident_id = NEW.id
           AND NOT EXISTS (
               SELECT 1 FROM activity_event e
                WHERE e.subject_type = 'incident' AND e.subject_id = NEW.id
                  AND e.seq > r.seq
                  AND (e.kind IN ('incident.reject', 'incident.reopen')
                       OR e.kind = 'incident.replay' AND e.to_status IN
                          ('new', 'assigned', 'in_progress', 'on_hold', 'cancelled'))))
    THEN
        RAISE EXCEPTION 'resolution % is not the current one of incident %',
            NEW.resolution_id, NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_resolution_current';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_resolution_current BEFORE UPDATE ON incidents_incident
    FOR EACH ROW WHEN (
        NEW.resolution_id IS NOT NULL
        AND OLD.resolution_id IS DISTINCT FROM NEW.resolution_id)
    EXECUTE FUNCTION incident_resolution_current();
"""


def _values(act, kinds, actor, about, also):
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return {
        "act": act,
        "kinds": listed,
        "actor": actor,
        "about": about,
        "also": also,
    }


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_two_keys")]

    operations = [
        *[
            migrations.RunSQL(
                APPEND_ONLY % _values(act, *facts),
                APPEND_ONLY_REVERSE % _values(act, *facts),
            )
            for act, facts in ACTS.items()
        ],
        migrations.RunSQL(
            WHO,
            "DROP TRIGGER rejection_of_own ON incidents_rejection;"
            "DROP FUNCTION rejection_of_own();"
            "DROP TRIGGER waiver_by_lead ON incidents_waiver;"
            "DROP FUNCTION waiver_by_lead();"
            "DROP TRIGGER confirmation_by_confirmer ON incidents_confirmation;"
            "DROP FUNCTION confirmation_by_confirmer();",
        ),
        migrations.RunSQL(
            CURRENT,
            "DROP TRIGGER incident_resolution_current ON incidents_incident;"
            "DROP FUNCTION incident_resolution_current();",
        ),
    ]
