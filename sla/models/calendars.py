"""Calendars: when work is done, and on which days it is not."""

from collections import defaultdict
from datetime import time
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import default_time_zone, one_line, validate_time_zone
from sla.business_time import WorkingHours
from sla.models.versions import Named, Version, name_once, version_rules
from sla.querysets import CalendarVersionQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

MIDNIGHT = time(0)


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Calendar(Named):
    """A name for working hours, whatever they are at the moment."""

    counts_days = models.BooleanField(
        _("says which days are working days"),
        default=False,
        help_text=_(
            "Whoever is asked whether it works is asked again after 1, 3 and 5 working"
            " days. One calendar says which days these are; without one, they are"
            " Monday to Friday."
        ),
    )

    if TYPE_CHECKING:
        versions: RelatedManager["CalendarVersion"]

    class Meta(Named.Meta):
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            name_once("calendar", _("Another calendar has this name.")),
            models.UniqueConstraint(
                fields=["counts_days"],
                condition=Q(counts_days=True),
                name="calendar_counts_days_once",
                violation_error_message=_(
                    "Another calendar says which days are working days. Take it away"
                    " there first."
                ),
            ),
        ]


class CalendarVersion(Version):
    """Working hours as they are from a moment on."""

    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        related_name="versions",
        editable=False,
        verbose_name=_("calendar"),
    )
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=default_time_zone,
        validators=[validate_time_zone],
        help_text=_("The clock on the wall of those who work by this calendar."),
    )
    country = models.CharField(
        _("holidays of"),
        max_length=2,
        blank=True,
        editable=False,
        help_text=_("The country whose holidays were copied."),
    )
    subdivision = models.CharField(
        _("and of its part"), max_length=50, blank=True, editable=False
    )

    objects = CalendarVersionQuerySet.as_manager()

    if TYPE_CHECKING:
        shifts: RelatedManager["Shift"]
        holidays: RelatedManager["Holiday"]

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ["calendar", "-number"]
        constraints = [
            *version_rules("calendar"),
            models.CheckConstraint(
                condition=Q(subdivision="") | ~Q(country=""),
                name="calendar_version_part_of_country",
                violation_error_message=_("A part of a country needs its country."),
            ),
        ]

    @property
    def named(self) -> Calendar:
        return self.calendar

    def hours(self) -> WorkingHours:
        """The hours for ``sla.business_time``, which refuses them if never open."""
        weekly: dict[int, list[tuple[time, time]]] = defaultdict(list)
        for shift in self.shifts.all():
            weekly[shift.weekday].append((shift.opens, shift.closes))
        days = frozenset(holiday.day for holiday in self.holidays.all())
        return WorkingHours(self.zone, weekly, days)


class Shift(models.Model):
    """Open from a time of the day until another, on one day of the week."""

    version = models.ForeignKey(
        CalendarVersion,
        models.CASCADE,
        related_name="shifts",
        verbose_name=_("calendar version"),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(
        _("closes"), help_text=_("00:00 is midnight at the end of the day.")
    )

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["version", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__in=Weekday.values),
                name="shift_weekday_known",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")) | Q(closes=MIDNIGHT),
                name="shift_closes_after_it_opens",
                violation_error_message=_(
                    "A shift closes after it opens. Split one over midnight: until"
                    " 00:00 on one day, from 00:00 on the next."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.hours}"

    @property
    def hours(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"

    def overlaps(self, other: "Shift") -> bool:
        """Whether both are open at some moment; ``shift_no_overlap`` refuses it."""
        return (
            self.weekday == other.weekday
            and (other.closes == MIDNIGHT or self.opens < other.closes)
            and (self.closes == MIDNIGHT or other.opens < self.closes)
        )


class Holiday(models.Model):
    """A day on which nothing is open."""

    version = models.ForeignKey(
        CalendarVersion,
        models.CASCADE,
        related_name="holidays",
        verbose_name=_("calendar version"),
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=150, validators=[one_line])

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["version", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "day"],
                name="holiday_once",
                violation_error_message=_("This day is a holiday already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
