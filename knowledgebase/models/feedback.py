"""What readers say of an article: whether it helped, and if not, why."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import User
from activity.models import Subject
from activity.transitions import only_if
from knowledgebase import permissions as may
from knowledgebase.codes import Hearing, Unhelpful
from knowledgebase.models.version import ArticleVersion
from knowledgebase.querysets import FeedbackQuerySet


def asks_something(feedback: Any) -> bool:
    """Only what did not help waits for somebody."""
    return not feedback.helped


class Feedback(Subject):
    """One answer of one person about one version; it never changes. A later answer of
    the same person replaces it. What did not help waits until the article's owner has
    handled it.

    The words that somebody adds are a note of its first event, the owner's answer one
    of the event that handles it.
    """

    subject_type = "feedback"

    status = FSMField(
        _("status"), default=Hearing.GIVEN, choices=Hearing.choices, protected=True
    )
    about = models.ForeignKey(
        ArticleVersion,
        models.PROTECT,
        related_name="feedback",
        verbose_name=_("version of the article"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    helped = models.BooleanField(_("it helped"))
    reason = models.CharField(
        _("why not"), max_length=12, choices=Unhelpful.choices, blank=True
    )
    at = models.DateTimeField(_("at"))

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a reader")
        verbose_name_plural = _("answers of readers")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Hearing.values), name="feedback_status_known"
            ),
            models.CheckConstraint(
                condition=Q(helped=True, reason="")
                | Q(helped=False, reason__in=Unhelpful.values),
                name="feedback_says_why",
            ),
            models.CheckConstraint(
                condition=Q(helped=False) | ~Q(status=Hearing.HANDLED),
                name="feedback_handled_did_not_help",
            ),
            models.UniqueConstraint(
                fields=["about", "by"],
                condition=~Q(status="replaced"),
                name="feedback_one_current",
            ),
        ]
        indexes = [
            models.Index(
                fields=["about", "at"],
                condition=Q(status="given", helped=False),
                name="feedback_waiting",
            ),
            models.Index(fields=["by", "at"], name="feedback_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.get_reason_display() or _('helped')}"

    @property
    def is_waiting(self) -> bool:
        return self.status == Hearing.GIVEN and not self.helped

    @transition(
        "status",
        source=[Hearing.GIVEN],
        target=Hearing.HANDLED,
        conditions=[asks_something],
        permission=only_if(may.may_handle),
    )
    def handle(self, *, by: User, at: datetime) -> None:
        """Who said it is told what became of it."""

    @transition(
        "status",
        source=[Hearing.GIVEN, Hearing.HANDLED],
        target=Hearing.REPLACED,
        permission=only_if(may.gave),
    )
    def replace(self, *, by: User, at: datetime) -> None:
        """Said otherwise since."""
