"""Forms about what is said, and to whom."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.codes import HowUsed, LinkKind
from incidents.forms.fields import IncidentNumber, Paragraphs
from incidents.forms.kept_files import LONGEST_ID, FormWithFiles
from incidents.forms.move import MoveForm
from incidents.known_errors import message_from, why_not_told, why_not_used
from incidents.models import Incident
from incidents.moves import BY_NAME
from incidents.services.linking import BY_HAND
from knowledgebase.models import ArticleVersion


class Composer(FormWithFiles):
    """A message with files about an incident that somebody looked at."""

    name = ""
    wants_to_take_out = False
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        self.incident = incident
        given = kwargs.pop("initial", None) or {}
        # The page shows the incident as it is now, whatever was sent before.
        kwargs["initial"] = {**given, "version": incident.version}
        # Two of them stand on one page.
        super().__init__(*args, auto_id=f"{self.name}_%s", **kwargs)

    @property
    def expected_version(self) -> int:
        return int(self.cleaned_data["version"])

    def given(self) -> dict[str, Any]:
        """What the service wants by name."""
        raise NotImplementedError


class ReplyForm(Composer):
    """To the reporter, and all it is shared with.

    ``use`` is the version of an article whose words it begins with, ``quoted`` the
    version itself, and ``hindrance`` why it cannot be told just now.
    """

    name = "reply"
    use = forms.CharField(required=False, widget=forms.HiddenInput)
    message = Paragraphs(
        label=_("Your reply"),
        error_messages={"required": _("Write your reply.")},
    )
    field_order = ["version", "use", "message", "files", "kept"]

    @cached_property
    def quoted(self) -> ArticleVersion | None:
        pk = str(self["use"].value() or "")
        if not pk.isdecimal() or len(pk) > LONGEST_ID:
            return None
        seen = ArticleVersion.objects.visible_to(self.by).select_related("article")
        return seen.filter(pk=pk).first()

    @cached_property
    def hindrance(self) -> str:
        if self.quoted is None:
            return ""
        return why_not_used(self.quoted) or why_not_told(self.incident, self.quoted)

    @property
    def wants_to_take_out(self) -> bool:  # type: ignore[override]
        """The words stay; the article they came from is not named."""
        return "take_out" in self.data

    @property
    def wants_to_quote(self) -> bool:
        """An article's words come after those that were typed so far."""
        return "quote" in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("use") and self.quoted is None:
            sentence = _now(
                "The article is not there any more. Your words are still here: send"
                " them without it, or change them."
            )
            self.add_error(None, sentence)
        if self.hindrance:
            self.add_error(None, self.hindrance)
        return cleaned

    def shown_again(self, **kwargs: Any) -> FormWithFiles:
        again = super().shown_again(**kwargs)
        if self.wants_to_take_out:
            again.initial["use"] = ""
        if self.wants_to_quote and self.quoted is None:
            again.initial["use"] = self.data["quote"]
        return again

    def begin_with_quote(self) -> None:
        """Put the words of ``quoted``, if they may be told, after what is there."""
        if self.quoted is None or self.hindrance:
            return
        typed = str(self.initial.get("message") or "").rstrip()
        words = message_from(self.quoted)
        self.initial["message"] = f"{typed}\n\n{words}" if typed else words

    def given(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "expected_version": self.expected_version,
            "message": self.cleaned_data["message"],
            "files": self.file_ids,
        }
        if self.quoted is not None:
            facts |= {"version": self.quoted.pk, "how": HowUsed.TOLD}
        return facts


class NoteForm(Composer):
    """For colleagues only."""

    name = "note"
    text = Paragraphs(
        label=_("Your note"),
        error_messages={"required": _("Write your note.")},
    )
    field_order = ["version", "text", "files", "kept"]

    def given(self) -> dict[str, Any]:
        return {
            "expected_version": self.expected_version,
            "text": self.cleaned_data["text"],
            "files": self.file_ids,
        }


class AskForm(MoveForm):
    """Ask one of those who can. Names no version: a question is never too late."""

    version = None  # type: ignore[assignment]
    move = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    to = forms.ModelChoiceField(
        label=_("Whom"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose whom you ask.")},
    )
    message = Paragraphs(
        label=_("What you ask for"),
        help_text=_("For colleagues. The reporter cannot see this."),
        error_messages={"required": _("Write what you ask for.")},
    )

    def prepare(self) -> None:
        asked = self.data.get("move") or self.asked.get("move", "")
        self.asked_move = BY_NAME.get(asked, BY_NAME["ask"])
        people = self.asked_move.who(self.incident).exclude(pk=self.by.pk)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]
        self.initial["move"] = self.asked_move.name

    def given(self) -> dict[str, Any]:
        return {
            "to": self.cleaned_data["to"],
            "message": self.cleaned_data["message"],
            "move": self.asked_move.name,
        }


class ShareForm(MoveForm):
    email = forms.EmailField(
        label=_("Colleague's e-mail address"),
        help_text=_("They read what the reporter reads, and hear of news."),
        error_messages={
            "required": _("Enter an address such as name@example.org."),
            "invalid": _("Enter an address such as name@example.org."),
        },
    )

    def given(self) -> dict[str, Any]:
        return {"email": self.cleaned_data["email"]}


class LinkForm(MoveForm):
    kind = forms.ChoiceField(
        label=_("How they belong together"),
        choices=[(kind.value, kind.label) for kind in BY_HAND],
        widget=forms.RadioSelect,
        initial=LinkKind.RELATED,
        error_messages={"required": _("Choose how they belong together.")},
    )
    to = IncidentNumber(
        label=_("The other incident"),
        help_text=_("Its number, such as INC-00042."),
        error_messages={"required": _("Enter the number of the other incident.")},
    )

    def prepare(self) -> None:
        self.fields["to"].user = self.by  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        return {
            "expected_version": self.expected_version,
            "kind": self.cleaned_data["kind"],
            "to": self.cleaned_data["to"].pk,
        }
