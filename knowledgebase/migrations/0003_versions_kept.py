"""What was sent for review and what was published stays, with all its parts; article
and versions agree; an address leads to one article for ever."""

from django.db import migrations

HEAD = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$"

KEPT = """
-- Only a draft changes its words, and each time names a later event that wrote them.
-- Whatever column comes later is kept as well; the words to search follow the others.
CREATE OR REPLACE FUNCTION article_version_kept() {head}
DECLARE
    marks text[] := ARRAY['search_public', 'search_all'];
    is_same boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'version % is never deleted', OLD.id
            USING ERRCODE = '23514', CONSTRAINT = 'article_version_kept';
    END IF;
    IF OLD.state <> NEW.state THEN
        marks := marks || ARRAY['state', 'submitted_at', 'published_at', 'ended_at'];
    END IF;
    is_same := to_jsonb(OLD) - marks = to_jsonb(NEW) - marks;
    IF is_same THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'draft' OR NEW.state <> 'draft' OR NEW.seq <= OLD.seq
       OR (OLD.id, OLD.article_id, OLD.number, OLD.drafted_by_id)
          IS DISTINCT FROM (NEW.id, NEW.article_id, NEW.number, NEW.drafted_by_id)
       OR NEW.submitted_at IS NOT NULL OR NEW.published_at IS NOT NULL
       OR NEW.ended_at IS NOT NULL
    THEN
        RAISE EXCEPTION 'version % is % and stays as it is', OLD.id, OLD.state
            USING ERRCODE = '23514', CONSTRAINT = 'article_version_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_version_kept BEFORE UPDATE OR DELETE
    ON knowledgebase_articleversion
    FOR EACH ROW EXECUTE FUNCTION article_version_kept();
CREATE TRIGGER article_version_no_truncate BEFORE TRUNCATE
    ON knowledgebase_articleversion
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('article_version_kept');
"""

KEPT_REVERSE = """
DROP TRIGGER article_version_no_truncate ON knowledgebase_articleversion;
DROP TRIGGER article_version_kept ON knowledgebase_articleversion;
DROP FUNCTION article_version_kept();
"""

MOVES = """
CREATE TRIGGER article_version_born_draft BEFORE INSERT ON knowledgebase_articleversion
    FOR EACH ROW WHEN (
        NEW.state <> 'draft' OR NEW.submitted_at IS NOT NULL
        OR NEW.published_at IS NOT NULL OR NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change('article_version_born_draft');

-- Each state has its moments: when it was sent, published and over.
CREATE OR REPLACE FUNCTION article_version_moves() {head}
BEGIN
    IF NOT (CASE OLD.state || '>' || NEW.state
        WHEN 'draft>in_review' THEN NEW.submitted_at IS NOT NULL
             AND NEW.published_at IS NULL AND NEW.ended_at IS NULL
        WHEN 'in_review>draft' THEN NEW.submitted_at IS NULL
             AND NEW.published_at IS NULL AND NEW.ended_at IS NULL
        WHEN 'in_review>published' THEN NEW.published_at IS NOT NULL
             AND NEW.submitted_at = OLD.submitted_at AND NEW.ended_at IS NULL
        WHEN 'published>superseded' THEN NEW.ended_at IS NOT NULL
             AND NEW.submitted_at = OLD.submitted_at
             AND NEW.published_at = OLD.published_at
        WHEN 'draft>discarded' THEN NEW.ended_at IS NOT NULL
             AND NEW.submitted_at IS NULL AND NEW.published_at IS NULL
        WHEN 'in_review>discarded' THEN NEW.ended_at IS NOT NULL
             AND NEW.submitted_at = OLD.submitted_at AND NEW.published_at IS NULL
        ELSE false END)
    THEN
        RAISE EXCEPTION 'version % does not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = '23514', CONSTRAINT = 'article_version_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_version_moves BEFORE UPDATE ON knowledgebase_articleversion
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION article_version_moves();

CREATE OR REPLACE FUNCTION article_version_number_follows() {head}
BEGIN
    IF NEW.number <> (
        SELECT COALESCE(max(number), 0) + 1 FROM knowledgebase_articleversion
         WHERE article_id = NEW.article_id)
    THEN
        RAISE EXCEPTION 'version % of article % does not follow',
            NEW.number, NEW.article_id
            USING ERRCODE = '23514', CONSTRAINT = 'article_version_number_follows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_version_number_follows BEFORE INSERT
    ON knowledgebase_articleversion
    FOR EACH ROW EXECUTE FUNCTION article_version_number_follows();
"""

MOVES_REVERSE = """
DROP TRIGGER article_version_number_follows ON knowledgebase_articleversion;
DROP FUNCTION article_version_number_follows();
DROP TRIGGER article_version_moves ON knowledgebase_articleversion;
DROP FUNCTION article_version_moves();
DROP TRIGGER article_version_born_draft ON knowledgebase_articleversion;
"""

WRITTEN = """
-- At commit: the event that it names tells of writing this very version.
CREATE OR REPLACE FUNCTION article_version_written() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event
         WHERE subject_type = 'article' AND subject_id = NEW.article_id
           AND seq = NEW.seq AND data->'version' = to_jsonb(NEW.number)
           AND kind IN ('article.draft', 'article.save', 'article.start_version',
                        'article.restore'))
    THEN
        RAISE EXCEPTION 'no event says who wrote version %', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'article_version_written';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER article_version_written AFTER INSERT OR UPDATE OF seq
    ON knowledgebase_articleversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION article_version_written();
"""

WRITTEN_REVERSE = """
DROP TRIGGER article_version_written ON knowledgebase_articleversion;
DROP FUNCTION article_version_written();
"""

PARTS = {
    "signature": ("knowledgebase_signature", "version_id"),
    "version_service": ("knowledgebase_articleversion_services", "articleversion_id"),
    "version_category": (
        "knowledgebase_articleversion_categories",
        "articleversion_id",
    ),
}

PART_FUNCTION = """
CREATE OR REPLACE FUNCTION article_part_kept() {head}
DECLARE
    before bigint := (to_jsonb(OLD)->>TG_ARGV[0])::bigint;
    after bigint := (to_jsonb(NEW)->>TG_ARGV[0])::bigint;
BEGIN
    -- The share lock makes somebody who sends it for review just now wait for us.
    PERFORM 1 FROM knowledgebase_articleversion WHERE id IN (before, after) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM knowledgebase_articleversion
         WHERE id IN (before, after) AND state <> 'draft')
    THEN
        RAISE EXCEPTION '% of % that belongs to a version that stays', TG_OP, TG_TABLE_NAME
            USING ERRCODE = '23514', CONSTRAINT = 'article_version_kept';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""

PART = """
CREATE TRIGGER {part}_kept BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION article_part_kept('{column}');
CREATE TRIGGER {part}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('article_version_kept');
"""

PART_REVERSE = """
DROP TRIGGER {part}_no_truncate ON {table};
DROP TRIGGER {part}_kept ON {table};
"""

AGREES = """
-- At commit: what readers are shown is the published version, what is written is the
-- open one, and the status says which of them there are.
CREATE OR REPLACE FUNCTION article_versions_agree() {head}
DECLARE
    pk bigint;
    article knowledgebase_article%ROWTYPE;
    published bigint;
    opened bigint;
    opened_state text;
BEGIN
    IF TG_TABLE_NAME = 'knowledgebase_article' THEN
        pk := NEW.id;
    ELSE
        pk := NEW.article_id;
    END IF;
    SELECT * INTO article FROM knowledgebase_article WHERE id = pk;
    SELECT id INTO published FROM knowledgebase_articleversion
     WHERE article_id = pk AND state = 'published';
    SELECT id, state INTO opened, opened_state FROM knowledgebase_articleversion
     WHERE article_id = pk AND state IN ('draft', 'in_review');
    IF article.current_id IS DISTINCT FROM published
       OR article.open_id IS DISTINCT FROM opened
       OR article.status <> (CASE WHEN published IS NOT NULL THEN 'published'
                                  ELSE COALESCE(opened_state, 'retired') END)
       OR EXISTS (
          SELECT 1 FROM knowledgebase_articleversion
           WHERE id = COALESCE(published, opened)
             AND (title, audience) IS DISTINCT FROM (article.title, article.audience))
    THEN
        RAISE EXCEPTION 'article % does not agree with its versions', pk
            USING ERRCODE = '23514', CONSTRAINT = 'article_versions_agree';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER article_versions_agree AFTER INSERT OR UPDATE
    ON knowledgebase_article DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION article_versions_agree();
CREATE CONSTRAINT TRIGGER article_version_agrees AFTER INSERT OR UPDATE
    ON knowledgebase_articleversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION article_versions_agree();
CREATE TRIGGER article_kind_fixed BEFORE UPDATE ON knowledgebase_article
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind)
    EXECUTE FUNCTION refuse_change('article_kind_fixed');
"""

AGREES_REVERSE = """
DROP TRIGGER article_kind_fixed ON knowledgebase_article;
DROP TRIGGER article_version_agrees ON knowledgebase_articleversion;
DROP TRIGGER article_versions_agree ON knowledgebase_article;
DROP FUNCTION article_versions_agree();
"""

ADDRESSES = """
CREATE TRIGGER article_address_kept BEFORE UPDATE OR DELETE ON knowledgebase_address
    FOR EACH ROW EXECUTE FUNCTION refuse_change('article_address_kept');
CREATE TRIGGER article_address_no_truncate BEFORE TRUNCATE ON knowledgebase_address
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('article_address_kept');
CREATE OR REPLACE FUNCTION article_has_address() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM knowledgebase_address
         WHERE article_id = NEW.id AND slug = NEW.slug)
    THEN
        RAISE EXCEPTION 'article % is not found under %', NEW.id, NEW.slug
            USING ERRCODE = '23514', CONSTRAINT = 'article_has_address';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER article_has_address AFTER INSERT OR UPDATE OF slug
    ON knowledgebase_article DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION article_has_address();
"""

ADDRESSES_REVERSE = """
DROP TRIGGER article_has_address ON knowledgebase_article;
DROP FUNCTION article_has_address();
DROP TRIGGER article_address_no_truncate ON knowledgebase_address;
DROP TRIGGER article_address_kept ON knowledgebase_address;
"""


def guard(sql, reverse):
    return migrations.RunSQL(sql.replace("{head}", HEAD), reverse)


def part(name):
    table, column = PARTS[name]
    names = {"part": name, "table": table, "column": column}
    return migrations.RunSQL(PART.format(**names), PART_REVERSE.format(**names))


class Migration(migrations.Migration):
    dependencies = [("knowledgebase", "0002_article_is_a_subject")]

    operations = [
        guard(KEPT, KEPT_REVERSE),
        guard(MOVES, MOVES_REVERSE),
        guard(WRITTEN, WRITTEN_REVERSE),
        guard(PART_FUNCTION, "DROP FUNCTION article_part_kept();"),
        *map(part, PARTS),
        guard(AGREES, AGREES_REVERSE),
        guard(ADDRESSES, ADDRESSES_REVERSE),
    ]
