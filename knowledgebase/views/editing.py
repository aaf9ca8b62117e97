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
from knowledgebase.forms import EditForm, ImageForm, KindForm, Typed
from knowledgebase.models import Article, ArticleImage
from knowledgebase.models.life_cycle import has_draft
from knowledgebase.sections import sections
from knowledgebase.views.asking import the_article, viewer

EITHER = ["GET", "HEAD", "POST"]
# Buttons of the editor that save nothing: they show again what was typed.
ASIDES = ("preview", "add_image", "try_signatures")
MOST_IMAGES_SHOWN = 40


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
    form = _form(request, kind)
    if _is_sent(request) and form.is_valid():
        article = services.draft_article(by=by, kind=kind, content=form.content)
        messages.success(request, _("The draft is saved."))
        return redirect(article)
    return _show(request, kind, form)


@require_http_methods(EITHER)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on with a draft."""
    article = the_article(request, slug)
    _require_draft(article, request)
    form = _form(request, article.kind, article)
    if request.method == "POST":
        _refuse_stale(article, form)
    if _is_sent(request) and form.is_valid():
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
    context = _previewed(request, kind, _form(request, kind))
    return render(request, "knowledge/partials/_preview.html", context)


def _form(request: HttpRequest, kind: str, article: Article | None = None) -> EditForm:
    data = request.POST if request.method == "POST" else None
    form = EditForm(data, kind=kind, article=article, by=viewer(request))
    if data is None or _is_sent(request):
        return form
    return EditForm(kind=kind, article=article, initial=form.typed())


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST" and not _asides(request)


def _asides(request: HttpRequest) -> set[str]:
    return {name for name in ASIDES if name in request.POST}


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
    asked = _asides(request)
    context = {"form": form, "kind": kind, "article": article}
    context |= _images(request, article, is_sent="add_image" in asked)
    if asked:
        context |= _previewed(request, kind, EditForm(request.POST, kind=kind))
    if "try_signatures" in asked:
        context |= {"tried": request.POST.get("signatures", "")}
    return render(request, "knowledge/edit.html", context)


def _images(
    request: HttpRequest, article: Article | None, *, is_sent: bool
) -> dict[str, Any]:
    """The form that adds one, the one just added, and those at hand."""
    by = viewer(request)
    asked = ImageForm(request.POST, request.FILES) if is_sent else ImageForm()
    added = asked.keep(by) if is_sent else None
    at_hand = ArticleImage.objects.usable_in(article, by).order_by("-pk")
    return {
        "image_form": ImageForm() if added else asked,
        "added": added,
        "images": at_hand[:MOST_IMAGES_SHOWN],
    }


def _previewed(request: HttpRequest, kind: str, form: Any) -> dict[str, Any]:
    bound = form if form.is_bound else EditForm(request.POST, kind=kind)
    said = Typed(bound)
    return {
        "said": said,
        "sections": sections(said, kind, viewer(request)),
        "is_previewed": True,
    }


def _number(article: Article) -> int:
    return cast(Any, article.open).number
