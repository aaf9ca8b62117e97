"""What the page of a report sends when something else than a report is wanted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from incidents.forms.portal import MessageForm, ReportForm

LARGEST_ID = 2**63 - 1


class UnfinishedReport(ReportForm):
    """The report as far as it was typed: nothing of it has to be there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("description", "urgency", "impact", "submission"):
            field: Any = self.fields[name]
            field.required = False
            if name in {"urgency", "impact"}:
                field.empty_value = None

    def typed(self) -> dict[str, str]:
        """What the page of a report has to get back, without its files."""
        names = ("description", "urgency", "impact", "submission")
        found = {name: str(self.data.get(name, "")) for name in names}
        return {name: text for name, text in found.items() if text}

    def as_report(self) -> ReportForm:
        """The page of the report again, with all that was typed and chosen."""
        given = self.typed()
        if not self.cleaned_data.get("submission"):
            given.pop("submission", None)
        initial = {**given, "kept": self.file_ids}
        again = ReportForm(by=self.by, initial=initial)
        again.kept_files = self.kept_files
        return again

    def as_message(self) -> MessageForm:
        """The words and files as a message about a report that is there already."""
        words = self.data.get("description", "")
        again = MessageForm(
            by=self.by, initial={"message": words, "kept": self.file_ids}
        )
        again.kept_files = self.kept_files
        return again

    def fault(self) -> str:
        """What is wrong with it, in one line."""
        found = [str(one) for errors in self.errors.values() for one in errors]
        return " ".join(dict.fromkeys(found))


class MeTooForm(UnfinishedReport):
    """Which announcement, and whatever was typed already."""

    announcement = forms.IntegerField(
        min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )


class SolvedForm(UnfinishedReport):
    """Which version of an article solved it."""

    version = forms.IntegerField(
        min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )


class TakeBackForm(UnfinishedReport):
    deflection = forms.IntegerField(
        min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )


class DifferentForm(MessageForm):
    """The first message about a report that one press made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = gettext_lazy("Anything different for you?")
        self.fields["message"].help_text = gettext_lazy(
            "Only if there is. The service desk knows the rest."
        )
