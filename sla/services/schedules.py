"""The working hours of a calendar through all its versions."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max

from sla.business_time import WorkingHours
from sla.models import Calendar, CalendarVersion
from sla.schedule import Schedule

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
Versions = tuple[tuple[datetime, WorkingHours], ...]
_known: ContextVar[dict[int, Versions] | None] = ContextVar("schedules", default=None)


@contextmanager
def schedules_read_once() -> Iterator[None]:
    """Ask for each calendar once inside, in this thread: for much work in little time.

    What is published meanwhile is seen afterwards.
    """
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def schedule_of(calendar: Calendar | int) -> Versions:
    """Each published version: from when on, and its hours. Oldest first.

    One short query; the hours are read again only after a publication, as published
    versions never change. Empty for a calendar that was never published.
    """
    pk = calendar if isinstance(calendar, int) else calendar.pk
    known = _known.get()
    if known is None:
        return _published(pk)
    if pk not in known:
        known[pk] = _published(pk)
    return known[pk]


def _published(pk: int) -> Versions:
    published = CalendarVersion.objects.published().filter(calendar=pk)
    state = published.aggregate(count=Count("pk"), latest=Max("published_at"))
    return _read(pk, state["count"], state["latest"])


def working_days() -> Schedule:
    """By which the desk counts working days: the calendar that says so, else Monday to
    Friday in the zone of the installation. Two short queries."""
    calendar = Calendar.objects.filter(counts_days=True).first()
    versions = schedule_of(calendar) if calendar else ()
    return Schedule(versions or ((BEGINNING, _weekdays(settings.TIME_ZONE)),))


@lru_cache(maxsize=1)
def _weekdays(zone: str) -> WorkingHours:
    return WorkingHours(zone, {day: ((time(), time()),) for day in range(5)})


@lru_cache(maxsize=256)
def _read(pk: int, count: int, latest: datetime | None) -> Versions:
    """``latest`` tells a publication that was undone from the one that followed it."""
    published = CalendarVersion.objects.published().filter(calendar=pk)
    return tuple(
        (version.effective_from, version.hours())
        for version in published.with_days().order_by("number")
    )
