"""Whether known errors helped: asked beside what a form is about, never demanded."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.codes import HowUsed, Outcome
from incidents.models import KnownErrorUse

PREFIX: Final = "helped_"
NOT_KNOWN: Final = ("", gettext_lazy("Not known"))
FOR_DESK: Final = [*Outcome.choices, NOT_KNOWN]
FOR_CONFIRMER: Final = [
    (Outcome.WORKED.value, gettext_lazy("Yes")),
    (Outcome.PARTLY.value, gettext_lazy("In part")),
    (Outcome.FAILED.value, gettext_lazy("No")),
]


class AsksWhatHelped(forms.Form):
    """Has one question for each use, after its own fields. ``helped`` are the answers
    by the id of the use, ``typed_helped`` what was chosen, in whatever form was sent.
    """

    def ask(self, uses: Iterable[KnownErrorUse], *, of_confirmer: bool) -> None:
        for use in uses:
            field = forms.ChoiceField(
                label=_question(use, of_confirmer=of_confirmer),
                choices=FOR_CONFIRMER if of_confirmer else FOR_DESK,
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Choose one of the answers.")},
            )
            field.look = "inline"  # type: ignore[attr-defined]
            self.fields[f"{PREFIX}{use.pk}"] = field

    @property
    def helped(self) -> dict[int, str]:
        return {
            int(name.removeprefix(PREFIX)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]


class AsksConfirmer(AsksWhatHelped):
    """Asks the person who confirms about ``uses``, what they were told."""

    def __init__(
        self, *args: Any, uses: Iterable[KnownErrorUse] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask(uses, of_confirmer=True)


def chosen(data: Any) -> dict[str, str]:
    """The answers of a form that is left for another, to be shown there."""
    return {name: data[name] for name in data if name.startswith(PREFIX)}


def _question(use: KnownErrorUse, *, of_confirmer: bool) -> str:
    title = {"title": use.version.title}
    if of_confirmer:
        return _("Did what we told you about “%(title)s” help?") % title
    if use.how == HowUsed.TOLD:
        return _("“%(title)s” was told to the reporter. Did it help?") % title
    return _("“%(title)s” was applied. Did it help?") % title
