"""Where a resolver starts: what is theirs, and what waits for their team."""

from collections.abc import Mapping
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import Team
from activity import clock
from incidents import permissions as may
from incidents.clocks.upcoming import next_faces
from incidents.models import Incident
from incidents.querysets import IncidentQuerySet
from incidents.shifts.sections import Lens, sort_into
from incidents.shifts.work import MY_WORK
from incidents.tiers.present import agreed_faces
from incidents.views.desk import COLUMNS, Row, row_of
from incidents.views.sections import blocks_of, chosen_section
from sla.services import Agreement, agreements_of

HEADS = [{"name": name, "label": label} for name, label, _sort in COLUMNS]


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Mine first, then what my teams have; each ticket once."""
    user = cast(AuthenticatedRequest, request).user
    if not may.may_use_desk(user):
        raise PermissionDenied
    at = clock.now()
    lens = Lens(
        user=user,
        teams=user.standing.teams,
        desks=user.standing.desks,
        since=at,
        at=at,
    )
    visible: IncidentQuerySet = Incident.objects.visible_to(user)
    own = visible.open().filter(lens.held | lens.mine)
    found = sort_into(MY_WORK, own, lens)
    shown = chosen_section(request, found)
    page, blocks = blocks_of(request, found, shown)
    agreements = agreements_of(lens.teams)
    rows = queue_rows([pk for one in blocks for pk in one.pks], lens, agreements)
    context = {
        "at": at,
        "columns": HEADS,
        "found": found,
        "shown": shown,
        "page_obj": page,
        "figures": blocks_of(request, found, None)[1],
        "blocks": [(one, [rows[pk] for pk in one.pks if pk in rows]) for one in blocks],
        "teams": Team.objects.filter(pk__in=user.standing.teams),
    }
    return render(request, "incidents/shifts/my_work.html", context)


def queue_rows(
    pks: list[int], lens: Lens, agreements: Mapping[int, Agreement]
) -> dict[int, Row]:
    """As the queue shows them, by number, with what their teams agreed to."""
    found = Incident.objects.filter(pk__in=pks).for_list().with_whole(lens.user)
    rows = list(found.order_by())
    faces = next_faces(rows, lens.at)
    holds = {row.pk: row.hold_reason for row in rows}
    agreed = agreed_faces(holds, agreements, lens.at)
    return {
        row.pk: row_of(row, faces.get(row.pk), agreed=agreed.get(row.pk))
        for row in rows
    }
