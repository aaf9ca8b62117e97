"""What was done about it, once per cycle; append-only."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.codes import ResolutionCode
from incidents.models.incident import Incident
from incidents.querysets import ActQuerySet

if TYPE_CHECKING:
    from incidents.models.confirmation import Confirmation, Rejection, Waiver


class Act(models.Model):
    """One append-only act about an incident.

    ``seq`` is the number of the event that tells of it; its words are the notes of
    that event. ``at`` is aware.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="%(class)ss")
    seq = models.PositiveIntegerField(_("number of the event"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    objects = ActQuerySet.as_manager()

    class Meta:
        abstract = True


class Resolution(Act):
    """The desk thinks it works again. ``by`` solved it, in ``team``.

    The event's notes hold ``solution`` (public) and ``verification`` (internal).
    """

    number = models.PositiveSmallIntegerField(_("cycle"))
    code = models.CharField(_("code"), max_length=20, choices=ResolutionCode.choices)
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="+", verbose_name=_("team")
    )
    restored_at = models.DateTimeField(_("restored"), null=True)

    if TYPE_CHECKING:
        confirmation: Confirmation
        rejection: Rejection
        waiver: Waiver

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["incident", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "number"], name="resolution_number_once"
            ),
            models.UniqueConstraint(
                fields=["incident", "seq"], name="resolution_event_once"
            ),
            models.CheckConstraint(
                condition=Q(code__in=ResolutionCode.values),
                name="resolution_code_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} #{self.number}"
