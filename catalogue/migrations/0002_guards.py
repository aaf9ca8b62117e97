"""Trees have no circles, and a location's desk is a service desk and stays one."""

from django.db import migrations

NO_CIRCLE = """
CREATE OR REPLACE FUNCTION parent_no_circle() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    above bigint := NEW.parent_id;
BEGIN
    -- Two people who move entries at the same moment could close a circle together.
    PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME));
    WHILE above IS NOT NULL LOOP
        IF above = NEW.id THEN
            RAISE EXCEPTION '% % cannot be below itself', TG_TABLE_NAME, NEW.id
                USING ERRCODE = '23514', CONSTRAINT = 'parent_no_circle';
        END IF;
        EXECUTE format('SELECT parent_id FROM %I WHERE id = $1', TG_TABLE_NAME)
            INTO above USING above;
    END LOOP;
    RETURN NEW;
END $$;
"""

TREE = """
CREATE TRIGGER {name}_no_circle BEFORE INSERT OR UPDATE OF parent_id ON catalogue_{name}
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION parent_no_circle();
"""

DESKS = """
CREATE OR REPLACE FUNCTION location_desk_is_desk() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The share lock makes a rival that takes the desk's role away wait for us.
    PERFORM 1 FROM accounts_team WHERE id = NEW.desk_id AND is_service_desk FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'team % is no service desk', NEW.desk_id
            USING ERRCODE = '23514', CONSTRAINT = 'location_desk_is_desk';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER location_desk_is_desk BEFORE INSERT OR UPDATE OF desk_id
    ON catalogue_location FOR EACH ROW WHEN (NEW.desk_id IS NOT NULL)
    EXECUTE FUNCTION location_desk_is_desk();

CREATE OR REPLACE FUNCTION team_desk_in_use() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM catalogue_location WHERE desk_id = NEW.id) THEN
        RAISE EXCEPTION 'team % is the desk of a location', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'team_desk_in_use';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER team_desk_in_use BEFORE UPDATE OF is_service_desk ON accounts_team
    FOR EACH ROW WHEN (OLD.is_service_desk AND NOT NEW.is_service_desk)
    EXECUTE FUNCTION team_desk_in_use();
"""

TREES = ["category", "location", "service"]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_entries"), ("accounts", "0002_guards")]

    operations = [
        migrations.RunSQL(NO_CIRCLE, "DROP FUNCTION parent_no_circle();"),
        *(
            migrations.RunSQL(
                TREE.format(name=name),
                f"DROP TRIGGER {name}_no_circle ON catalogue_{name};",
            )
            for name in TREES
        ),
        migrations.RunSQL(
            DESKS,
            "DROP TRIGGER team_desk_in_use ON accounts_team;"
            "DROP FUNCTION team_desk_in_use();"
            "DROP TRIGGER location_desk_is_desk ON catalogue_location;"
            "DROP FUNCTION location_desk_is_desk();",
        ),
    ]
