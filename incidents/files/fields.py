"""The form field for several files."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from incidents.files.inspection import Inspected, inspect
from incidents.files.rules import (
    CONTENT_TYPES,
    LIMITS_IN_WORDS,
    MAX_FILES,
    MAX_TOTAL,
    MEGABYTE,
)

ACCEPT = ",".join(f".{extension}" for extension in CONTENT_TYPES)

TOO_MANY = ngettext_lazy(
    "You can attach %(limit)d file to one message. Choose the one that matters most.",
    "You can attach %(limit)d files to one message. Choose the %(limit)d that matter"
    " most, and send the others with your next message.",
    "limit",
)
TOO_LARGE = _(
    "Together these files are larger than %(megabytes)d MB. Attach fewer of them, and"
    " send the others with your next message."
)

Attached = tuple[UploadedFile, Inspected]


class MultipleFileInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Any number of files up to the limits; cleans to a list of ``Attached``.

    Every file was inspected and lies rewound. All that is wrong is told at once, a
    message per file. No file at all is an empty list.
    """

    widget = MultipleFileInput
    default_error_messages = {"required": _("Choose a file.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", LIMITS_IN_WORDS)
        super().__init__(**{"required": False, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the browser what to offer; the check is ours all the same."""
        return {**super().widget_attrs(widget), "accept": ACCEPT}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)

    def clean(self, value: Any) -> list[Attached]:
        uploads: list[UploadedFile] = value or []
        self.validate(uploads)
        if len(uploads) > MAX_FILES:  # Nobody makes us read a hundred files.
            raise ValidationError(TOO_MANY, code="count", params={"limit": MAX_FILES})
        errors = _faults_together(uploads)
        attached: list[Attached] = []
        for upload in uploads:
            try:
                attached.append((upload, inspect(upload)))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return attached


def _faults_together(uploads: list[UploadedFile]) -> list[ValidationError]:
    if sum(upload.size or 0 for upload in uploads) <= MAX_TOTAL:
        return []
    limit = {"megabytes": MAX_TOTAL // MEGABYTE}
    return [ValidationError(TOO_LARGE, code="total", params=limit)]
