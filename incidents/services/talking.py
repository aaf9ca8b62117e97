"""What is said: to the reporter, by the reporter, among colleagues."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import fire, record
from activity.models import Event
from incidents import permissions as may
from incidents.codes import HoldReason, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.asking import (
    lock,
    refuse_ended,
    require_sight,
    text_given,
)
from incidents.services.uploading import attach_waiting, waiting_among

SECOND_PRESS = timedelta(minutes=15)


@transaction.atomic
def reply_to_reporter(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    message: str,
    files: Sequence[int] = (),
) -> Event:
    """Write to the reporter and everybody it is shared with."""
    incident = lock(
        pk, by=by, move="reply", may=may.may_work, expected_version=expected_version
    )
    refuse_ended(incident, "reply")
    return write_reply(incident, by=by, at=clock.now(), message=message, files=files)


def write_reply(
    incident: Incident,
    *,
    by: User,
    at: datetime,
    message: str,
    files: Sequence[int] = (),
) -> Event:
    """The reply itself, on a locked incident that ``by`` may answer."""
    message = text_given("message", message, or_say=_("Write your reply."))
    incident.responded_at = incident.responded_at or at
    incident.acknowledged_at = incident.acknowledged_at or at
    incident.save(update_fields=["responded_at", "acknowledged_at"])
    return _say(incident, Kind.REPLY, by, at, {"message": message}, files, public=True)


@transaction.atomic
def add_note(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    text: str,
    files: Sequence[int] = (),
) -> Event:
    """Write for colleagues; the reporter never sees it. Also after the end."""
    incident = lock(
        pk, by=by, move="note", may=may.may_work, expected_version=expected_version
    )
    text = text_given("text", text, or_say=_("Write your note."))
    return _say(
        incident, Kind.NOTE, by, clock.now(), {"internal": text}, files, public=False
    )


@transaction.atomic
def answer_desk(
    pk: int,
    *,
    by: User,
    message: str,
    files: Sequence[int] = (),
    at: datetime | None = None,
) -> Event:
    """The reporter writes to the desk. If it waited for them, work goes on.

    The same words twice within a quarter of an hour are a second press of the
    button: they are written once.
    """
    incident = lock(pk, by=by, move="answer", may=may.may_answer)
    refuse_ended(incident, "answer")
    message = text_given("message", message, or_say=_("Write your message."))
    at = at or clock.now()
    said = _said_just_now(incident, by, message, at)
    if said is not None and not files:
        return said
    event = _say(
        incident, Kind.ANSWER, by, at, {"message": message}, files, public=True
    )
    if _waits_for_reporter(incident):
        fire(
            incident.resume,
            by=User.objects.system(),
            at=at,
            data={"because": "answer"},
            public=True,
        )
    return event


@transaction.atomic
def ask_colleague(pk: int, *, by: User, to: User, move: str, message: str) -> Event:
    """Ask somebody to do what one may not do oneself; they get an e-mail."""
    incident = lock(pk, by=by, move="ask", may=may.may_see_internal)
    require_sight(incident, by, "ask")
    message = text_given("message", message, or_say=_("Write what you ask for."))
    if not to.is_active or not Incident.objects.visible_to(to).filter(pk=pk).exists():
        sentence = _("%(name)s cannot see this incident. Ask somebody else.")
        raise ValidationError({"to": sentence % {"name": to.name}})
    data = {"to": to.pk, "move": move[:40]}
    return record(incident, Kind.ASK, by=by, data=data, notes={"internal": message})


def _said_just_now(
    incident: Incident, by: User, message: str, at: datetime
) -> Event | None:
    last = Event.objects.about(incident).filter(kind=Kind.ANSWER, actor=by).last()
    if last is None or at - last.at > SECOND_PRESS:
        return None
    return last if last.notes.filter(name="message", text=message).exists() else None


def _waits_for_reporter(incident: Incident) -> bool:
    return (
        incident.status == Status.ON_HOLD
        and incident.hold_reason == HoldReason.AWAITING_REPORTER
    )


def _say(  # noqa: PLR0913 - one call for three use cases
    incident: Incident,
    kind: str,
    by: User,
    at: datetime,
    notes: dict[str, str],
    files: Sequence[int],
    *,
    public: bool,
) -> Event:
    waiting = waiting_among(files, by=by)
    data = {"files": waiting} if waiting else {}
    event = record(incident, kind, by=by, at=at, data=data, notes=notes, public=public)
    attach_waiting(incident, waiting, by=by, seq=event.seq, public=public)
    return event
