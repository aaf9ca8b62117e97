"""Clocks are read anew when their calendar says something else of what is to come.

A published version of a calendar changes no event, so nothing else would notice: when a
promise is due and what is told next would stay as they were foreseen before.
"""

import time
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from activity import clock
from incidents.clocks.keeping import cache_readings
from incidents.codes import ENDED
from incidents.models import Clock, Incident
from incidents.timers.keeping import keep_armed
from sla.models import CalendarVersion

AT_ONCE: Final = 50
# A version may be seen by others a little later than the moment that it bears.
UNSEEN: Final = timedelta(minutes=1)
# What is older was read anew long ago. After a longer outage ``manage.py arm_timers``
# reads everything anew.
RECENTLY: Final = timedelta(days=8)


def renew_clocks(*, max_seconds: float = 30.0) -> int:
    """Read anew, and arm, what a calendar published of late changes: how many tickets.

    Those that somebody holds are left for the next time.
    """
    at = clock.now()
    lately = CalendarVersion.objects.published().filter(published_at__gt=at - RECENTLY)
    if not lately.exists():
        return 0
    stop_at, renewed = time.monotonic() + max_seconds, 0
    pks = list(_outdated(lately))
    while pks and time.monotonic() < stop_at:
        with transaction.atomic():
            renewed += _renew(Incident.objects.lock_free(pks[:AT_ONCE]))
        del pks[:AT_ONCE]
    return renewed


def renew_all() -> int:
    """The same for all that has not ended, whatever changed, waiting for who holds
    it: how many tickets."""
    renewed, last = 0, 0
    going = Incident.objects.exclude(status__in=ENDED).order_by("pk")
    while pks := list(going.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            renewed += _renew(Incident.objects.lock_all(pks))
        last = pks[-1]
    return renewed


def _outdated(lately: QuerySet[CalendarVersion]) -> QuerySet[Clock, int]:
    """Incidents of which a clock ends after a version begins that it may not know."""
    unknown = lately.filter(
        calendar=OuterRef("policy__calendar"),
        published_at__gte=OuterRef("kept_at") - UNSEEN,
        effective_from__lt=OuterRef("due_at"),
    )
    found = Clock.objects.filter(Exists(unknown)).order_by("incident")
    return found.values_list("incident", flat=True).distinct()


def _renew(incidents: list[Incident]) -> int:
    for incident in incidents:
        cache_readings(incident)
        keep_armed(incident)
    return len(incidents)
