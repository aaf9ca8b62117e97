"""What the knowledge base offered for an incident, and what was decided about it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.codes import MOST_CANDIDATES, Decided, Refusal
from incidents.models.incident import Incident
from incidents.models.known_error import KnownErrorUse
from incidents.models.resolution import Act
from incidents.querysets_known import CandidateQuerySet, CheckQuerySet, RetoldQuerySet
from knowledgebase.models import ArticleVersion

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class KnownErrorCheck(Act):
    """``by`` looked at what was suggested and decided on each; ``shown`` may be zero.

    The event's notes hold the words of refusals: ``refusal_1`` of the first candidate,
    and so on.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="checks")
    shown = models.PositiveSmallIntegerField(_("candidates shown"))

    objects = CheckQuerySet.as_manager()  # type: ignore[misc]

    if TYPE_CHECKING:
        incident_id: int
        candidates: RelatedManager["CheckedCandidate"]

    class Meta:
        verbose_name = _("check for known errors")
        verbose_name_plural = _("checks for known errors")
        ordering = ["incident", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "seq"], name="known_error_check_event_once"
            ),
            models.CheckConstraint(
                condition=Q(shown__lte=MOST_CANDIDATES),
                name="known_error_check_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.shown}"


class CheckedCandidate(models.Model):
    """One that was shown, with its score from 0 to 1, the best first.

    A used one names the use; a refused one says why by a code.
    """

    within = models.ForeignKey(
        KnownErrorCheck, models.PROTECT, related_name="candidates"
    )
    position = models.PositiveSmallIntegerField(_("place"))
    version = models.ForeignKey(
        ArticleVersion, models.PROTECT, related_name="+", verbose_name=_("version")
    )
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=3)
    decided = models.CharField(_("decided"), max_length=8, choices=Decided.choices)
    refusal = models.CharField(
        _("refused because"), max_length=16, choices=Refusal.choices, blank=True
    )
    use = models.ForeignKey(
        KnownErrorUse,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("use"),
    )

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("checked candidate")
        verbose_name_plural = _("checked candidates")
        ordering = ["within", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["within", "position"], name="checked_candidate_place_once"
            ),
            models.UniqueConstraint(
                fields=["within", "version"], name="checked_candidate_once"
            ),
            models.CheckConstraint(
                condition=Q(decided="used", refusal="", use__isnull=False)
                | Q(decided="refused", refusal__in=Refusal.values, use=None),
                name="checked_candidate_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1, position__gte=1),
                name="checked_candidate_has_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.within}: {self.version}"


class Retold(Act):
    """The reporter was told an older version once (``former``), and now ``version``.

    The event ``seq`` is the use that told them, or the letter about an incident that
    has ended.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="retold")
    version = models.ForeignKey(
        ArticleVersion, models.PROTECT, related_name="+", verbose_name=_("version")
    )
    former = models.ForeignKey(
        KnownErrorUse,
        models.PROTECT,
        related_name="retold",
        verbose_name=_("what they were told before"),
    )

    objects = RetoldQuerySet.as_manager()  # type: ignore[misc]

    if TYPE_CHECKING:
        incident_id: int

    class Meta:
        verbose_name = _("new workaround told")
        verbose_name_plural = _("new workarounds told")
        ordering = ["incident", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "version"], name="retold_once"),
            models.UniqueConstraint(
                fields=["incident", "seq"], name="retold_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.version}"
