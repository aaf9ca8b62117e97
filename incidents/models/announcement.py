"""Troubles that everybody may know of, and help that made a report needless."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from catalogue.models import Service
from incidents.models.incident import Incident
from incidents.querysets_portal import AnnouncementQuerySet, DeflectionQuerySet
from knowledgebase.models import ArticleVersion

LONGEST_HEADLINE = 120
LONGEST_NOTICE = 600


class Announcement(models.Model):
    """What the desk tells everybody about one incident, in words made for everybody.

    ``seq`` is the number of the event that tells of its beginning, ``end_seq`` of its
    end. Nothing else of it ever changes: other words are another announcement.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="announcements")
    seq = models.PositiveIntegerField(_("number of the event"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    title = models.CharField(
        _("what everybody reads"), max_length=LONGEST_HEADLINE, validators=[one_line]
    )
    text = models.TextField(_("more about it"), max_length=LONGEST_NOTICE, blank=True)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, related_name="+", verbose_name=_("service")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    end_seq = models.PositiveIntegerField(_("number of the last event"), null=True)

    objects = AnnouncementQuerySet.as_manager()

    if TYPE_CHECKING:
        incident_id: int
        reports: int
        own: int | None

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(ended_at=None),
                name="announcement_one_active",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_seq=None)
                | Q(
                    ended_at__gte=F("at"),
                    ended_by__isnull=False,
                    end_seq__gt=F("seq"),
                ),
                name="announcement_ends_whole",
            ),
            models.CheckConstraint(
                condition=Q(title__regex=r"\S"), name="announcement_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.at:%Y-%m-%d %H:%M}"


class Deflection(models.Model):
    """Somebody was about to report something, and a published article solved it.

    Of what they had typed only its length is kept. ``submission`` is the number of the
    form. ``taken_back_at`` is when they said that it did not help after all.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    version = models.ForeignKey(
        ArticleVersion,
        models.PROTECT,
        related_name="deflections",
        verbose_name=_("version of the article"),
    )
    at = models.DateTimeField(_("at"))
    letters = models.PositiveIntegerField(_("letters typed"))
    submission = models.UUIDField(_("number of the form"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True)

    objects = DeflectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("deflection")
        verbose_name_plural = _("deflections")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "submission", "version"],
                condition=Q(taken_back_at=None),
                name="deflection_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(taken_back_at__gte=F("at")),
                name="deflection_taken_back_later",
            ),
        ]
        indexes = [models.Index(fields=["version", "at"], name="deflection_by_version")]

    def __str__(self) -> str:
        return f"{self.version}: {self.at:%Y-%m-%d %H:%M}"
