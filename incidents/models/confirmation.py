"""What the confirmer says to a resolution; append-only, one of each per resolution."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.codes import Channel
from incidents.models.resolution import Act, Resolution


class Confirmation(Act):
    """The first key. ``by`` is the confirmer, also where a desk member wrote down
    what they said in a call (``recorded_by``)."""

    resolution = models.OneToOneField(
        Resolution, models.PROTECT, related_name="confirmation"
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    if TYPE_CHECKING:
        recorded_by_id: int | None

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["incident", "seq"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="call", recorded_by__isnull=False)
                | Q(channel__in=["portal", "link", "log_in"], recorded_by=None),
                name="confirmation_call_has_recorder",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by=None) | ~Q(recorded_by=F("by")),
                name="confirmation_not_recorded_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution}: {self.get_channel_display()}"


class Rejection(Act):
    """It does not work, says ``by``: the confirmer, or the desk with a reason."""

    resolution = models.OneToOneField(
        Resolution, models.PROTECT, related_name="rejection"
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)

    class Meta:
        verbose_name = _("rejection")
        verbose_name_plural = _("rejections")
        ordering = ["incident", "seq"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="rejection_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution}: {self.get_channel_display()}"


class Waiver(Act):
    """The lead of a service desk does without the confirmation, after silence."""

    resolution = models.OneToOneField(Resolution, models.PROTECT, related_name="waiver")

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["incident", "seq"]

    def __str__(self) -> str:
        return f"{self.resolution}"
