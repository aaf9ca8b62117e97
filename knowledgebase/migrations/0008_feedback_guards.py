"""What readers said stays as they said it; what editors decided about gaps is kept."""

from django.db import migrations

from activity.guards import guard_subject

HEAD = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$"

KEPT = """
CREATE TRIGGER feedback_kept BEFORE UPDATE ON knowledgebase_feedback FOR EACH ROW
    WHEN ((OLD.about_id, OLD.by_id, OLD.helped, OLD.reason, OLD.at) IS DISTINCT FROM
          (NEW.about_id, NEW.by_id, NEW.helped, NEW.reason, NEW.at))
    EXECUTE FUNCTION refuse_change('feedback_kept');
"""

KEPT_REVERSE = """
DROP TRIGGER feedback_kept ON knowledgebase_feedback;
"""

SHOWN = """
-- Nobody answers about what they were not shown, nor about what is their own.
CREATE OR REPLACE FUNCTION feedback_about_shown() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM knowledgebase_article a
         WHERE a.current_id = NEW.about_id AND a.status = 'published')
    THEN
        RAISE EXCEPTION 'version % is not shown', NEW.about_id
            USING ERRCODE = '23514', CONSTRAINT = 'feedback_about_shown';
    END IF;
    IF EXISTS (
        SELECT 1 FROM knowledgebase_article a
         WHERE a.current_id = NEW.about_id AND a.owner_id = NEW.by_id)
    THEN
        RAISE EXCEPTION 'version % is their own', NEW.about_id
            USING ERRCODE = '23514', CONSTRAINT = 'feedback_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER feedback_about_shown BEFORE INSERT ON knowledgebase_feedback
    FOR EACH ROW EXECUTE FUNCTION feedback_about_shown();
"""

SHOWN_REVERSE = """
DROP TRIGGER feedback_about_shown ON knowledgebase_feedback;
DROP FUNCTION feedback_about_shown();
"""

OWN = """
-- At commit: its first event is the same person's and says the same.
CREATE OR REPLACE FUNCTION feedback_has_event() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM activity_event e
         WHERE e.subject_type = 'feedback' AND e.subject_id = NEW.id AND e.seq = 1
           AND e.kind = 'feedback.give' AND e.actor_id = NEW.by_id
           AND e.data->'helped' = to_jsonb(NEW.helped)
           AND e.data->'reason' = to_jsonb(NEW.reason::text))
    THEN
        RAISE EXCEPTION 'feedback % was given by nobody', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'feedback_has_event';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER feedback_has_event AFTER INSERT ON knowledgebase_feedback
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION feedback_has_event();
"""

OWN_REVERSE = """
DROP TRIGGER feedback_has_event ON knowledgebase_feedback;
DROP FUNCTION feedback_has_event();
"""

GAPS = """
CREATE TRIGGER gap_decision_append_only
    BEFORE UPDATE OR DELETE ON knowledgebase_gapdecision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('gap_decision_append_only');
CREATE TRIGGER gap_decision_no_truncate BEFORE TRUNCATE ON knowledgebase_gapdecision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('gap_decision_append_only');
CREATE OR REPLACE FUNCTION gap_decided_by_editor() {head}
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_rolegrant r JOIN accounts_user u ON u.id = r.user_id
         WHERE r.user_id = NEW.by_id AND r.role = 'knowledge_editor' AND u.is_active)
       AND NOT EXISTS (
        SELECT 1 FROM accounts_team t JOIN accounts_user u ON u.id = t.lead_id
         WHERE t.lead_id = NEW.by_id AND t.is_service_desk AND t.is_active
           AND u.is_active)
    THEN
        RAISE EXCEPTION 'who decides is neither knowledge editor nor lead'
            USING ERRCODE = '23514', CONSTRAINT = 'gap_decided_by_editor';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gap_decided_by_editor BEFORE INSERT ON knowledgebase_gapdecision
    FOR EACH ROW EXECUTE FUNCTION gap_decided_by_editor();
"""

GAPS_REVERSE = """
DROP TRIGGER gap_decided_by_editor ON knowledgebase_gapdecision;
DROP FUNCTION gap_decided_by_editor();
DROP TRIGGER gap_decision_no_truncate ON knowledgebase_gapdecision;
DROP TRIGGER gap_decision_append_only ON knowledgebase_gapdecision;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledgebase", "0007_feedback")]

    operations = [
        guard_subject(
            subject_type="feedback",
            table="knowledgebase_feedback",
            initial_status="given",
        ),
        migrations.RunSQL(KEPT, KEPT_REVERSE),
        *(
            migrations.RunSQL(guard.replace("{head}", HEAD), reverse)
            for guard, reverse in (
                (SHOWN, SHOWN_REVERSE),
                (OWN, OWN_REVERSE),
                (GAPS, GAPS_REVERSE),
            )
        ),
    ]
