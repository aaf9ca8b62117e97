"""Forms about how an incident ends, what its confirmer said, and how it comes back."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activity import clock
from incidents import permissions as may
from incidents.codes import SOLVER_CODES, CancelReason, Channel
from incidents.forms.fields import IncidentNumber, Moment, Paragraphs
from incidents.forms.helped import AsksWhatHelped
from incidents.forms.move import MoveForm
from incidents.known_errors import asked_of_confirmer, asked_of_desk
from incidents.services.resolving import Solution

FOR_COLLEAGUES = gettext_lazy("For colleagues. The reporter cannot see this.")
FOR_REPORTER = gettext_lazy("The reporter reads this.")


class ResolveForm(AsksWhatHelped, MoveForm):
    code = forms.ChoiceField(
        label=gettext_lazy("How it was solved"),
        choices=[(code.value, code.label) for code in SOLVER_CODES],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how it was solved.")},
    )
    text = Paragraphs(
        label=gettext_lazy("What we did"),
        help_text=FOR_REPORTER,
        error_messages={"required": gettext_lazy("Tell the reporter what you did.")},
    )
    verification = Paragraphs(
        label=gettext_lazy("How you made sure that it works"),
        help_text=FOR_COLLEAGUES,
        error_messages={
            "required": gettext_lazy("Say how you made sure that it works.")
        },
    )
    restored_at = Moment(
        label=gettext_lazy("When it worked again"),
        required=False,
        help_text=gettext_lazy(
            "In your time zone. Leave it empty if nobody knows when."
        ),
    )

    def prepare(self) -> None:
        self.initial.setdefault("restored_at", clock.now())
        self.ask(asked_of_desk(self.incident), of_confirmer=False)

    def given(self) -> dict[str, Any]:
        named = ("code", "text", "verification", "restored_at")
        facts = {name: self.cleaned_data[name] for name in named}
        facts["restored_at"] = self._to_the_second(facts["restored_at"])
        return {
            "expected_version": self.expected_version,
            "solution": Solution(**facts),
            "helped": self.helped,
        }

    def _to_the_second(self, restored: datetime | None) -> datetime | None:
        """The field holds minutes: in the minute of the beginning, the beginning."""
        begun = self.incident.occurred_at or self.incident.detected_at
        if restored is None or begun is None:
            return restored
        same_minute = restored <= begun < restored + timedelta(minutes=1)
        return begun if same_minute else restored


class RecordCallForm(AsksWhatHelped, MoveForm):
    account = Paragraphs(
        label=gettext_lazy("What they told you, and when"),
        help_text=FOR_COLLEAGUES,
        error_messages={"required": gettext_lazy("Write down what they told you.")},
    )

    def prepare(self) -> None:
        """The questions are theirs, in the words that they were asked."""
        self.ask(asked_of_confirmer(self.incident), of_confirmer=True)

    def given(self) -> dict[str, Any]:
        return {
            "expected_version": self.expected_version,
            "account": self.cleaned_data["account"],
            "helped": self.helped,
        }


class RejectForm(MoveForm):
    complaint = Paragraphs(
        label=gettext_lazy("What still does not work"),
        help_text=gettext_lazy("The reporter and the team that solved it read this."),
        error_messages={
            "required": gettext_lazy("Tell us what still does not work."),
        },
    )

    def given(self) -> dict[str, Any]:
        return {**super().given(), "channel": Channel.CALL}


class ReasonForm(MoveForm):
    """Why; for colleagues."""

    reason = Paragraphs(
        label=gettext_lazy("Why"),
        help_text=FOR_COLLEAGUES,
        error_messages={"required": gettext_lazy("Say why.")},
    )


class AttentionForm(ReasonForm):
    def prepare(self) -> None:
        field = self.fields["reason"]
        field.label = _("Why it needs attention")
        field.error_messages["required"] = _("Say why it needs attention.")


class WaiveForm(ReasonForm):
    def prepare(self) -> None:
        field = self.fields["reason"]
        field.label = _("Why it can be closed without an answer")
        field.error_messages["required"] = _(
            "Say why it can be closed without an answer."
        )


class CancelForm(MoveForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it ends"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    master = IncidentNumber(
        label=gettext_lazy("The incident that goes on"),
        required=False,
        help_text=gettext_lazy(
            "Needed for a duplicate: its number, such as INC-00042."
        ),
    )
    explanation = Paragraphs(
        label=gettext_lazy("What the reporter shall know"),
        help_text=gettext_lazy(
            "The reporter reads this, and can bring the report back for 14 days."
        ),
        required=False,
    )

    def prepare(self) -> None:
        self.fields["master"].user = self.by  # type: ignore[attr-defined]
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (reason.value, reason.label)
            for reason in CancelReason
            if may.may_cancel_as(self.incident, self.by, reason)
        ]


class ComplaintForm(MoveForm):
    complaint = Paragraphs(
        label=gettext_lazy("What is wrong again"),
        help_text=FOR_REPORTER,
        error_messages={"required": gettext_lazy("Tell us what is wrong again.")},
    )


class FollowUpForm(MoveForm):
    """Starts another incident, so it does not matter what became of this one."""

    description = Paragraphs(
        label=gettext_lazy("What is wrong now"),
        help_text=FOR_REPORTER,
        error_messages={"required": gettext_lazy("Tell us what is going wrong.")},
    )

    def given(self) -> dict[str, Any]:
        return {"description": self.cleaned_data["description"]}


class SuccessorForm(ReasonForm):
    successor = forms.EmailField(
        label=gettext_lazy("Who confirms instead"),
        help_text=gettext_lazy("The address that they log in with here."),
        error_messages={
            "required": gettext_lazy("Enter an address such as name@example.org."),
            "invalid": gettext_lazy("Enter an address such as name@example.org."),
        },
    )
    field_order = ["version", "successor", "reason"]

    def clean_successor(self) -> User:
        people = User.objects.people().active()
        email = self.cleaned_data["successor"]
        found: User | None = people.filter(email__iexact=email).first()
        if found is None:
            raise ValidationError(_("Enter the address that they log in with here."))
        return found
