"""Why a clock shows what it shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity import clock
from incidents.clocks.explaining import Explanation, explanation
from incidents.clocks.faces import because, faces, in_order
from incidents.models import Clock, Incident
from incidents.tiers.attribution import attribute, moving_events
from incidents.tiers.bounces import bounces_of
from incidents.tiers.keeping import rows_of
from incidents.views.moves import the_incident
from sla.codes import Metric
from sla.wording import in_hours, to_the_second


@require_safe
def explained(request: HttpRequest, pk: int) -> HttpResponse:
    """Every segment of one clock, adding up to its figure; made to be printed.

    ``?clock=resolution-2`` names which: the promise and its cycle.
    """
    incident = the_incident(request, pk)
    at = clock.now()
    shown = incident.clocks.select_related(
        "policy__policy", "policy__calendar", "policy__service", "policy__team"
    )
    rows = in_order(shown)
    row = _chosen(rows, request.GET.get("clock", ""))
    found = explanation(incident, row.metric, row.cycle, at) if row else None
    if row is not None and found is None:
        raise Http404
    context = {
        "incident": incident,
        "at": at,
        "rows": rows,
        "row": row,
        "found": found,
        "faces": faces([row], at, hold=incident.hold_reason) if row else [],
        "elapsed": to_the_second(found.reading.elapsed) if found else "",
        "because": because(row) if row else "",
        **_where_it_went(incident, found, at),
        "target": in_hours(row.target) if row and row.target else "",
    }
    return render(request, "incidents/ticket/clock.html", context)


def _where_it_went(
    incident: Incident, found: Explanation | None, at: datetime
) -> dict[str, Any]:
    """The parts of one clock, and how often the ticket came back."""
    if found is None:
        return {}
    stays = rows_of([incident.pk])[incident.pk]
    parts = attribute(found.reading, moving_events(incident), stays, at)
    return {"parts": parts, "bounces": len(bounces_of(stays))}


def _chosen(rows: Sequence[Clock], name: str) -> Clock | None:
    """The one that is named, else the last one of the resolution, else any."""
    for row in rows:
        if row.code == name:
            return row
    if name:
        raise Http404
    of_resolution = [row for row in rows if row.metric == Metric.RESOLUTION]
    found = [*rows, *of_resolution]
    return found[-1] if found else None
