"""Settings of incidents: kept by administrators, read by managers."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import ByPredicate
from incidents.codes import Impact, Severity, Urgency
from incidents.models import SeverityLevel, SeverityRule, TicketTemplate


class Kept(ByPredicate, admin.ModelAdmin):
    """There from the start and for ever: nothing is added, nothing taken away."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CellForm(ModelForm):
    """One severity of the matrix, named for those who do not see the table."""

    class Meta:
        model = SeverityRule
        fields = ["severity"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["severity"]
        field.choices = Severity.choices
        field.widget.attrs["aria-label"] = _(
            "Severity for impact “%(impact)s”, urgency “%(urgency)s”"
        ) % {
            "impact": self.instance.get_impact_display(),
            "urgency": self.instance.get_urgency_display(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    impact: str
    cells: list[tuple[SeverityRule, CellForm | None]]


class Matrix(ChangeList):
    """The list of rules, laid out as the table that everybody knows."""

    formset: Any

    def urgencies(self) -> list[Any]:
        return [
            _("Urgency: %(urgency)s") % {"urgency": urgency.label}
            for urgency in Urgency
        ]

    def rows(self) -> list[Row]:
        forms = {form.instance.pk: form for form in self.formset or ()}
        rules = {(rule.impact, rule.urgency): rule for rule in self.root_queryset}
        return [
            Row(
                str(impact.label),
                [
                    (rule, forms.get(rule.pk))
                    for urgency in Urgency
                    for rule in [rules[impact, urgency]]
                ],
            )
            for impact in Impact
        ]


@admin.register(SeverityRule)
class SeverityRuleAdmin(Kept):
    list_display = ["impact", "urgency", "severity"]
    list_editable = ["severity"]
    fields = ["impact", "urgency", "severity"]
    readonly_fields = ["impact", "urgency"]
    sortable_by = ()
    list_per_page = 9

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Matrix

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[Any]:
        return CellForm

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": _("Severity matrix")}
        return super().changelist_view(request, title | (extra_context or {}))


@admin.register(SeverityLevel)
class SeverityLevelAdmin(Kept):
    list_display = ["severity", "definition"]
    fields = ["severity", "definition", "examples"]
    readonly_fields = ["severity"]


@admin.register(TicketTemplate)
class TicketTemplateAdmin(ByPredicate, admin.ModelAdmin):
    list_display = ["name", "kind", "service", "category", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["service", "category__parent"]
    search_fields = ["name", "title"]
    autocomplete_fields = ["service", "category"]
    fieldsets = [
        (None, {"fields": ["name", "is_active"]}),
        (
            gettext_lazy("What the report says"),
            {"fields": ["title", "description"]},
        ),
        (
            gettext_lazy("What it is"),
            {"fields": ["kind", "service", "category", "impact", "urgency"]},
        ),
        (
            gettext_lazy("How it is solved at first contact"),
            {"fields": ["resolution_code", "solution"]},
        ),
    ]
