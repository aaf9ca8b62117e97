"""Forms about what an incident is and how bad it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.permissions import is_member_of
from incidents.codes import Severity
from incidents.forms.classification import ClassificationForm, initial_of
from incidents.forms.ending import FOR_COLLEAGUES
from incidents.forms.fields import Paragraphs, tree_choices
from incidents.forms.move import MoveForm
from incidents.services.reporting import severity_for


class ClassifyForm(ClassificationForm, MoveForm):
    """Filled with what is known of the incident."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, empty in (
            ("category", _("Choose a category")),
            ("service", _("Choose a service")),
        ):
            field: Any = self.fields[name]
            field.choices = tree_choices(field.queryset, empty=empty)

    def prepare(self) -> None:
        self.initial = {**initial_of(self.incident), **self.initial}

    @property
    def severity_now(self) -> str:
        """What the answers make of it, once both are given; for a form shown again."""
        if not self.is_bound or {"impact", "urgency"} & set(self.errors):
            return ""
        chosen = severity_for(self.cleaned_data["impact"], self.cleaned_data["urgency"])
        return str(Severity(chosen).label)

    def given(self) -> dict[str, Any]:
        asked = set(self.own_fields()) - set(ClassificationForm.base_fields)
        return {
            "expected_version": self.expected_version,
            "classification": self.classification(),
            **{name: self.cleaned_data[name] for name in asked},
        }


class TriageForm(ClassifyForm):
    """With ``then`` = take, whoever triages takes it in the same breath."""

    team = forms.ModelChoiceField(
        label=gettext_lazy("Team that works on it"),
        queryset=Team.objects.none(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a team.")},
    )

    @property
    def takes(self) -> bool:
        return self.data.get("then") == "take"

    def prepare(self) -> None:
        super().prepare()
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.active().filter(is_service_desk=True)
        self.initial.setdefault("team", self.incident.team_id)

    def clean_team(self) -> Team:
        team: Team = self.cleaned_data["team"]
        if self.takes and not is_member_of(self.by, team):
            sentence = _(
                "You can take it only in a team of yours. Choose one, or triage"
                " without taking."
            )
            raise forms.ValidationError(sentence)
        return team


class ReclassifyForm(ClassifyForm):
    reason = Paragraphs(
        label=gettext_lazy("Why this changes"),
        help_text=FOR_COLLEAGUES,
        error_messages={"required": gettext_lazy("Say why this changes.")},
    )


class OverrideForm(MoveForm):
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = Paragraphs(
        label=gettext_lazy("Why this changes"),
        help_text=FOR_COLLEAGUES,
        error_messages={"required": gettext_lazy("Say why this changes.")},
    )

    def prepare(self) -> None:
        field: Any = self.fields["severity"]
        field.choices = [*Severity.choices, ("", _("What impact and urgency say"))]
        field.initial = self.incident.severity_override or ""


class RetitleForm(MoveForm):
    title = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=150,
        help_text=gettext_lazy("The reporter reads this. The old one stays on record."),
        error_messages={
            "required": gettext_lazy("Enter a subject."),
            "max_length": gettext_lazy("Shorten it to 150 characters."),
        },
    )

    def prepare(self) -> None:
        self.initial.setdefault("title", self.incident.title)
