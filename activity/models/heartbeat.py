"""Signs of life of the background processes."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When something last said that it is well."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    beat_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def is_fresh(self, at: datetime, within: timedelta) -> bool:
        """Whether it was seen no longer than ``within`` before ``at``."""
        return at - self.beat_at <= within
