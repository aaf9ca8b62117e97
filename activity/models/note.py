"""Words beside an event: the only part of history that may be emptied."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activity.models.event import Event


def note_digest(salt: str, text: str) -> str:
    """SHA-256 of salt and text, in hexadecimal; the database computes the same."""
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


class Note(models.Model):
    """A text that belongs to an event, such as the reason for a move.

    The event's data keep the digest under ``notes``. The salt goes when the text
    goes, so what was redacted cannot be guessed from its digest.
    """

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="notes", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=30)
    text = models.TextField(_("text"), blank=True)
    salt = models.CharField(max_length=32, blank=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    redacted_at = models.DateTimeField(_("redacted"), null=True, editable=False)
    redacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("redacted by"),
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["event", "name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="note_name_once"),
            models.CheckConstraint(
                condition=Q(redacted_at=None, redacted_by=None)
                | Q(
                    redacted_at__isnull=False,
                    redacted_by__isnull=False,
                    text="",
                    salt="",
                ),
                name="note_redacted_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} – {self.name}"

    @classmethod
    def written(cls, name: str, text: str) -> "Note":
        """An unsaved note with a fresh salt and its digest."""
        salt = secrets.token_hex(16)
        return cls(name=name, text=text, salt=salt, digest=note_digest(salt, text))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("A note is redacted, never deleted.")
