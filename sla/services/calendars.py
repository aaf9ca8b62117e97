"""Versions of a calendar: drafted, filled with a country's holidays, published."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from sla.business_time import BusinessTimeError
from sla.models import Calendar, CalendarVersion, Holiday, Shift
from sla.services.countries import country_holidays
from sla.services.versions import (
    begin,
    mark_published,
    next_number,
    require_draft,
    require_drafting,
    require_no_draft,
    require_publishing,
    version_to_copy,
)


@transaction.atomic
def draft_calendar_version(
    pk: int, *, by: User, at: datetime, copy_of: int | None = None
) -> CalendarVersion:
    """A new draft of the calendar.

    It says what version number ``copy_of`` says, or else the latest one; the first
    draft of a calendar is empty.
    """
    require_drafting(by)
    calendar = Calendar.objects.select_for_update().get(pk=pk)
    require_no_draft(calendar.versions)
    versions = CalendarVersion.objects.filter(calendar=calendar).with_days()
    source = version_to_copy(versions, copy_of)
    draft = CalendarVersion(
        calendar=calendar, number=next_number(calendar.versions), effective_from=at
    )
    if source is None:
        draft.save()
        return draft
    draft.zone, draft.country = source.zone, source.country
    draft.subdivision = source.subdivision
    draft.save()
    _copy_days(source, draft)
    return draft


def _copy_days(source: CalendarVersion, draft: CalendarVersion) -> None:
    Shift.objects.bulk_create(
        Shift(
            version=draft,
            weekday=shift.weekday,
            opens=shift.opens,
            closes=shift.closes,
        )
        for shift in source.shifts.all()
    )
    Holiday.objects.bulk_create(
        Holiday(version=draft, day=holiday.day, name=holiday.name)
        for holiday in source.holidays.all()
    )


@transaction.atomic
def copy_country_holidays(
    pk: int, *, by: User, country: str, subdivision: str = "", years: Iterable[int]
) -> int:
    """Add the public holidays of these years to a draft; how many days are new.

    They become rows of the draft, to be edited like others; a day that is a holiday
    already keeps its name. Later releases of the source change nothing.
    """
    require_drafting(by)
    version = CalendarVersion.objects.select_for_update().get(pk=pk)
    require_draft(version)
    found = country_holidays(country, subdivision, years)
    version.country, version.subdivision = country, subdivision
    version.full_clean()
    version.save()
    known = set(version.holidays.values_list("day", flat=True))
    fresh = [
        Holiday(version=version, day=day, name=name)
        for day, name in found.items()
        if day not in known
    ]
    Holiday.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def publish_calendar_version(
    pk: int, *, by: User, at: datetime, from_now: bool = False
) -> CalendarVersion:
    """Let a draft count from its moment on, or ``from_now`` on; it stays as it is."""
    require_publishing(by)
    version = CalendarVersion.objects.select_for_update().get(pk=pk)
    require_publishable_calendar(version, at=at, from_now=from_now)
    mark_published(version, by=by, at=at)
    return version


def require_publishable_calendar(
    version: CalendarVersion, *, at: datetime, from_now: bool
) -> None:
    """Refuse what cannot be published, in sentences; settle when it begins."""
    require_draft(version)
    require_hours(version)
    begin(version, versions=version.calendar.versions, at=at, from_now=from_now)


def require_hours(version: CalendarVersion) -> None:
    """Refuse hours that are never open, in a sentence."""
    if not version.shifts.exists():
        raise ValidationError(_("This calendar is never open: add a shift first."))
    try:
        version.hours()
    except BusinessTimeError as refusal:
        raise ValidationError(_(refusal.message) % refusal.values) from refusal
