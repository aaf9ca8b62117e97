"""The editor of an article: what was typed, its preview, images, and signatures tried.

Also for pages of other apps that begin an article from what they know.
"""

from typing import Any

from django.http import HttpRequest

from knowledgebase.codes import LONGEST_TITLE
from knowledgebase.forms import EditForm, ImageForm, Typed
from knowledgebase.models import Article, ArticleImage
from knowledgebase.sections import sections
from knowledgebase.views.asking import viewer

# Buttons that save nothing: they show again what was typed.
ASIDES = ("preview", "add_image", "try_signatures")
MOST_IMAGES_SHOWN = 40


def form_of(
    request: HttpRequest, kind: str, article: Article | None = None
) -> EditForm:
    """Bound where it is to be saved; else with what was typed, unchecked."""
    data = request.POST if request.method == "POST" else None
    if data is not None and "begin" in data and article is None:
        title = data.get("title", "")[:LONGEST_TITLE]
        return EditForm(kind=kind, initial={"title": title}, by=viewer(request))
    form = EditForm(data, kind=kind, article=article, by=viewer(request))
    if data is None or is_sent(request):
        return form
    return EditForm(kind=kind, article=article, initial=form.typed())


def is_sent(request: HttpRequest) -> bool:
    """To be saved; an aside is not, nor what another page begins an article with."""
    is_begun = "begin" in request.POST
    return request.method == "POST" and not is_begun and not _asides(request)


def shown(
    request: HttpRequest, kind: str, form: EditForm, article: Article | None = None
) -> dict[str, Any]:
    """What ``knowledge/edit.html`` needs; an image that was sent is kept."""
    asked = _asides(request)
    context = {"form": form, "kind": kind, "article": article}
    context |= _images(request, article, is_sent="add_image" in asked)
    if asked:
        context |= previewed(request, kind, EditForm(request.POST, kind=kind))
    if "try_signatures" in asked:
        context |= {"tried": request.POST.get("signatures", "")}
    return context


def previewed(request: HttpRequest, kind: str, form: Any) -> dict[str, Any]:
    """What is typed, as it will be read."""
    bound = form if form.is_bound else EditForm(request.POST, kind=kind)
    said = Typed(bound)
    return {
        "said": said,
        "sections": sections(said, kind, viewer(request)),
        "is_previewed": True,
    }


def _asides(request: HttpRequest) -> set[str]:
    return {name for name in ASIDES if name in request.POST}


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
