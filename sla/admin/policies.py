"""Policies and their versions."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from activity import clock
from sla.admin.deadlines import opened_now, test_deadline
from sla.admin.versions import NamedAdmin, Part, VersionAdmin
from sla.forms import PolicyVersionForm, RungForm, RungFormSet
from sla.models import Policy, PolicyVersion, Rung
from sla.models.policies import CODES, MATCHING, TARGETS, WARNINGS
from sla.services import draft_policy_version, publish_policy_version
from sla.services.ladders import unheard_of
from sla.services.policies import require_publishable_policy
from sla.wording import policy_changes, value_of
from sla.wording_ladders import ladder_changes, ladder_of


def _in_words(name: str) -> Any:
    """A value of a version that is only read, as its form writes it."""

    field: Any = PolicyVersion._meta.get_field(name)

    @admin.display(description=field.verbose_name)
    def words(version: PolicyVersion) -> str:
        return value_of(version, name)

    words.__name__ = name  # By which its help is found.
    return words


IN_WORDS: Final[dict[Any, Any]] = {
    name: _in_words(name) for name in (*TARGETS, *WARNINGS, "pauses_on")
}


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


class RungInline(Part, admin.StackedInline):
    model = Rung
    form = RungForm
    formset = RungFormSet
    ordering = ["position"]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(VersionAdmin):
    named = "policy"
    form = PolicyVersionForm
    inlines = [RungInline]
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

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """A published version is read as a table instead."""
        return [] if obj and obj.is_published else self.inlines

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is only read says its values in words, not as they are kept."""
        found = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return found
        return [
            (
                title,
                {**more, "fields": [IN_WORDS.get(one, one) for one in more["fields"]]},
            )
            for title, more in found
        ]

    def shown_beside(self, version: Any) -> dict[str, Any]:
        return {"opened_now": opened_now(version, clock.now())}

    def compared(self, version: Any) -> dict[str, Any]:
        return super().compared(version) | {
            "ladder": ladder_of(version),
            "rehearsal_route": "admin:incidents_policy_rehearsal",
            "unheard_of": unheard_of(version),
        }

    def changes(self, version: Any, before: Any) -> list[Any]:
        return [*policy_changes(version, before), *ladder_changes(version, before)]
