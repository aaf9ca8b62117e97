"""Who publishes is a knowledge editor and wrote nothing of it; reviews are kept."""

from django.db import migrations

HEAD = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$"

KEPT = """
CREATE TRIGGER review_append_only BEFORE UPDATE OR DELETE ON knowledgebase_review
    FOR EACH ROW EXECUTE FUNCTION refuse_change('review_append_only');
CREATE TRIGGER review_no_truncate BEFORE TRUNCATE ON knowledgebase_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('review_append_only');
"""

KEPT_REVERSE = """
DROP TRIGGER review_no_truncate ON knowledgebase_review;
DROP TRIGGER review_append_only ON knowledgebase_review;
"""

ANOTHER = """
-- Who wrote it is what the events say; they cannot be changed afterwards.
CREATE OR REPLACE FUNCTION review_by_another() {head}
BEGIN
    IF EXISTS (
        SELECT 1 FROM activity_event e
          JOIN knowledgebase_articleversion v ON v.id = NEW.version_id
         WHERE e.subject_type = 'article' AND e.subject_id = v.article_id
           AND e.kind IN ('article.draft', 'article.save', 'article.start_version',
                          'article.restore')
           AND e.data->'version' = to_jsonb(v.number) AND e.actor_id = NEW.by_id)
    THEN
        RAISE EXCEPTION 'version % was written by who publishes it', NEW.version_id
            USING ERRCODE = '23514', CONSTRAINT = 'review_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_by_another BEFORE INSERT ON knowledgebase_review
    FOR EACH ROW WHEN (NEW.verdict = 'publish') EXECUTE FUNCTION review_by_another();
"""

ANOTHER_REVERSE = """
DROP TRIGGER review_by_another ON knowledgebase_review;
DROP FUNCTION review_by_another();
"""

EDITOR = """
CREATE OR REPLACE FUNCTION review_by_editor() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_rolegrant r JOIN accounts_user u ON u.id = r.user_id
         WHERE r.user_id = NEW.by_id AND r.role = 'knowledge_editor' AND u.is_active)
    THEN
        RAISE EXCEPTION 'who publishes is no knowledge editor'
            USING ERRCODE = '23514', CONSTRAINT = 'review_by_editor';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_by_editor BEFORE INSERT ON knowledgebase_review
    FOR EACH ROW WHEN (NEW.verdict = 'publish') EXECUTE FUNCTION review_by_editor();
"""

EDITOR_REVERSE = """
DROP TRIGGER review_by_editor ON knowledgebase_review;
DROP FUNCTION review_by_editor();
"""

EVENT = """
-- At commit: the event it names is the same decision of the same person about the
-- same version, and a version that somebody published is published.
CREATE OR REPLACE FUNCTION review_has_event() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event e
          JOIN knowledgebase_articleversion v ON v.id = NEW.version_id
         WHERE e.subject_type = 'article' AND e.subject_id = v.article_id
           AND e.seq = NEW.seq AND e.kind = 'article.' || NEW.verdict
           AND e.data->'version' = to_jsonb(v.number) AND e.actor_id = NEW.by_id
           AND (NEW.verdict <> 'publish' OR v.state IN ('published', 'superseded')))
    THEN
        RAISE EXCEPTION 'review % has no event', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'review_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER review_has_event AFTER INSERT ON knowledgebase_review
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION review_has_event();
"""

EVENT_REVERSE = """
DROP TRIGGER review_has_event ON knowledgebase_review;
DROP FUNCTION review_has_event();
"""

REVIEWED = """
CREATE OR REPLACE FUNCTION article_version_reviewed() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM knowledgebase_review
         WHERE version_id = NEW.id AND verdict = 'publish')
    THEN
        RAISE EXCEPTION 'nobody decided to publish version %', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'article_version_reviewed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_version_reviewed BEFORE UPDATE ON knowledgebase_articleversion
    FOR EACH ROW WHEN (OLD.state <> 'published' AND NEW.state = 'published')
    EXECUTE FUNCTION article_version_reviewed();
"""

REVIEWED_REVERSE = """
DROP TRIGGER article_version_reviewed ON knowledgebase_articleversion;
DROP FUNCTION article_version_reviewed();
"""


def guard(sql, reverse):
    return migrations.RunSQL(sql.replace("{head}", HEAD), reverse)


class Migration(migrations.Migration):
    dependencies = [
        ("knowledgebase", "0003_versions_kept"),
        ("accounts", "0002_guards"),
    ]

    operations = [
        guard(KEPT, KEPT_REVERSE),
        guard(ANOTHER, ANOTHER_REVERSE),
        guard(EDITOR, EDITOR_REVERSE),
        guard(EVENT, EVENT_REVERSE),
        guard(REVIEWED, REVIEWED_REVERSE),
    ]
