"""How timers and messages are doing, read when the page is shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from activity.models import ClockJump, Delivery, Timer
from incidents.models import Incident
from servicedesk.health_page.board import incident_page
from servicedesk.health_page.words import TIMER_KINDS

SHOWN = 20
# The last thousand firings say how late they are; partial indexes answer the rest.
TIMERS = """
    SELECT (SELECT count(*) FROM activity_timer WHERE state = 'armed'),
           (SELECT count(*) FROM activity_timer
             WHERE state = 'armed' AND due_at <= %(at)s),
           (SELECT min(due_at) FROM activity_timer
             WHERE state = 'armed' AND due_at <= %(at)s),
           (SELECT count(*) FROM activity_timer
             WHERE state = 'fired' AND finished_at > %(hour_ago)s),
           late.number, late.median, late.almost_all, late.longest, %(at)s::timestamptz
      FROM (SELECT count(*) AS number,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS median,
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY late) AS almost_all,
                   max(late) AS longest
              FROM (SELECT finished_at - wanted_at AS late FROM activity_timer
                     WHERE state = 'fired'
                     ORDER BY finished_at DESC LIMIT 1000) AS last) AS late
"""


@dataclass(frozen=True, slots=True)
class TimerFigures:
    armed: int
    due: int
    oldest_due_at: datetime | None
    fired_in_an_hour: int
    measured: int
    median: timedelta | None
    almost_all: timedelta | None
    longest: timedelta | None
    at: datetime

    @property
    def oldest_lateness(self) -> str:
        return in_words(self.at - self.oldest_due_at) if self.oldest_due_at else "–"

    def lateness(self) -> list[tuple[str, str]]:
        """Of the last firings: half, almost all, the worst."""
        return [
            (_("Half of them, at most"), in_words(self.median)),
            (_("99 of 100, at most"), in_words(self.almost_all)),
            (_("The latest"), in_words(self.longest)),
        ]


def timer_figures(at: datetime) -> TimerFigures:
    hour_ago = at - timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute(TIMERS, {"at": at, "hour_ago": hour_ago})
        row = cursor.fetchone()
    return TimerFigures(*row)


@dataclass(frozen=True, slots=True)
class DeadTimer:
    """A timer that was given up, and the pages about it and its record."""

    timer: Timer

    @property
    def page(self) -> str:
        return reverse("admin:activity_timer_change", args=[self.timer.pk])

    @property
    def name(self) -> str:
        kind = TIMER_KINDS.get(self.timer.kind, self.timer.kind)
        return _("%(kind)s, step %(step)d") % {"kind": kind, "step": self.timer.step}

    @property
    def record(self) -> str:
        if self.timer.subject_type == Incident.subject_type:
            return Incident(pk=self.timer.subject_id).reference
        return f"{self.timer.subject_type} {self.timer.subject_id}"

    @property
    def record_page(self) -> str:
        if self.timer.subject_type == Incident.subject_type:
            return incident_page(self.timer.subject_id)
        return ""


def dead_timers() -> list[DeadTimer]:
    return [DeadTimer(timer) for timer in Timer.objects.dead()[:SHOWN]]


def failed_deliveries() -> list[Delivery]:
    failed = Delivery.objects.failed().select_related("recipient")
    return list(failed.order_by("-handed_over_at")[:SHOWN])


def last_jump() -> ClockJump | None:
    return ClockJump.objects.select_related("released_by").first()


def in_words(lateness: timedelta | None) -> str:
    """To the tenth of a second below a minute: 0.4 s, 3 min 20 s, 5 h 10 min."""
    if lateness is None:
        return "–"
    seconds = max(lateness.total_seconds(), 0.0)
    if seconds < 60:
        return _("%(seconds).1f s") % {"seconds": seconds}
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(minutes)d min %(seconds)d s") % {
            "minutes": minutes,
            "seconds": rest,
        }
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
