"""What the next tier is told when it gets an incident."""

from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.checking import KnownErrorCheck
from incidents.models.incident import Incident
from incidents.models.resolution import Act
from incidents.models.tier_stay import TierStay

# The notes of the event; all of them are said.
PACKAGE: Final = ("symptom", "diagnosis", "tried", "wanted")


class HandOver(Act):
    """The package of one escalation, for the team of ``stay``.

    The event's notes hold its words (``PACKAGE``). ``check_made`` is the check for
    known errors that it rests on; from tier 1 there is one.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="handovers")
    stay = models.OneToOneField(
        TierStay, models.PROTECT, related_name="hand_over", verbose_name=_("stay")
    )
    check_made = models.ForeignKey(
        KnownErrorCheck,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("check for known errors"),
    )

    if TYPE_CHECKING:
        incident_id: int

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["incident", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "seq"], name="hand_over_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.stay.team}"
