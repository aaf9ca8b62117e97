"""What we know about one thing, whatever its versions say."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import one_line
from activity.models import Subject
from activity.models.event import AppendOnlyQuerySet
from knowledgebase.codes import (
    LONGEST_SLUG,
    LONGEST_TITLE,
    Audience,
    Kind,
    Status,
)
from knowledgebase.models.life_cycle import LifeCycle
from knowledgebase.querysets import ArticleQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from knowledgebase.models.version import ArticleVersion


class Article(LifeCycle, Subject):
    """A known error, a how-to or an answer to a question.

    ``current`` is the version that readers are shown, ``open`` the one that is being
    written or reviewed. Title and audience are those of the current version, or of
    the open one before anything was published.
    """

    subject_type = "article"

    status = FSMField(
        _("status"), default=Status.DRAFT, choices=Status.choices, protected=True
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(
        _("title"), max_length=LONGEST_TITLE, validators=[one_line]
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices)
    slug = models.SlugField(_("address"), max_length=LONGEST_SLUG)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="owned_articles",
        verbose_name=_("owner"),
    )
    review_by = models.DateField(_("review by"), null=True)
    current = models.OneToOneField(
        "knowledgebase.ArticleVersion",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("current version"),
    )
    open = models.OneToOneField(
        "knowledgebase.ArticleVersion",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("version in work"),
    )

    objects = ArticleQuerySet.as_manager()

    if TYPE_CHECKING:
        versions: RelatedManager["ArticleVersion"]
        addresses: RelatedManager["Address"]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="article_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values, audience__in=Audience.values),
                name="article_codes_known",
            ),
            models.CheckConstraint(
                condition=Q(status="published", review_by__isnull=False)
                | ~Q(status="published") & Q(review_by=None),
                name="article_published_has_review_day",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "audience"], name="article_by_audience"),
            models.Index(
                fields=["review_by"],
                condition=Q(status="published"),
                name="article_by_review_day",
            ),
        ]

    def __str__(self) -> str:
        """Never the title: not everybody who sees a list of records may read it."""
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("knowledge:article", args=[self.slug])

    @property
    def reference(self) -> str:
        return f"KB-{self.pk:05d}"

    @property
    def shown(self) -> "ArticleVersion | None":
        """What its page shows: what is published, or else what is being written."""
        return self.current or self.open

    def show(self, version: "ArticleVersion") -> None:
        """Take title and audience over from that version."""
        self.title, self.audience = version.title, version.audience

    def is_stale(self, today: date) -> bool:
        return self.review_by is not None and self.review_by < today


class Address(models.Model):
    """A word that an article is or was found under. It never leads elsewhere."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="addresses")
    slug = models.SlugField(_("address"), max_length=LONGEST_SLUG)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="article_address_once",
                violation_error_message=_("Another article has this address."),
            )
        ]

    def __str__(self) -> str:
        return self.slug
