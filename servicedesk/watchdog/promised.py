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
)

IS_HELD = "i.status = 'on_hold' AND i.hold_until IS NOT NULL"
IS_UNDECIDED = """
    i.status = 'resolved' AND i.confirmed_at IS NULL AND i.origin <> 'import'
    AND NOT EXISTS (SELECT 1 FROM incidents_waiver w
                     WHERE w.resolution_id = i.resolution_id)
"""
IS_RUNNING = """
    c.state = 'running' AND c.target IS NOT NULL AND c.told < 100
    AND NOT EXISTS (SELECT 1 FROM incidents_clock later
                     WHERE later.incident_id = c.incident_id
                       AND later.metric = c.metric AND later.cycle > c.cycle)
"""


def _not_there(kind: str, or_done: str = "") -> str:
    """What was given up is told by a check of its own."""
    return f"""
        NOT EXISTS (
            SELECT 1 FROM activity_timer t
             WHERE t.subject_type = 'incident' AND t.subject_id = i.id
               AND t.kind = {kind} AND t.generation = i.timer_generation
               AND (t.state IN ('armed', 'dead') {or_done}))
    """  # noqa: S608 - pieces of our own


# The third question to a confirmer is the last: there is nothing after it.
LAST_WAS_ASKED = "OR t.state = 'fired' AND t.step = 3"
MISSING = f"""
    SELECT 'incident.hold_until' AS kind, i.id FROM incidents_incident i
     WHERE {IS_HELD} AND {_not_there("'incident.hold_until'")}
    UNION ALL
    SELECT 'incident.clock_' || c.metric, i.id
      FROM incidents_clock c JOIN incidents_incident i ON i.id = c.incident_id
     WHERE {IS_RUNNING} AND {_not_there("'incident.clock_' || c.metric")}
    UNION ALL
    SELECT 'incident.ask_confirmer', i.id
      FROM incidents_incident i JOIN accounts_user u ON u.id = i.confirmer_id
     WHERE {IS_UNDECIDED} AND u.is_active
       AND {_not_there("'incident.ask_confirmer'", or_done=LAST_WAS_ASKED)}
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
           WHEN t.kind LIKE 'incident.clock\\_%%' THEN EXISTS (
                SELECT 1 FROM incidents_clock c
                 WHERE c.incident_id = i.id AND t.kind = 'incident.clock_' || c.metric
                   AND {IS_RUNNING})
           ELSE true END
    UNION ALL
    SELECT t.kind, i.id
      FROM activity_timer t
      JOIN incidents_incident i
        ON i.id = t.subject_id AND i.timer_generation = t.generation
     WHERE t.state = 'armed' AND t.subject_type = 'incident' AND t.kind = ANY(%(kinds)s)
     GROUP BY t.kind, i.id HAVING count(*) > 1
     LIMIT %(limit)s
"""  # noqa: S608 - pieces of our own


def missing_timers(at: datetime) -> Finding:
    return _named("missing_timers", rows(MISSING, limit=COUNTED))


def unwanted_timers(at: datetime) -> Finding:
    found = rows(UNWANTED, kinds=list(KINDS), limit=COUNTED)
    return _named("unwanted_timers", found)


def _named(name: str, found: list[tuple[str, int]]) -> Finding:
    """How many of which kind, and the first incidents by their ids."""
    kinds = Counter(kind for kind, _pk in found)
    incidents = sorted({pk for _kind, pk in found})[:NAMED]
    return none_or_bad(name, len(found), kinds=dict(kinds), incidents=incidents)
