"""The words that a misspelt one may have been meant to be."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from knowledgebase.querysets import WordQuerySet

LONGEST_WORD = 40


def _count(words: object) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(words)  # type: ignore[arg-type]


class Word(models.Model):
    """A word of what is published, with the number of versions in which each kind of
    reader may read it. Triggers keep it; nothing else writes here."""

    word = models.CharField(_("word"), max_length=LONGEST_WORD, primary_key=True)
    for_everyone = _count(_("for everyone"))
    for_staff = _count(_("for staff"))
    for_agents = _count(_("for agents"))

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering = ["word"]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_agents__gte=1)
                & Q(for_agents__gte=F("for_staff"))
                & Q(for_staff__gte=F("for_everyone")),
                name="word_is_read_by_somebody",
            )
        ]
        indexes = [
            GistIndex(
                fields=["word"],
                opclasses=["gist_trgm_ops"],
                condition=Q(**{f"{readers}__gt": 0}),
                name=f"word_like_{readers}",
            )
            for readers in ("for_everyone", "for_staff", "for_agents")
        ]

    def __str__(self) -> str:
        return self.word
