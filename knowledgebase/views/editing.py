"""Writing an article, with a preview."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activity.lifecycle import check_version
from activity.refusals import Conflict, NotAllowed
from knowledgebase import permissions as may
from knowledgebase import services
from knowledgebase.codes import Kind
from knowledgebase.forms import EditForm, KindForm
from knowledgebase.models import Article
from knowledgebase.models.life_cycle import has_draft
from knowledgebase.views.asking import the_article, viewer
from knowledgebase.views.editor import form_of, is_sent, previewed, shown

EITHER = ["GET", "HEAD", "POST"]


@require_http_methods(EITHER)
def draft(request: HttpRequest) -> HttpResponse:
    """A new article: first what it is, then what it says."""
    by = viewer(request)
    if not may.may_draft(by):
        raise PermissionDenied
    kind = request.POST.get("kind") or request.GET.get("kind")
    if kind not in Kind.values:
        asked = KindForm(request.GET if kind is not None else None)
        return render(request, "knowledge/kind.html", {"form": asked})
    form = form_of(request, kind)
    if is_sent(request) and form.is_valid():
        article = services.draft_article(by=by, kind=kind, content=form.content)
        messages.success(request, _("The draft is saved."))
        return redirect(article)
    return _show(request, kind, form)


@require_http_methods(EITHER)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a draft."""
    article = the_article(request, slug)
    _require_draft(article, request)
    form = form_of(request, article.kind, article)
    if request.method == "POST":
        _refuse_stale(article, form)
    if is_sent(request) and form.is_valid():
        services.save_draft(
            article.pk,
            by=viewer(request),
            expected_version=form.expected_version,
            content=form.content,
        )
        messages.success(request, _("The draft is saved."))
        return redirect("knowledge:version", article.slug, _number(article))
    return _show(request, article.kind, form, article)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What is being typed, as it will be read; nothing is saved."""
    kind = request.POST.get("kind", "")
    if not may.may_draft(viewer(request)):
        raise PermissionDenied
    if kind not in Kind.values:
        raise BadRequest("A preview is of some kind.")
    context = previewed(request, kind, form_of(request, kind))
    return render(request, "knowledge/partials/_preview.html", context)


def _require_draft(article: Article, request: HttpRequest) -> None:
    """State first, then the right, as the service does."""
    if request.method == "POST":
        return
    if not has_draft(article):
        raise Conflict(article, move="save", why=_("Nobody is writing it just now."))
    if not may.may_write(article, viewer(request)):
        raise NotAllowed(article, move="save")


def _refuse_stale(article: Article, form: EditForm) -> None:
    """Who looked at an older version hears it first, whatever else is wrong."""
    posted = form.data.get("version", "") if form.is_bound else ""
    if posted.isdecimal():
        check_version(article, int(posted))


def _show(
    request: HttpRequest, kind: str, form: EditForm, article: Article | None = None
) -> HttpResponse:
    return render(request, "knowledge/edit.html", shown(request, kind, form, article))


def _number(article: Article) -> int:
    return cast(Any, article.open).number
