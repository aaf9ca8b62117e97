"""Forms of the hand-over between shifts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.forms.fields import Moment, Paragraphs
from incidents.models.shift_note import LONGEST_SHIFT_NOTE
from incidents.shifts.moments import FARTHEST, SHIFT, last_evening

LEFT: Final = "left"
TIME: Final = "time"
SINCE: Final = (
    (LEFT, _("I left")),
    ("8h", _("8 hours ago")),
    ("evening", _("Yesterday evening, 18:00")),
    (TIME, _("A time")),
)


class SinceForm(forms.Form):
    """From which moment on, and for which of one's teams. It stands in the address:
    what makes no sense is said beside its field, and the rest counts. A time that was
    entered counts unless another moment was chosen, and only what counts is shown."""

    since = forms.ChoiceField(
        label=_("Since"),
        choices=SINCE,
        required=False,
        error_messages={"invalid_choice": _("Choose one of these moments.")},
    )
    moment = Moment(label=_("Which time"), required=False)
    team = forms.ChoiceField(
        label=_("Team"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of your teams.")},
    )

    def __init__(
        self, asked: QueryDict, *, teams: Sequence[Team], at: datetime
    ) -> None:
        super().__init__(_as_meant(asked), auto_id="shift_%s")
        self.at = at
        choices = [(str(team.pk), team.name) for team in teams]
        team: Any = self.fields["team"]
        team.choices = [("", _now("All my teams")), *choices]
        if len(choices) == 1:
            del self.fields["team"]

    def clean_moment(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["moment"]
        if self.cleaned_data.get("since") != TIME:
            return None
        if moment is None:
            raise ValidationError(_now("Enter the day and the time."))
        if moment > self.at:
            raise ValidationError(_now("Enter a time that has been."))
        if moment < self.at - FARTHEST:
            raise ValidationError(_now("Enter a time of the last 14 days."))
        return moment

    @property
    def chosen(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("since") or LEFT)

    @property
    def chosen_at(self) -> datetime | None:
        """The moment that was chosen; ``None`` for when this person left."""
        code = self.chosen
        if code == "8h":
            return self.at - SHIFT
        if code == "evening":
            return last_evening(self.at)
        moment: datetime | None = self.cleaned_data.get("moment")
        return moment if code == TIME else None

    @property
    def team_pk(self) -> int | None:
        self.is_valid()
        team = self.cleaned_data.get("team")
        return int(team) if team else None


def _as_meant(asked: QueryDict) -> QueryDict:
    """*I left* is what stands there by itself: whoever enters a time means the time.
    Beside another choice the time is left out."""
    meant = asked.copy()
    if not meant.get("moment"):
        return meant
    if meant.get("since", LEFT) in {"", LEFT}:
        meant["since"] = TIME
    elif meant["since"] != TIME:
        meant["moment"] = ""
    return meant


class ShiftNoteForm(forms.Form):
    """A word to those who come next."""

    use_required_attribute = False

    text = Paragraphs(
        label=_("A word to the next shift"),
        help_text=_(
            "Your team reads it. What belongs to a ticket, write there; name nobody who"
            " reported something."
        ),
        max_length=LONGEST_SHIFT_NOTE,
        error_messages={
            "required": _("Write what the next shift should know."),
            "max_length": _("Shorten this to %(limit_value)d characters."),
        },
    )
    team = forms.ModelChoiceField(
        label=_("To which team"),
        queryset=Team.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Choose one of your teams."),
            "invalid_choice": _("Choose one of your teams."),
        },
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid4(), **(kwargs.get("initial") or {})}
        kwargs["auto_id"] = "note_%s"
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.queryset = Team.objects.filter(pk__in=[team.pk for team in teams])
        if len(teams) == 1:
            field.widget = forms.HiddenInput()
            self.initial["team"] = teams[0].pk
