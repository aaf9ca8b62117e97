"""Is what was due done? Timers and messages that wait too long or were given up.

Each question reads a partial index of what is not done yet, and counts at most
10,000: whether it is 10,000 or more makes no difference to whoever is called.
"""

from datetime import datetime, timedelta

from activity.models import Finding
from servicedesk.watchdog.asking import COUNTED, none_or_bad, rows, text

LATE_AFTER = timedelta(seconds=60)
STUCK_AFTER = timedelta(minutes=5)
# Older ones have been told for a day, here and on the record.
FAILED_WITHIN = timedelta(hours=24)

LATE_TIMERS = """
    SELECT count(*), min(due_at) FROM (
        SELECT due_at FROM activity_timer
         WHERE state = 'armed' AND due_at < %(before)s
         ORDER BY due_at LIMIT %(limit)s) AS late
"""
DEAD_TIMERS = """
    SELECT count(*), max(finished_at) FROM (
        SELECT finished_at FROM activity_timer
         WHERE state = 'dead' ORDER BY finished_at DESC LIMIT %(limit)s) AS dead
"""
# What waits behind an earlier message to the same person about the same record is in
# order, and what is leased is being sent.
WAITING_MESSAGES = """
    SELECT count(*), min(next_try_at) FROM (
        SELECT d.next_try_at
          FROM activity_delivery d LEFT JOIN activity_event e ON e.id = d.event_id
         WHERE d.state = 'waiting' AND d.next_try_at < %(before)s
           AND (d.lease_until IS NULL OR d.lease_until < %(at)s)
           AND NOT EXISTS (
               SELECT 1 FROM activity_delivery b
                 JOIN activity_event be ON be.id = b.event_id
                WHERE b.state = 'waiting' AND NOT b.may_wait
                  AND b.address = d.address AND b.id < d.id
                  AND b.channel = d.channel AND be.subject_type = e.subject_type
                  AND be.subject_id = e.subject_id)
         ORDER BY d.next_try_at LIMIT %(limit)s) AS stuck
"""
FAILED_MESSAGES = """
    SELECT count(*), max(handed_over_at) FROM (
        SELECT handed_over_at FROM activity_delivery
         WHERE state = 'failed' AND handed_over_at > %(after)s
         ORDER BY handed_over_at DESC LIMIT %(limit)s) AS failed
"""


def late_timers(at: datetime) -> Finding:
    ((count, oldest),) = rows(LATE_TIMERS, before=at - LATE_AFTER, limit=COUNTED)
    return none_or_bad("late_timers", count, oldest=text(oldest))


def dead_timers(at: datetime) -> Finding:
    ((count, latest),) = rows(DEAD_TIMERS, limit=COUNTED)
    return none_or_bad("dead_timers", count, latest=text(latest))


def waiting_messages(at: datetime) -> Finding:
    ((count, oldest),) = rows(
        WAITING_MESSAGES, before=at - STUCK_AFTER, at=at, limit=COUNTED
    )
    return none_or_bad("waiting_messages", count, oldest=text(oldest))


def failed_messages(at: datetime) -> Finding:
    ((count, latest),) = rows(FAILED_MESSAGES, after=at - FAILED_WITHIN, limit=COUNTED)
    return none_or_bad("failed_messages", count, latest=text(latest))
