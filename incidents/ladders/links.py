"""Links by which whoever was called answers: one climb, one person, thirty days.

Whoever holds one may say as that person that they attend to it, nothing else.
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse

from incidents import link_tokens

SALT: Final = "incidents.ladders.links"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLink:
    """What a token says: primary keys, and the number of the event of the climb."""

    incident: int
    climb: int
    person: int
    is_expired: bool


def address(*, incident: int, climb: int, person: int) -> str:
    """The whole address; opening it changes nothing."""
    token = link_tokens.sign([incident, climb, person], SALT)
    path = reverse("incidents:attend_by_link", args=[token])
    return f"{settings.SITE_URL}{path}"


def read(token: str) -> CallLink:
    """Raises ``signing.BadSignature`` for what this desk never wrote."""
    (incident, climb, person), is_expired = link_tokens.read(token, SALT)
    return CallLink(
        incident=incident, climb=climb, person=person, is_expired=is_expired
    )
