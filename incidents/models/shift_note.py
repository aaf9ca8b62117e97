"""A word to those of a team who come next."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.querysets_shifts import ShiftNoteQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_SHIFT_NOTE = 2_000


class ShiftNote(models.Model):
    """What one member of a team tells the others; only the team reads it.

    It is about no single incident, so no event tells of it. It never changes;
    ``redacted_at`` says when its text was taken away, for good. ``submission`` is the
    number of the form.
    """

    team = models.ForeignKey(
        Team, models.PROTECT, related_name="shift_notes", verbose_name=_("team")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("text"), max_length=LONGEST_SHIFT_NOTE, blank=True)
    submission = models.UUIDField(_("number of the form"), editable=False)
    redacted_at = models.DateTimeField(_("redacted"), null=True, editable=False)
    redacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("redacted by"),
    )

    objects = ShiftNoteQuerySet.as_manager()

    if TYPE_CHECKING:
        team_id: int
        by_id: int
        seen: RelatedManager["ShiftNoteSeen"]

    class Meta:
        verbose_name = _("word to the next shift")
        verbose_name_plural = _("words to the next shift")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "submission"], name="shift_note_once"
            ),
            models.CheckConstraint(
                condition=Q(redacted_at=None, redacted_by=None, text__regex=r"\S")
                | Q(redacted_at__isnull=False, redacted_by__isnull=False, text=""),
                name="shift_note_says_something",
            ),
        ]
        indexes = [models.Index(fields=["team", "-at"], name="shift_note_of_team")]

    def __str__(self) -> str:
        return f"{self.team}: {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class ShiftNoteSeen(models.Model):
    """Somebody of the team pressed *Seen*. Reading alone leaves no trace."""

    note = models.ForeignKey(ShiftNote, models.PROTECT, related_name="seen")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    if TYPE_CHECKING:
        by_id: int

    class Meta:
        verbose_name = _("word that was seen")
        verbose_name_plural = _("words that were seen")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["note", "by"], name="shift_note_seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.note} – {self.by}"
