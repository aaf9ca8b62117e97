"""Policies and their versions."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from activity import clock
from sla.admin.deadlines import opened_now, test_deadline
from sla.admin.versions import NamedAdmin, VersionAdmin
from sla.forms import PolicyVersionForm
from sla.models import Policy, PolicyVersion
from sla.models.policies import CODES, MATCHING, TARGETS, WARNINGS
from sla.services import draft_policy_version, publish_policy_version
from sla.services.policies import require_publishable_policy
from sla.wording import policy_changes


@admin.register(Policy)
class PolicyAdmin(NamedAdmin):
    draft_version = staticmethod(draft_policy_version)

    def get_urls(self) -> list[URLPattern]:
        deadline = path(
            "deadline/",
            self.admin_site.admin_view(test_deadline),
            name="sla_deadline",
        )
        return [deadline, *super().get_urls()]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(VersionAdmin):
    named = "policy"
    form = PolicyVersionForm
    autocomplete_fields = ["service", "team"]
    fieldsets = [
        (None, {"fields": ["effective_from", "note", "published_at", "publisher"]}),
        (
            gettext_lazy("Which tickets"),
            {
                "fields": list(MATCHING),
                "description": gettext_lazy(
                    "The most specific policy counts: one that names the service"
                    " before one that names the team, then the kind, then the severity."
                ),
            },
        ),
        (
            gettext_lazy("What is promised"),
            {
                "fields": ["calendar", *TARGETS, *WARNINGS],
                "description": gettext_lazy(
                    "Only the working time of the calendar counts: 24 h are three days"
                    " of eight hours."
                ),
            },
        ),
        (
            gettext_lazy("What moves the clock"),
            {"fields": ["pauses_on", *CODES]},
        ),
    ]
    publish_version = staticmethod(publish_policy_version)
    require_publishable = staticmethod(require_publishable_policy)

    def shown_beside(self, version: Any) -> dict[str, Any]:
        return {"opened_now": opened_now(version, clock.now())}

    def changes(self, version: Any, before: Any) -> list[Any]:
        return policy_changes(version, before)
