"""What a team has before it: in full for who works there, as figures for managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import Team, User
from incidents import figures
from incidents import permissions as may
from incidents.codes import OPEN, Status
from incidents.models import Incident, TierStay
from incidents.models.incident import reference_of
from incidents.querysets import IncidentQuerySet
from incidents.shifts.sections import Lens, Section, count_each
from incidents.shifts.team import neighbours, people_in
from incidents.shifts.work import OF_TEAM
from incidents.views.my_work import HEADS, queue_rows

PER_PAGE: Final = 50
# What a manager reads of a ticket: never its words.
FIGURES: Final = (
    "pk",
    "severity",
    "status",
    "attention",
    "reported_at",
    "due_at",
    "hold_until",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One ticket without a word of it; ``entered_at`` is since when the team has it."""

    reference: str
    severity: int
    status: str | Promise
    attention: int
    entered_at: datetime | None
    reported_at: datetime
    due_at: datetime | None
    hold_until: datetime | None


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """The teams whose figures this person may read."""
    user = cast(AuthenticatedRequest, request).user
    if not may.may_read_teams(user):
        raise PermissionDenied
    open_here = Count("incidents", filter=Q(incidents__status__in=OPEN))
    found = Team.objects.figures_visible_to(user).annotate(open_count=open_here)
    context = {"teams": found.select_related("lead").order_by("tier", "name")}
    return render(request, "incidents/shifts/teams.html", context)


@require_safe
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """How a team stands; every figure opens the tickets behind it."""
    user = cast(AuthenticatedRequest, request).user
    readable = Team.objects.figures_visible_to(user).select_related("lead")
    found = get_object_or_404(readable, pk=pk)
    at = timezone.now()
    lens = Lens(user=user, teams=frozenset({pk}), desks=frozenset(), since=at, at=at)
    held: IncidentQuerySet = Incident.objects.filter(team=found)
    people = list(people_in(found, at))
    counts = count_each(OF_TEAM, held, lens)
    shown = _shown(request, people if may.may_read_load(found, user) else [])
    reads = may.may_read_team(found, user)
    higher, lower = neighbours(found)
    context = {
        "team": found,
        "at": at,
        "reads": reads,
        "reads_load": may.may_read_load(found, user),
        "figures": [(each, counts[each.code]) for each in OF_TEAM],
        "people": people,
        "away_count": sum(bool(cast(Any, each).away_until) for each in people),
        "escalates_to": higher,
        "receives_from": lower,
        "found": {"sections": OF_TEAM},
        **_rows(request, held, lens, shown, reads=reads),
    }
    return render(request, "incidents/shifts/team.html", context)


def _shown(request: HttpRequest, people: Sequence[User]) -> Section:
    """The part that the address asks for: a figure, or what one person has. Whatever
    it does not know is all that the team has."""
    asked = request.GET.get("show", "")
    by_code = {each.code: each for each in OF_TEAM}
    by_code |= {f"person-{each.pk}": _of_person(each) for each in people}
    return by_code.get(asked, OF_TEAM[0])


def _of_person(person: User) -> Section:
    words = _("Open tickets of the team that %(name)s owns.")
    return Section(
        code=f"person-{person.pk}",
        label=person.name,
        about=words % {"name": person.name},
        ask=lambda lens: figures.IS_OPEN & lens.held & Q(owner=person),
    )


def _rows(
    request: HttpRequest,
    held: IncidentQuerySet,
    lens: Lens,
    shown: Section,
    *,
    reads: bool,
) -> dict[str, Any]:
    asked = held.filter(shown.ask(lens)).by_rank()
    if not reads:
        stay = TierStay.objects.open().filter(incident=OuterRef("pk"))
        since = Subquery(stay.values("entered_at")[:1])
        page = _page(request, asked.values(*FIGURES, entered_at=since))
        return {"shown": shown, "page_obj": page, "rows": list(map(_figures, page))}
    page = _page(request, asked.values_list("pk", flat=True))
    rows = queue_rows(list(page), lens)
    found = [rows[pk] for pk in page if pk in rows]
    return {"shown": shown, "page_obj": page, "rows": found, "columns": HEADS}


def _page(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _figures(row: dict[str, Any]) -> Figures:
    pk, status = row.pop("pk"), row.pop("status")
    return Figures(reference=reference_of(pk), status=Status(status).label, **row)
