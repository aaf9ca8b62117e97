"""Links that answer: one question, one person, one resolution, thirty days.

A link is a signed token. Whoever holds it may answer as the person it was sent to,
nothing else. It is void as soon as another resolution, or none, is asked about.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from activity.models import Event
from incidents import link_tokens
from incidents import permissions as may
from incidents.codes import Channel, Status
from incidents.events import Kind
from incidents.models import Incident


class Purpose(StrEnum):
    """What a link asks: whether it works, or whether a recorded call is right."""

    CONFIRM = "confirm"
    OBJECT = "object"


class State(StrEnum):
    """What a link is good for at one moment."""

    ASKS = "asks"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLink:
    """What a token says. The ids are primary keys; ``is_expired`` after 30 days."""

    purpose: Purpose
    incident: int
    resolution: int
    person: int
    is_expired: bool


def address(
    purpose: Purpose, incident: Incident, person: User, answer: str = ""
) -> str:
    """The whole address of a link about the current resolution.

    ``answer`` (``yes`` or ``no``) is what the page shows first; it answers nothing.
    """
    keys = [incident.pk, incident.resolution_id, person.pk]
    token = link_tokens.sign(keys, _salt(purpose))
    path = reverse("incidents:by_link", args=[token])
    query = f"?{urlencode({'answer': answer})}" if answer else ""
    return f"{settings.SITE_URL}{path}{query}"


def read(token: str) -> AnswerLink:
    """Raises ``signing.BadSignature`` for what this desk never wrote."""
    for purpose in Purpose:
        try:
            keys, is_expired = link_tokens.read(token, _salt(purpose))
        except signing.BadSignature:
            continue
        incident, resolution, person = keys
        return AnswerLink(
            purpose=purpose,
            incident=incident,
            resolution=resolution,
            person=person,
            is_expired=is_expired,
        )
    raise signing.BadSignature("No link of this desk.")


def state_of(link: AnswerLink, incident: Incident, at: datetime) -> State:
    """What the link is good for now. ``incident`` is the one it names."""
    if link.is_expired:
        return State.EXPIRED
    person = incident.confirmer
    if person.pk != link.person or not may.is_confirmer(incident, person):
        return State.VOID
    if incident.resolution_id != link.resolution:
        return State.REJECTED if _said_no(link, incident) else State.VOID
    if link.purpose == Purpose.OBJECT:
        return _state_of_objection(incident, at)
    if incident.is_confirmed:
        return State.CONFIRMED
    return State.ASKS if incident.status == Status.RESOLVED else State.VOID


def objection_to_call(incident: Incident, person: User, at: datetime) -> str:
    """The address by which the confirmer objects to a recorded call; ``""`` where
    none was recorded, or it is too late to object."""
    if _state_of_objection(incident, at) != State.ASKS:
        return ""
    return address(Purpose.OBJECT, incident, person)


def _state_of_objection(incident: Incident, at: datetime) -> State:
    """Until it is closed, and for as long as it may be reopened."""
    confirmation = getattr(incident.resolution, "confirmation", None)
    called = confirmation is not None and confirmation.channel == Channel.CALL
    in_time = incident.status == Status.RESOLVED or incident.may_still_reopen(at)
    return State.ASKS if called and in_time else State.VOID


def _said_no(link: AnswerLink, incident: Incident) -> bool:
    """Work goes on because this person said about this resolution that it fails."""
    if incident.resolution_id is not None or incident.is_ended:
        return False
    said = Event.objects.about(incident).filter(
        kind__in=[Kind.REJECT, Kind.REOPEN],
        actor=link.person,
        data__resolution=link.resolution,
    )
    return said.exists()


def _salt(purpose: Purpose) -> str:
    return f"incidents.links.{purpose}"
