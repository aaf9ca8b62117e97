"""How a clock would stand if something else had been promised."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activity import clock
from incidents.clocks.explaining import explained
from incidents.clocks.faces import face
from incidents.clocks.what_if import (
    NO_CALENDAR,
    Supposition,
    clock_of,
    events_of,
    severity_of,
    tiers_of_teams,
)
from incidents.codes import Severity
from incidents.forms.supposing import SuppositionForm
from incidents.models import Incident
from incidents.views.moves import the_incident
from sla.clock import Reading
from sla.codes import Metric
from sla.wording import in_hours, to_the_second


@require_safe
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Every segment of the clock of the resolution as if what the address says had
    been promised from the report on; made to be printed. Nothing is kept.

    An address that says nothing has the form alone. ``cycle=1`` names another cycle
    than the last one.
    """
    incident = the_incident(request, pk)
    form = SuppositionForm(request.GET)
    context: dict[str, Any] = {"incident": incident, "form": form}
    if form.is_valid():
        context |= {"supposed": form.words()}
        context |= _answer(request, incident, form.supposition)
    return render(request, "incidents/ticket/what_if.html", context)


def _answer(
    request: HttpRequest, incident: Incident, supposition: Supposition
) -> dict[str, Any]:
    at = clock.now()
    readings = supposition.readings(
        list(events_of([incident.pk])), Metric.RESOLUTION, at, tiers=tiers_of_teams()
    )
    reading = _chosen(readings, request.GET.get("cycle", ""))
    if reading is None:
        return {"is_unpromised": True}
    row = clock_of(incident, reading)
    schedule = supposition.schedules[NO_CALENDAR]
    return {
        "at": at,
        "found": explained(incident, reading, at, names={}),
        "face": face(row, schedule, at, hold=incident.hold_reason),
        "cycles": [(one.cycle, _address(request, one.cycle)) for one in readings],
        "cycle": reading.cycle,
        "elapsed": to_the_second(reading.elapsed),
        "target": in_hours(reading.target) if reading.target else "",
        "severity": _severity(reading),
    }


def _severity(reading: Reading) -> str:
    return str(Severity(severity_of(reading)).label) if reading.policy else _("none")


def _chosen(readings: Sequence[Reading], cycle: str) -> Reading | None:
    """The one that is named, else the last; ``None`` where nothing was promised."""
    named = [one for one in readings if str(one.cycle) == cycle]
    if cycle and not named:
        raise Http404
    found = [*readings, *named]
    return found[-1] if found else None


def _address(request: HttpRequest, cycle: int) -> str:
    query = request.GET.copy()
    query["cycle"] = str(cycle)
    return f"?{query.urlencode()}"
