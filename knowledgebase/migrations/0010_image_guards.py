"""An image stays what it is; a version that left its draft keeps what it shows."""

from django.db import migrations

HEAD = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$"

KEPT = """
-- Nothing of it changes but whose it is, once, from nobody's to an article's. It goes
-- only where no version shows it.
CREATE OR REPLACE FUNCTION article_image_kept() {head}
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.article_id IS NULL AND NEW.article_id IS NOT NULL
       AND to_jsonb(OLD) - 'article_id' = to_jsonb(NEW) - 'article_id'
    THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM knowledgebase_illustration WHERE image_id = OLD.id)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'image % stays as it is', OLD.id
        USING ERRCODE = '23514', CONSTRAINT = 'article_image_kept';
END $$;
CREATE TRIGGER article_image_kept BEFORE UPDATE OR DELETE
    ON knowledgebase_articleimage
    FOR EACH ROW EXECUTE FUNCTION article_image_kept();
CREATE TRIGGER article_image_no_truncate BEFORE TRUNCATE
    ON knowledgebase_articleimage
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('article_image_kept');
"""

KEPT_REVERSE = """
DROP TRIGGER article_image_no_truncate ON knowledgebase_articleimage;
DROP TRIGGER article_image_kept ON knowledgebase_articleimage;
DROP FUNCTION article_image_kept();
"""

SHOWN = """
CREATE TRIGGER illustration_kept BEFORE INSERT OR UPDATE OR DELETE
    ON knowledgebase_illustration
    FOR EACH ROW EXECUTE FUNCTION article_part_kept('version_id');
CREATE TRIGGER illustration_no_truncate BEFORE TRUNCATE
    ON knowledgebase_illustration
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('article_version_kept');
"""

SHOWN_REVERSE = """
DROP TRIGGER illustration_no_truncate ON knowledgebase_illustration;
DROP TRIGGER illustration_kept ON knowledgebase_illustration;
"""

OWN = """
-- Who may see an image is asked of the versions that show it: none may show that of
-- another article, whose readers are others.
CREATE OR REPLACE FUNCTION illustration_of_its_article() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM knowledgebase_articleimage i
          JOIN knowledgebase_articleversion v ON v.id = NEW.version_id
         WHERE i.id = NEW.image_id AND i.article_id = v.article_id)
    THEN
        RAISE EXCEPTION 'image % is not of the article of version %',
            NEW.image_id, NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'illustration_of_its_article';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER illustration_of_its_article BEFORE INSERT OR UPDATE
    ON knowledgebase_illustration
    FOR EACH ROW EXECUTE FUNCTION illustration_of_its_article();
"""

OWN_REVERSE = """
DROP TRIGGER illustration_of_its_article ON knowledgebase_illustration;
DROP FUNCTION illustration_of_its_article();
"""


def guard(sql, reverse):
    return migrations.RunSQL(sql.replace("{head}", HEAD), reverse)


class Migration(migrations.Migration):
    dependencies = [("knowledgebase", "0009_images")]

    operations = [
        guard(KEPT, KEPT_REVERSE),
        guard(SHOWN, SHOWN_REVERSE),
        guard(OWN, OWN_REVERSE),
    ]
