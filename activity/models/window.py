"""How often one person is written to about what may wait."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LASTS: Final = timedelta(minutes=10)


class MessageWindow(models.Model):
    """Until ``ends_at`` nothing that may wait goes to this person; then all of it goes
    in one digest. Whoever decides what goes locks the row."""

    recipient = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        primary_key=True,
        related_name="+",
        verbose_name=_("recipient"),
    )
    ends_at = models.DateTimeField(_("until"))

    if TYPE_CHECKING:
        recipient_id: int

    class Meta:
        verbose_name = _("message window")
        verbose_name_plural = _("message windows")
        ordering = ["recipient"]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.ends_at}"


def lock_window(recipient_id: int, at: datetime) -> MessageWindow:
    """The person's window, locked; one that was never there is over at ``at``."""
    windows = MessageWindow.objects
    windows.bulk_create(
        [MessageWindow(recipient_id=recipient_id, ends_at=at)], ignore_conflicts=True
    )
    return windows.select_for_update(of=("self",)).get(recipient=recipient_id)
