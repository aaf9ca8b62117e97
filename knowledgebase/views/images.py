"""Images of articles: added while somebody writes, shown to whoever reads a text with
them."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from activity.private_files import never_run
from knowledgebase import permissions as may
from knowledgebase.forms import ImageForm
from knowledgebase.markdown import reference
from knowledgebase.models import ArticleImage
from knowledgebase.views.asking import viewer


@require_safe
def image(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One image, for those who may read a text that shows it. A browser keeps it and
    asks each time whether it still may show it."""
    found = get_object_or_404(ArticleImage.objects.visible_to(viewer(request)), pk=pk)
    etag = f'"{found.sha256}"'
    response = get_conditional_response(request, etag=etag) or _whole(found)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    never_run(response)
    return response


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Keep an image that was pasted or dropped, and answer with what shows it in a
    text. The editor without a script sends the whole draft instead."""
    by = viewer(request)
    if not may.may_draft(by):
        raise PermissionDenied
    form = ImageForm(request.POST, request.FILES)
    kept = form.keep(by)
    if kept is None:
        return JsonResponse({"errors": form.errors}, status=400)
    return JsonResponse({"markdown": reference(kept.pk, kept.alt)}, status=201)


def _whole(found: ArticleImage) -> HttpResponseBase:
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content, content_type=found.content_type, filename=f"image-{found}"
    )
