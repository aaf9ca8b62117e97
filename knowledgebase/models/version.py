"""What an article says, version by version."""

from functools import cached_property, reduce
from operator import add
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Upper
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from activity.models import Event
from catalogue.models import Category, Service
from knowledgebase.codes import (
    LONGEST_SIGNATURE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    OPEN,
    Audience,
    FixStatus,
    Kind,
    SignatureKind,
    State,
)
from knowledgebase.events import WRITING
from knowledgebase.models.article import Article
from knowledgebase.querysets import VersionQuerySet
from knowledgebase.typed import LANGUAGES

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from knowledgebase.models.review import Review

TEXTS = ("body", "symptom", "cause", "workaround_agents", "workaround_reporters")
# What every reader of the article may read, by weight; and what those who work on
# tickets read as well.
PUBLIC = {
    "title": "A",
    "symptom": "B",
    "workaround_reporters": "C",
    "body": "C",
    "applicability": "D",
}
INTERNAL = {"workaround_agents": "C", "cause": "C"}


def words_of(weights: dict[str, str]) -> Any:
    """Stems in each language, and the words as they are."""
    vectors = [
        SearchVector(name, config=config, weight=weight)
        for name, weight in weights.items()
        for config in LANGUAGES
    ]
    return reduce(add, vectors)


def long_text(words: object) -> models.TextField:
    return models.TextField(
        words,  # type: ignore[arg-type]
        blank=True,
        max_length=LONGEST_TEXT,
        validators=[MaxLengthValidator(LONGEST_TEXT)],
    )


class ArticleVersion(models.Model):
    """One version. Its words change while it is a draft and never after.

    Texts are Markdown. ``seq`` is the number of the event that wrote it last.
    ``search_public`` holds the words for every reader, ``search_all`` those for
    people who work on tickets.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("drafted by"),
    )
    seq = models.PositiveIntegerField(_("number of the event"))
    title = models.CharField(
        _("title"), max_length=LONGEST_TITLE, validators=[one_line]
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices)
    body = long_text(_("text"))
    symptom = long_text(_("symptom"))
    cause = long_text(_("cause"))
    workaround_agents = long_text(_("workaround for agents"))
    workaround_reporters = long_text(_("workaround for reporters"))
    fix_status = models.CharField(
        _("fix"),
        max_length=12,
        choices=FixStatus.choices,
        default=FixStatus.UNKNOWN,
    )
    applicability = models.CharField(_("where it applies"), max_length=300, blank=True)
    services = models.ManyToManyField(
        Service, related_name="+", blank=True, verbose_name=_("services")
    )
    categories = models.ManyToManyField(
        Category, related_name="+", blank=True, verbose_name=_("categories")
    )
    submitted_at = models.DateTimeField(_("sent for review"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    search_public = models.GeneratedField(
        expression=words_of(PUBLIC), output_field=SearchVectorField(), db_persist=True
    )
    search_all = models.GeneratedField(
        expression=words_of(PUBLIC | INTERNAL),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = VersionQuerySet.as_manager()

    if TYPE_CHECKING:
        signatures: RelatedManager["Signature"]
        reviews: RelatedManager["Review"]

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="article_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=["draft", "in_review"]),
                name="article_version_one_open",
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state="published"),
                name="article_version_one_published",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values)
                & Q(audience__in=Audience.values)
                & Q(fix_status__in=FixStatus.values),
                name="article_version_codes_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(title=""),
                    *(LessThanOrEqual(Length(name), LONGEST_TEXT) for name in TEXTS),
                ),
                name="article_version_is_bounded",
            ),
        ]
        indexes = [
            # Written seldom, read all day: no list of what is still to be sorted in.
            GinIndex(
                fields=["search_public"], name="article_words_public", fastupdate=False
            ),
            GinIndex(fields=["search_all"], name="article_words_all", fastupdate=False),
            # What changed last: whether what is kept ready is still true.
            models.Index(fields=["-published_at"], name="article_published_last"),
            models.Index(fields=["-ended_at"], name="article_ended_last"),
        ]

    def __str__(self) -> str:
        return f"{self.article} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:version", args=[self.article.slug, self.number])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @cached_property
    def writer_ids(self) -> set[int]:
        """Everybody who wrote some of it, as its events say. Costs one query."""
        written = Event.objects.about(self.article).filter(
            kind__in=WRITING, data__version=self.number
        )
        return set(written.order_by().values_list("actor", flat=True))

    def missing(self) -> list[str]:
        """In words, what it needs before somebody can review it."""
        if self.article.kind != Kind.KNOWN_ERROR:
            return [] if self.body.strip() else [_now("Write the text.")]
        needed = []
        if not self.symptom.strip():
            needed.append(_now("Say what people notice: the symptom."))
        if not (self.workaround_agents + self.workaround_reporters).strip():
            needed.append(_now("Say what helps meanwhile: a workaround."))
        return needed


class Signature(models.Model):
    """By what a known error shows itself: a code, or words with ``*`` for anything."""

    version = models.ForeignKey(
        ArticleVersion, models.PROTECT, related_name="signatures"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=SignatureKind.choices)
    text = models.CharField(
        _("text"), max_length=LONGEST_SIGNATURE, validators=[one_line]
    )

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        indexes = [models.Index(Upper("text"), name="signature_by_text")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "text"], name="signature_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SignatureKind.values) & ~Q(text=""),
                name="signature_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.text
