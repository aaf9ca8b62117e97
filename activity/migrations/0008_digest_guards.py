"""A message goes by itself or in one digest, and which one that is stays."""

from django.db import migrations

FIXED = """
CREATE OR REPLACE FUNCTION delivery_goes_one_way() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.digest_id IS NOT NULL AND NEW.digest_id IS DISTINCT FROM OLD.digest_id
       OR OLD.digest_id IS NULL AND NEW.digest_id IS NOT NULL
          AND OLD.state <> 'waiting'
       OR NEW.is_digest <> OLD.is_digest
    THEN
        RAISE EXCEPTION 'delivery % went another way', OLD.id
            USING ERRCODE = '23514', CONSTRAINT = 'delivery_goes_one_way';
    END IF;
    IF NEW.digest_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM activity_delivery d
         WHERE d.id = NEW.digest_id AND d.is_digest
           AND d.recipient_id IS NOT DISTINCT FROM NEW.recipient_id
           AND d.channel = NEW.channel
           AND (NEW.state <> 'sent' OR d.state = 'sent'))
    THEN
        RAISE EXCEPTION 'delivery % is in no digest to the same person', OLD.id
            USING ERRCODE = '23514', CONSTRAINT = 'delivery_goes_one_way';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_goes_one_way BEFORE UPDATE ON activity_delivery
    FOR EACH ROW
    WHEN (OLD.digest_id IS NOT NULL OR NEW.digest_id IS NOT NULL
          OR NEW.is_digest <> OLD.is_digest)
    EXECUTE FUNCTION delivery_goes_one_way();
CREATE TRIGGER delivery_begins_alone BEFORE INSERT ON activity_delivery
    FOR EACH ROW WHEN (NEW.digest_id IS NOT NULL)
    EXECUTE FUNCTION refuse_change('delivery_goes_one_way');
"""
REVERSE = """
DROP TRIGGER delivery_begins_alone ON activity_delivery;
DROP TRIGGER delivery_goes_one_way ON activity_delivery;
DROP FUNCTION delivery_goes_one_way();
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0007_digests")]

    operations = [migrations.RunSQL(FIXED, REVERSE)]
