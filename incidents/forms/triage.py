"""Forms about what an incident is and how bad it is."""

import json
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.permissions import is_member_of
from incidents.codes import Severity
from incidents.forms.classification import ClassificationForm, initial_of
from incidents.forms.ending import FOR_COLLEAGUES
from incidents.forms.fields import Paragraphs
from incidents.forms.move import MoveForm
from incidents.models import SeverityRule


class ClassifyForm(ClassificationForm, MoveForm):
    """Filled with what is known of the incident. Below impact and urgency it says
    the severity that they make."""

    def prepare(self) -> None:
        self.initial = {**initial_of(self.incident), **self.initial}
        urgency: Any = self.fields["urgency"]
        urgency.template_name = "incidents/ticket/_urgency.html"

    @cached_property
    def severities(self) -> dict[str, dict[str, str]]:
        """By impact and urgency, as the page has them: what they make, in words."""
        found: dict[str, dict[str, str]] = {}
        for rule in SeverityRule.objects.all():
            row = found.setdefault(str(rule.impact), {})
            row[str(rule.urgency)] = self._outcome(rule)
        return found

    def severities_as_json(self) -> str:
        return json.dumps(self.severities)

    @property
    def severity_now(self) -> str:
        """What the answers make of it; ``""`` until both are given."""
        impact, urgency = self["impact"].value(), self["urgency"].value()
        return self.severities.get(str(impact), {}).get(str(urgency), "")

    def _outcome(self, rule: SeverityRule) -> str:
        by_hand = self.incident.severity_override
        words = {"severity": rule.get_severity_display()}
        if not by_hand:
            return _("Impact and urgency make it %(severity)s.") % words
        kept = _(
            "Impact and urgency make it %(severity)s, but somebody set %(by_hand)s by"
            " hand, and that stays."
        )
        return kept % {**words, "by_hand": Severity(by_hand).label}

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
