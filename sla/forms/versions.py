"""Versions of calendars and policies: written, filled, published."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import time_zone_choices
from accounts.models import User
from sla.codes import SHARE_OF, SPOKEN, Pause, Tells, Trigger
from sla.models import CalendarVersion, PolicyVersion, Rung
from sla.models.policies import TARGETS
from sla.services import countries, subdivisions
from sla.services.ladders import faults_of
from sla.wording import duration

DURATION: Final = re.compile(r"(?:(\d{1,5})\s*h)?\s*(?:(\d{1,7})\s*(?:m|min)?)?")
FARTHEST_YEAR: Final = 2100
# What a rung says only with these answers to another question, and the rule of it.
GOES_WITH: Final[dict[str, tuple[str, Collection[str], str]]] = {
    "percent": ("trigger", SHARE_OF, "rung_percent_of_share"),
    "count": ("trigger", [Trigger.BOUNCES], "rung_count_of_bounces"),
    "person": ("tells", [Tells.PERSON], "rung_person_by_name"),
}
# What the model says of each of its rules.
SAYS: Final[dict[str, Any]] = {
    rule.name: rule.violation_error_message for rule in Rung._meta.constraints
}


class DurationField(forms.IntegerField):
    """Whole minutes, written as people do: 90, 90 min, 1 h 30 min, 24 h."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().lower()
        if not text:
            return None
        found = DURATION.fullmatch(text)
        if found is None:
            raise ValidationError(
                _("Write hours and minutes of working time, such as 1 h 30 min.")
            )
        hours, minutes = found.groups()
        return int(hours or 0) * 60 + int(minutes or 0)

    def prepare_value(self, value: Any) -> Any:
        return duration(value) if isinstance(value, int) else value


class CalendarVersionForm(forms.ModelForm):
    class Meta:
        model = CalendarVersion
        fields = ["effective_from", "zone", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "zone" in self.fields:  # A published version is shown without fields.
            self.fields["zone"].widget = forms.Select(
                choices=_zones_with(self.instance.zone)
            )


def _zones_with(zone: str) -> list[Any]:
    """Those on offer, and the one that is set, should it be an old spelling."""
    offered = time_zone_choices()
    names = {name for _group, names in offered for name, _city in _members(names)}
    return offered if zone in names else [(zone, zone), *offered]


def _members(names: Any) -> list[tuple[str, str]]:
    return [(names, names)] if isinstance(names, str) else names


class KeptRows(forms.BaseInlineFormSet):
    """Knows which rows would be there afterwards."""

    def _is_kept(self, form: Any) -> bool:
        is_blank = form.instance.pk is None and not form.has_changed()
        return not (form.errors or is_blank or form in self.deleted_forms)

    def _kept(self) -> list[Any]:
        return [form for form in self.forms if self._is_kept(form)]


class ShiftFormSet(KeptRows):
    def clean(self) -> None:
        """Refuse shifts of one day that overlap, before the database does."""
        super().clean()
        kept = self._kept()
        for place, form in enumerate(kept):
            for other in kept[:place]:
                if form.instance.overlaps(other.instance):
                    sentence = _("This overlaps another shift: %(shift)s.")
                    form.add_error(None, sentence % {"shift": other.instance})


class PolicyVersionForm(forms.ModelForm):
    pauses_on = forms.MultipleChoiceField(
        label=gettext_lazy("Pauses while it waits for"),
        choices=Pause.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=PolicyVersion._meta.get_field("pauses_on").help_text,
    )

    class Meta:
        model = PolicyVersion
        fields = ["pauses_on"]
        field_classes = dict.fromkeys(TARGETS, DurationField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(TARGETS):
            self.fields[name].widget = AdminTextInputWidget()


class RungForm(forms.ModelForm):
    class Meta:
        model = Rung
        fields = [
            "position",
            "trigger",
            "percent",
            "count",
            "tells",
            "person",
            "channel",
            "acknowledge_within",
        ]
        field_classes = {"acknowledge_within": DurationField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "acknowledge_within" in self.fields:
            self.fields["acknowledge_within"].widget = AdminTextInputWidget()
        if "person" in self.fields:
            person: Any = self.fields["person"]
            person.queryset = self._people()

    def clean(self) -> dict[str, Any]:
        """Say what is missing or too much at its field, in the words of the model."""
        cleaned = super().clean() or {}
        for name, (question, answers, rule) in GOES_WITH.items():
            answer = cleaned.get(question)
            has_value = cleaned.get(name) is not None
            if answer and name not in self.errors and (answer in answers) != has_value:
                self.add_error(name, SAYS[rule])
        return cleaned

    def _people(self) -> QuerySet[User]:
        """Whoever is here, by name; and whoever stands there already, to be told that
        they left."""
        kept = Q(is_active=True) | Q(pk=self.instance.person_id)
        found: QuerySet[User] = User.objects.filter(kept).order_by("name", "pk")
        return found


class RungFormSet(KeptRows):
    def clean(self) -> None:
        """Refuse a ladder that makes no sense, at the rung that does not."""
        super().clean()
        kept = self._kept()
        for fault in faults_of(self.instance, [form.instance for form in kept]):
            for form in kept:
                if form.instance is fault.rung:
                    form.add_error(fault.field, fault.sentence)

    def validate_unique(self) -> None:
        """Refuse what a ladder has once, at the second rung that has it."""
        places: set[int] = set()
        words: set[str] = set()
        for form in self._kept():
            place, word = form.instance.position, form.instance.trigger
            if place in places:
                form.add_error("position", SAYS["rung_position_once"])
            if word in words:
                form.add_error("trigger", SAYS[f"rung_{word}_once"])
            places.add(place)
            words |= {word} & {*SPOKEN}

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        """Rungs may exchange their words in one save."""
        if commit:
            self._free_words()
        return super().save(commit)

    def _free_words(self) -> None:
        """Rows are written one after the other, and PostgreSQL asks after each whether
        a word is there once: whoever gives theirs up waits for a breach meanwhile."""
        gone = [
            form.instance.pk
            for form in self.initial_forms
            if "trigger" in form.changed_data or form in self.deleted_forms
        ]
        spoken = self.instance.rungs.filter(pk__in=gone, trigger__in=SPOKEN)
        spoken.update(trigger=Trigger.BREACH, percent=None, count=None)


class PublishForm(forms.Form):
    """The last question before a version counts."""

    from_now = forms.BooleanField(
        label=gettext_lazy("Let it begin now instead"), required=False
    )

    def __init__(self, *args: Any, check: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check, self.at = check, at

    def clean(self) -> dict[str, Any]:
        """Ask the same as the use case does, to answer on this page."""
        cleaned = super().clean() or {}
        self.check(at=self.at, from_now=bool(cleaned.get("from_now")))
        return cleaned


class CountryForm(forms.Form):
    country = forms.ChoiceField(label=gettext_lazy("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["country"]
        field.choices = list(countries().items())


class HolidaysForm(forms.Form):
    """Which holidays of a country that was chosen before."""

    country = forms.CharField(widget=forms.HiddenInput)
    subdivision = forms.ChoiceField(label=gettext_lazy("Part"), required=False)
    first_year = forms.IntegerField(
        label=gettext_lazy("From the year"), min_value=2000, max_value=FARTHEST_YEAR
    )
    last_year = forms.IntegerField(
        label=gettext_lazy("Until the year"), min_value=2000, max_value=FARTHEST_YEAR
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subdivision"]
        whole = ("", _("The whole country, days that hold everywhere"))
        field.choices = [whole, *subdivisions(country).items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and not first <= last < first + 20:
            raise ValidationError(_("Choose up to twenty years, the first one first."))
        return cleaned

    def years(self) -> range:
        return range(
            self.cleaned_data["first_year"], self.cleaned_data["last_year"] + 1
        )
