"""Closed by the desk, after the confirmer or a waiver of the current resolution."""

from django.db import migrations

DESK_MEMBER = """
CREATE OR REPLACE FUNCTION is_on_a_service_desk(person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_team t
          JOIN accounts_user u ON u.id = person AND u.is_active
         WHERE t.is_service_desk AND t.is_active
           AND (t.lead_id = person OR EXISTS (
                SELECT 1 FROM accounts_membership m
                 WHERE m.team_id = t.id AND m.user_id = person)))
$$;
"""

TWO_KEYS = """
CREATE OR REPLACE FUNCTION incident_two_keys() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_channel text;
    found_recorder bigint;
    found_person bigint;
    its_basis text;
    is_waived boolean;
    wants_second boolean;
BEGIN
    IF NOT is_on_a_service_desk(NEW.closed_by_id) THEN
        RAISE EXCEPTION 'incident % is closed by %, who is on no service desk',
            NEW.id, NEW.closed_by_id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_closed_by_desk';
    END IF;
    SELECT c.channel, c.recorded_by_id, c.by_id
      INTO found_channel, found_recorder, found_person
      FROM incidents_confirmation c
      JOIN incidents_resolution r ON r.id = c.resolution_id
     WHERE r.id = NEW.resolution_id AND r.incident_id = NEW.id;
    SELECT EXISTS (
        SELECT 1 FROM incidents_waiver w
          JOIN incidents_resolution r ON r.id = w.resolution_id
         WHERE r.id = NEW.resolution_id AND r.incident_id = NEW.id) INTO is_waived;
    IF found_channel IS NULL AND NOT is_waived THEN
        RAISE EXCEPTION 'incident % has neither confirmation nor waiver', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_two_keys';
    END IF;
    IF found_person = NEW.closed_by_id THEN
        RAISE EXCEPTION 'incident % is closed by who confirmed it', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_closed_by_another';
    END IF;
    its_basis := CASE WHEN found_channel = 'call' THEN 'call'
                      WHEN found_channel IS NOT NULL THEN 'confirmed'
                      ELSE 'waived' END;
    IF NEW.closure_basis IS DISTINCT FROM its_basis THEN
        RAISE EXCEPTION 'incident % is not closed because of %',
            NEW.id, NEW.closure_basis
            USING ERRCODE = '23514', CONSTRAINT = 'incident_closed_for_its_reason';
    END IF;
    SELECT second_person_closes INTO wants_second
      FROM accounts_team WHERE id = NEW.desk_id;
    IF wants_second AND found_recorder = NEW.closed_by_id THEN
        RAISE EXCEPTION 'incident % wants a second person to close', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_second_person_closes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_two_keys_on_insert BEFORE INSERT ON incidents_incident
    FOR EACH ROW WHEN (NEW.status = 'closed'
        AND NOT (NEW.origin = 'import' AND NEW.closure_basis = 'imported'))
    EXECUTE FUNCTION incident_two_keys();
CREATE TRIGGER incident_two_keys_on_update BEFORE UPDATE ON incidents_incident
    FOR EACH ROW WHEN (NEW.status = 'closed' AND OLD.status <> 'closed'
        AND NOT (NEW.origin = 'import' AND NEW.closure_basis = 'imported'))
    EXECUTE FUNCTION incident_two_keys();
"""

CLOSED_FIXED = """
-- Notes and links still raise the version of what is closed; nothing else changes,
-- but by further history of what was closed in another system.
CREATE TRIGGER incident_closed_fixed AFTER UPDATE ON incidents_incident
    FOR EACH ROW WHEN (
        OLD.status = 'closed' AND NEW.status = 'closed'
        AND NOT (OLD.closure_basis = 'imported' AND NEW.closure_basis = 'imported')
        AND (to_jsonb(OLD) - 'version' - 'timer_generation')
            IS DISTINCT FROM (to_jsonb(NEW) - 'version' - 'timer_generation'))
    EXECUTE FUNCTION refuse_change('incident_closed_fixed');
"""

CONFIRMED = """
-- At commit: what says it is confirmed has the row of that confirmation.
CREATE OR REPLACE FUNCTION incident_confirmed_by_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM incidents_incident i
         WHERE i.id = NEW.id
           AND (i.confirmed_at IS NOT NULL) IS DISTINCT FROM EXISTS (
               SELECT 1 FROM incidents_confirmation c
                WHERE c.resolution_id = i.resolution_id))
    THEN
        RAISE EXCEPTION 'incident % and its confirmation disagree', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'incident_confirmed_by_row';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER incident_confirmed_by_row AFTER INSERT OR UPDATE
    ON incidents_incident DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION incident_confirmed_by_row();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_incident_is_a_subject"),
        ("accounts", "0002_guards"),
    ]

    operations = [
        migrations.RunSQL(DESK_MEMBER, "DROP FUNCTION is_on_a_service_desk(bigint);"),
        migrations.RunSQL(
            TWO_KEYS,
            "DROP TRIGGER incident_two_keys_on_update ON incidents_incident;"
            "DROP TRIGGER incident_two_keys_on_insert ON incidents_incident;"
            "DROP FUNCTION incident_two_keys();",
        ),
        migrations.RunSQL(
            CLOSED_FIXED, "DROP TRIGGER incident_closed_fixed ON incidents_incident;"
        ),
        migrations.RunSQL(
            CONFIRMED,
            "DROP TRIGGER incident_confirmed_by_row ON incidents_incident;"
            "DROP FUNCTION incident_confirmed_by_row();",
        ),
    ]
