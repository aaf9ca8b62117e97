"""A lasting record of every time that guards were lifted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GuardLift(models.Model):
    """Written by ``activity.guards.guards_lifted``; append-only."""

    reason = models.TextField(_("reason"))
    guards = models.TextField(_("guards"))
    database_user = models.CharField(_("database user"), max_length=63)
    at = models.DateTimeField(_("lifted"))

    class Meta:
        verbose_name = _("lifting of guards")
        verbose_name_plural = _("liftings of guards")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.reason
