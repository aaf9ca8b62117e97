"""What of the knowledge base was used in an incident, and whether it helped."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.codes import AskedOf, HowUsed, Outcome
from incidents.models.incident import Incident
from incidents.models.resolution import Act
from incidents.querysets import UseQuerySet
from knowledgebase.models import ArticleVersion

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class KnownErrorUse(Act):
    """``by`` told the reporter what a version of an article says, or did it.

    The event ``seq`` names the same version; where the reporter was told, it also
    names the public reply that did so. ``version`` stays the one that was used,
    whatever is published later.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="uses")
    version = models.ForeignKey(
        ArticleVersion,
        models.PROTECT,
        related_name="uses",
        verbose_name=_("version"),
    )
    how = models.CharField(_("how"), max_length=8, choices=HowUsed.choices)

    objects = UseQuerySet.as_manager()  # type: ignore[misc]

    if TYPE_CHECKING:
        incident_id: int
        version_id: int
        outcomes: RelatedManager["UseOutcome"]

    class Meta:
        verbose_name = _("use of a known error")
        verbose_name_plural = _("uses of known errors")
        ordering = ["incident", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "seq"], name="use_event_once"),
            models.CheckConstraint(
                condition=Q(how__in=HowUsed.values), name="use_how_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.version}"

    @property
    def was_told(self) -> bool:
        return self.how == HowUsed.TOLD


class UseOutcome(Act):
    """One answer to "did it help?". The latest of who was asked counts, and the
    confirmer's goes before the desk's.

    ``by`` wrote it down: for the confirmer that may be a desk member, in a call.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="use_outcomes")
    use = models.ForeignKey(KnownErrorUse, models.PROTECT, related_name="outcomes")
    asked = models.CharField(_("asked"), max_length=10, choices=AskedOf.choices)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)

    if TYPE_CHECKING:
        use_id: int

    class Meta:
        verbose_name = _("outcome of a use")
        verbose_name_plural = _("outcomes of uses")
        ordering = ["incident", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "seq"], name="use_outcome_event_once"
            ),
            models.CheckConstraint(
                condition=Q(asked__in=AskedOf.values, outcome__in=Outcome.values),
                name="use_outcome_codes_known",
            ),
        ]
        indexes = [
            models.Index(fields=["use", "asked", "-seq"], name="use_outcome_latest")
        ]

    def __str__(self) -> str:
        return f"{self.use}: {self.get_outcome_display()}"
