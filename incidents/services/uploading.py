"""Files: chosen before the form is sent, so that a mistake in it loses none."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activity import clock
from incidents.files.inspection import Inspected, inspect
from incidents.models import Attachment, Incident

# Nobody fills the disk with forms that are never sent.
MOST_WAITING = 50
TOO_MANY_WAIT = _(
    "Too many of your files wait for forms that were not sent. Send one of them, or"
    " come back tomorrow."
)


def keep_upload(
    upload: UploadedFile, *, by: User, inspected: Inspected | None = None
) -> Attachment:
    """Keep a file for a form that is still being filled in.

    Raises ``ValidationError`` for a file that breaks the rules, and for one too many.
    """
    if Attachment.objects.waiting_of(by).count() >= MOST_WAITING:
        raise ValidationError(TOO_MANY_WAIT)
    facts = inspected or inspect(upload)
    return Attachment.objects.create(
        file=upload,
        name=facts.name,
        content_type=facts.content_type,
        size=facts.size,
        sha256=facts.sha256,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )


@transaction.atomic
def drop_upload(pk: int, *, by: User) -> None:
    """Take back a waiting file of one's own. Raises ``Attachment.DoesNotExist``."""
    waiting = Attachment.objects.waiting_of(by)
    _remove(waiting.select_for_update().get(pk=pk))


def waiting_among(pks: Iterable[int], *, by: User) -> list[int]:
    """Which of these are waiting files of this person, locked until they are given
    to an event. Others' and missing ones are left out."""
    mine = Attachment.objects.waiting_of(by).filter(pk__in=list(pks)).order_by("pk")
    return list(mine.select_for_update().values_list("pk", flat=True))


def attach_waiting(
    incident: Incident, pks: Iterable[int], *, by: User, seq: int, public: bool
) -> None:
    """Give waiting files of this person to the event ``seq`` of a locked incident.

    What is not waiting any more, or is another's, is left alone.
    """
    incident.assert_locked()
    Attachment.objects.waiting_of(by).filter(pk__in=list(pks)).update(
        incident=incident, seq=seq, public=public
    )


def sweep_uploads(*, at: datetime | None = None) -> int:
    """Remove files of forms that were never sent; how many there were."""
    count = 0
    for pk in Attachment.objects.forgotten(at or clock.now()).values_list(
        "pk", flat=True
    ):
        count += _forget(pk)
    return count


@transaction.atomic
def _forget(pk: int) -> int:
    rows = Attachment.objects.filter(pk=pk, incident=None)
    row = rows.select_for_update(skip_locked=True).first()
    if row is None:
        return 0
    _remove(row)
    return 1


def _remove(row: Attachment) -> None:
    stored = row.file
    row.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
