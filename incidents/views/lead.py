"""How the desk is doing, for those who lead it."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedRequest
from incidents import figures
from incidents import permissions as may
from incidents.codes import CancelReason, Severity, Status
from incidents.filters import AGE_WORDS, age_code
from incidents.models import Incident
from incidents.querysets import IncidentQuerySet


@require_safe
def lead(request: HttpRequest) -> HttpResponse:
    """How the desk is doing: every number opens the tickets behind it."""
    user = cast(AuthenticatedRequest, request).user
    if not may.may_lead(user):
        raise PermissionDenied
    at = timezone.now()
    since = at - timedelta(days=figures.RECENT_DAYS)
    visible: IncidentQuerySet = Incident.objects.visible_to(user)
    context = {
        "days": figures.RECENT_DAYS,
        "ages": [(_days(days), AGE_WORDS[days]) for days in figures.AGES],
        **_grounds(figures.closures(visible, since)),
        "open": _open(figures.open_by_severity(visible, at)),
        "attention": _attention(figures.attention(visible, at)),
        "changed": _changed(figures.changed(visible, since)),
        "people": [
            {"person": person, "query": _to(status="open", owner=person.pk)}
            for person in figures.people_of(user.standing.led_desks, at)
        ],
    }
    return render(request, "incidents/desk/lead.html", context)


def _to(**filters: Any) -> str:
    """The query string of the tickets behind a figure."""
    return urlencode({"v": "all", **filters})


def _days(days: tuple[int, int | None]) -> str:
    """For the head of a narrow column: 1–3, 7+."""
    first, last = days
    return f"{first}+" if last is None else f"{first}–{last}"


def _grounds(closures: figures.Closures) -> dict[str, Any]:
    days = figures.RECENT_DAYS
    lines = [
        (_("Confirmed, in whatever way"), closures.confirmed, "yes", False),
        (_("By the confirmer"), closures.by_confirmer, "confirmed", True),
        (_("In a recorded call"), closures.by_call, "call", True),
        (
            _("Call recorded and closed by the same person"),
            closures.by_one_person,
            "one",
            True,
        ),
        (_("Waived by the lead"), closures.waived, "waived", False),
        (_("All closures"), closures.all, "desk", False),
    ]
    grounds = [
        {
            "label": label,
            "share": share,
            "has_share": basis != "desk",
            "is_part": is_part,
            "query": _to(basis=basis, ended=days),
        }
        for label, share, basis, is_part in lines
    ]
    return {
        "confirmed": closures.confirmed,
        "confirmed_query": grounds[0]["query"],
        "closed_query": grounds[-1]["query"],
        "grounds": [*grounds, *_cancelled(closures)],
    }


def _cancelled(closures: figures.Closures) -> list[dict[str, Any]]:
    days = figures.RECENT_DAYS
    whole = {
        "label": _("Cancelled"),
        "share": figures.Share(closures.cancelled, closures.cancelled),
        "query": _to(status=Status.CANCELLED, ended=days),
    }
    return [
        whole,
        *[
            {
                "label": CancelReason(code).label,
                "share": figures.Share(count, closures.cancelled),
                "has_share": True,
                "is_part": True,
                "query": _to(reason=code, ended=days),
            }
            for code, count in closures.cancelled_as.items()
        ],
    ]


def _open(levels: list[tuple[int, list[int]]]) -> list[dict[str, Any]]:
    lines = []
    for level, counts in levels:
        name = Severity(level).label
        of_age = _("%(severity)s, open for %(age)s")
        cells = [
            {
                "number": count,
                "what": of_age % {"severity": name, "age": AGE_WORDS[days]},
                "query": _to(severity=level, age=age_code(days)),
            }
            for days, count in zip(figures.AGES, counts, strict=True)
        ]
        query = _to(status="open", severity=level)
        cells.append({"number": sum(counts), "what": name, "query": query})
        lines.append({"level": level, "cells": cells})
    return lines


def _attention(found: figures.Attention) -> list[dict[str, Any]]:
    silent = _("Solved without an answer, %(age)s")
    lines = [
        (_("Called, no answer yet"), found.called, {"attention": "waits"}),
        (_("Overdue now"), found.overdue, {"due": "overdue"}),
        (_("Due in the next 4 hours"), found.due_soon, {"due": "soon"}),
        (_("Without an owner"), found.unowned, {"status": "open", "owner": "nobody"}),
        (_("On hold over a day"), found.held_long, {"held": "long"}),
        *[
            (silent % {"age": AGE_WORDS[days]}, count, {"silent": age_code(days)})
            for days, count in zip(figures.SILENCES, found.silent, strict=True)
        ],
        (_("Waiver possible now"), found.waivable, {"waiver": "yes"}),
    ]
    return [
        {"label": label, "number": number, "query": _to(**filters)}
        for label, number, filters in lines
    ]


def _changed(share: figures.Share) -> dict[str, Any]:
    days = figures.RECENT_DAYS
    return {
        "share": share,
        "label": _("changed after triage"),
        "query": _to(triaged=days, changed="yes"),
        "whole_label": _("triaged"),
        "whole_query": _to(triaged=days),
    }
