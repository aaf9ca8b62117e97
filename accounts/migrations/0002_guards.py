"""Accounts are never deleted, tiers never change, paths lead one tier up."""

from django.db import migrations

REFUSE_CHANGE = """
-- The body of every guard that refuses an operation outright: the name of the
-- broken rule is the trigger's argument.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = '23514', CONSTRAINT = TG_ARGV[0];
END $$;
"""

USERS = """
CREATE TRIGGER user_never_deleted BEFORE DELETE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION refuse_change('user_never_deleted');
"""

TIERS = """
CREATE TRIGGER team_tier_fixed BEFORE UPDATE ON accounts_team
    FOR EACH ROW WHEN (OLD.tier IS DISTINCT FROM NEW.tier)
    EXECUTE FUNCTION refuse_change('team_tier_fixed');
"""

ROLES = """
CREATE TRIGGER role_grant_fixed BEFORE UPDATE ON accounts_rolegrant
    FOR EACH ROW EXECUTE FUNCTION refuse_change('role_grant_fixed');
"""

LAST_ADMINISTRATOR = """
-- Who switches the last administrator off locks everybody out.
CREATE OR REPLACE FUNCTION last_administrator_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    leaving bigint;
BEGIN
    IF TG_TABLE_NAME = 'accounts_user' THEN
        leaving := OLD.id;
    ELSE
        leaving := OLD.user_id;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('last_administrator_stays'));
    IF EXISTS (SELECT 1 FROM accounts_rolegrant
                WHERE user_id = leaving AND role = 'administrator')
       AND NOT EXISTS (
           SELECT 1 FROM accounts_rolegrant g JOIN accounts_user u ON u.id = g.user_id
            WHERE g.role = 'administrator' AND u.is_active AND u.id <> leaving)
    THEN
        RAISE EXCEPTION 'user % is the last administrator', leaving
            USING ERRCODE = '23514', CONSTRAINT = 'last_administrator_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER last_administrator_stays BEFORE UPDATE ON accounts_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION last_administrator_stays();
CREATE TRIGGER last_administrator_stays BEFORE DELETE ON accounts_rolegrant
    FOR EACH ROW WHEN (OLD.role = 'administrator')
    EXECUTE FUNCTION last_administrator_stays();
"""

PATHS = """
CREATE OR REPLACE FUNCTION escalation_path_next_tier() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT tier FROM accounts_team WHERE id = NEW.to_team_id)
       IS DISTINCT FROM (SELECT tier + 1 FROM accounts_team WHERE id = NEW.from_team_id)
    THEN
        RAISE EXCEPTION 'team % cannot escalate to team %', NEW.from_team_id, NEW.to_team_id
            USING ERRCODE = '23514', CONSTRAINT = 'escalation_path_next_tier';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER escalation_path_next_tier BEFORE INSERT OR UPDATE ON accounts_escalationpath
    FOR EACH ROW EXECUTE FUNCTION escalation_path_next_tier();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION refuse_change();"),
        migrations.RunSQL(USERS, "DROP TRIGGER user_never_deleted ON accounts_user;"),
        migrations.RunSQL(TIERS, "DROP TRIGGER team_tier_fixed ON accounts_team;"),
        migrations.RunSQL(
            ROLES, "DROP TRIGGER role_grant_fixed ON accounts_rolegrant;"
        ),
        migrations.RunSQL(
            LAST_ADMINISTRATOR,
            "DROP TRIGGER last_administrator_stays ON accounts_rolegrant;"
            "DROP TRIGGER last_administrator_stays ON accounts_user;"
            "DROP FUNCTION last_administrator_stays();",
        ),
        migrations.RunSQL(
            PATHS,
            "DROP TRIGGER escalation_path_next_tier ON accounts_escalationpath;"
            "DROP FUNCTION escalation_path_next_tier();",
        ),
    ]
