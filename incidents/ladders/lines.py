"""How far the ladder of each ticket of a list was climbed, in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.models import User
from incidents.ladders.listed import ladders_shown, next_told
from incidents.ladders.shown import Call, Shown
from incidents.models import Incident
from incidents.timeline import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """``call`` is the last rung that told somebody, ``answer`` who attends to it.
    ``next_tells`` is who is told at ``next_at``, if nobody answers before."""

    call: Call | None
    answer: Entry | None
    next_at: datetime | None
    next_tells: str | Promise


def ladders_of(
    rows: Sequence[Incident], by: User, *, until: datetime
) -> dict[int, Ladder]:
    """Of those that were climbed, or are by ``until``, by the id. At most five queries.
    ``rows`` come with their ``team``."""
    shown = ladders_shown(rows, by)
    tells = next_told([row.pk for row in rows])
    found = {
        row.pk: _ladder(row, shown.get(row.pk), tells.get(row.pk, ""), until)
        for row in rows
    }
    return {pk: one for pk, one in found.items() if one.call or one.next_at}


def _ladder(
    incident: Incident, shown: Shown | None, tells: str | Promise, until: datetime
) -> Ladder:
    calls = [call for call in shown.calls if call.names] if shown else []
    answer = shown.answered if shown else None
    soon = incident.rung_at is not None and incident.rung_at <= until
    waits = bool(calls) and answer is None
    return Ladder(
        call=calls[-1] if calls else None,
        answer=answer,
        next_at=incident.rung_at if soon or waits else None,
        next_tells=tells,
    )
