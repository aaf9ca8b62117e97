"""How long a team may take for what comes to it, as teams agree among themselves."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from sla.models.calendars import Calendar
from sla.querysets import OperationalTargetQuerySet

LONGEST_MINUTES = 525_600  # A year.


class OperationalTarget(models.Model):
    """An operational level agreement (OLA): ``minutes`` of working time of ``calendar``
    from the moment that a ticket comes to ``team``.

    It is an agreement between teams and promises nothing to a reporter. A change of it
    counts for everything that is read from then on.
    """

    team = models.OneToOneField(
        Team,
        models.PROTECT,
        related_name="operational_target",
        verbose_name=_("team"),
        error_messages={"unique": _("This team has a target already: change that.")},
    )
    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        related_name="+",
        verbose_name=_("calendar"),
        limit_choices_to={"is_active": True},
    )
    minutes = models.PositiveIntegerField(
        _("minutes"), help_text=_("Only the working time of the calendar counts.")
    )

    objects = OperationalTargetQuerySet.as_manager()

    if TYPE_CHECKING:
        team_id: int
        calendar_id: int

    class Meta:
        verbose_name = _("target of a team")
        verbose_name_plural = _("targets of teams")
        ordering = ["team"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES),
                name="operational_target_is_bounded",
                violation_error_message=_("Enter 1 to 525,600 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.team)

    def clean(self) -> None:
        """A calendar that was never published counts no time."""
        super().clean()
        calendar: Any = getattr(self, "calendar", None)
        if calendar is not None and not calendar.versions.published().exists():
            sentence = _("This calendar was never published. Publish it first.")
            raise ValidationError({"calendar": sentence})

    @property
    def amount(self) -> timedelta:
        return timedelta(minutes=self.minutes)
