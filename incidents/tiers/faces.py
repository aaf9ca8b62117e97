"""What a team agreed to, as people see it: how it looks and how much is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.clocks.faces import WAITING, look_of
from incidents.codes import Why
from incidents.tiers.path import Step
from sla.codes import State
from sla.operational import OperationalReading
from sla.wording import in_hours

CAME: Final[dict[str, Promise]] = {
    Why.REPORT: gettext_lazy("reported here"),
    Why.TRIAGE: gettext_lazy("triaged to it"),
    Why.TRANSFER: gettext_lazy("transferred"),
    Why.ESCALATE: gettext_lazy("escalated"),
    Why.HAND_BACK: gettext_lazy("handed back"),
    Why.RESOLVE: gettext_lazy("solved, waits for the confirmation"),
    Why.WORKS_AGAIN: gettext_lazy("works again, says the reporter"),
    Why.REJECT: gettext_lazy("did not work, came back"),
    Why.REOPEN: gettext_lazy("reopened"),
    Why.REPLAY: gettext_lazy("brought in from another system"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedFace:
    """``look`` and ``left`` are as of a promise's ``Face``."""

    look: str
    words: str
    due_at: datetime | None
    left: int | None = None


def agreed_face(step: Step, *, hold: str = "") -> AgreedFace | None:
    """How the stay stands against its team's agreement, if there is one; ``hold`` is
    what the ticket waits for."""
    if step.agreed is None:
        return None
    return face_of(step.agreed, is_here=step.stay.is_open, hold=hold)


def face_of(
    reading: OperationalReading, *, is_here: bool, hold: str = ""
) -> AgreedFace:
    """The same of a reading; ``is_here``: the team has it still."""
    if reading.state == State.RUNNING:
        return _running(reading)
    if reading.state == State.PAUSED:
        words = str(WAITING.get(hold, gettext_lazy("Paused")))
        return AgreedFace(look="paused", words=words, due_at=None)
    if reading.state == State.MET:
        early = _("Met, %(time)s early") % {"time": in_hours(reading.left)}
        return AgreedFace(look="met", words=early, due_at=None)
    over = {"time": in_hours(-reading.left)}
    if is_here:
        words = _("%(time)s overdue") % over
        return AgreedFace(look="overdue", words=words, due_at=reading.due_at, left=0)
    words = _("Missed by %(time)s") % over
    return AgreedFace(look="missed", words=words, due_at=reading.due_at)


def _running(reading: OperationalReading) -> AgreedFace:
    return AgreedFace(
        look=look_of(reading.left, reading.target),
        words=_("%(time)s left") % {"time": in_hours(reading.left)},
        due_at=reading.due_at,
        left=min(100, round(100 * (reading.left / reading.target))),
    )
