"""When the database's clock did not go on as clocks do."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

STEADY_FOR = timedelta(seconds=60)
# How far a clock may stray from what passed before it is said to have jumped.
TOLERANCE = timedelta(seconds=30)


class ClockJump(models.Model):
    """The clock went ahead or back by ``seconds`` more than time itself.

    ``seen_at`` is what the clock said when that was noticed. Nothing fires until it
    has been steady for a minute, or an administrator released it.
    """

    seen_at = models.DateTimeField(_("seen"))
    seconds = models.FloatField(_("seconds ahead"))
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
    )

    class Meta:
        verbose_name = _("jump of the clock")
        verbose_name_plural = _("jumps of the clock")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_at=None, released_by=None)
                | models.Q(released_at__isnull=False, released_by__isnull=False),
                name="clock_jump_released_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seconds:+.0f} s"

    def is_waited_out(self, at: datetime) -> bool:
        """Whether nothing fires at ``at`` for its sake; asked of the latest jump only.

        A moment long before it belongs to a clock that went back since, unseen.
        """
        if self.released_at is not None:
            return False
        return self.seen_at - TOLERANCE <= at < self.seen_at + STEADY_FOR
