"""A word to those of one's team who come next."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import permissions as people
from accounts.models import Team, User
from activity import clock
from activity.refusals import broken_rule
from incidents import permissions as may
from incidents.models import ShiftNote, ShiftNoteSeen
from incidents.models.shift_note import LONGEST_SHIFT_NOTE


def write_shift_note(team: Team, *, by: User, text: str, submission: UUID) -> ShiftNote:
    """Tell those who come next. Sent twice with the same form, it is there once.

    Raises ``PermissionDenied`` for who does not work in the team.
    """
    if not people.is_member_of(by, team):
        raise PermissionDenied
    given = {"by": by, "submission": submission}
    try:
        with transaction.atomic():
            return ShiftNote.objects.create(
                **given, team=team, at=clock.now(), text=_checked(text)
            )
    except IntegrityError as error:
        if broken_rule(error) != "shift_note_once":
            raise
        return ShiftNote.objects.get(**given)


@transaction.atomic
def see_shift_note(pk: int, *, by: User) -> ShiftNote:
    """Take note of what a colleague wrote. Said twice, it stays as it is; one's own
    needs no such word.

    Raises ``ShiftNote.DoesNotExist`` for that of another team.
    """
    note = ShiftNote.objects.visible_to(by).get(pk=pk)
    if note.by_id != by.pk:
        ShiftNoteSeen.objects.bulk_create(
            [ShiftNoteSeen(note=note, by=by, at=max(clock.now(), note.at))],
            ignore_conflicts=True,
        )
    return note


@transaction.atomic
def redact_shift_note(pk: int, *, by: User) -> ShiftNote:
    """Take its text away for good, because it should not have been written. That it
    was there, and who took it away, stays. Said twice, it stays as it is.

    Raises ``ShiftNote.DoesNotExist`` for that of another team, ``PermissionDenied``
    for who neither wrote it nor leads the team.
    """
    visible = ShiftNote.objects.visible_to(by).select_related("team")
    note = visible.select_for_update(of=("self",)).get(pk=pk)
    if not may.may_redact_shift_note(note, by):
        raise PermissionDenied
    if note.redacted_at is None:
        note.text, note.redacted_at, note.redacted_by = "", clock.now(), by
        note.save(update_fields=["text", "redacted_at", "redacted_by"])
    return note


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("Write what the next shift should know.")})
    if len(text) > LONGEST_SHIFT_NOTE:
        sentence = _("Shorten this to %(count)d characters.")
        raise ValidationError({"text": sentence % {"count": LONGEST_SHIFT_NOTE}})
    return text
