"""Which team had an incident, from which event to which."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.codes import Why
from incidents.models.incident import Incident
from incidents.querysets_tiers import StayQuerySet

FIRST = Q(after_seq=None, after_at=None, entered_seq=1, why=Why.REPORT)
SEAM = Q(after_seq=F("entered_seq"), after_at=F("entered_at"))
# Between its end and its coming back nobody had it.
COME_BACK = Q(
    after_seq__lt=F("entered_seq"),
    after_at__lte=F("entered_at"),
    why__in=[Why.REOPEN, Why.REPLAY],
)


class TierStay(models.Model):
    """The time in which ``team`` had the incident; nobody has it once it has ended.

    The event ``entered_seq`` began it, ``left_seq`` ended it: the next stay's, or the
    end of the incident. ``after_seq`` and ``after_at`` are the end of the stay before.
    A moment is that of its event, or where a clock went back in between, the beginning
    of the stay before: stays never run backwards.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="stays")
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="stays", verbose_name=_("team")
    )
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Team.Tier.choices)
    why = models.CharField(_("because"), max_length=12, choices=Why.choices)
    entered_seq = models.PositiveIntegerField(_("number of the event"))
    entered_at = models.DateTimeField(_("entered"))
    after_seq = models.PositiveIntegerField(null=True, editable=False)
    after_at = models.DateTimeField(null=True, editable=False)
    left_seq = models.PositiveIntegerField(null=True)
    left_at = models.DateTimeField(_("left"), null=True)

    objects = StayQuerySet.as_manager()

    if TYPE_CHECKING:
        incident_id: int
        team_id: int

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ["incident_id", "entered_seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(left_seq=None),
                name="tier_stay_one_open",
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(after_seq=None),
                name="tier_stay_one_first",
            ),
            models.UniqueConstraint(
                fields=["incident", "left_seq"], name="tier_stay_one_left"
            ),
            models.UniqueConstraint(
                fields=["incident", "after_seq"], name="tier_stay_one_next"
            ),
            models.UniqueConstraint(
                fields=["incident", "left_seq", "left_at"], name="tier_stay_seam"
            ),
            models.CheckConstraint(
                condition=FIRST | ~Q(why=Why.REPORT) & (SEAM | COME_BACK),
                name="tier_stay_follows",
            ),
            models.CheckConstraint(
                condition=Q(left_seq=None, left_at=None)
                | Q(left_seq__gt=F("entered_seq"), left_at__gte=F("entered_at")),
                name="tier_stay_leaves_later",
            ),
            models.CheckConstraint(
                condition=Q(why__in=Why.values, tier__in=[1, 2, 3]),
                name="tier_stay_codes_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "entered_at"],
                condition=Q(left_seq=None),
                name="tier_stay_open_by_team",
            ),
            models.Index(fields=["team", "incident"], name="tier_stay_by_team"),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.team}"

    @property
    def is_open(self) -> bool:
        return self.left_seq is None
