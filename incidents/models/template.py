"""Tickets that come every day, filled in beforehand."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from catalogue.models import Category, Service
from incidents.codes import SOLVER_CODES, Impact, Kind, Urgency


class TicketTemplate(models.Model):
    """What an agent does not want to type again; every value may be changed."""

    name = models.CharField(_("name"), max_length=100, validators=[one_line])
    title = models.CharField(_("subject"), max_length=150, validators=[one_line])
    description = models.TextField(_("what is wrong"), max_length=10_000, blank=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.INCIDENT
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, verbose_name=_("service")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("category")
    )
    impact = models.PositiveSmallIntegerField(
        _("impact"), choices=Impact.choices, default=Impact.ONE
    )
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), choices=Urgency.choices, default=Urgency.HINDERED
    )
    resolution_code = models.CharField(
        _("resolution code"),
        max_length=20,
        blank=True,
        choices=[(code.value, code.label) for code in SOLVER_CODES],
    )
    solution = models.TextField(
        _("what we did"),
        max_length=10_000,
        blank=True,
        help_text=_("Filled in at first contact; the reporter reads it."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("ticket template")
        verbose_name_plural = _("ticket templates")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="ticket_template_once",
                violation_error_message=_("Another template has this name."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=Kind.values, impact__in=[1, 2, 3], urgency__in=[1, 2, 3]
                ),
                name="ticket_template_codes_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
