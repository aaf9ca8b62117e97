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
from incidents.models import Clock, Incident
from incidents.timers.keeping import keep_armed
from sla.models import CalendarVersion

AT_ONCE: Final = 50
# A version may be seen by others a little later than the moment that it bears.
UNSEEN: Final = timedelta(minutes=1)
# What is older was read anew long ago; ``manage.py verify_clocks`` looks at everything.
RECENTLY: Final = timedelta(days=1)


def renew_clocks(*, max_seconds: float = 30.0) -> int:
    """Read anew, and arm, what a calendar published of late changes: how many tickets.

    Those that somebody holds are left for the next time.
    """
    stop_at, renewed = time.monotonic() + max_seconds, 0
    pks = list(_outdated())
    while pks and time.monotonic() < stop_at:
        renewed += _renew(pks[:AT_ONCE])
        del pks[:AT_ONCE]
    return renewed


def _outdated() -> QuerySet[Clock, int]:
    """Incidents of which a clock ends after a version begins that it may not know."""
    unknown = CalendarVersion.objects.published().filter(
        calendar=OuterRef("policy__calendar"),
        published_at__gt=clock.now() - RECENTLY,
        published_at__gte=OuterRef("kept_at") - UNSEEN,
        effective_from__lt=OuterRef("due_at"),
    )
    found = Clock.objects.filter(Exists(unknown)).order_by("incident")
    return found.values_list("incident", flat=True).distinct()


@transaction.atomic
def _renew(pks: list[int]) -> int:
    incidents = Incident.objects.lock_free(pks)
    for incident in incidents:
        cache_readings(incident)
        keep_armed(incident)
    return len(incidents)
