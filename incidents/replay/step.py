"""One row of another system's log, in the words of this desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a row was not taken: a closed list, in reports and in the documentation."""

    FIELDS = "fields", _("It does not have one value for each column.")
    NUMBER = "number", _("It has no number of an incident, or one that is too long.")
    TIME = "time", _("Its time, or the time of the report, is missing or no time.")
    STATE = "state", _("Its state is not in the table of states.")
    VALUE = "value", _("A value is not in the table of its column.")
    REPEATED = "repeated", _("The very same row was taken already.")
    LATE = "late", _("A later row of the same incident was taken by an earlier import.")
    WORKED = "worked", _("People have worked on the incident here since.")
    GUARD = "guard", _("The database refused it.")


class Refused(Exception):  # noqa: N818 - a refusal, not a fault
    """This row is not taken, and why; ``detail`` names the value, never a text."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail[:200]


@dataclass(frozen=True, slots=True)
class State:
    """What a state of the other system is here.

    ``code`` is the state as the source says it. Without ``status`` the source says
    nothing, and the incident stays as it was. ``is_owned`` is false where the named
    person only sent it on. ``solves`` makes a resolution even where the incident
    goes straight to closed.
    """

    code: str
    status: str | None
    hold_reason: str = ""
    is_owned: bool = True
    solves: bool = False


@dataclass(frozen=True, slots=True)
class TeamName:
    """A group of the source and the tier that it gets if it is made here."""

    name: str
    tier: int


UNKNOWN: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one row says, for certain. ``""`` and ``None`` mean unknown: what was
    known before stays. Times are aware. ``owner`` unknown means nobody. Names are
    those of the source, with single spaces. ``category`` runs from the top down.

    ``digest`` (SHA-256 in hexadecimal, of all values of the row) recognises the row
    again. ``counters`` are whole numbers by column; ``extras`` every column that has
    no place here and has a value.
    """

    line: int
    digest: str
    number: str
    at: datetime
    reported_at: datetime
    state: State
    title: str
    description: str
    actor: str = UNKNOWN
    reporter: str = UNKNOWN
    logged_by: str = UNKNOWN
    team: TeamName | None = None
    owner: str = UNKNOWN
    category: tuple[str, ...] = ()
    service: str = UNKNOWN
    location: str = UNKNOWN
    impact: int | None = None
    urgency: int | None = None
    severity: int | None = None
    source: str = UNKNOWN
    solution: str = UNKNOWN
    counters: Mapping[str, int] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)
