"""Whether an article helped, what was missing, and what became of that."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from activity.refusals import Conflict, NotAllowed
from knowledgebase import permissions as may
from knowledgebase import services
from knowledgebase.forms import AnswerForm, NumberForm, UnhelpfulForm
from knowledgebase.models import Article, ArticleVersion, Feedback
from knowledgebase.views.asking import the_article, viewer
from knowledgebase.voices import voices

PER_PAGE = 25
MOST_ON_PAGE = 5
EITHER = ["GET", "HEAD", "POST"]
PLACE = "#helped"


@require_POST
def helped(request: HttpRequest, slug: str) -> HttpResponse:
    """One press."""
    article = the_article(request, slug)
    asked = NumberForm(request.POST)
    if not asked.is_valid():
        raise BadRequest("An answer names the version that was read.")
    services.give_feedback(
        article.pk, by=viewer(request), number=asked.cleaned_data["number"], helped=True
    )
    messages.success(request, _("Thank you. That is good to know."))
    return redirect(f"{article.get_absolute_url()}{PLACE}")


@require_http_methods(EITHER)
def not_helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Why not, for the article's owner."""
    article = the_article(request, slug)
    _require_shown(article, viewer(request))
    data = request.POST if request.method == "POST" else None
    by = viewer(request)
    form = UnhelpfulForm(data, by=by, initial={"number": _shown(article)})
    if form.is_bound and "number" in form.errors:
        raise BadRequest("An answer names the version that was read.")
    if form.is_bound and form.is_valid():
        services.give_feedback(article.pk, by=by, helped=False, **form.cleaned_data)
        messages.success(request, _("Thank you. The owner of the article reads it."))
        return redirect(f"{article.get_absolute_url()}{PLACE}")
    context = {"article": article, "form": form}
    return render(request, "knowledge/not_helpful.html", context)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What did not help, for the owners of the articles; editors see all of it."""
    user = viewer(request)
    if not may.may_draft(user):
        raise PermissionDenied
    everything = may.may_edit_all(user) and request.GET.get("whose") == "all"
    waiting = Feedback.objects.visible_to(user).waiting()
    if not everything:
        waiting = waiting.asked_of(user)
    rows = waiting.for_list().order_by("at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "voices": voices(page.object_list),
        "everything": everything,
        "may_edit_all": may.may_edit_all(user),
    }
    return render(request, "knowledge/asked.html", context)


@require_http_methods(EITHER)
def handle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of it."""
    user = viewer(request)
    seen = Feedback.objects.visible_to(user).for_list()
    feedback: Feedback = get_object_or_404(seen, pk=pk)
    article = feedback.about.article
    if not may.may_handle(feedback, user):
        raise NotAllowed(article, move="handle")
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, initial={"version": feedback.version})
    if form.is_bound and form.is_valid():
        services.handle_feedback(
            pk,
            by=user,
            expected_version=form.cleaned_data["version"],
            answer=form.cleaned_data["answer"],
        )
        messages.success(request, _("Done. Who said it is told what became of it."))
        return redirect("knowledge:asked")
    context = {"article": article, "voice": voices([feedback])[0], "form": form}
    return render(request, "knowledge/handle.html", context)


def heard(article: Article, version: ArticleVersion, user: User) -> dict[str, Any]:
    """For the page of an article: what this person said of it, or may say; for who
    keeps it, what waits."""
    if article.current_id != version.pk:
        return {}
    found: dict[str, Any] = {"asks": may.may_say(article, user)}
    if found["asks"]:
        own = Feedback.objects.current().filter(about=version, by=user)
        found["own"] = next(iter(voices(own)), None)
        found["form"] = UnhelpfulForm(by=user, initial={"number": version.number})
    if may.may_hear(article, user):
        waiting = Feedback.objects.waiting().about_article(article)
        found["waiting"] = list(waiting.for_list().order_by("at")[: MOST_ON_PAGE + 1])
        found["has_more"] = len(found["waiting"]) > MOST_ON_PAGE
    return found


def _require_shown(article: Article, user: User) -> None:
    if article.current_id is None:
        why = _("Only what is published is asked about.")
        raise Conflict(article, move="say", why=why)
    if not may.may_say(article, user):
        raise NotAllowed(article, move="say")


def _shown(article: Article) -> int:
    return article.current.number if article.current else 0
