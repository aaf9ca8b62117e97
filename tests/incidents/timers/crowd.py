"""Many incidents with clocks and armed timers, as the services would leave them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model

from activity.models import Event, Timer
from incidents.events import Kind
from incidents.models import Clock, Holding, Incident, PolicyMatch
from tests.incidents import stories
from tests.incidents.crowd import BATCH, _events, _incident, keep_first_stays
from tests.people import Cast

STORY = (str(Kind.REPORT),)
SEV1: dict[str, Any] = {"impact": 1, "urgency": 1}


@transaction.atomic
def make_clocked(
    moments: Sequence[datetime], cast: Cast, answers: dict[str, Any] = SEV1
) -> list[Incident]:
    """A new SEV1 of Ann for each of these moments, at which she reported it.

    The first comes through the service. Its clocks run around the clock, so those of
    the others are the same rows, so much later. With other ``answers`` it is less
    severe: then all have to be reported in one moment.
    """
    first = stories.reported(cast, at=moments[0], **answers)
    fields = {"severity": first.severity, **answers}
    made = Incident.objects.bulk_create(
        (
            _incident(
                cast, cast.ann, "Off", at, STORY, fields | _next(first, at - moments[0])
            )
            for at in moments[1:]
        ),
        batch_size=BATCH,
    )
    Event.objects.bulk_create(
        (event for row in made for event in _events(row, STORY, cast)),
        batch_size=BATCH,
    )
    keep_first_stays(made)
    Holding.objects.bulk_create(
        (Holding(incident=row, team=cast.desk) for row in made), batch_size=BATCH
    )
    for rows, subject in (
        (PolicyMatch.objects.filter(incident=first), "incident_id"),
        (Clock.objects.filter(incident=first), "incident_id"),
        (Timer.objects.armed().filter(subject_id=first.pk), "subject_id"),
    ):
        copies = [
            _shifted(row, one.reported_at - moments[0], **{subject: one.pk})
            for row in rows
            for one in made
        ]
        rows.model._default_manager.bulk_create(copies, batch_size=BATCH)
    return [first, *made]


def _next(first: Incident, later: timedelta) -> dict[str, Any]:
    """What comes next of it, so much later."""
    return {
        "due_at": first.due_at + later if first.due_at else None,
        "rung_at": first.rung_at + later if first.rung_at else None,
        "rung_position": first.rung_position,
    }


def _shifted(row: Model, later: timedelta, **other: Any) -> Any:
    """A new row that says the same, with every moment so much later."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
    del values["id"]
    moved = {
        name: value + later if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return type(row)(**moved | other)
