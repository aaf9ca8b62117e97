"""Incidents as figures: where each stands and when it came there."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_administrator
from incidents.admin.figures import Figures
from incidents.models import Incident

WORDS = ("title", "description")
PEOPLE = frozenset({"owner_name", "desk_owner_name", "closed_by_name"})


def _name_of(field: str, label: Any) -> Callable[[Any, Incident], Any]:
    """A person's name alone: the page about them is not everybody's to open."""

    @admin.display(description=label, ordering=f"{field}__name")
    def shown(_page: Any, incident: Incident) -> Any:
        return getattr(incident, field)

    return shown


def _shown(names: Iterable[Any], request: HttpRequest) -> list[Any]:
    """Without the names of people, but for administrators."""
    if is_administrator(request.user):
        return list(names)
    return [name for name in names if name not in PEOPLE]


@admin.register(Incident)
class IncidentAdmin(Figures):
    """No subject, no description, no reporter; and nothing to press. Who works on it
    is for administrators: managers see teams, numbers and times."""

    list_display = [
        "reference",
        "status",
        "severity",
        "kind",
        "team",
        "owner_name",
        "reported_at",
        "first_reply",
        "resolved_at",
        "confirmed_at",
        "closed_at",
        "closure_basis",
        "service",
        "category",
        "source",
    ]
    list_filter = [
        "status",
        "severity",
        "kind",
        "is_major",
        "team",
        "desk",
        "service",
        "source",
        "hold_reason",
        "cancel_reason",
        "closure_basis",
        "is_financial_risk",
        "is_security_risk",
        "is_compliance_risk",
        "origin",
    ]
    date_hierarchy = "reported_at"
    ordering = ["-pk"]
    list_select_related = ["team", "owner", "service", "category__parent"]
    fieldsets = [
        (
            None,
            {"fields": ["reference", "status", "kind", "source", "origin", "version"]},
        ),
        (
            _("Who works on it"),
            {
                "fields": [
                    "team",
                    "owner_name",
                    "desk",
                    "desk_owner_name",
                    "service",
                    "category",
                    "location",
                ]
            },
        ),
        (
            _("How bad it is"),
            {
                "fields": [
                    "severity",
                    "severity_override",
                    "impact",
                    "urgency",
                    "people_affected",
                    "is_major",
                    "is_financial_risk",
                    "is_security_risk",
                    "is_compliance_risk",
                ]
            },
        ),
        (
            _("When"),
            {
                "fields": [
                    "occurred_at",
                    "detected_at",
                    "reported_at",
                    "acknowledged_at",
                    "first_reply",
                    "restored_at",
                    "resolved_at",
                    "confirmed_at",
                    "closed_at",
                    "cancelled_at",
                ]
            },
        ),
        (
            _("What it waits for, and how it ended"),
            {
                "fields": [
                    "hold_reason",
                    "hold_until",
                    "closure_basis",
                    "closed_by_name",
                    "cancel_reason",
                    "master",
                ]
            },
        ),
    ]

    owner_name = _name_of("owner", _("owner"))
    desk_owner_name = _name_of("desk_owner", _("desk owner"))
    closed_by_name = _name_of("closed_by", _("closed by"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer(*WORDS)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return _shown(self.list_display, request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [
            (title, options | {"fields": _shown(options["fields"], request)})
            for title, options in self.fieldsets
        ]

    @admin.display(description=_("first reply"), ordering="responded_at")
    def first_reply(self, incident: Incident) -> datetime | None:
        """The first public one of a person, named as on the page of the ticket. Taking
        it keeps the promise to respond as well: that is read from its clock."""
        return incident.responded_at

    @admin.display(description=_("number"), ordering="pk")
    def reference(self, incident: Incident) -> str:
        return incident.reference
