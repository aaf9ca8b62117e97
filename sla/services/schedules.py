"""The working hours of a calendar through all its versions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
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
    return hours_of([pk])[pk]


def hours_of(calendars: Iterable[int]) -> dict[int, Versions]:
    """The same for many, by their ids; one short query for all of them."""
    known = _known.get()
    if known is None:
        return _published(set(calendars))
    wanted = set(calendars)
    known.update(_published(wanted - known.keys()))
    return {pk: known[pk] for pk in sorted(wanted)}


def _published(wanted: Set[int]) -> dict[int, Versions]:
    if not wanted:
        return {}
    published = CalendarVersion.objects.published().filter(calendar__in=wanted)
    states = (
        published.order_by()
        .values_list("calendar")
        .annotate(Count("pk"), Max("published_at"))
    )
    found = {pk: (count, latest) for pk, count, latest in states}
    return {pk: _read(pk, *found.get(pk, (0, None))) for pk in sorted(wanted)}


def working_days() -> Schedule:
    """By which the desk counts working days: the calendar that says so, else Monday to
    Friday in the zone of the installation. Two short queries."""
    calendar = Calendar.objects.filter(counts_days=True).first()
    versions = schedule_of(calendar) if calendar else ()
    return Schedule(versions or ((BEGINNING, _weekdays(settings.TIME_ZONE)),))


@lru_cache(maxsize=1)
def _weekdays(zone: str) -> WorkingHours:
    return WorkingHours(zone, {day: ((time(), time()),) for day in range(5)})


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
