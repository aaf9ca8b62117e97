"""Calendars and policies for the stories of tests."""

from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from typing import Any, TypeVar
from unittest.mock import patch

from django.apps import apps

from accounts.models import User
from activity import clock
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion, Shift

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
Version = TypeVar("Version", CalendarVersion, PolicyVersion)
Shifts = dict[int, list[tuple[time, time]]]
OFFICE: Shifts = {day: [(time(8), time(17))] for day in range(5)}
ALWAYS: Shifts = {day: [(time(0), time(0))] for day in range(7)}


def keep_service_levels() -> None:
    """What the migration fills in, again: a transactional test empties every table."""
    if not Policy.objects.exists() and not Calendar.objects.exists():
        module = import_module("sla.migrations.0002_default_service_levels")
        ladders = import_module("sla.migrations.0005_default_ladders")
        publish_bare = module._publish

        def publish_with_ladder(version: Any, by: User) -> None:
            if isinstance(version, PolicyVersion):
                ladders.add_ladder(apps, version)
            publish_bare(version, by)

        with patch.object(module, "_publish", publish_with_ladder):
            module.fill(apps, None)


def without_defaults() -> None:
    """Let no policy of the installation take part."""
    Policy.objects.update(is_active=False)


def in_days(days: float) -> datetime:
    """A moment that is so many days from now."""
    return clock.now() + timedelta(days=days)


def draft_calendar(
    calendar: Calendar,
    *,
    effective_from: datetime = BEGINNING,
    shifts: Shifts = OFFICE,
    holidays: dict[Any, str] | None = None,
    **fields: Any,
) -> CalendarVersion:
    """The next version of the calendar, as a draft."""
    version: CalendarVersion = calendar.versions.create(
        number=calendar.versions.count() + 1, effective_from=effective_from, **fields
    )
    for weekday, hours in shifts.items():
        for opens, closes in hours:
            Shift.objects.create(
                version=version, weekday=weekday, opens=opens, closes=closes
            )
    for day, name in (holidays or {}).items():
        version.holidays.create(day=day, name=name)
    return version


def make_calendar(name: str = "Office", **fields: Any) -> Calendar:
    """A calendar with one published version: Mondays to Fridays, 8 to 17, in UTC."""
    calendar: Calendar = Calendar.objects.create(name=name)
    publish(draft_calendar(calendar, **fields))
    return calendar


def draft_policy(
    policy: Policy, *, effective_from: datetime = BEGINNING, **fields: Any
) -> PolicyVersion:
    """The next version of the policy, as a draft."""
    calendar = fields.pop("calendar", None)
    return policy.versions.create(
        number=policy.versions.count() + 1,
        effective_from=effective_from,
        calendar=calendar or Calendar.objects.earliest("pk"),
        **fields,
    )


def make_policy(name: str, **fields: Any) -> PolicyVersion:
    """A policy with one published version: without fields it fits everything."""
    return publish(draft_policy(Policy.objects.create(name=name), **fields))


def publish(version: Version) -> Version:
    """Past the services, under the guards of the database."""
    version.published_at = clock.now()
    version.published_by = User.objects.system()
    version.save()
    return version
