"""Signatures of a known error, tried while they are typed."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedRequest
from incidents.signatures import tried
from knowledgebase.permissions import may_draft


@require_POST
def try_signatures(request: HttpRequest) -> HttpResponse:
    """A fragment: what each line would hit among recent tickets this person may see."""
    by = cast(AuthenticatedRequest, request).user
    if not may_draft(by):
        raise PermissionDenied
    trial = tried(request.POST.get("signatures", ""), by=by)
    context = {"trial": trial}
    return render(request, "incidents/partials/_signatures_tried.html", context)
