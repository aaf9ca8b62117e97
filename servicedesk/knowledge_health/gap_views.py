"""What many ask for and nobody has written down, for those who may write it."""

import re
from typing import Final

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from activity import clock
from incidents.models import Incident
from knowledgebase import permissions as may
from knowledgebase import services
from knowledgebase.views.asking import viewer
from servicedesk.knowledge_health.gaps import LOOKED_BACK, MOST_READ, gaps_for

PER_PAGE = 20
MARKS: Final = re.compile(r"[0-9a-f]{12}(?: [0-9a-f]{12}){0,11}")


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Groups of tickets without an article, the largest first."""
    user = _writer(request)
    found = gaps_for(user, clock.now())
    dismissed = request.GET.get("dismissed") == "yes"
    rows = [gap for gap in found.found if gap.is_dismissed == dismissed]
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "gaps": found,
        "dismissed": dismissed,
        "place": "tickets",
        "may_decide": may.may_decide_gap(user),
        "days": LOOKED_BACK.days,
        "most": MOST_READ,
    }
    return render(request, "knowledge_health/gaps.html", context)


@require_safe
def gap(request: HttpRequest, key: str) -> HttpResponse:
    """The tickets of one group."""
    user = _writer(request)
    found = [one for one in gaps_for(user, clock.now()).found if one.key == key]
    if not found:
        messages.info(request, _("This group has changed. These are the groups now."))
        return redirect("knowledge_health:gaps")
    seen = Incident.objects.visible_to(user).filter(pk__in=found[0].cluster.codes)
    page = Paginator(seen.order_by("-resolved_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "gap": found[0],
        "page_obj": page,
        "tickets": page.object_list,
        "may_decide": may.may_decide_gap(user),
    }
    return render(request, "knowledge_health/gap.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Nothing needs to be written, or something does after all."""
    user = _writer(request)
    if not may.may_decide_gap(user):
        raise PermissionDenied
    marks = request.POST.get("marks", "")
    if not MARKS.fullmatch(marks):
        raise BadRequest("A decision names the group that it is about.")
    is_dismissed = request.POST.get("dismiss") == "yes"
    services.decide_gap(marks.split(), by=user, is_dismissed=is_dismissed)
    if is_dismissed:
        messages.success(request, _("Dismissed. You find it under “Dismissed”."))
        return redirect("knowledge_health:gaps")
    messages.success(request, _("It is back in the list."))
    return redirect("knowledge_health:gaps")


def _writer(request: HttpRequest) -> User:
    user = viewer(request)
    if not may.may_see_gaps(user):
        raise PermissionDenied
    return user
