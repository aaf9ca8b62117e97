"""Clocks whose calendar has changed since they were read last."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from incidents.clocks.keeping import cache_readings
from incidents.codes import ENDED
from incidents.models import Clock, Incident
from incidents.timers.keeping import keep_armed
from sla.codes import State
from sla.models import CalendarVersion

# A publication may be committed so much later than it says.
MARGIN: Final = timedelta(minutes=5)
# What a longer outage leaves behind, verify_clocks finds and arm_timers mends.
LOOK_BACK: Final = timedelta(days=8)
AT_ONCE: Final = 50


def follow_calendars(at: datetime) -> int:
    """Read those running clocks anew that a published calendar version changes, and arm
    their timers; how many incidents these were.

    Each moment counts by the version in force then, so only what is due after the
    version begins can change. Works in short transactions; doing it twice does no harm.
    """
    return recount(_changed(at))


def recount_all() -> int:
    """The same for everything that has not ended, whatever changed."""
    going = Incident.objects.exclude(status__in=ENDED)
    return recount(going.order_by("pk").values_list("pk", flat=True))


def recount(pks: QuerySet[Incident, int]) -> int:
    count = 0
    for some in _batches(pks.iterator()):
        count += _recount(some)
    return count


@transaction.atomic
def _recount(pks: Sequence[int]) -> int:
    incidents = Incident.objects.lock_all(pks)
    for incident in incidents:
        cache_readings(incident)
        keep_armed(incident)
    return len(incidents)


def _changed(at: datetime) -> QuerySet[Incident, int]:
    lately = CalendarVersion.objects.published().filter(published_at__gt=at - LOOK_BACK)
    touched = Q(pk__in=[])
    for version in lately:
        touched |= Q(
            policy__calendar=version.calendar_id,
            kept_at__lt=version.published_at + MARGIN,
            due_at__gt=version.effective_from,
        )
    running = Clock.objects.filter(touched, state=State.RUNNING)
    return (
        Incident.objects.filter(pk__in=running.values("incident"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _batches(pks: Iterator[int]) -> Iterator[list[int]]:
    while some := list(islice(pks, AT_ONCE)):
        yield some
