"""The ladder of a published version stays, and a ladder makes sense once it counts."""

from django.db import migrations

HEAD = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$"

KEPT = """
CREATE OR REPLACE FUNCTION rung_kept() {head}
BEGIN
    -- The share lock makes somebody who publishes it at this moment wait for us.
    PERFORM 1 FROM sla_policyversion
      WHERE id IN (OLD.version_id, NEW.version_id) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM sla_policyversion
         WHERE id IN (OLD.version_id, NEW.version_id) AND published_at IS NOT NULL)
    THEN
        RAISE EXCEPTION '% of % that belongs to a published version', TG_OP, TG_TABLE_NAME
            USING ERRCODE = '23514', CONSTRAINT = 'policy_version_kept';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rung_kept BEFORE INSERT OR UPDATE OR DELETE ON sla_rung
    FOR EACH ROW EXECUTE FUNCTION rung_kept();
CREATE TRIGGER rung_no_truncate BEFORE TRUNCATE ON sla_rung
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('policy_version_kept');
"""
KEPT_REVERSE = """
DROP TRIGGER rung_no_truncate ON sla_rung;
DROP TRIGGER rung_kept ON sla_rung;
DROP FUNCTION rung_kept();
"""

SENSE = """
-- Asked when it is published: a draft may be half a ladder.
CREATE OR REPLACE FUNCTION policy_version_ladder_reachable() {head}
BEGIN
    IF (SELECT trigger FROM sla_rung WHERE version_id = NEW.id
         ORDER BY position LIMIT 1) = 'unacknowledged'
       OR EXISTS (
        SELECT 1 FROM sla_rung
         WHERE version_id = NEW.id
           AND (trigger = 'response_percent' AND NEW.response_target IS NULL
                OR trigger = 'resolution_percent' AND NEW.resolution_target IS NULL
                OR trigger = 'breach'
                   AND NEW.response_target IS NULL AND NEW.resolution_target IS NULL))
    THEN
        RAISE EXCEPTION 'nobody reaches a rung of version % of policy %',
            NEW.number, NEW.policy_id
            USING ERRCODE = '23514', CONSTRAINT = 'policy_version_ladder_reachable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policy_version_ladder_reachable BEFORE UPDATE ON sla_policyversion
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION policy_version_ladder_reachable();

CREATE OR REPLACE FUNCTION policy_version_ladder_ascends() {head}
BEGIN
    IF EXISTS (
        WITH waited AS (
            SELECT position, 'response' AS what, COALESCE(percent, 100) AS reached
              FROM sla_rung WHERE version_id = NEW.id
               AND trigger IN ('response_percent', 'breach')
            UNION ALL
            SELECT position, 'resolution', COALESCE(percent, 100)
              FROM sla_rung WHERE version_id = NEW.id
               AND trigger IN ('resolution_percent', 'breach')
            UNION ALL
            SELECT position, 'bounces', count
              FROM sla_rung WHERE version_id = NEW.id AND trigger = 'bounces')
        SELECT 1 FROM waited a JOIN waited b
          ON a.what = b.what AND a.position < b.position AND a.reached >= b.reached)
    THEN
        RAISE EXCEPTION 'the ladder of version % of policy % does not ascend',
            NEW.number, NEW.policy_id
            USING ERRCODE = '23514', CONSTRAINT = 'policy_version_ladder_ascends';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policy_version_ladder_ascends BEFORE UPDATE ON sla_policyversion
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION policy_version_ladder_ascends();
"""
SENSE_REVERSE = """
DROP TRIGGER policy_version_ladder_ascends ON sla_policyversion;
DROP FUNCTION policy_version_ladder_ascends();
DROP TRIGGER policy_version_ladder_reachable ON sla_policyversion;
DROP FUNCTION policy_version_ladder_reachable();
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0005_default_ladders")]

    operations = [
        migrations.RunSQL(KEPT.format(head=HEAD), KEPT_REVERSE),
        migrations.RunSQL(SENSE.format(head=HEAD), SENSE_REVERSE),
    ]
