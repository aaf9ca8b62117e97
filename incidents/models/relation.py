"""Incidents that belong together, and the teams that ever held one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.codes import LinkKind
from incidents.models.incident import Incident


class Link(models.Model):
    """``from_incident`` is <kind> ``to_incident``: a duplicate of it, part of it."""

    from_incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="links_out"
    )
    to_incident = models.ForeignKey(Incident, models.PROTECT, related_name="links_in")
    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_incident", "to_incident", "kind"], name="link_once"
            ),
            models.CheckConstraint(
                condition=~Q(from_incident=F("to_incident")), name="link_to_another"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LinkKind.values), name="link_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_incident} – {self.get_kind_display()} {self.to_incident}"


class Holding(models.Model):
    """A team holds or held the incident, and so may read it for ever."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="holdings")
    team = models.ForeignKey(Team, models.PROTECT, related_name="holdings")

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        constraints = [
            models.UniqueConstraint(fields=["incident", "team"], name="holding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.team}"
