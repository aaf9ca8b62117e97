"""Articles as they are read, and what they said before."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activity.models import Event
from knowledgebase import permissions as may
from knowledgebase.differences import differences
from knowledgebase.events import Kind
from knowledgebase.models import Article, ArticleVersion
from knowledgebase.sections import sections
from knowledgebase.views.asking import the_article, the_version, viewer
from knowledgebase.views.hearing import heard
from knowledgebase.views.offers import offers

LARGEST_NUMBER = 9


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """What readers are shown; what is being written where nothing is published."""
    found = the_article(request, slug)
    if found.slug != slug:
        return redirect(found)
    latest = found.versions.order_by("-number").values_list("number", flat=True)[:1]
    shown = found.shown.number if found.shown else latest[0]
    return render(request, "knowledge/article.html", _page(request, found, shown))


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version as it was or will be read."""
    found = the_article(request, slug)
    return render(request, "knowledge/article.html", _page(request, found, number))


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions, and what changed between two of them."""
    found = the_article(request, slug)
    user = viewer(request)
    if not may.may_see_history(user):
        raise Http404
    seen = ArticleVersion.objects.filter(article=found).visible_to(user)
    rows = list(seen.with_parts().prefetch_related("reviews__by").order_by("-number"))
    for row in rows:
        row.article = found
    context = {
        "article": found,
        "rows": rows,
        "offers": offers(found, user, timezone.localdate()),
        **_compared(request, rows),
    }
    return render(request, "knowledge/versions.html", context)


def _compared(request: HttpRequest, rows: list[ArticleVersion]) -> dict[str, Any]:
    """The two that the address names, or the last two."""
    if len(rows) < 2:
        return {}
    by_number = {row.number: row for row in rows}
    new = by_number.get(_number(request.GET.get("new")), rows[0])
    older = [row for row in rows if row.number < new.number] or rows[1:]
    old = by_number.get(_number(request.GET.get("old")), older[0])
    return {"old": old, "new": new, "differences": differences(old, new)}


def _number(text: str | None) -> int:
    if text and text.isdecimal() and len(text) <= LARGEST_NUMBER:
        return int(text)
    return 0


def _page(request: HttpRequest, found: Article, number: int) -> dict[str, Any]:
    user = viewer(request)
    shown = the_version(request, found, number)
    offered = offers(found, user, timezone.localdate())
    return {
        "article": found,
        "version": shown,
        "is_current": found.current_id == shown.pk,
        "is_open": found.open_id == shown.pk,
        "sections": sections(shown, found.kind, user),
        "offers": offered,
        "heard": heard(found, shown, user),
        "missing": shown.missing() if offered["submit"] else [],
        "said": _last_words(found) if offered["see_open"] or not found.shown else None,
    }


def _last_words(found: Article) -> Event | None:
    """Why it was sent back or retired, if that was the last thing decided."""
    decided = Q(kind__in=[Kind.SEND_BACK, Kind.RETIRE, Kind.SUBMIT, Kind.PUBLISH])
    decided |= Q(kind__in=[Kind.RESTORE, Kind.NEW_VERSION])
    last: Event | None = (
        Event.objects.about(found)
        .filter(decided)
        .select_related("actor")
        .prefetch_related("notes")
        .last()
    )
    told = last is not None and last.kind in {Kind.SEND_BACK, Kind.RETIRE}
    return last if told else None
