"""Calendars and policies in words: durations, values, and what changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.clock import Because
from sla.codes import Pause
from sla.models import CalendarVersion, Holiday, PolicyVersion, Weekday
from sla.models.policies import SETTINGS, TARGETS, WARNINGS

NOTHING = "–"
ANYTHING = {
    "service": gettext_lazy("every service"),
    "team": gettext_lazy("every team"),
    "kind": gettext_lazy("both kinds"),
    "severity": gettext_lazy("every severity"),
}

WHY: Final[dict[str, Promise]] = {
    Because.RUNNING: gettext_lazy("Working time"),
    Because.OUTSIDE_HOURS: gettext_lazy("Outside working hours"),
    Because.HOLIDAY: gettext_lazy("Holiday"),
    Because.RESOLVED: gettext_lazy("Solved, until it went on"),
    Because.ENDED: gettext_lazy("Ended, until it went on"),
    Because.BEFORE: gettext_lazy("Before the clock began again"),
    Because.UNPROMISED: gettext_lazy("Nothing was promised"),
    Pause.AWAITING_REPORTER: gettext_lazy("On hold: waiting for the reporter"),
    Pause.AWAITING_SUPPLIER: gettext_lazy("On hold: waiting for a supplier"),
    Pause.AWAITING_CHANGE: gettext_lazy("On hold: waiting for a change"),
    Pause.AWAITING_PROBLEM: gettext_lazy("On hold: waiting for a problem to be solved"),
    Pause.SCHEDULED: gettext_lazy("On hold: scheduled for a later day"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a version says otherwise than the one before it."""

    label: str
    before: str
    after: str


def duration(minutes: int | None) -> str:
    """Hours and minutes of working time: 1 h 30 min. Days would be ambiguous."""
    if minutes is None:
        return NOTHING
    hours, rest = divmod(minutes, 60)
    parts = [_("%(hours)d h") % {"hours": hours}] if hours else []
    if rest or not hours:
        parts.append(_("%(minutes)d min") % {"minutes": rest})
    return " ".join(parts)


def in_hours(amount: timedelta) -> str:
    """Such as "5 h 40 min", rounded down to minutes; seconds below a minute."""
    seconds = int(amount.total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours and minutes:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if hours:
        return _("%(hours)d h") % {"hours": hours}
    if minutes:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(seconds)d s") % {"seconds": seconds}


def to_the_second(amount: timedelta) -> str:
    """Such as "5 h 40 min 12 s", without the parts that are nought: what is added up
    by whoever reads it must add up."""
    seconds = int(amount.total_seconds())
    parts = [
        (seconds // 3600, _("%(count)d h")),
        (seconds % 3600 // 60, _("%(count)d min")),
        (seconds % 60, _("%(count)d s")),
    ]
    said = [words % {"count": count} for count, words in parts if count]
    return " ".join(said) or _("%(count)d s") % {"count": 0}


def names_of_holidays(versions: QuerySet[CalendarVersion]) -> dict[date, str]:
    """The holidays of all these versions by their day."""
    found = Holiday.objects.filter(version__in=versions)
    return dict(found.order_by("version__number").values_list("day", "name"))


def value_of(version: PolicyVersion, name: str) -> str:
    """A setting of a policy as a person reads it."""
    value = getattr(version, name)
    if name in TARGETS:
        return duration(value)
    if name in WARNINGS:
        return ", ".join(f"{percent} %" for percent in value) or NOTHING
    if name == "pauses_on":
        return ", ".join(str(Pause(code).label) for code in value) or NOTHING
    if not value and name in ANYTHING:
        return str(ANYTHING[name])
    display = getattr(version, f"get_{name}_display", None)
    return str(display() if display else value)


def label_of(name: str) -> str:
    field: Any = PolicyVersion._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def policy_changes(version: PolicyVersion, before: PolicyVersion) -> list[Change]:
    """Every setting that differs, in the order of the page."""
    return [
        Change(label_of(name), value_of(before, name), value_of(version, name))
        for name in SETTINGS
        if getattr(before, name) != getattr(version, name)
    ]


def calendar_changes(version: CalendarVersion, before: CalendarVersion) -> list[Change]:
    """The zone, and each weekday and each holiday that differs."""
    return [
        *_differing([(_("Time zone"), before.zone, version.zone)]),
        *_differing(
            (day, old, new)
            for (day, old), (_day, new) in zip(week(before), week(version), strict=True)
        ),
        *_differing(_days(version, before)),
    ]


def week(version: CalendarVersion) -> list[tuple[str, str]]:
    """Each day of the week with its hours: Monday, 08:00–12:00, 13:00–17:00."""
    shifts = list(version.shifts.all())
    return [
        (
            str(day.label),
            ", ".join(shift.hours for shift in shifts if shift.weekday == day)
            or _("closed"),
        )
        for day in Weekday
    ]


def _days(
    version: CalendarVersion, before: CalendarVersion
) -> Iterator[tuple[str, str, str]]:
    old = {holiday.day: holiday.name for holiday in before.holidays.all()}
    new = {holiday.day: holiday.name for holiday in version.holidays.all()}
    for day in sorted(old.keys() | new.keys()):
        yield (
            date_format(day, "DATE_FORMAT"),
            old.get(day, NOTHING),
            new.get(day, NOTHING),
        )


def _differing(found: Iterable[tuple[str, str, str]]) -> list[Change]:
    return [Change(*values) for values in found if values[1] != values[2]]
