"""Lists for those who work on incidents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import User
from incidents import figures, services
from incidents import permissions as may
from incidents.clocks.faces import Face
from incidents.clocks.upcoming import next_faces
from incidents.codes import Risk, Status
from incidents.filters import SORTS, Chip, QueueFilter, number_in, spellings, without
from incidents.ladders.lines import Ladder, ladders_of
from incidents.models import Incident
from incidents.models.incident import reference_of
from incidents.moves import BY_NAME
from incidents.querysets import IncidentQuerySet
from incidents.services.ending import closure_basis
from incidents.shifts.conditions import AT_RISK
from incidents.silence import BETWEEN_REMINDERS
from incidents.tiers.faces import AgreedFace
from incidents.views.lead import lead
from incidents.views.saved import SavedView, counts_of, views_for
from incidents.views.status import look_of, waits_for_reporter
from incidents.views.waivers import waivers

__all__ = ["chase", "lead", "queue", "row_of", "take_next", "waivers"]

PER_PAGE = 50
HIGHEST_COUNT = 999
COLUMNS = (
    ("severity", gettext_lazy("Severity"), "severity"),
    ("time", gettext_lazy("Time left"), "due"),
    ("subject", gettext_lazy("Subject"), ""),
    ("status", gettext_lazy("Status"), ""),
    ("owner", gettext_lazy("Owner"), ""),
    ("marks", gettext_lazy("Marks"), ""),
    ("updated", gettext_lazy("Updated"), "updated"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the queue, in words; ``face`` is the clock that is due next,
    ``whole`` what it is part of. ``agreed`` is how the team stands against its own
    target, ``ladder`` whom its ladder called, where a page says so."""

    incident: Incident
    face: Face | None
    look: str
    status: str | Promise
    risks: list[str | Promise]
    whole: str
    agreed: AgreedFace | None
    ladder: Ladder | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``query`` is the address that sorts by it, ``sorted`` how it is sorted now."""

    name: str
    label: str | Promise
    query: str
    sorted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    label: str | Promise
    url: str
    count: str
    is_current: bool


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What to do next, most urgent first; what is shown is all in the address."""
    user = _worker(request)
    htmx = cast(Any, request).htmx
    is_fragment = bool(htmx) and not htmx.history_restore_request
    asked = QueryDict(without(request.GET))
    if not is_fragment:
        elsewhere = _elsewhere(request, asked, user)
        if elsewhere is not None:
            return redirect(elsewhere)
    page = "_queue_results" if is_fragment else ""
    template = (
        f"incidents/partials/{page}.html" if page else "incidents/desk/queue.html"
    )
    context = _queue(asked, user) | {"is_fragment": is_fragment}
    response = render(request, template, context)
    # The same address answers with a page or with its middle.
    patch_vary_headers(response, ["HX-Request"])
    if is_fragment:
        response["HX-Push-Url"] = f"{reverse('incidents:queue')}?{asked.urlencode()}"
    return response


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Claim and open the most urgent incident."""
    user = _worker(request)
    incident = services.take_next(by=user)
    if incident is None:
        words = _("Nothing waits: all that is open in your teams has an owner.")
        messages.info(request, words)
        return redirect(f"{reverse('incidents:queue')}?v=teams")
    words = _("%(reference)s is yours: %(title)s")
    given = {"reference": incident.reference, "title": incident.title}
    messages.success(request, words % given)
    is_new = incident.status == Status.NEW
    return redirect("incidents:triage" if is_new else "incidents:ticket", incident.pk)


def _worker(request: HttpRequest) -> User:
    """The one who asks, if they work on incidents."""
    user = cast(AuthenticatedRequest, request).user
    if not may.may_use_desk(user):
        raise PermissionDenied
    return user


def _elsewhere(request: HttpRequest, asked: QueryDict, user: User) -> str | None:
    """Where to go instead: to the incident whose number was typed, or to the same
    address without its empty parts."""
    found = _named(asked.get("q", ""), user)
    if found is not None:
        return found.get_absolute_url()
    if asked == request.GET:
        return None
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _named(text: str, user: User) -> Incident | None:
    """The only one of this number: in the system that it came from, or else here."""
    if not text:
        return None
    visible: IncidentQuerySet = Incident.objects.visible_to(user)
    there = list(visible.filter(imported__number__in=spellings(text))[:2])
    if len(there) == 1:
        found: Incident = there[0]
        return found
    number = number_in(text)
    return visible.filter(pk=number).first() if number is not None else None


def _queue(asked: QueryDict, user: User) -> dict[str, Any]:
    at = timezone.now()
    visible: IncidentQuerySet = Incident.objects.visible_to(user)
    views = views_for(user)
    view, problems = _chosen(asked, "v", {view.code: view for view in views}, views[0])
    within = visible.filter(view.ask(user, at))
    filters = QueueFilter(asked, visible=visible, within=within, user=user, at=at)
    sort, wrong_sort = _chosen(asked, "sort", {code: code for code in SORTS}, view.sort)
    problems += [*wrong_sort, *filters.problems, *_unknown(asked, filters)]
    page = _page(
        filters.qs.for_list().with_whole(user).order_by(*SORTS[sort][1]), asked
    )
    counts = counts_of(views, user, visible, at)
    return {
        "at": at,
        "view": view,
        "tabs": _tabs(views, view, counts),
        "filter": filters,
        "chips": filters.chips,
        "problems": problems,
        "clear_query": _only(asked, "v"),
        "in_all_url": f"?v=all&{without(asked, 'v', 'page')}",
        "sort": sort,
        "sorts": [(code, words) for code, (words, _order) in SORTS.items()],
        "view_sort": view.sort,
        "columns": _columns(asked, sort),
        "page_obj": page,
        "total": page.paginator.count,
        "rows": _rows(list(page), view, user, at),
        "empty": None if page.paginator.count else _empty(filters, visible, counts),
    }


def _chosen(
    asked: QueryDict, name: str, known: dict[str, Any], default: Any
) -> tuple[Any, list[str]]:
    value = asked.get(name)
    if value is None or value in known:
        return known.get(value or "", default), []
    words = {"v": _("view of the queue"), "sort": _("order")}[name]
    sentence = _("“%(value)s” is no %(what)s, so it is left out.")
    return default, [sentence % {"value": value[:50], "what": words}]


def _unknown(asked: QueryDict, filters: QueueFilter) -> list[str]:
    """Parts of the address that nobody here understands."""
    known = {*filters.filters, "v", "sort", "page"}
    sentence = _("There is no filter “%(name)s”, so it is left out.")
    return [sentence % {"name": name[:50]} for name in asked if name not in known]


def _only(asked: QueryDict, *names: str) -> str:
    return without(asked, *(name for name in asked if name not in names))


def _page(rows: Any, asked: QueryDict) -> Page[Incident]:
    page: Page[Incident] = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    return page


def _tabs(
    views: Iterable[SavedView], current: SavedView, counts: dict[str, int]
) -> list[Tab]:
    return [
        Tab(
            label=view.label,
            url=f"{reverse('incidents:queue')}?v={view.code}",
            count=_capped(counts[view.code]) if view.is_counted else "",
            is_current=view is current,
        )
        for view in views
    ]


def _capped(count: int) -> str:
    return f"{HIGHEST_COUNT}+" if count > HIGHEST_COUNT else str(count)


def _columns(asked: QueryDict, sort: str) -> list[Column]:
    columns = []
    for name, label, by in COLUMNS:
        up = sort == by
        is_sorted = by and sort.lstrip("-") == by
        rest = without(asked, "sort", "page")
        turned = f"-{by}" if up else by
        columns.append(
            Column(
                name=name,
                label=label,
                query=f"{rest}&sort={turned}".lstrip("&") if by else "",
                sorted=("ascending" if up else "descending") if is_sorted else "",
            )
        )
    return columns


def _rows(
    incidents: list[Incident], view: SavedView, user: User, at: datetime
) -> list[Row]:
    shown = next_faces(incidents, at)
    climbed = {}
    if view.shows_calls:
        climbed = ladders_of(incidents, user, until=at + AT_RISK)
    return [
        row_of(one, shown.get(one.pk), ladder=climbed.get(one.pk)) for one in incidents
    ]


def row_of(
    incident: Incident,
    face: Face | None,
    *,
    agreed: AgreedFace | None = None,
    ladder: Ladder | None = None,
) -> Row:
    """How a list of the desk shows it."""
    waits = waits_for_reporter(incident)
    return Row(
        incident=incident,
        face=face,
        look=look_of(incident),
        status=(_("Waiting for reporter") if waits else Status(incident.status).label),
        risks=[Risk(code).label for code in incident.risks],
        whole=reference_of(incident.whole_pk) if incident.whole_pk else "",
        agreed=agreed,
        ladder=ladder,
    )


def _empty(
    filters: QueueFilter, visible: IncidentQuerySet, counts: dict[str, int]
) -> dict[str, Any]:
    """Which of three: nothing found, all done, or nothing at all yet."""
    if filters.chips:
        return {"kind": "nothing_found", "drop": _worth_dropping(filters)}
    if not visible.exists():
        can_log = may.may_report_for_others(filters.user)
        return {"kind": "nothing_yet", "can_log": can_log}
    waiting = counts["unassigned"]
    return {
        "kind": "all_done",
        "unassigned": waiting,
        "unassigned_shown": _capped(waiting),
    }


def _worth_dropping(filters: QueueFilter) -> list[Chip]:
    """The filters each of which alone hides something. One query."""
    chips = filters.chips
    found = {
        f"without_{chip.name}": Exists(filters.queryset_without(chip.name))
        for chip in chips
    }
    me = User.objects.filter(pk=filters.user.pk).values(**found).get()
    return [chip for chip in chips if me[f"without_{chip.name}"]]


@require_safe
def chase(request: HttpRequest) -> HttpResponse:
    """Confirmations that are still missing, and what waits for the second key."""
    user = _worker(request)
    if not may.may_report_for_others(user):
        raise PermissionDenied
    at = timezone.now()
    everybody = request.GET.get("who") == "all"
    resolved = Incident.objects.visible_to(user).for_chase()
    if not everybody:
        resolved = resolved.filter(desk_owner=user)
    waivable = ExpressionWrapper(figures.waivable(at), output_field=BooleanField())
    asked = resolved.filter(figures.UNANSWERED).annotate(is_waivable=waivable)
    asked = asked.order_by("resolved_at", "pk")
    ready = resolved.filter(figures.READY_TO_CLOSE).order_by("resolved_at", "pk")
    page = _page(asked, request.GET)
    first = list(ready[: PER_PAGE + 1])
    return render(
        request,
        "incidents/desk/confirmations.html",
        {
            "everybody": everybody,
            "leads": may.may_lead(user),
            "page_obj": page,
            "asked": [_asked(incident, user, at) for incident in page],
            "asked_total": page.paginator.count,
            "ready": [_closing(each, user, at) for each in first[:PER_PAGE]],
            "is_fuller": len(first) > PER_PAGE,
        },
    )


def _asked(incident: Incident, user: User, at: datetime) -> dict[str, Any]:
    """One confirmation that is missing, and what may be done about it."""
    facts = cast(Any, incident)
    too_soon = at - facts.asked_at < BETWEEN_REMINDERS
    return {
        "incident": incident,
        "can_remind": not too_soon and incident.confirmer.is_active,
        "too_soon": too_soon,
        "call": BY_NAME["record_call"].offer(incident, user, at),
        "can_waive": facts.is_waivable and may.may_waive(incident, user),
    }


def _closing(incident: Incident, user: User, at: datetime) -> dict[str, Any]:
    return {
        "incident": incident,
        "close": BY_NAME["close"].offer(incident, user, at),
        "basis": closure_basis(incident),
    }
