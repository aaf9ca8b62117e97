"""How impact and urgency become a severity, and what each severity means."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.codes import Impact, Severity, Urgency


class SeverityRule(models.Model):
    """One cell of the matrix; all nine exist and none is ever deleted."""

    impact = models.PositiveSmallIntegerField(_("impact"), choices=Impact.choices)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices)

    class Meta:
        verbose_name = _("severity rule")
        verbose_name_plural = _("severity matrix")
        ordering = ["impact", "urgency"]
        constraints = [
            models.UniqueConstraint(
                fields=["impact", "urgency"], name="severity_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    impact__in=[1, 2, 3],
                    urgency__in=[1, 2, 3],
                    severity__in=[1, 2, 3, 4],
                ),
                name="severity_rule_known",
            ),
        ]

    def __str__(self) -> str:
        impact, urgency = self.get_impact_display(), self.get_urgency_display()
        return f"{impact} / {urgency}: {self.get_severity_display()}"


class SeverityLevel(models.Model):
    """The agreed meaning of one severity, shown where somebody chooses."""

    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=Severity.choices, primary_key=True
    )
    definition = models.CharField(_("definition"), max_length=200)
    examples = models.TextField(
        _("examples"), blank=True, help_text=_("One on each line.")
    )

    class Meta:
        verbose_name = _("severity definition")
        verbose_name_plural = _("severity definitions")
        ordering = ["severity"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=[1, 2, 3, 4]), name="severity_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_severity_display()}: {self.definition}"

    @property
    def example_list(self) -> list[str]:
        return [line.strip() for line in self.examples.splitlines() if line.strip()]
