"""Images of articles, and which version shows which."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from activity.private_files import attachment_path, private_storage
from knowledgebase.codes import LONGEST_ALT
from knowledgebase.images import CONTENT_TYPES
from knowledgebase.models.article import Article
from knowledgebase.models.version import ArticleVersion
from knowledgebase.querysets import ImageQuerySet


class ArticleImage(models.Model):
    """One image, written anew by us. Without an article it waits for the draft that it
    was chosen for to be saved.

    It never changes. ``size`` counts bytes, ``sha256`` is hexadecimal.
    """

    article = models.ForeignKey(
        Article, models.PROTECT, null=True, related_name="images"
    )
    file = models.FileField(upload_to=attachment_path, storage=private_storage)
    ending = models.CharField(
        _("type"), max_length=4, choices=[(one, one) for one in CONTENT_TYPES]
    )
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    alt = models.CharField(
        _("what it shows"), max_length=LONGEST_ALT, validators=[one_line]
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    objects = ImageQuerySet.as_manager()

    if TYPE_CHECKING:
        article_id: int | None

    class Meta:
        verbose_name = _("image of an article")
        verbose_name_plural = _("images of articles")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ending__in=list(CONTENT_TYPES)),
                name="article_image_type_known",
            ),
            models.CheckConstraint(
                condition=~Q(alt=""), name="article_image_says_what_it_shows"
            ),
        ]
        indexes = [models.Index(fields=["uploaded_at"], name="article_image_by_day")]

    def __str__(self) -> str:
        """Never the words: they belong to the audience of its article."""
        return f"{self.pk}.{self.ending}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:image", args=[self.pk])

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.ending]


class Illustration(models.Model):
    """A version shows an image. ``inside``: only in what agents alone read."""

    version = models.ForeignKey(
        ArticleVersion, models.PROTECT, related_name="illustrations"
    )
    image = models.ForeignKey(
        ArticleImage, models.PROTECT, related_name="illustrations"
    )
    inside = models.BooleanField(_("for agents alone"))

    class Meta:
        verbose_name = _("illustration")
        verbose_name_plural = _("illustrations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "image"], name="illustration_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.image}"
