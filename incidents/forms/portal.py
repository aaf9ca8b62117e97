"""What reporters fill in: few questions, in their words, checked when they are sent."""

import unicodedata
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.codes import Impact, Urgency
from incidents.forms.helped import AsksConfirmer
from incidents.forms.kept_files import FormWithFiles
from incidents.models import Incident
from incidents.services.asking import LONGEST_TEXT

TOO_LONG = gettext_lazy(
    "Shorten this to %(limit_value)d characters, or add it as a file."
)
OPEN_AGAIN = gettext_lazy(
    "Something was changed on the way here. What you typed is still below: look at"
    " the page once more and send it again."
)


class TextField(forms.CharField):
    """Several lines of text. Signs that nobody can see or type are left out."""

    widget = forms.Textarea

    def __init__(self, *, empty: Any = "", **kwargs: Any) -> None:
        # No maxlength in the page: who pastes more has to see all of it.
        limit = MaxLengthValidator(LONGEST_TEXT, TOO_LONG)
        super().__init__(validators=[limit], required=bool(empty), **kwargs)
        self.error_messages["required"] = empty

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace("\r\n", "\n")
        visible = (
            sign
            for sign in text
            if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
        )
        return super().to_python("".join(visible))


class PortalForm(forms.Form):
    """A form whose hidden parts never end in a riddle: what is wrong with them is
    said on top, in words for who looks at the page."""

    use_required_attribute = False

    def add_error(self, field: str | None, error: Any) -> None:
        if field in self.fields and self.fields[field].widget.is_hidden:
            field, error = None, ValidationError(OPEN_AGAIN)
        super().add_error(field, error)


class ReportForm(PortalForm, FormWithFiles):
    """Three questions, and files if there are any."""

    description = TextField(
        label=gettext_lazy("What is going wrong?"),
        empty=gettext_lazy("Tell us what is going wrong."),
        help_text=gettext_lazy(
            "In your own words: what you did, and what happened instead."
        ),
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("How is it affecting your work?"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (Urgency.CANNOT_WORK.value, gettext_lazy("I cannot work at all")),
            (
                Urgency.HINDERED.value,
                gettext_lazy("I can work, but slowly or with a workaround"),
            ),
            (Urgency.CAN_WAIT.value, gettext_lazy("It is a small annoyance")),
        ],
        error_messages={
            "required": gettext_lazy("Choose how it affects your work."),
            "invalid_choice": gettext_lazy("Choose one of the three answers."),
        },
    )
    impact = forms.TypedChoiceField(
        label=gettext_lazy("Who else is affected?"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (Impact.ONE.value, gettext_lazy("Only me, or I am not sure")),
            (Impact.TEAM.value, gettext_lazy("My team")),
            (
                Impact.EVERYONE.value,
                gettext_lazy("Everyone at my site, or customers"),
            ),
        ],
        error_messages={
            "required": gettext_lazy("Choose who else is affected."),
            "invalid_choice": gettext_lazy("Choose one of the three answers."),
        },
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("description", "urgency", "impact", "files", "kept", "submission")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for name in ("urgency", "impact"):
            self.fields[name].look = "cards"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "submission" not in cleaned:
            self.renew_submission()
        return cleaned

    def refuse_other_words(self, sent: Incident) -> bool:
        """Whether this form was sent before with other words: they are not lost, the
        next time they make a report of their own."""
        if sent.description == self.cleaned_data["description"]:
            return False
        sentence = _(
            "You sent this page already, as %(reference)s, with other words. Send it"
            " once more to make a second report, or open %(reference)s and write a"
            " message there."
        )
        self.add_error(None, sentence % {"reference": sent.reference})
        self.renew_submission()
        return True

    def renew_submission(self) -> None:
        self.data = {**self.data, "submission": str(uuid4())}


class MessageForm(PortalForm, FormWithFiles):
    """The reporter writes to the desk."""

    message = TextField(
        label=gettext_lazy("Your message"), empty=gettext_lazy("Write your message.")
    )

    field_order = ("message", "files", "kept")


class AnswerForm(MessageForm):
    """The same, after a question of the desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = _("Your answer")


class _AboutSolution(AsksConfirmer, PortalForm):
    """Carries the id of the solution that the page showed: an answer counts for that
    one only."""

    resolution = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ConfirmForm(_AboutSolution):
    """It works. ``sure`` comes from the page that asked a second time."""

    message = TextField(label=gettext_lazy("Anything to add?"))
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


class StillBrokenForm(_AboutSolution):
    complaint = TextField(
        label=gettext_lazy("What still goes wrong?"),
        empty=gettext_lazy("Tell us what still goes wrong."),
        help_text=gettext_lazy("It goes back to the people who worked on it."),
    )

    def given(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in ("resolution", "complaint")}
        return {**own, "helped": self.helped}


class WorksAgainForm(AsksConfirmer, PortalForm):
    message = TextField(
        label=gettext_lazy("What helped?"),
        help_text=gettext_lazy("If you know, it may help others."),
    )

    def given(self) -> dict[str, Any]:
        return {"message": self.cleaned_data["message"], "helped": self.helped}


class UrgeForm(PortalForm):
    reason = TextField(
        label=gettext_lazy("What makes it urgent now?"),
        empty=gettext_lazy("Tell us what makes it urgent now."),
    )


class WithdrawForm(PortalForm):
    explanation = TextField(label=gettext_lazy("Why do you not need it any more?"))


class ReopenForm(PortalForm):
    complaint = TextField(
        label=gettext_lazy("What is wrong again?"),
        empty=gettext_lazy("Tell us what is wrong again."),
    )


class ReinstateForm(PortalForm):
    complaint = TextField(
        label=gettext_lazy("Why do you need it after all?"),
        empty=gettext_lazy("Tell us why you need it after all."),
    )


class FollowUpForm(PortalForm):
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    description = TextField(
        label=gettext_lazy("What is going wrong now?"),
        empty=gettext_lazy("Tell us what is going wrong now."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class ShareForm(PortalForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of your colleague"),
        help_text=gettext_lazy(
            "They read what you and the service desk write to each other. They cannot"
            " change anything."
        ),
        error_messages={
            "required": gettext_lazy("Enter the address of a colleague."),
            "invalid": gettext_lazy("Enter an address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class UnshareForm(PortalForm):
    user = forms.ModelChoiceField(
        queryset=User.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = User.objects.filter(shares__incident=incident)
        self.fields["user"].queryset = shared  # type: ignore[attr-defined]
