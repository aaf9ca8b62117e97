"""Redaction: the words go, the fact stays."""

from django.db import transaction

from accounts.models import User
from activity import clock
from activity.lifecycle import record
from activity.models import Delivery, Note, Subject


@transaction.atomic
def redact_note(pk: int, *, by: User, reason_code: str) -> Note:
    """Empty one note for good and record who did it and why (a code, no prose).

    The event's digest stays, so its chain still verifies. Raises ``ValueError``
    if the note was redacted before.
    """
    found = Note.objects.select_related("event").get(pk=pk)
    subject = Subject.lock_one(found.event.subject_type, found.event.subject_id)
    note = Note.objects.select_for_update(of=("self",)).get(pk=pk)
    if note.redacted_at is not None:
        raise ValueError("This note was redacted before.")
    note.text = note.salt = ""
    note.redacted_at, note.redacted_by = clock.now(), by
    note.save(update_fields=["text", "salt", "redacted_at", "redacted_by"])
    # A message about the event may still carry the words.
    waiting = Delivery.objects.filter(event=found.event).exclude(
        state__in=[Delivery.State.SENT, Delivery.State.DROPPED]
    )
    for delivery in waiting.select_for_update(of=("self",)):
        delivery.envelope = delivery.emptied_envelope()
        delivery.state, delivery.error = Delivery.State.FAILED, "redacted"
        delivery.lease_token = delivery.lease_until = None
        delivery.save()
    data = {"event": found.event.seq, "note": note.name, "reason": reason_code}
    record(subject, "note.redacted", by=by, data=data)
    return note
