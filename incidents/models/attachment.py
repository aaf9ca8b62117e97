"""Files of an incident: private, and served only as a download."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activity.private_files import attachment_path, private_storage
from incidents.models.incident import Incident
from incidents.querysets import AttachmentQuerySet


class Attachment(models.Model):
    """One file. Without an incident it waits for the form it was chosen in.

    ``public`` files are shown to the reporter. ``seq`` is the number of the event
    that brought it; ``size`` counts bytes, ``sha256`` is hexadecimal.
    """

    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="attachments"
    )
    seq = models.PositiveIntegerField(_("number of the event"), null=True)
    public = models.BooleanField(_("shown to the reporter"), default=True)
    file = models.FileField(upload_to=attachment_path, storage=private_storage)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments"
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    objects = AttachmentQuerySet.as_manager()

    if TYPE_CHECKING:
        incident_id: int | None

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident=None, seq=None)
                | Q(incident__isnull=False, seq__isnull=False),
                name="attachment_has_event",
            ),
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(incident=None),
                name="attachment_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.name
