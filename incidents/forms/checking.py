"""The form of the check for known errors: one decision for each that is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.codes import Decided, Refusal
from incidents.forms.versioned import VersionedForm
from incidents.models import Incident
from incidents.services.asking import LONGEST_TEXT
from incidents.services.checking import Decision
from knowledgebase.services.suggesting import Suggestion

SALT: Final = "incidents.known_error_check"
PARTS: Final = ("decided", "refusal", "word")


@dataclass(frozen=True, slots=True)
class Asked:
    """One candidate with the fields that decide on it."""

    suggestion: Suggestion
    decided: forms.BoundField
    refusal: forms.BoundField
    word: forms.BoundField


class AsksKnownErrors(VersionedForm):
    """Mixin of forms that ask about known errors. What is shown is carried along,
    signed, so that what comes back is about what this person saw."""

    suggestions: Sequence[Suggestion] = ()

    def ask_about(self, suggestions: Sequence[Suggestion]) -> None:
        """Add the fields that decide on each of these."""
        self.suggestions = suggestions
        self.fields["shown"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.initial["shown"] = seal(self.incident, self.numbers)
        for place, one in enumerate(suggestions, 1):
            self._ask(one.version.pk, place)

    @property
    def numbers(self) -> list[int]:
        """The ids of the versions that are shown, in their order."""
        return [one.version.pk for one in self.suggestions]

    @property
    def is_about_what_is_shown(self) -> bool:
        """Whether the one who sent it saw the same as is suggested now."""
        return unsealed(self.incident, self.data.get("shown", "")) == self.numbers

    @property
    def decisions(self) -> dict[int, Decision]:
        """By the id of the version; what was not decided is left out."""
        return {
            pk: Decision(**{name: self.cleaned_data[f"{name}_{pk}"] for name in PARTS})
            for pk in self.numbers
            if self.cleaned_data.get(f"decided_{pk}")
        }

    def each(self) -> Iterator[Asked]:
        for one in self.suggestions:
            fields = [self[f"{name}_{one.version.pk}"] for name in PARTS]
            yield Asked(one, *fields)

    def typed(self) -> dict[str, Any]:
        """What was decided so far, to be shown again beside other candidates."""
        return {
            name: value
            for name, value in self.data.items()
            if name.rpartition("_")[0] in PARTS
        }

    def full_clean(self) -> None:
        """What is not decided yet may still have to be given a reason: its label does
        not say that none is needed."""
        super().full_clean()
        for pk in self.numbers:
            if not self.data.get(f"decided_{pk}"):
                self.fields[f"refusal_{pk}"].required = True

    def _ask(self, pk: int, place: int) -> None:
        self.fields[f"decided_{pk}"] = forms.ChoiceField(
            label=_("Known error %(place)d: do you use it?") % {"place": place},
            choices=Decided.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Say whether you use it.")},
        )
        self.fields[f"refusal_{pk}"] = forms.ChoiceField(
            label=gettext_lazy("Why not"),
            choices=[("", gettext_lazy("Choose a reason")), *Refusal.choices],
            required=self._is_refused(pk),
            error_messages={"required": _("Say why you do not use it.")},
        )
        self.fields[f"word_{pk}"] = forms.CharField(
            label=gettext_lazy("In your words"),
            required=False,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def _is_refused(self, pk: int) -> bool:
        """Nobody says why not of what is used; until that is said, it is asked."""
        said = self.data.get(f"decided_{pk}") if self.is_bound else Decided.REFUSED
        return bool(said == Decided.REFUSED)


class CheckForm(AsksKnownErrors):
    """The check on a page of its own."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, suggestions: Sequence[Suggestion], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.ask_about(suggestions)


def seal(incident: Incident, numbers: Sequence[int]) -> str:
    return signing.dumps([incident.pk, *numbers], salt=SALT)


def unsealed(incident: Incident, text: str) -> list[int] | None:
    """What was shown of this incident; ``None`` for what we never showed."""
    try:
        pk, *numbers = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return numbers if pk == incident.pk else None
