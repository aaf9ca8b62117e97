"""Lists of articles: for readers, and for editors."""

from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from knowledgebase import permissions as may
from knowledgebase.filters import ArticleFilter
from knowledgebase.markdown import FOUND_FROM, FOUND_TO
from knowledgebase.models import Article, ArticleVersion, Feedback
from knowledgebase.querysets import asked_for
from knowledgebase.views.asking import viewer

PER_PAGE = 25
MOST_IN_QUEUE = 100


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """What this person may read, narrowed and searched."""
    user, today = viewer(request), timezone.localdate()
    chosen = ArticleFilter(request.GET, user=user, today=today)
    page = Paginator(chosen.found().for_list(), PER_PAGE).get_page(
        request.GET.get("page")
    )
    excerpts = excerpts_of(page.object_list, chosen.words, user)
    rows = [
        {
            "article": article,
            "is_stale": article.is_stale(today),
            "excerpt": excerpts.get(_shown_pk(article), ""),
        }
        for article in page.object_list
    ]
    context = {
        "page_obj": page,
        "rows": rows,
        "filter": chosen,
        "may_see_health": may.may_see_health(user),
        "may_draft": may.may_draft(user),
        "asked_count": Feedback.objects.asked_of(user).count()
        if may.may_draft(user)
        else 0,
        "may_edit_all": may.may_edit_all(user),
        "inside": may.works_on_tickets(user),
    }
    return render(request, "knowledge/articles.html", context)


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


def excerpts_of(rows: Any, words: str, user: Any) -> dict[int, str]:
    """By number of version, where the words stand in what this person may read."""
    if not words:
        return {}
    texts = ["symptom", "workaround_reporters", "body"]
    if may.works_on_tickets(user):
        texts += ["workaround_agents", "cause"]
    together = [part for name in texts for part in (name, Value("\n"))]
    headline = SearchHeadline(
        Concat(*together, output_field=TextField()),
        asked_for(words),
        config="english",
        start_sel=FOUND_FROM,
        stop_sel=FOUND_TO,
        max_words=32,
        min_words=16,
    )
    shown = [_shown_pk(article) for article in rows]
    found = ArticleVersion.objects.filter(pk__in=shown).annotate(excerpt=headline)
    return dict(found.order_by().values_list("pk", "excerpt"))


def _shown_pk(article: Article) -> int:
    """Of the version that its list row is about."""
    return article.current_id or article.open_id or 0
