"""What somebody supposes to have been promised. The address says all of it."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import default_time_zone, validate_time_zone
from incidents.clocks.what_if import Supposition, invented
from incidents.codes import Severity
from sla.business_time import BusinessTimeError, WorkingHours
from sla.codes import OnChange, OnReopen, Pause, StopsAt
from sla.forms import DurationField
from sla.models import PolicyVersion
from sla.models.policies import LONGEST_TARGET
from sla.wording import NOTHING, duration

WHOLE_DAY: Final = ((time(), time()),)
DAYS: Final[Mapping[str, range]] = {"24x5": range(5), "24x7": range(7)}
TARGETS: Final[Mapping[int, str]] = {
    Severity.SEV1: "sev1",
    Severity.SEV2: "sev2",
    Severity.SEV3: "sev3",
    Severity.SEV4: "sev4",
}
CODES: Final = ("stops_at", "on_change", "on_reopen")


def target(severity: Severity) -> DurationField:
    return DurationField(label=severity.label, required=False, widget=forms.TextInput)


class SuppositionForm(forms.Form):
    """Targets by severity and what moves the clock; what is left out is as in a new
    policy. Passing it on changes nothing.

    A valid one has its ``supposition``.
    """

    use_required_attribute = False

    sev1 = target(Severity.SEV1)
    sev2 = target(Severity.SEV2)
    sev3 = target(Severity.SEV3)
    sev4 = target(Severity.SEV4)
    hours = forms.ChoiceField(
        label=gettext_lazy("Time counts"),
        choices=[
            ("24x5", gettext_lazy("Monday to Friday, day and night")),
            ("24x7", gettext_lazy("Always")),
        ],
    )
    zone = forms.CharField(
        label=gettext_lazy("Days begin and end in"),
        max_length=64,
        validators=[validate_time_zone],
        error_messages={
            "required": gettext_lazy("Name a time zone, such as Europe/Berlin.")
        },
    )
    stops_at = forms.ChoiceField(
        label=gettext_lazy("The promise to resolve is kept"), choices=StopsAt.choices
    )
    on_change = forms.ChoiceField(
        label=gettext_lazy("When the severity changes"), choices=OnChange.choices
    )
    on_reopen = forms.ChoiceField(
        label=gettext_lazy("When it is reopened"), choices=OnReopen.choices
    )
    pauses_on = forms.MultipleChoiceField(
        label=gettext_lazy("The clock pauses while it is"),
        choices=Pause.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, address: QueryDict) -> None:
        """Empty where the address says nothing."""
        first = _defaults()
        super().__init__(_filled(address, first) if address else None, initial=first)
        self.fields["pauses_on"].look = "inline"  # type: ignore[attr-defined]
        for name in TARGETS.values():
            self.fields[name].validators += [
                MinValueValidator(1),
                MaxValueValidator(LONGEST_TARGET),
            ]

    @property
    def targets(self) -> list[forms.BoundField]:
        return [self[name] for name in TARGETS.values()]

    @property
    def settings(self) -> list[forms.BoundField]:
        return [self[name] for name in ("hours", "zone", *CODES)]

    def clean_zone(self) -> str:
        """Without those that mean another place on another machine."""
        zone: str = self.cleaned_data["zone"]
        try:
            WorkingHours(zone, {0: WHOLE_DAY})
        except BusinessTimeError as refusal:
            raise ValidationError(_(refusal.message) % refusal.values) from refusal
        return zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        named = [name for name in TARGETS.values() if given.get(name)]
        if not named and not self.errors:
            raise ValidationError(_("Say for at least one severity how long it is."))
        return given

    def words(self) -> list[tuple[str, str]]:
        """What a valid one supposes, label by label, as a person reads it."""
        given = self.cleaned_data
        targets = [
            (name, duration(given[name])) for name in TARGETS.values() if given[name]
        ]
        chosen = [(name, self._label(name, given[name])) for name in ("hours", *CODES)]
        pauses = ", ".join(
            self._label("pauses_on", code) for code in given["pauses_on"]
        )
        rest = [("zone", given["zone"]), ("pauses_on", pauses or NOTHING)]
        return [
            (str(self.fields[name].label), words)
            for name, words in [*targets, *chosen, *rest]
        ]

    def _label(self, name: str, code: str) -> str:
        choices: Any = self.fields[name].choices  # type: ignore[attr-defined]
        return str(dict(choices)[code])

    @property
    def supposition(self) -> Supposition:
        given = self.cleaned_data
        days = DAYS[given["hours"]]
        return invented(
            dict(self._promises()),
            WorkingHours(given["zone"], dict.fromkeys(days, WHOLE_DAY)),
            pauses_on=given["pauses_on"],
            **{name: given[name] for name in CODES},
        )

    def _promises(self) -> Iterator[tuple[int, int]]:
        for severity, name in TARGETS.items():
            minutes = self.cleaned_data[name]
            if minutes:
                yield severity, minutes


def _defaults() -> dict[str, str]:
    """As in a new policy."""
    policy = PolicyVersion()
    return {
        "hours": "24x5",
        "zone": default_time_zone(),
        **{name: str(getattr(policy, name)) for name in CODES},
    }


def _filled(address: QueryDict, defaults: Mapping[str, str]) -> QueryDict:
    """With the defaults of what the address leaves out."""
    filled = address.copy()
    for name, value in defaults.items():
        filled.setdefault(name, value)
    return filled
