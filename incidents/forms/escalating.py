"""Forms that send an incident to another tier."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.forms.fields import Paragraphs
from incidents.forms.move import MoveForm
from incidents.models.hand_over import PACKAGE
from incidents.services.escalating import Package
from incidents.tiers.ways import teams_above


class EscalateForm(MoveForm):
    """The team, and the hand-over package: all of it is asked."""

    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        empty_label=_("Choose a team"),
        error_messages={"required": _("Choose a team.")},
    )
    symptom = Paragraphs(
        label=_("What was observed"),
        help_text=_("The symptom as it was seen: who, where, since when, which words."),
        error_messages={
            "required": _("Write what was observed, as it was observed."),
        },
    )
    diagnosis = Paragraphs(
        label=_("What is known so far"),
        help_text=_("What you found out, what you suspect, what you could rule out."),
        error_messages={
            "required": _("Write what you know and what you suspect so far."),
        },
    )
    tried = Paragraphs(
        label=_("What was tried, with results"),
        help_text=_("One line for each: what was done, and what came of it."),
        error_messages={"required": _("Write what was tried, and what came of it.")},
    )
    wanted = Paragraphs(
        label=_("What is asked of the next team"),
        help_text=_("For colleagues, as all of this. The reporter cannot see it."),
        error_messages={"required": _("Write what the next team is asked to do.")},
    )

    def prepare(self) -> None:
        self.fields["team"].queryset = teams_above(self.incident)  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        words = {name: self.cleaned_data[name] for name in PACKAGE}
        return {
            "expected_version": self.expected_version,
            "team": self.cleaned_data["team"],
            "package": Package(**words),
        }


class HandBackForm(MoveForm):
    reason = Paragraphs(
        label=_("Why they get it back"),
        help_text=_("For colleagues. The reporter cannot see this."),
        error_messages={
            "required": _("Tell the other team why they get it back."),
        },
    )
