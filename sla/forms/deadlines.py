"""Questions about deadlines: asked in the address, nothing is kept."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from catalogue.models import Service
from sla.codes import Pause
from sla.forms.versions import DurationField
from sla.models import CalendarVersion, Kind, PolicyVersion, Severity
from sla.models.policies import LONGEST_TARGET
from sla.services import Hold

LOCAL: Final = "%Y-%m-%dT%H:%M"
YEARS: Final = range(2000, 2101)
MOST_HOLDS: Final = 8
SHOWN_BY_DEFAULT: Final = 1


class Moment(forms.DateTimeField):
    """A day and a time in the viewer's zone; cleans to an aware moment."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    default_error_messages = {
        "invalid": gettext_lazy("Enter a day and a time, such as 2026-11-21 14:30."),
    }

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(
                _("Choose a year from %(first)d to %(last)d.")
                % {"first": YEARS[0], "last": YEARS[-1]}
            )
        return moment


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, version: Any) -> str:
        if version.is_published:
            return str(version)
        return _("%(version)s (draft)") % {"version": version}


class Question(forms.Form):
    """``start`` comes last: what is asked about stands on top."""

    start = Moment(
        label=gettext_lazy("Opened"),
        help_text=gettext_lazy("Day and time in your own time zone."),
    )


class TicketQuestion(Question):
    """Of a ticket that the best policy is looked for."""

    service = forms.ModelChoiceField(
        Service.objects.all(),
        label=gettext_lazy("Service"),
        required=False,
        empty_label=gettext_lazy("Not said"),
    )
    team = forms.ModelChoiceField(
        Team.objects.all(),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=gettext_lazy("Not said"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"),
        choices=Severity.choices,
        coerce=int,
        initial=Severity.SEV3,
    )
    field_order = ["service", "team", "kind", "severity", "start"]


class PolicyQuestion(Question):
    version = VersionField(
        PolicyVersion.objects.select_related("policy", "calendar").order_by(
            "policy__name", "-number"
        ),
        label=gettext_lazy("Policy"),
        empty_label=gettext_lazy("Choose one"),
    )
    field_order = ["version", "start"]


class CalendarQuestion(Question):
    version = VersionField(
        CalendarVersion.objects.select_related("calendar")
        .with_days()
        .order_by("calendar__name", "-number"),
        label=gettext_lazy("Calendar"),
        empty_label=gettext_lazy("Choose one"),
    )
    amount = DurationField(
        label=gettext_lazy("Working time"),
        min_value=1,
        max_value=LONGEST_TARGET,
        initial=480,
        widget=forms.TextInput,
        help_text=gettext_lazy("Such as 90 min, 24 h or 1 h 30 min."),
    )
    field_order = ["version", "amount", "start"]

    def clean_amount(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["amount"])


class HoldForm(forms.Form):
    """A row that may be left empty."""

    use_required_attribute = False

    start = Moment(label=gettext_lazy("On hold from"), required=False)
    end = Moment(label=gettext_lazy("until"), required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("because of"),
        choices=[("", gettext_lazy("No hold")), *Pause.choices],
        required=False,
    )

    @property
    def is_filled(self) -> bool:
        return any(self[name].value() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or not self.is_filled:
            return cleaned
        if not all(cleaned.get(name) for name in self.fields):
            raise ValidationError(
                _("A hold has a beginning, an end and a reason; or leave all empty.")
            )
        if cleaned["end"] <= cleaned["start"]:
            raise ValidationError(_("A hold ends after it begins."))
        return cleaned


class Holds:
    """As many rows as were filled in, and one more."""

    def __init__(self, asked: Mapping[str, Any] | None = None) -> None:
        numbers = range(1, MOST_HOLDS + 1)
        rows = [HoldForm(asked, prefix=f"hold{number}") for number in numbers]
        filled = [place for place, row in enumerate(rows, 1) if row.is_filled]
        self.rows = rows[: max(filled, default=0) + SHOWN_BY_DEFAULT]

    def __iter__(self) -> Iterator[HoldForm]:
        return iter(self.rows)

    def are_valid(self, start: datetime | None) -> bool:
        """All of them, and beside each other; none before ``start``."""
        if not all(row.is_valid() for row in self.filled):
            return False
        ordered = sorted(
            (
                (row.cleaned_data["start"], row.cleaned_data["end"], row)
                for row in self.filled
            ),
            key=itemgetter(0),
        )
        for begins, _ends, row in ordered:
            if start is not None and begins < start:
                row.add_error("start", _("It cannot wait before it is opened."))
        for (_begins, ends, _row), (begins, _ends, row) in pairwise(ordered):
            if begins < ends:
                row.add_error("start", _("Another hold lasts until later than this."))
        return not any(row.errors for row in self.filled)

    @property
    def filled(self) -> list[HoldForm]:
        return [row for row in self.rows if row.is_filled]

    def cleaned(self) -> list[Hold]:
        return [Hold(**row.cleaned_data) for row in self.filled]
