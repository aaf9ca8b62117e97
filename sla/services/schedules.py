"""The working hours of a calendar through all its versions."""

from collections.abc import Iterable
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
    return schedules_of([pk])[pk]


def schedules_of(calendars: Iterable[int]) -> dict[int, Versions]:
    """The same for many, by their ids; one short query for all of them."""
    wanted = set(calendars)
    published = CalendarVersion.objects.published().filter(calendar__in=wanted)
    states = (
        published.order_by()
        .values_list("calendar")
        .annotate(Count("pk"), Max("published_at"))
    )
    known = {pk: (count, latest) for pk, count, latest in states}
    return {pk: _read(pk, *known.get(pk, (0, None))) for pk in sorted(wanted)}


@lru_cache(maxsize=256)
def _read(pk: int, count: int, latest: datetime | None) -> Versions:
    """``latest`` tells a publication that was undone from the one that followed it."""
    published = CalendarVersion.objects.published().filter(calendar=pk)
    return tuple(
        (version.effective_from, version.hours())
        for version in published.with_days().order_by("number")
    )
