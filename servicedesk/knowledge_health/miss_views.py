"""Searches that found nothing, for those who may write what was looked for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from knowledgebase import permissions as may
from knowledgebase import services
from knowledgebase.codes import MISSES_KEPT_DAYS, Mark
from knowledgebase.models import SearchMiss
from knowledgebase.views.asking import viewer

PER_PAGE = 25


@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """The most frequent first; those that were dismissed on their own."""
    user = _writer(request)
    dismissed = request.GET.get("dismissed") == "yes"
    seen = SearchMiss.objects.visible_to(user)
    rows = seen.open()
    if dismissed:
        rows = seen.filter(mark=Mark.DISMISSED).order_by("-marked_at", "-pk")
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "dismissed": dismissed,
        "days": MISSES_KEPT_DAYS,
        "place": "searches",
    }
    return render(request, "knowledge_health/searches.html", context)


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing needs to be written about it, or something does after all."""
    user = _writer(request)
    get_object_or_404(SearchMiss.objects.visible_to(user), pk=pk)
    if request.POST.get("dismiss") == "yes":
        services.dismiss_miss(pk, by=user)
        messages.success(request, _("Dismissed. You find it under “Dismissed”."))
        return redirect("knowledge_health:searches")
    services.reopen_miss(pk, by=user)
    messages.success(request, _("It is back in the list."))
    return redirect("knowledge_health:searches")


def _writer(request: HttpRequest) -> User:
    user = viewer(request)
    if not may.may_see_gaps(user):
        raise PermissionDenied
    return user
