"""Pages that belong to no app: the start page and the way to a person."""

from email.utils import parseaddr
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import User
from accounts.permissions import is_agent
from activity.request_ids import current_request_id
from incidents.models import Announcement, Incident
from incidents.permissions import may_use_desk
from incidents.views import portal_list

OPEN_SHOWN = 5
WAITING_SHOWN = 10
ANNOUNCED_SHOWN = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person; the queue for the desk, their work for resolvers."""
    user = cast(AuthenticatedRequest, request).user
    if may_use_desk(user):
        return redirect("incidents:queue" if is_agent(user) else "incidents:my_work")
    waiting = _rows(Incident.objects.waiting_for(user), user, WAITING_SHOWN)
    announced = Announcement.objects.visible_to(user).active().for_portal(user)
    context = {
        "announced": announced[:ANNOUNCED_SHOWN],
        "waiting": waiting,
        "open": _rows(_open(user, waiting), user, OPEN_SHOWN),
        "counts": portal_list.counts(user),
    }
    return render(request, "home.html", context)


def _open(user: User, waiting: list[dict[str, Any]]) -> Any:
    """What is open and does not wait for this person."""
    shown = [row["incident"].pk for row in waiting]
    return portal_list.of_tab(user, "open").exclude(pk__in=shown)


def _rows(incidents: Any, user: User, count: int) -> list[dict[str, Any]]:
    return portal_list.with_states(incidents.for_reporter_list()[:count], user)


@require_safe
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """How to reach a person: linked in the same place on every page."""
    phone = settings.HELP_PHONE
    context = {
        "layout": (
            "base.html"
            if request.user.is_authenticated
            else "account/base_entrance.html"
        ),
        "email": settings.HELP_EMAIL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "phone": phone,
        "phone_number": "".join(sign for sign in phone if sign in "+0123456789"),
    }
    return render(request, "help.html", context)


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """The page of last resort; asks nothing of the request but its name."""
    page = render_to_string("500.html", {"reference": current_request_id()})
    return HttpResponseServerError(page)
