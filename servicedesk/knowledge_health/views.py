"""The pages about how articles do."""

import csv
from dataclasses import dataclass
from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import User
from activity import clock
from incidents.codes import Outcome
from incidents.models import Incident
from knowledgebase import permissions as may
from knowledgebase.codes import Unhelpful
from knowledgebase.models import Article
from knowledgebase.voices import voices
from servicedesk.knowledge_health import figures, sheets
from servicedesk.knowledge_health.asking import articles_for, ask

PER_PAGE = 25
COLUMNS: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("title", _("Article")),
    ("uses", _("Used")),
    ("success", _("Worked")),
    ("back", _("Came back")),
    ("solved", _("No ticket needed")),
    ("votes", _("It helped")),
    ("waiting", _("Waiting")),
    ("review", _("Look at it")),
)
# What the rows of one article can be narrowed to.
USES: Final[dict[str, dict[str, Any]]] = {
    **{outcome.value: {"outcome": outcome.value} for outcome in Outcome},
    "unknown": {"outcome": None},
    "back": {"came_back": True},
}


@dataclass(frozen=True, slots=True)
class Column:
    """``query`` is the address that sorts by it, ``sorted`` how it is sorted now."""

    label: str | Promise
    query: str
    sorted: str


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Every article that is this person's to look after, the worst first."""
    user = _viewer(request)
    asked = ask(request.GET, user)
    page = Paginator(asked.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page_obj": page,
        "rows": page.object_list,
        "columns": _columns(request.GET, asked.sort),
        "today": timezone.localdate(),
        "of": asked.form.cleaned_data.get("of", ""),
        "sees_all": may.sees_all_health(user),
        "may_see_gaps": may.may_see_gaps(user),
    }
    return render(request, "knowledge_health/articles.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same rows in the same order, all of them, for a spreadsheet."""
    asked = ask(request.GET, _viewer(request))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"articles-{timezone.localdate(clock.now()).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerows(sheets.lines(asked.rows, timezone.localdate()))
    return response


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows behind the figures of one article."""
    user = _viewer(request)
    found: Article = get_object_or_404(articles_for(user), addresses__slug=slug)
    only_current = request.GET.get("of") == "current"
    (health,) = figures.healths(
        Article.objects.filter(pk=found.pk), only_current=only_current
    )
    context = {
        "article": found,
        "health": health,
        "today": timezone.localdate(),
        "of": "current" if only_current else "",
        "reasons": _reasons(health),
        **_uses(request, found, user, only_current=only_current),
        "solved": _solved(found, only_current=only_current),
        "most_solved": PER_PAGE,
        **_votes(request, found, user, only_current=only_current),
    }
    return render(request, "knowledge_health/article.html", context)


def _viewer(request: HttpRequest) -> User:
    user = cast(AuthenticatedRequest, request).user
    if not may.may_see_health(user):
        raise PermissionDenied
    return user


def _columns(asked: QueryDict, sort: str) -> list[Column]:
    rest = asked.copy()
    for name in ("sort", "page"):
        rest.pop(name, None)
    columns = []
    for by, label in COLUMNS:
        rest["sort"] = f"-{by}" if sort == by else by
        how = {by: "ascending", f"-{by}": "descending"}.get(sort, "")
        columns.append(Column(label, rest.urlencode(), how))
    return columns


def _reasons(health: figures.Health) -> list[tuple[str | Promise, int]]:
    """Why it did not help, the commonest first."""
    return [(Unhelpful(code).label, n) for code, n in health.reasons.most_common()]


def _uses(
    request: HttpRequest, found: Article, user: User, *, only_current: bool
) -> dict[str, Any]:
    """In the tickets that this person may see; how many there are beside."""
    rows = figures.uses_of([found.pk], only_current=only_current)
    which = request.GET.get("uses", "")
    rows = rows.filter(**USES.get(which, {}))
    seen = rows.filter(incident__in=Incident.objects.visible_to(user))
    shown = seen.select_related("incident", "version", "by").order_by("-at", "-pk")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page_obj": page,
        "uses": page.object_list,
        "which": which if which in USES else "",
        "choices": _choices(),
        "unseen": rows.count() - page.paginator.count,
    }


def _choices() -> list[tuple[str, str | Promise]]:
    return [
        ("", _("All")),
        *((outcome.value, outcome.label) for outcome in Outcome),
        ("unknown", _("Outcome not known")),
        ("back", _("Came back")),
    ]


def _solved(found: Article, *, only_current: bool) -> Any:
    """When, and with which version; whom it helped is theirs to know."""
    rows = figures.solved_by([found.pk], only_current=only_current)
    return rows.select_related("version").order_by("-at", "-pk")[:PER_PAGE]


def _votes(
    request: HttpRequest, found: Article, user: User, *, only_current: bool
) -> dict[str, Any]:
    """Who said what, for who keeps the article; others get the counts."""
    if not may.may_hear(found, user):
        return {"may_hear": False}
    rows = figures.votes_of([found.pk], only_current=only_current)
    shown = rows.select_related("by", "about").order_by("-at", "-pk")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("votes"))
    return {
        "may_hear": True,
        "votes_page": page,
        "voices": voices(page.object_list),
    }
