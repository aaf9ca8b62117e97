"""Are the timers of incidents the ones that should be there?

Said once more, in SQL, from what an incident is, and compared with the rows. Each
question reads what is open or armed, never what is over: on hold, resolved and running
are partial indexes, and a timer is found by its unique key.
"""

from collections import Counter
from datetime import datetime

from activity.models import Finding
from servicedesk.watchdog.asking import COUNTED, NAMED, none_or_bad, rows

KINDS = (
    "incident.hold_until",
    "incident.clock_response",
    "incident.clock_resolution",
    "incident.clock_update",
    "incident.ask_confirmer",
    "incident.ladder",
)

# One of these at a time; of a clock there may be one for each cycle.
SINGLE = ("incident.hold_until", "incident.ask_confirmer", "incident.ladder")

IS_HELD = "i.status = 'on_hold' AND i.hold_until IS NOT NULL"
# Who solved it in another system asked there, and the third reminder is the last.
IS_UNDECIDED = """
    i.status = 'resolved' AND i.confirmed_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM incidents_waiver w
                     WHERE w.resolution_id = i.resolution_id)
    AND EXISTS (
        SELECT 1 FROM incidents_resolution r
         WHERE r.id = i.resolution_id AND r.code <> 'imported'
           AND 3 > (SELECT count(*) FROM activity_event e
                     WHERE e.subject_type = 'incident' AND e.subject_id = i.id
                       AND e.kind = 'incident.remind' AND e.seq > r.seq
                       AND NOT EXISTS (
                           SELECT 1 FROM activity_event later
                            WHERE later.subject_type = 'incident'
                              AND later.subject_id = i.id AND later.seq > e.seq
                              AND later.kind = 'incident.name_successor')))
"""
IS_RUNNING = """
    c.state = 'running' AND c.target IS NOT NULL AND c.told < 100
    AND NOT EXISTS (SELECT 1 FROM incidents_clock later
                     WHERE later.incident_id = c.incident_id
                       AND later.metric = c.metric AND later.cycle > c.cycle)
"""


ITS_RUNG = "t.step = i.rung_position"
# What a clock is told of next: 2075 is 75 per cent of its second cycle.
ITS_STEP = "t.step = c.cycle * 1000 + c.tell_step"


def _not_there(kind: str, which: str = "true") -> str:
    """What was given up is told by a check of its own."""
    return f"""
        NOT EXISTS (
            SELECT 1 FROM activity_timer t
             WHERE t.subject_type = 'incident' AND t.subject_id = i.id
               AND t.kind = {kind} AND t.generation = i.timer_generation
               AND t.state IN ('armed', 'dead') AND {which})
    """  # noqa: S608 - pieces of our own


MISSING = f"""
    SELECT 'incident.hold_until' AS kind, i.id FROM incidents_incident i
     WHERE {IS_HELD} AND {_not_there("'incident.hold_until'")}
    UNION ALL
    SELECT 'incident.clock_' || c.metric, i.id
      FROM incidents_clock c JOIN incidents_incident i ON i.id = c.incident_id
     WHERE {IS_RUNNING} AND {_not_there("'incident.clock_' || c.metric", ITS_STEP)}
    UNION ALL
    SELECT 'incident.clock_' || c.metric, i.id
      FROM incidents_clock c JOIN incidents_incident i ON i.id = c.incident_id
     WHERE c.tell_at IS NOT NULL AND c.state <> 'running'
       AND {_not_there("'incident.clock_' || c.metric", ITS_STEP)}
    UNION ALL
    SELECT 'incident.ask_confirmer', i.id
      FROM incidents_incident i JOIN accounts_user u ON u.id = i.confirmer_id
     WHERE {IS_UNDECIDED} AND u.is_active
       AND {_not_there("'incident.ask_confirmer'")}
    UNION ALL
    SELECT 'incident.ladder', i.id FROM incidents_incident i
     WHERE i.rung_at IS NOT NULL AND {_not_there("'incident.ladder'", ITS_RUNG)}
     LIMIT %(limit)s
"""  # noqa: S608 - pieces of our own
# A confirmer who was switched off meanwhile is met, and passed over, when it is due.
UNWANTED = f"""
    SELECT t.kind, i.id
      FROM activity_timer t
      JOIN incidents_incident i
        ON i.id = t.subject_id AND i.timer_generation = t.generation
     WHERE t.state = 'armed' AND t.subject_type = 'incident' AND NOT CASE
           WHEN t.kind = 'incident.hold_until' THEN {IS_HELD}
           WHEN t.kind = 'incident.ask_confirmer' THEN {IS_UNDECIDED}
           WHEN t.kind = 'incident.ladder' THEN
                i.rung_at IS NOT NULL AND i.rung_at = t.wanted_at AND {ITS_RUNG}
           WHEN t.kind LIKE 'incident.clock\\_%%' THEN EXISTS (
                SELECT 1 FROM incidents_clock c
                 WHERE c.incident_id = i.id AND t.kind = 'incident.clock_' || c.metric
                   AND {ITS_STEP} AND t.wanted_at = c.tell_at)
           ELSE true END
    UNION ALL
    SELECT t.kind, i.id
      FROM activity_timer t
      JOIN incidents_incident i
        ON i.id = t.subject_id AND i.timer_generation = t.generation
     WHERE t.state = 'armed' AND t.subject_type = 'incident'
       AND t.kind = ANY(%(single)s)
     GROUP BY t.kind, i.id HAVING count(*) > 1
     LIMIT %(limit)s
"""  # noqa: S608 - pieces of our own


def missing_timers(at: datetime) -> Finding:
    return _named("missing_timers", rows(MISSING, limit=COUNTED))


def unwanted_timers(at: datetime) -> Finding:
    found = rows(UNWANTED, single=list(SINGLE), limit=COUNTED)
    return _named("unwanted_timers", found)


def _named(name: str, found: list[tuple[str, int]]) -> Finding:
    """How many of which kind, and the first incidents by their ids."""
    kinds = Counter(kind for kind, _pk in found)
    incidents = sorted({pk for _kind, pk in found})[:NAMED]
    return none_or_bad(name, len(found), kinds=dict(kinds), incidents=incidents)
