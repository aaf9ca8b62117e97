"""What a draft of a policy or a calendar would change on open tickets: numbers, teams
and times, for those who write drafts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from activity import clock
from incidents.clocks.impact import (
    ClockChange,
    Effect,
    Impact,
    impact_of_calendar,
    impact_of_policy,
)
from sla.admin.addresses import page_of
from sla.clock import Reading
from sla.codes import State
from sla.models import CalendarVersion, PolicyVersion
from sla.permissions import may_draft
from sla.services.calendars import require_publishable_calendar
from sla.services.policies import require_publishable_policy
from sla.wording import Change, in_hours
from sla.wording_ladders import ladder_changes

CLOCKS_PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One clock in the table."""

    change: ClockChange

    @property
    def page(self) -> str:
        pk = self.change.incident.pk
        return reverse("admin:incidents_incident_change", args=[pk])

    @property
    def waits_now(self) -> bool:
        return _waits(self.change.before)

    @property
    def waits_then(self) -> bool:
        return _waits(self.change.after)

    @property
    def words(self) -> str:
        moved = self.change.moved or timedelta()
        sentence = WORDS[self.change.effect]
        if self.change.effect is Effect.LEFT and moved > timedelta():
            sentence = MORE_LEFT
        return str(sentence) % {"amount": in_hours(abs(moved))}


def _waits(reading: Reading | None) -> bool:
    return reading is not None and reading.state == State.PAUSED


WORDS: Final = {
    Effect.EARLIER: gettext_lazy("%(amount)s earlier"),
    Effect.LATER: gettext_lazy("%(amount)s later"),
    Effect.PROMISED: gettext_lazy("newly promised"),
    Effect.UNPROMISED: gettext_lazy("no longer promised"),
    Effect.STOPS: gettext_lazy("stops while on hold"),
    Effect.GOES_ON: gettext_lazy("goes on although on hold"),
    Effect.LEFT: gettext_lazy("%(amount)s less left once it goes on"),
    Effect.SAME: gettext_lazy("due as before"),
}

MORE_LEFT: Final = gettext_lazy("%(amount)s more left once it goes on")
FIGURES: Final = {
    Effect.EARLIER: gettext_lazy("due earlier"),
    Effect.LATER: gettext_lazy("due later"),
    Effect.PROMISED: gettext_lazy("newly promised"),
    Effect.UNPROMISED: gettext_lazy("no longer promised"),
    Effect.STOPS: gettext_lazy("stopped while on hold"),
    Effect.GOES_ON: gettext_lazy("going on although on hold"),
    Effect.LEFT: gettext_lazy("on hold, with another time left"),
}


def impact_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path(
            f"{name}-draft/<int:pk>/",
            site.admin_view(view),
            name=f"incidents_{name}_impact",
        )
        for name, view in (("policy", policy_impact), ("calendar", calendar_impact))
    ]


@require_safe
def policy_impact(request: HttpRequest, pk: int) -> HttpResponse:
    """If each open ticket were matched again now, with this draft in force."""
    draft = _draft(request, PolicyVersion.objects.select_related("policy"), pk)
    at = clock.now()
    try:
        from_now = draft.effective_from < at
        require_publishable_policy(draft, at=at, from_now=from_now)
    except ValidationError as refusal:
        return _page(request, draft, refusal=" ".join(refusal.messages))
    return _page(request, draft, impact_of_policy(draft, at=at))


@require_safe
def calendar_impact(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing this draft does to the clocks that run by its calendar."""
    drafts = CalendarVersion.objects.select_related("calendar").with_days()
    draft, at = _draft(request, drafts, pk), clock.now()
    try:
        from_now = draft.effective_from < at
        require_publishable_calendar(draft, at=at, from_now=from_now)
    except ValidationError as refusal:
        return _page(request, draft, refusal=" ".join(refusal.messages))
    return _page(request, draft, impact_of_calendar(draft, at=at))


def _draft(request: HttpRequest, versions: Any, pk: int) -> Any:
    if not may_draft(request.user):
        raise PermissionDenied
    return get_object_or_404(versions.drafts(), pk=pk)


def _page(
    request: HttpRequest, draft: Any, impact: Impact | None = None, *, refusal: str = ""
) -> HttpResponse:
    changes = impact.changes if impact else []
    page = Paginator(changes, CLOCKS_PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "opts": draft._meta,
        "title": _("What it would change on open tickets"),
        "draft": draft,
        "draft_page": page_of(draft),
        "is_policy": isinstance(draft, PolicyVersion),
        "refusal": refusal,
        "impact": impact,
        **_told(draft, impact),
        "figures": list(_figures(impact)) if impact else [],
        "page": page,
        "rows": [Row(change) for change in page],
    }
    return TemplateResponse(request, "admin/incidents/impact.html", context)


def _told(draft: Any, impact: Impact | None) -> dict[str, Any]:
    """The sentence above all, and which rungs of the ladder change besides."""
    if impact is None:
        return {}
    before = draft.named.versions.before(draft.number).first()
    ladder: list[Change] = []
    if isinstance(draft, PolicyVersion) and before is not None:
        ladder = list(ladder_changes(draft, before))
    headline = _headline(impact, is_ladder_changed=bool(ladder))
    return {"headline": headline, "before": before, "ladder": ladder}


def _headline(impact: Impact, *, is_ladder_changed: bool) -> str:
    if not impact.open:
        return _("There is no open ticket.")
    if not impact.concerned:
        return _("None of %(open)d open tickets is concerned.") % {"open": impact.open}
    if not impact.changes:
        return _no_clock_changes(impact, is_ladder_changed=is_ladder_changed)
    if not impact.tickets(Effect.EARLIER):
        sentence = ngettext(
            "Of %(open)d open ticket %(changed)d would change, none would be due"
            " earlier.",
            "Of %(open)d open tickets %(changed)d would change, none would be due"
            " earlier.",
            impact.open,
        )
        return sentence % {"open": impact.open, "changed": impact.changed}
    sentence = ngettext(
        "Of %(open)d open ticket %(earlier)d would be due earlier, %(missed)d of them"
        " missed at once.",
        "Of %(open)d open tickets %(earlier)d would be due earlier, %(missed)d of them"
        " missed at once.",
        impact.open,
    )
    return sentence % {
        "open": impact.open,
        "earlier": impact.tickets(Effect.EARLIER),
        "missed": impact.missed_of(Effect.EARLIER),
    }


def _no_clock_changes(impact: Impact, *, is_ladder_changed: bool) -> str:
    if is_ladder_changed:
        sentence = ngettext(
            "Of %(open)d open ticket %(concerned)d is concerned; no target changes,"
            " but the ladder does.",
            "Of %(open)d open tickets %(concerned)d are concerned; no target changes,"
            " but the ladder does.",
            impact.open,
        )
    else:
        sentence = ngettext(
            "Of %(open)d open ticket %(concerned)d is concerned; nothing changes.",
            "Of %(open)d open tickets %(concerned)d are concerned; nothing changes.",
            impact.open,
        )
    return sentence % {"open": impact.open, "concerned": impact.concerned}


def _figures(impact: Impact) -> Iterator[tuple[str, int]]:
    """How many tickets, for each of what becomes of them; a ticket has several clocks
    and may stand in several."""
    if not impact.concerned:
        return
    yield _("concerned"), impact.concerned
    yield _("changed"), impact.changed
    for effect, label in FIGURES.items():
        if count := impact.tickets(effect):
            yield str(label), count
    yield _("missed at once"), impact.newly_missed
    yield _("no longer missed"), impact.no_longer_missed
