"""Files that survive a form which has to be shown again, without any script.

What was chosen is inspected and kept as a waiting ``Attachment`` of the person, even
if the rest of the form is wrong. The form carries the ids of what it keeps.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents import services
from incidents.files.fields import TOO_LARGE, TOO_MANY, Attached, FilesField
from incidents.files.inspection import inspect
from incidents.files.rules import MAX_FILES, MAX_TOTAL, MEGABYTE
from incidents.models import Attachment
from incidents.services.uploading import MOST_WAITING, TOO_MANY_WAIT

LONGEST_ID = 18


class KeptField(forms.MultipleChoiceField):
    """Ids of files that wait; what is none of this person's is left out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        given = [str(one) for one in value or ()]
        digits = [one for one in given if one.isdecimal() and len(one) <= LONGEST_ID]
        return [int(one) for one in digits[:MAX_FILES]]


class FormWithFiles(forms.Form):
    """A form with optional files. ``by`` chose them and alone may send them.

    Call ``keep_files`` once the form was asked whether it is valid: it stores what is
    good, whatever else is wrong. ``kept_files`` are the rows then, ``file_ids`` what a
    service wants; ``wants_to_drop`` is true when a remove button was pressed instead
    of the one that sends.
    """

    use_required_attribute = False

    files = FilesField(label=_("Screenshot or file"))  # type: ignore[assignment]
    kept = KeptField(required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        self.by = by
        self.kept_files: list[Attachment] = []
        self._new: list[Attached] = []
        super().__init__(*args, **kwargs)

    @property
    def file_ids(self) -> list[int]:
        return [row.pk for row in self.kept_files]

    @property
    def wants_to_drop(self) -> bool:
        return "drop" in self.data

    def clean(self) -> dict[str, Any]:
        """The limits hold for what is kept and what is new together."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.kept_files = self._waiting(cleaned.get("kept", ()))
        self._new = cleaned.get("files", self._good_ones())
        fault = self._fault_together()
        if fault is not None:
            self._new = []
            self.add_error("files", fault)
        return cleaned

    def keep_files(self) -> None:
        """Store the new files and take away the one whose remove button was pressed."""
        self.errors  # noqa: B018 - looks at what was sent
        for upload, inspected in self._new:
            row = services.keep_upload(upload, by=self.by, inspected=inspected)
            self.kept_files.append(row)
        self._new = []
        self._drop(self.data.get("drop", ""))

    def shown_again(self, **kwargs: Any) -> "FormWithFiles":
        """The same form with all that was typed, and no word about what is missing."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        typed["kept"] = self.file_ids
        again = type(self)(by=self.by, initial=typed, **kwargs)
        again.kept_files = self.kept_files
        return again

    def _waiting(self, pks: Iterable[int]) -> list[Attachment]:
        return list(Attachment.objects.waiting_of(self.by).filter(pk__in=list(pks)))

    def _good_ones(self) -> list[Attached]:
        """Of a choice with a bad file in it, the others."""
        uploads = self.fields["files"].widget.value_from_datadict(
            self.data, self.files, self.add_prefix("files")
        )
        good: list[Attached] = []
        for upload in uploads if len(uploads) <= MAX_FILES else ():
            try:
                good.append((upload, inspect(upload)))
            except ValidationError:
                continue
        return good

    def _fault_together(self) -> ValidationError | None:
        waiting = Attachment.objects.waiting_of(self.by)
        if self._new and waiting.count() + len(self._new) > MOST_WAITING:
            return ValidationError(TOO_MANY_WAIT, code="waiting")
        count = len(self.kept_files) + len(self._new)
        if count > MAX_FILES:
            return ValidationError(TOO_MANY, code="count", params={"limit": MAX_FILES})
        size = sum(row.size for row in self.kept_files)
        size += sum(inspected.size for _upload, inspected in self._new)
        if size > MAX_TOTAL:
            limit = {"megabytes": MAX_TOTAL // MEGABYTE}
            return ValidationError(TOO_LARGE, code="total", params=limit)
        return None

    def _drop(self, pk: str) -> None:
        for row in self.kept_files:
            if str(row.pk) == pk:
                with suppress(Attachment.DoesNotExist):  # Pressed twice.
                    services.drop_upload(row.pk, by=self.by)
        self.kept_files = [row for row in self.kept_files if str(row.pk) != pk]
