"""Files: kept while a form is filled in, served only as a download."""

from typing import cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from incidents.files.download import as_download
from incidents.models import Attachment


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file, as a download, for those who may see it."""
    user = cast(AuthenticatedRequest, request).user
    file = get_object_or_404(Attachment.objects.visible_to(user), pk=pk)
    try:
        return as_download(file.file, name=file.name, content_type=file.content_type)
    except FileNotFoundError as error:
        raise Http404 from error
