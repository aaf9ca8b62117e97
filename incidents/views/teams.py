"""What a team has before it: in full for who works there, as figures for managers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import Team, User
from activity import clock
from incidents import figures
from incidents import permissions as may
from incidents.codes import OPEN, Status
from incidents.models import Incident, TierStay
from incidents.models.incident import reference_of
from incidents.querysets import IncidentQuerySet
from incidents.shifts.sections import Lens, Section, count_each
from incidents.shifts.team import neighbours, people_in
from incidents.shifts.work import figures_of
from incidents.tiers.faces import AgreedFace
from incidents.tiers.present import agreed_faces, past_own_target
from incidents.views.my_work import HEADS, queue_rows
from sla.services import Agreement, agreements_of
from sla.wording import in_hours

PER_PAGE: Final = 50
# What a manager reads of a ticket: never its words.
FIGURES: Final = (
    "pk",
    "severity",
    "status",
    "attention",
    "reported_at",
    "due_at",
    "hold_reason",
    "hold_until",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One ticket without a word of it; ``entered_at`` is since when the team has it,
    ``is_late``: ``due_at`` is past, ``agreed`` how it stands against the team's own
    target."""

    reference: str
    severity: int
    status: str | Promise
    attention: int
    entered_at: datetime | None
    reported_at: datetime
    due_at: datetime | None
    is_late: bool
    hold_until: datetime | None
    agreed: AgreedFace | None


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
    agreements = agreements_of([pk])
    lens = _lens(user, pk, agreements, clock.now())
    held: IncidentQuerySet = Incident.objects.filter(team=found)
    people = list(people_in(found, lens.at))
    sections = figures_of(agreements.get(pk))
    counts = count_each(sections, held, lens)
    reads_load = may.may_read_load(found, user)
    shown = _shown(request, sections, people if reads_load else [])
    reads = may.may_read_team(found, user)
    higher, lower = neighbours(found)
    context = {
        "team": found,
        "agreed": _agreed(agreements.get(pk)),
        "at": lens.at,
        "reads": reads,
        "reads_load": reads_load,
        "figures": [(each, counts[each.code]) for each in sections],
        "people": people,
        "away_count": sum(bool(cast(Any, each).away_until) for each in people),
        "escalates_to": higher,
        "receives_from": lower,
        "found": {"sections": sections},
        **_rows(request, held, lens, shown, agreements=agreements, reads=reads),
    }
    return render(request, "incidents/shifts/team.html", context)


def _lens(
    user: User, team: int, agreements: Mapping[int, Agreement], at: datetime
) -> Lens:
    return Lens(
        user=user,
        teams=frozenset({team}),
        desks=frozenset(),
        since=at,
        at=at,
        past=past_own_target(agreements, at),
    )


def _agreed(agreement: Agreement | None) -> str:
    """Such as 4 h of “Office hours”; empty where a team agreed to nothing."""
    if agreement is None:
        return ""
    target = agreement.target
    words = _("%(time)s of “%(calendar)s”")
    return words % {"time": in_hours(target.amount), "calendar": target.calendar.name}


def _shown(
    request: HttpRequest, sections: Sequence[Section], people: Sequence[User]
) -> Section:
    """The part that the address asks for: a figure, or what one person has. Whatever
    it does not know is all that the team has."""
    asked = request.GET.get("show", "")
    by_code = {each.code: each for each in sections}
    by_code |= {f"person-{each.pk}": _of_person(each) for each in people}
    return by_code.get(asked, sections[0])


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
    agreements: Mapping[int, Agreement],
    reads: bool,
) -> dict[str, Any]:
    asked = held.filter(shown.ask(lens)).by_rank()
    if not reads:
        stay = TierStay.objects.open().filter(incident=OuterRef("pk"))
        since = Subquery(stay.values("entered_at")[:1])
        page = _page(request, asked.values(*FIGURES, entered_at=since))
        holds = {row["pk"]: row.pop("hold_reason") for row in page}
        faces = agreed_faces(holds, agreements, lens.at)
        told = [_figures(row, faces.get(row["pk"]), lens.at) for row in page]
        return {"shown": shown, "page_obj": page, "rows": told}
    page = _page(request, asked.values_list("pk", flat=True))
    known = queue_rows(list(page), lens, agreements)
    rows = [known[pk] for pk in page if pk in known]
    return {"shown": shown, "page_obj": page, "rows": rows, "columns": HEADS}


def _page(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _figures(row: dict[str, Any], agreed: AgreedFace | None, at: datetime) -> Figures:
    given = {name: row[name] for name in row if name not in {"pk", "status"}}
    return Figures(
        reference=reference_of(row["pk"]),
        status=Status(row["status"]).label,
        is_late=row["due_at"] is not None and row["due_at"] < at,
        agreed=agreed,
        **given,
    )
