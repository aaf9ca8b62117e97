"""What editors decided about gaps: what many ask for and nobody has written down."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activity.models.event import AppendOnlyQuerySet


class GapDecision(models.Model):
    """A group of tickets needs no article, or does after all; the latest counts.

    ``marks`` are digests of the terms that the group is known by, so that it is known
    again when it has grown, and no word of a ticket is kept here.
    """

    marks = ArrayField(models.CharField(max_length=16), verbose_name=_("known by"))
    is_dismissed = models.BooleanField(_("needs no article"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision about a gap")
        verbose_name_plural = _("decisions about gaps")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(marks__len__gte=1, marks__len__lte=12),
                name="gap_decision_is_bounded",
            )
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.marks)}: {self.is_dismissed}"
