"""A ticket begins with a team of tier 1, goes one tier up by escalation and comes down
to who sent it; it jumps only when it is solved or comes back, in a major incident, or in
another system's history."""

from django.db import migrations

HEAD = (
    "RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = pg_catalog, public, pg_temp AS $$"
)

STEP = """
CREATE OR REPLACE FUNCTION tier_stay_step() {head}
DECLARE
    former record;
    rule text;
BEGIN
    SELECT s.team_id, s.tier INTO former FROM incidents_tierstay s
     WHERE s.incident_id = NEW.incident_id AND s.left_seq = NEW.after_seq;
    IF NEW.why = 'transfer' THEN
        IF NEW.tier <> former.tier OR NEW.team_id = former.team_id THEN
            rule := 'tier_stay_step';
        END IF;
    ELSIF NEW.why IN ('report', 'triage') THEN
        IF NEW.tier <> 1 THEN
            rule := 'tier_stay_step';
        END IF;
    ELSIF NEW.why = 'escalate' THEN
        rule := escalation_breaks(NEW.incident_id, NEW.entered_seq, former.team_id,
                                  former.tier, NEW.team_id, NEW.tier);
    ELSIF NEW.why = 'hand_back' THEN
        IF NOT came_from(NEW.incident_id, NEW.entered_seq, former.tier,
                         NEW.team_id, NEW.tier)
        THEN
            rule := 'hand_back_to_sender';
        END IF;
    END IF;
    IF rule IS NOT NULL THEN
        RAISE EXCEPTION 'incident % cannot go from team % to %',
            NEW.incident_id, former.team_id, NEW.team_id
            USING ERRCODE = '23514', CONSTRAINT = rule;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tier_stay_step AFTER INSERT ON incidents_tierstay
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.why IN ('report', 'triage', 'transfer', 'escalate', 'hand_back'))
    EXECUTE FUNCTION tier_stay_step();
"""

STEP_REVERSE = """
DROP TRIGGER tier_stay_step ON incidents_tierstay;
DROP FUNCTION tier_stay_step();
"""

UP = """
-- The rule that an escalation breaks, or nothing. Whether the incident was a major one
-- just then, its events say.
CREATE OR REPLACE FUNCTION escalation_breaks(
    incident bigint, event_seq bigint, from_team bigint, from_tier integer,
    to_team bigint, to_tier integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_tier <= from_tier OR to_tier > from_tier + 1
       AND 'incident.declare_major' IS DISTINCT FROM (
           SELECT e.kind FROM activity_event e
            WHERE e.subject_type = 'incident' AND e.subject_id = incident
              AND e.seq < event_seq
              AND e.kind IN ('incident.declare_major', 'incident.stand_down')
            ORDER BY e.seq DESC LIMIT 1)
    THEN
        RETURN 'tier_stay_step';
    END IF;
    IF to_tier = from_tier + 1 AND NOT EXISTS (
        SELECT 1 FROM accounts_escalationpath p
         WHERE p.from_team_id = from_team AND p.to_team_id = to_team)
    THEN
        RETURN 'escalation_follows_path';
    END IF;
    IF from_tier = 1 AND NOT EXISTS (
        SELECT 1 FROM incidents_knownerrorcheck c
         WHERE c.incident_id = incident AND c.seq < event_seq AND NOT EXISTS (
               SELECT 1 FROM activity_event e
                WHERE e.subject_type = 'incident' AND e.subject_id = incident
                  AND e.seq > c.seq AND e.seq < event_seq
                  AND e.kind IN (
                      'incident.transfer', 'incident.escalate', 'incident.hand_back',
                      'incident.resolve', 'incident.works_again', 'incident.reject',
                      'incident.reopen', 'incident.cancel')))
    THEN
        RETURN 'escalation_is_checked';
    END IF;
    RETURN NULL;
END $$;
"""

UP_REVERSE = (
    "DROP FUNCTION escalation_breaks(bigint, bigint, bigint, integer, bigint, integer);"
)

DOWN = """
-- Back to the team of a lower tier that had it last, before it was solved; to a desk
-- where that team is no more, or is one of tier 1 that would not see it.
CREATE OR REPLACE FUNCTION came_from(
    incident bigint, event_seq bigint, from_tier integer, to_team bigint,
    to_tier integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sender record;
BEGIN
    SELECT t.id, t.is_active AND (t.tier > 1 OR t.is_service_desk) AS is_here
      INTO sender
      FROM incidents_tierstay s JOIN accounts_team t ON t.id = s.team_id
     WHERE s.incident_id = incident AND s.entered_seq < event_seq
       AND s.tier < from_tier AND s.why NOT IN ('resolve', 'works_again')
     ORDER BY s.entered_seq DESC LIMIT 1;
    IF to_tier >= from_tier THEN
        RETURN false;
    END IF;
    IF sender.is_here THEN
        RETURN sender.id = to_team;
    END IF;
    RETURN EXISTS (
        SELECT 1 FROM accounts_team t WHERE t.id = to_team AND t.is_service_desk);
END $$;
"""

DOWN_REVERSE = "DROP FUNCTION came_from(bigint, bigint, integer, bigint, integer);"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0023_stay_guards")]

    operations = [
        migrations.RunSQL(UP, UP_REVERSE),
        migrations.RunSQL(DOWN, DOWN_REVERSE),
        migrations.RunSQL(STEP.replace("{head}", HEAD), STEP_REVERSE),
    ]
