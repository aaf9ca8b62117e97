"""Health in Django admin, for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import permissions
from accounts.models import User
from activity import clock
from activity.models import Timer
from activity.services.steadiness import release_clock
from activity.services.timers import try_again
from servicedesk.health_page import figures
from servicedesk.health_page.board import board

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Inside Django admin: others log in first, or are told that it is not theirs."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.is_administrator(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(shown)


@for_administrators
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """What needs somebody first, then every check, then the figures."""
    at = clock.now()
    jump = figures.last_jump()
    context = {
        "title": _("Health"),
        "board": board(at),
        "timers": figures.timer_figures(at),
        "dead": figures.dead_timers(),
        "failed": figures.failed_deliveries(),
        "jump": jump,
        "is_held_up": jump is not None and jump.is_waited_out(at),
    }
    return render(
        request, "admin/health.html", admin.site.each_context(request) | context
    )


@for_administrators
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """The clock is right: go on."""
    if release_clock(by=_person(request)):
        messages.success(request, _("Timers fire again."))
    else:
        messages.info(request, _("Nothing was held up any more."))
    return redirect("health:health")


@for_administrators
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a timer again that was given up."""
    get_object_or_404(Timer, pk=pk)
    try_again(pk, by=_person(request))
    messages.success(
        request, _("The timer is due again; look for it here in a moment.")
    )
    return redirect("health:health")


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]
