"""What is published stays, versions follow each other, and no two policies tie."""

from django.db import migrations

HEAD = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$"

VERSIONS = """
CREATE OR REPLACE FUNCTION {kind}_version_number_follows() {head}
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.number, OLD.{kind}_id) IS DISTINCT FROM (NEW.number, NEW.{kind}_id)
       OR TG_OP = 'INSERT' AND NEW.number <> (
           SELECT COALESCE(max(number), 0) + 1 FROM sla_{kind}version
            WHERE {kind}_id = NEW.{kind}_id)
    THEN
        RAISE EXCEPTION 'version % of {kind} % does not follow', NEW.number, NEW.{kind}_id
            USING ERRCODE = '23514', CONSTRAINT = '{kind}_version_number_follows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {kind}_version_number_follows
    BEFORE INSERT OR UPDATE OF number, {kind}_id ON sla_{kind}version
    FOR EACH ROW EXECUTE FUNCTION {kind}_version_number_follows();

CREATE TRIGGER {kind}_version_born_draft BEFORE INSERT ON sla_{kind}version
    FOR EACH ROW WHEN (NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change('{kind}_version_born_draft');

CREATE TRIGGER {kind}_version_kept BEFORE UPDATE OR DELETE ON sla_{kind}version
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change('{kind}_version_kept');
CREATE TRIGGER {kind}_version_no_truncate BEFORE TRUNCATE ON sla_{kind}version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{kind}_version_kept');

CREATE OR REPLACE FUNCTION {kind}_version_follows() {head}
BEGIN
    IF EXISTS (
        SELECT 1 FROM sla_{kind}version
         WHERE {kind}_id = NEW.{kind}_id AND id <> NEW.id
           AND published_at IS NOT NULL AND effective_from >= NEW.effective_from)
    THEN
        RAISE EXCEPTION 'another version of {kind} % begins no earlier', NEW.{kind}_id
            USING ERRCODE = '23514', CONSTRAINT = '{kind}_version_follows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {kind}_version_follows BEFORE UPDATE ON sla_{kind}version
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION {kind}_version_follows();

-- By the clock of the database: whoever publishes may claim any moment. The five
-- minutes are those between asking for the time and being here.
CREATE OR REPLACE FUNCTION {kind}_version_not_in_past() {head}
BEGIN
    IF NEW.effective_from < clock_timestamp() - interval '5 minutes' AND EXISTS (
        SELECT 1 FROM sla_{kind}version
         WHERE {kind}_id = NEW.{kind}_id AND id <> NEW.id AND published_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'version % of {kind} % begins in the past',
            NEW.number, NEW.{kind}_id
            USING ERRCODE = '23514', CONSTRAINT = '{kind}_version_not_in_past';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {kind}_version_not_in_past BEFORE UPDATE ON sla_{kind}version
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION {kind}_version_not_in_past();
"""

VERSIONS_REVERSE = """
DROP TRIGGER {kind}_version_not_in_past ON sla_{kind}version;
DROP FUNCTION {kind}_version_not_in_past();
DROP TRIGGER {kind}_version_follows ON sla_{kind}version;
DROP FUNCTION {kind}_version_follows();
DROP TRIGGER {kind}_version_no_truncate ON sla_{kind}version;
DROP TRIGGER {kind}_version_kept ON sla_{kind}version;
DROP TRIGGER {kind}_version_born_draft ON sla_{kind}version;
DROP TRIGGER {kind}_version_number_follows ON sla_{kind}version;
DROP FUNCTION {kind}_version_number_follows();
"""

PARTS = """
CREATE OR REPLACE FUNCTION calendar_part_kept() {head}
BEGIN
    -- The share lock makes somebody who publishes it at this moment wait for us.
    PERFORM 1 FROM sla_calendarversion
      WHERE id IN (OLD.version_id, NEW.version_id) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM sla_calendarversion
         WHERE id IN (OLD.version_id, NEW.version_id) AND published_at IS NOT NULL)
    THEN
        RAISE EXCEPTION '% of % that belongs to a published version', TG_OP, TG_TABLE_NAME
            USING ERRCODE = '23514', CONSTRAINT = 'calendar_version_kept';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shift_kept BEFORE INSERT OR UPDATE OR DELETE ON sla_shift
    FOR EACH ROW EXECUTE FUNCTION calendar_part_kept();
CREATE TRIGGER shift_no_truncate BEFORE TRUNCATE ON sla_shift
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('calendar_version_kept');
CREATE TRIGGER holiday_kept BEFORE INSERT OR UPDATE OR DELETE ON sla_holiday
    FOR EACH ROW EXECUTE FUNCTION calendar_part_kept();
CREATE TRIGGER holiday_no_truncate BEFORE TRUNCATE ON sla_holiday
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('calendar_version_kept');
"""

PARTS_REVERSE = """
DROP TRIGGER holiday_no_truncate ON sla_holiday;
DROP TRIGGER holiday_kept ON sla_holiday;
DROP TRIGGER shift_no_truncate ON sla_shift;
DROP TRIGGER shift_kept ON sla_shift;
DROP FUNCTION calendar_part_kept();
"""

OVERLAP = """
-- Each version has a stretch of numbers to itself, longer than the seconds of a week.
ALTER TABLE sla_shift ADD CONSTRAINT shift_no_overlap EXCLUDE USING gist (
    numrange(
        version_id::numeric * 1000000 + weekday * 86400 + EXTRACT(epoch FROM opens),
        version_id::numeric * 1000000 + weekday * 86400
            + CASE closes WHEN '00:00' THEN 86400 ELSE EXTRACT(epoch FROM closes) END
    ) WITH &&
) DEFERRABLE INITIALLY DEFERRED;
"""

OPEN = """
CREATE OR REPLACE FUNCTION calendar_version_is_open() {head}
BEGIN
    IF NOT EXISTS (SELECT 1 FROM sla_shift WHERE version_id = NEW.id) THEN
        RAISE EXCEPTION 'version % of calendar % is never open',
            NEW.number, NEW.calendar_id
            USING ERRCODE = '23514', CONSTRAINT = 'calendar_version_is_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER calendar_version_is_open BEFORE UPDATE ON sla_calendarversion
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION calendar_version_is_open();
"""

IN_FORCE = """
CREATE OR REPLACE FUNCTION policy_version_calendar_in_force() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM sla_calendarversion
         WHERE calendar_id = NEW.calendar_id AND published_at IS NOT NULL
           AND effective_from <= NEW.effective_from)
    THEN
        RAISE EXCEPTION 'calendar % is not in force at %',
            NEW.calendar_id, NEW.effective_from
            USING ERRCODE = '23514', CONSTRAINT = 'policy_version_calendar_in_force';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policy_version_calendar_in_force BEFORE UPDATE ON sla_policyversion
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION policy_version_calendar_in_force();
"""

TIES = """
CREATE OR REPLACE FUNCTION policy_no_tie() {head}
DECLARE
    changed bigint;
    twin bigint;
BEGIN
    IF TG_TABLE_NAME = 'sla_policy' THEN
        changed := NEW.id;
    ELSE
        changed := NEW.policy_id;
    END IF;
    -- Two people who publish at the same moment could tie without seeing each other.
    PERFORM pg_advisory_xact_lock(hashtext('policy_no_tie'));
    WITH term AS (
        SELECT v.policy_id, v.service_id, v.team_id, v.kind, v.severity,
               v.effective_from AS begins,
               COALESCE(lead(v.effective_from) OVER (
                   PARTITION BY v.policy_id ORDER BY v.effective_from), 'infinity') AS ends
          FROM sla_policyversion v JOIN sla_policy p ON p.id = v.policy_id
         WHERE v.published_at IS NOT NULL AND p.is_active)
    SELECT theirs.policy_id INTO twin
      FROM term ours JOIN term theirs
        ON theirs.policy_id <> ours.policy_id
       AND (ours.service_id, ours.team_id, ours.kind, ours.severity) IS NOT DISTINCT FROM
           (theirs.service_id, theirs.team_id, theirs.kind, theirs.severity)
       AND ours.begins < theirs.ends AND theirs.begins < ours.ends
     WHERE ours.policy_id = changed
     LIMIT 1;
    IF twin IS NOT NULL THEN
        RAISE EXCEPTION 'policies % and % fit the same tickets', changed, twin
            USING ERRCODE = '23514', CONSTRAINT = 'policy_no_tie';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER policy_version_no_tie AFTER INSERT OR UPDATE ON sla_policyversion
    FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION policy_no_tie();
CREATE TRIGGER policy_no_tie AFTER UPDATE OF is_active ON sla_policy
    FOR EACH ROW WHEN (NEW.is_active AND NOT OLD.is_active)
    EXECUTE FUNCTION policy_no_tie();
"""

TIES_REVERSE = """
DROP TRIGGER policy_no_tie ON sla_policy;
DROP TRIGGER policy_version_no_tie ON sla_policyversion;
DROP FUNCTION policy_no_tie();
"""

ASCENDING = """
CREATE OR REPLACE FUNCTION is_ascending(numbers smallint[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT numbers = ARRAY(SELECT DISTINCT n FROM unnest(numbers) AS n ORDER BY n)
$$;
ALTER TABLE sla_policyversion
    ADD CONSTRAINT policy_version_response_warnings_ascend
        CHECK (is_ascending(response_warnings)),
    ADD CONSTRAINT policy_version_resolution_warnings_ascend
        CHECK (is_ascending(resolution_warnings));
"""

ASCENDING_REVERSE = """
ALTER TABLE sla_policyversion
    DROP CONSTRAINT policy_version_resolution_warnings_ascend,
    DROP CONSTRAINT policy_version_response_warnings_ascend;
DROP FUNCTION is_ascending(smallint[]);
"""


def guard(sql, reverse, **names):
    return migrations.RunSQL(sql.format(head=HEAD, **names), reverse.format(**names))


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_default_service_levels")]

    operations = [
        guard(VERSIONS, VERSIONS_REVERSE, kind="calendar"),
        guard(VERSIONS, VERSIONS_REVERSE, kind="policy"),
        guard(PARTS, PARTS_REVERSE),
        guard(OVERLAP, "ALTER TABLE sla_shift DROP CONSTRAINT shift_no_overlap;"),
        guard(
            OPEN,
            "DROP TRIGGER calendar_version_is_open ON sla_calendarversion;"
            "DROP FUNCTION calendar_version_is_open();",
        ),
        guard(
            IN_FORCE,
            "DROP TRIGGER policy_version_calendar_in_force ON sla_policyversion;"
            "DROP FUNCTION policy_version_calendar_in_force();",
        ),
        guard(TIES, TIES_REVERSE),
        migrations.RunSQL(ASCENDING, ASCENDING_REVERSE),
    ]
