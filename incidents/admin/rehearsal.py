"""What the ladder of a draft would have told of past tickets: numbers, times, people.

For those who write drafts. Nothing is written, and nobody is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activity import clock
from incidents.ladders.rehearsing import Rehearsal, Telling, rehearse_draft
from incidents.ladders.words import names_of, reason_first
from sla.admin.addresses import page_of
from sla.models import PolicyVersion
from sla.permissions import may_draft
from sla.services.policies import require_publishable_policy

TELLINGS_PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One rung in the table."""

    telling: Telling

    @property
    def page(self) -> str:
        return reverse(
            "admin:incidents_incident_change", args=[self.telling.incident.pk]
        )

    @property
    def reason(self) -> str:
        return reason_first(self.telling.data, self.telling.at)

    @property
    def names(self) -> str:
        return names_of([user.name for user in self.telling.people])


def rehearsal_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path(
            "policy-draft/<int:pk>/ladder/",
            site.admin_view(ladder_rehearsal),
            name="incidents_policy_rehearsal",
        )
    ]


@require_safe
def ladder_rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """As if the draft had been in force while the latest past tickets were open."""
    if not may_draft(request.user):
        raise PermissionDenied
    drafts = PolicyVersion.objects.select_related("policy").drafts()
    draft, at = get_object_or_404(drafts, pk=pk), clock.now()
    try:
        from_now = draft.effective_from < at
        require_publishable_policy(draft, at=at, from_now=from_now)
    except ValidationError as refusal:
        return _page(request, draft, refusal=" ".join(refusal.messages))
    return _page(request, draft, rehearse_draft(draft, at=at))


def _page(
    request: HttpRequest,
    draft: PolicyVersion,
    rehearsal: Rehearsal | None = None,
    *,
    refusal: str = "",
) -> HttpResponse:
    tellings = rehearsal.tellings if rehearsal else []
    page = Paginator(tellings, TELLINGS_PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "opts": draft._meta,
        "title": _("What its ladder would have told"),
        "draft": draft,
        "draft_page": page_of(draft),
        "refusal": refusal,
        "rehearsal": rehearsal,
        "headline": _headline(rehearsal) if rehearsal else "",
        "figures": list(_figures(rehearsal)) if rehearsal else [],
        "page": page,
        "rows": [Row(telling) for telling in page],
    }
    return TemplateResponse(request, "admin/incidents/rehearsal.html", context)


def _headline(rehearsal: Rehearsal) -> str:
    count = len(rehearsal.tickets)
    if not count:
        return _("No ticket that was promised this is over yet.")
    values = {
        "tickets": count,
        "told": len(rehearsal.tellings),
        "people": len(rehearsal.people),
        "really": rehearsal.was_told,
    }
    return (
        _(
            "Past tickets: %(tickets)d. Told by this ladder: %(told)d rungs, to people:"
            " %(people)d. Really told: %(really)d."
        )
        % values
    )


def _figures(rehearsal: Rehearsal) -> Iterator[tuple[str, int]]:
    """How many rungs each person would have been told."""
    for user, count in rehearsal.people.items():
        yield user.name, count
