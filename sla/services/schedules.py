"""The working hours of a calendar through all its versions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max

from sla.business_time import WorkingHours
from sla.models import Calendar, CalendarVersion

Versions = tuple[tuple[datetime, WorkingHours], ...]


def schedule_of(calendar: Calendar | int) -> Versions:
    """Each published version: from when on, and its hours. Oldest first.

    One short query; the hours are read again only after a publication, as published
    versions never change. Empty for a calendar that was never published.
    """
    pk = calendar if isinstance(calendar, int) else calendar.pk
    published = CalendarVersion.objects.published().filter(calendar=pk)
    state = published.aggregate(count=Count("pk"), latest=Max("published_at"))
    return _read(pk, state["count"], state["latest"])


def editions_of(calendars: Iterable[int]) -> dict[int, list[tuple[datetime, Versions]]]:
    """What each of these calendars said after each publication, by its id: when that
    was, and the versions published by then. One short query for all of them."""
    moments: dict[int, list[datetime]] = defaultdict(list)
    published = CalendarVersion.objects.published().filter(calendar__in=calendars)
    rows = published.order_by("number").values_list("calendar", "published_at")
    for pk, moment in rows:
        moments[pk].append(moment)
    return {pk: list(_editions(pk, found)) for pk, found in moments.items()}


def _editions(pk: int, moments: list[datetime]) -> Iterator[tuple[datetime, Versions]]:
    versions = _read(pk, len(moments), max(moments))
    for number, moment in enumerate(moments, 1):
        yield moment, versions[:number]


@lru_cache(maxsize=256)
def _read(pk: int, count: int, latest: datetime | None) -> Versions:
    """``latest`` tells a publication that was undone from the one that followed it."""
    published = CalendarVersion.objects.published().filter(calendar=pk)
    return tuple(
        (version.effective_from, version.hours())
        for version in published.with_days().order_by("number")
    )
