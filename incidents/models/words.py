"""The words by which an incident is found."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.querysets import WordsQuerySet


class Words(models.Model):
    """Subject and report of one incident, for searching: both are public to whoever
    reads its public part, and nothing else is in here. Triggers keep it.

    A row of its own, so that a move of the incident touches no index of words.
    """

    # No constraint: incidents are never deleted, and what is only a copy shall not
    # stand in the way of anything.
    incident = models.OneToOneField(
        Incident,
        models.CASCADE,
        primary_key=True,
        related_name="words",
        db_constraint=False,
    )
    title = models.CharField(_("subject"), max_length=150)
    search = SearchVectorField()

    objects = WordsQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of an incident")
        verbose_name_plural = _("words of incidents")
        indexes = [
            GinIndex(fields=["search"], name="incident_words", fastupdate=False),
            GinIndex(
                fields=["title"],
                opclasses=["gin_trgm_ops"],
                name="incident_words_alike",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return str(self.incident)
