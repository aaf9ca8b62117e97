"""Who else follows an incident."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident


class Watch(models.Model):
    """Somebody who may see the incident and wants to hear of it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="watches")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="watches"
    )

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], name="watch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.user}"


class Share(models.Model):
    """Somebody who may read the public part, because ``shared_by`` said so."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shares"
    )
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], name="share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.user}"
