"""What an editor decided about a version; append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activity.models.event import AppendOnlyQuerySet
from knowledgebase.codes import Verdict
from knowledgebase.models.version import ArticleVersion


class Review(models.Model):
    """One decision. ``seq`` is the number of the article's event that tells of it;
    the reason for sending back is a note of that event."""

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="reviews")
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    seq = models.PositiveIntegerField(_("number of the event"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["version", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "seq"], name="review_event_once"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="review_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_verdict_display()}"
