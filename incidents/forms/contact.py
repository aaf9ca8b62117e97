"""Somebody calls: who it is, what is wrong, and often what was done about it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import UserQuerySet
from incidents.codes import CONTACTS, SOLVER_CODES, Impact, Kind, Source, Urgency
from incidents.forms.classification import ClassificationForm
from incidents.models import Incident, TicketTemplate
from incidents.services.asking import LONGEST_TEXT
from incidents.services.reporting import LONGEST_TITLE, Report
from incidents.services.resolving import Solution

MOST_CANDIDATES = 8
CANDIDATES = HTML("{% include 'incidents/contact/_candidates.html' %}")


class Section(Fieldset):
    """A part of the screen with its heading."""

    template = "incidents/contact/_section.html"


class Rest(Fieldset):
    """Rarely needed: folded away until somebody opens it."""

    template = "incidents/contact/_rest.html"


def people_like(words: str) -> UserQuerySet:
    """Active people with each of these words in their name or address."""
    found: UserQuerySet = User.objects.people().active()
    for word in words.replace("<", " ").replace(">", " ").split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found.order_by("name", "pk")


class ContactForm(ClassificationForm):
    """One screen for a call. With ``solved`` it asks for the solution as well."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    caller = forms.CharField(
        label=_("Who is it?"),
        max_length=254,
        help_text=_("Name or e-mail address."),
        widget=forms.TextInput(
            attrs={"list": "people", "autocomplete": "off", "autofocus": True}
        ),
        error_messages={"required": _("Enter who is calling.")},
    )
    caller_pk = forms.IntegerField(
        label=_("Which of them?"), required=False, widget=forms.HiddenInput
    )
    source = forms.ChoiceField(
        label=_("How did they reach us?"),
        choices=[(code.value, code.label) for code in CONTACTS],
        widget=forms.RadioSelect,
    )
    description = forms.CharField(
        label=_("What is going wrong?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write down what is going wrong.")},
    )
    title = forms.CharField(
        label=_("Subject"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=_("Left empty, the first words of the description."),
    )
    code = forms.ChoiceField(
        label=_("How was it solved?"),
        choices=[("", _("Choose one")), *((c.value, c.label) for c in SOLVER_CODES)],
        required=False,
    )
    text = forms.CharField(
        label=_("What did you do?"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("The caller reads this in the e-mail that asks if it works."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    verification = forms.CharField(
        label=_("How did you make sure that it works?"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("For colleagues only."),
        widget=forms.TextInput,
    )

    def __init__(self, *args: Any, solved: bool = False, **kwargs: Any) -> None:
        self.solved = solved
        self.candidates: list[User] = []
        super().__init__(*args, **kwargs)
        for name in ("kind", "source"):
            self.fields[name].look = "inline"  # type: ignore[attr-defined]
        self._ask_for_solution()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = _layout()

    def _ask_for_solution(self) -> None:
        """Not asked of who takes it instead; they go on with it."""
        for name, sentence in (
            ("code", _("Choose how it was solved.")),
            ("text", _("Tell the caller what you did.")),
            ("verification", _("Say how you made sure that it works.")),
        ):
            self.fields[name].required = self.solved or not self.is_bound
            self.fields[name].error_messages["required"] = sentence

    def clean(self) -> dict[str, Any]:
        """Find the one person who is meant, or offer those who might be."""
        cleaned: dict[str, Any] = super().clean() or {}
        words = cleaned.get("caller", "")
        if words:
            cleaned["reporter"] = self._person(words, cleaned.get("caller_pk"))
        return cleaned

    def _person(self, words: str, pk: int | None) -> User | None:
        found = list(_meant(words)[: MOST_CANDIDATES + 1])
        chosen = [person for person in found if person.pk == pk]
        if chosen or len(found) == 1:
            return (chosen or found)[0]
        if not found:
            sentence = _(
                "Nobody here has this name or address. Look at the spelling; an"
                " administrator adds new people."
            )
        else:
            self.candidates = found[:MOST_CANDIDATES]
            sentence = _("Several people are called like this. Choose one below.")
        self.add_error("caller", sentence)
        return None

    @property
    def rest_is_open(self) -> bool:
        """Whether the folded part holds something to look at."""
        parts = [self["risks"], self["people_affected"]]
        return any(part.value() or part.errors for part in parts)

    def refuse_other_call(self, logged: Incident) -> bool:
        """Whether this screen was sent before for another call, as *Back* of the
        browser makes it: the next press logs this one by itself."""
        reporter = self.cleaned_data["reporter"]
        words = self.cleaned_data["description"]
        if (logged.reporter, logged.description) == (reporter, words):
            return False
        sentence = _(
            "This screen was sent already, as %(reference)s for %(name)s. Press once"
            " more to log this call as well."
        )
        facts = {"reference": logged.reference, "name": logged.reporter.name}
        self.add_error(None, sentence % facts)
        self.data = {**self.data.dict(), "submission": str(uuid4())}  # type: ignore[attr-defined]
        return True

    def report(self) -> Report:
        data = self.cleaned_data
        return Report(
            description=data["description"],
            title=data["title"],
            impact=data["impact"],
            urgency=data["urgency"],
            service=data["service"],
            category=data["category"],
            people_affected=data["people_affected"],
            source=data["source"],
            submission=data["submission"],
        )

    def solution(self) -> Solution:
        data = self.cleaned_data
        return Solution(
            code=data["code"], text=data["text"], verification=data["verification"]
        )


def first_values() -> dict[str, Any]:
    """What most calls are."""
    return {
        "kind": Kind.INCIDENT,
        "source": Source.PHONE,
        "impact": Impact.ONE,
        "urgency": Urgency.HINDERED,
        "submission": uuid4(),
    }


def filled_by(
    template: TicketTemplate, typed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The template's values, under whatever was typed already."""
    values = first_values() | {
        "title": template.title,
        "description": template.description,
        "kind": template.kind,
        "service": template.service_id,
        "category": template.category_id,
        "impact": template.impact,
        "urgency": template.urgency,
        "code": template.resolution_code,
        "text": template.solution,
    }
    kept = ("caller", "title", "description", "text", "verification", "people_affected")
    for name in kept:
        if typed and typed.get(name, "").strip():
            values[name] = typed[name]
    if typed and typed.get("source") in {str(code) for code in CONTACTS}:
        values["source"] = typed["source"]
    values["submission"] = _uuid(typed.get("submission", "")) if typed else uuid4()
    return values


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _meant(words: str) -> UserQuerySet:
    """By the whole address; else by the words, as the suggestions write them."""
    exact: UserQuerySet = User.objects.people().active()
    exact = exact.filter(email__iexact=words.strip())
    return exact if exact.exists() else people_like(words)


def _layout() -> Layout:
    """The caller and the trouble, what it is about, and what was done."""
    return Layout(
        "submission",
        Div(
            Section(_("The caller"), "caller", CANDIDATES, "source"),
            Section(_("The trouble"), "description", "title"),
            css_class="stack",
        ),
        Section(
            _("What it is about"),
            "kind",
            "service",
            "category",
            "impact",
            "urgency",
            Rest(_("Risks and people affected"), "risks", "people_affected"),
        ),
        Section(_("The solution"), "code", "text", "verification"),
    )
