"""What triage asks: shared by every form that says what an incident is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Category, Service
from incidents.codes import Impact, Kind, Risk, Urgency
from incidents.forms.fields import tree_choices
from incidents.models import Incident
from incidents.services.classifying import Classification

LONGEST_ID = 18


class ClassificationForm(forms.Form):
    """Kind, service, category, impact and urgency, risks and people affected.

    Services and categories stand below what they belong to.
    """

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What is it?"), choices=Kind.choices, widget=forms.RadioSelect
    )
    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Service.objects.none(),
        error_messages={"required": _("Choose the service that has the trouble.")},
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.none(),
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
        self._offer("service", Service.objects.all(), _("Choose a service"))
        self._offer("category", Category.objects.all(), _("Choose a category"))

    def _offer(self, name: str, entries: Any, empty: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = _on_offer(entries, self.initial.get(name))
        field.choices = tree_choices(field.queryset, empty=empty)

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
    """What is active, and what the incident has already, or was sent for it."""
    pk = str(getattr(current, "pk", current))
    known = pk if pk.isdecimal() and len(pk) <= LONGEST_ID else None
    return entries.filter(is_active=True) | entries.filter(pk=known)


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
