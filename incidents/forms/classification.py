"""What triage asks: shared by every form that says what an incident is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Category, Service
from incidents.codes import Impact, Kind, Risk, Urgency
from incidents.models import Incident
from incidents.services.classifying import Classification


class CategoryField(forms.ModelChoiceField):
    """Subcategories stand below their category."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.parent.name} – {obj.name}" if obj.parent else obj.name


class ClassificationForm(forms.Form):
    """Kind, service, category, impact and urgency, risks and people affected."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What is it?"), choices=Kind.choices, widget=forms.RadioSelect
    )
    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Service.objects.none(),
        empty_label=_("Choose a service"),
        error_messages={"required": _("Choose the service that has the trouble.")},
    )
    category = CategoryField(
        label=_("Category"),
        queryset=Category.objects.none(),
        empty_label=_("Choose a category"),
        error_messages={"required": _("Choose what kind of trouble it is.")},
    )
    impact = forms.TypedChoiceField(
        label=_("Impact: who is affected?"),
        choices=Impact.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who is affected.")},
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency: how much does it stop them?"),
        choices=Urgency.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how much it stops them.")},
    )
    risks = forms.MultipleChoiceField(
        label=_("Risks"),
        choices=Risk.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people_affected = forms.IntegerField(
        label=_("People affected"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        error_messages={"invalid": _("Enter a whole number, such as 12.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.initial
        self.fields["service"].queryset = _on_offer(  # type: ignore[attr-defined]
            Service.objects.all(), current.get("service")
        )
        self.fields["category"].queryset = _on_offer(  # type: ignore[attr-defined]
            Category.objects.select_related("parent"), current.get("category")
        ).order_by("parent__name", "name")

    def classification(self) -> Classification:
        """The answers, once the form is valid."""
        data = self.cleaned_data
        return Classification(
            kind=data["kind"],
            service=data["service"],
            category=data["category"],
            impact=data["impact"],
            urgency=data["urgency"],
            risks=data["risks"],
            people_affected=data["people_affected"],
        )


def _on_offer(entries: Any, current: Any) -> Any:
    """What is active, and what the incident has already."""
    pk = getattr(current, "pk", current)
    return entries.filter(is_active=True) | entries.filter(pk=pk)


def initial_of(incident: Incident) -> dict[str, Any]:
    """What the incident says already, as these forms name it."""
    return {
        "kind": incident.kind,
        "service": incident.service,
        "category": incident.category,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "risks": incident.risks,
        "people_affected": incident.people_affected,
    }
