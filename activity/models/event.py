"""The history: append-only, one chain of hashes per subject."""

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from activity.models.subject import Subject

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from activity.models.delivery import Delivery
    from activity.models.note import Note


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Says early, in words, what the database would refuse."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("History is append-only: record a new event instead.")

    def delete(self) -> NoReturn:
        raise TypeError("History is append-only: nothing in it is deleted.")

    def about(self, subject: Subject) -> Self:
        """What belongs to one record, oldest first."""
        return self.filter(
            subject_type=subject.subject_type, subject_id=subject.pk
        ).order_by("seq")


class Event(models.Model):
    """One fact about one subject.

    ``seq`` is the subject's version after the event. A move carries
    ``from_status`` (empty for the first one) and ``to_status``; any other fact
    has neither. ``data`` holds ids, codes, numbers and times, never prose.
    ``at`` is when it happened, ``recorded_at`` when it was written down (both
    aware). ``hash`` is set by the database.
    """

    subject_type = models.CharField(_("record type"), max_length=20)
    subject_id = models.BigIntegerField(_("record"))
    seq = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=60)
    from_status = models.CharField(_("from"), max_length=30, null=True)  # noqa: DJ001
    to_status = models.CharField(_("to"), max_length=30, null=True)  # noqa: DJ001
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    data = models.JSONField(_("values"), default=dict)
    public = models.BooleanField(_("shown to the reporter"), default=False)
    at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    request_id = models.CharField(_("request"), max_length=64, default="", blank=True)
    hash = models.BinaryField(editable=False, db_default=b"")

    objects = AppendOnlyQuerySet.as_manager()

    if TYPE_CHECKING:
        deliveries: RelatedManager["Delivery"]
        notes: RelatedManager["Note"]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["subject_type", "subject_id", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "seq"], name="event_seq_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__regex=r"^[a-z_]+\.[a-z_]+$"),
                name="event_kind_is_code",
            ),
            models.CheckConstraint(
                condition=Q(to_status__isnull=False) | Q(from_status__isnull=True),
                name="event_move_has_target",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "at"], name="event_by_kind"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} #{self.seq}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("History is append-only: record a new event instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("History is append-only: nothing in it is deleted.")
