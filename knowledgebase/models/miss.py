"""What people searched for in vain."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from knowledgebase.codes import LONGEST_MISS, Audience, Mark
from knowledgebase.models.article import Article
from knowledgebase.querysets import MissQuerySet


class SearchMiss(models.Model):
    """Words that found nothing, how often and on which days. Who searched is not kept,
    nor what would tell it: no address, no number of more than five digits."""

    words = models.CharField(_("words"), max_length=LONGEST_MISS)
    audience = models.CharField(_("asked by"), max_length=10, choices=Audience.choices)
    count = models.PositiveIntegerField(_("how often"), default=1)
    first_on = models.DateField(_("first"))
    last_on = models.DateField(_("last"))
    mark = models.CharField(
        _("state"), max_length=10, choices=Mark.choices, default=Mark.OPEN
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("marked by"),
    )
    marked_at = models.DateTimeField(_("marked"), null=True, blank=True)

    objects = MissQuerySet.as_manager()

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        ordering = ["-count", "-last_on", "words"]
        constraints = [
            models.UniqueConstraint(
                fields=["words", "audience"], name="search_miss_once"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values, mark__in=Mark.values),
                name="search_miss_codes_known",
            ),
            models.CheckConstraint(
                condition=~Q(words="")
                & ~Q(words__contains="@")
                & ~Q(words__regex=r"[0-9]{6}"),
                name="search_miss_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1, last_on__gte=F("first_on")),
                name="search_miss_counted",
            ),
            models.CheckConstraint(
                condition=Q(mark="open", marked_by=None, marked_at=None, article=None)
                | Q(mark="dismissed", marked_by__isnull=False, article=None)
                & Q(marked_at__isnull=False)
                | Q(mark="answered", marked_by__isnull=False, article__isnull=False)
                & Q(marked_at__isnull=False),
                name="search_miss_marked_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-count", "-last_on"],
                condition=Q(mark="open"),
                name="search_miss_open",
            ),
            models.Index(fields=["last_on"], name="search_miss_by_day"),
        ]

    def __str__(self) -> str:
        return self.words
