"""Lists of articles: for readers, and for editors."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from knowledgebase import permissions as may
from knowledgebase import services
from knowledgebase.filters import ArticleFilter
from knowledgebase.models import Article, Feedback
from knowledgebase.querysets import MOST_RANKED
from knowledgebase.searching import excerpts_of, shown_pk
from knowledgebase.views.asking import viewer

PER_PAGE = 25
MOST_IN_QUEUE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def articles(request: HttpRequest) -> HttpResponse:
    """What this person may read, narrowed and searched. Searching is a POST: what finds
    nothing is counted. It leads to an address that changes nothing."""
    user, today = viewer(request), timezone.localdate()
    if request.method == "POST":
        return _asked(request, user, today)
    chosen = ArticleFilter(request.GET, user=user, today=today)
    articles = chosen.chosen().for_list()
    found = chosen.found() if chosen.words else None
    page = Paginator(found.numbers if found else articles, PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = articles.in_order(page.object_list) if found else page.object_list
    excerpts = excerpts_of(shown, found.words, user) if found else {}
    rows = [
        {
            "article": article,
            "is_stale": article.is_stale(today),
            "excerpt": excerpts.get(shown_pk(article), ""),
        }
        for article in shown
    ]
    context = {
        "page_obj": page,
        "rows": rows,
        "filter": chosen,
        "may_see_health": may.may_see_health(user),
        "instead": found.instead if found else "",
        "is_capped": found is not None and len(found.numbers) >= MOST_RANKED,
        "may_draft": may.may_draft(user),
        "asked_count": Feedback.objects.asked_of(user).count()
        if may.may_draft(user)
        else 0,
        "may_edit_all": may.may_edit_all(user),
        "inside": may.works_on_tickets(user),
    }
    return render(request, "knowledge/articles.html", context)


def _asked(request: HttpRequest, user: User, today: date) -> HttpResponse:
    chosen = ArticleFilter(request.POST, user=user, today=today)
    if chosen.words and not chosen.is_narrowed and not chosen.found().numbers:
        services.record_miss(chosen.words, by=user)
    asked = {
        name: request.POST[name] for name in chosen.filters if request.POST.get(name)
    }
    return redirect(f"{request.path}?{urlencode(asked)}" if asked else request.path)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for an editor, and what nobody has looked at for long."""
    user, today = viewer(request), timezone.localdate()
    if not may.may_edit_all(user):
        raise PermissionDenied
    seen = Article.objects.visible_to(user).for_list()
    waiting = list(seen.in_review()[:MOST_IN_QUEUE])
    context = {
        "waiting": waiting,
        "stale": seen.stale(today).order_by("review_by", "pk")[:MOST_IN_QUEUE],
        "drafts": seen.filter(open__state="draft").order_by("-pk")[:MOST_IN_QUEUE],
    }
    return render(request, "knowledge/reviews.html", context)
