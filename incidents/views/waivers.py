"""Solutions that nobody answers, with what a lead has to know before a waiver."""

from datetime import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from accounts.models import User
from incidents import figures
from incidents import permissions as may
from incidents.evidence import Evidence, evidence_of
from incidents.models import Incident
from incidents.moves import BY_NAME
from incidents.querysets import IncidentQuerySet
from incidents.silence import BETWEEN_REMINDERS, REMINDERS_BEFORE_WAIVER
from incidents.timers.reminders import coming_reminders

PER_PAGE = 25


@require_safe
def waivers(request: HttpRequest) -> HttpResponse:
    """What can be waived now, the longest silence first, then what comes next."""
    user = cast(AuthenticatedRequest, request).user
    if not may.may_lead(user):
        raise PermissionDenied
    at = timezone.now()
    asked = _asked(user, at)
    page = Paginator(asked.filter(is_waivable=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    coming = list(asked.filter(is_waivable=False)[: PER_PAGE + 1])
    known = evidence_of([*page, *coming])
    again = coming_reminders(coming)
    context = {
        "page_obj": page,
        "rows": [_row(each, user, at, known[each.pk]) for each in page],
        "total": page.paginator.count,
        "coming": [
            _row(each, user, at, known[each.pk]) | {"again_at": again.get(each.pk)}
            for each in coming[:PER_PAGE]
        ],
        "is_fuller": len(coming) > PER_PAGE,
    }
    return render(request, "incidents/desk/waivers.html", context)


def _asked(user: User, at: datetime) -> IncidentQuerySet:
    """Without an answer, though the confirmer was asked again; the oldest first."""
    waivable = ExpressionWrapper(figures.waivable(at), output_field=BooleanField())
    visible: IncidentQuerySet = Incident.objects.visible_to(user).for_chase()
    silent = visible.filter(figures.UNANSWERED, reminder_count__gt=0)
    return silent.annotate(is_waivable=waivable).order_by("resolved_at", "pk")


def _row(
    incident: Incident, user: User, at: datetime, evidence: Evidence
) -> dict[str, Any]:
    facts = cast(Any, incident)
    may_waive = may.may_waive(incident, user)
    is_time = facts.asked_at + BETWEEN_REMINDERS <= at
    return {
        "incident": incident,
        "evidence": evidence,
        "can_waive": facts.is_waivable and may_waive,
        "is_own": not may_waive,
        "call": BY_NAME["record_call"].offer(incident, user, at),
        "can_remind": is_time and incident.confirmer.is_active,
        "missing": "" if facts.is_waivable else _missing(facts.reminder_count),
    }


def _missing(reminders: int) -> str:
    """What has to come before a waiver."""
    more = REMINDERS_BEFORE_WAIVER - reminders
    if more > 0:
        words = ngettext(
            "%(count)d more reminder before a waiver",
            "%(count)d more reminders before a waiver",
            more,
        )
        return words % {"count": more}
    return _("Asked often enough; five working days without an answer are not over")
