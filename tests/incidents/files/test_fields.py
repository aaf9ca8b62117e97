"""Several files in one field, and everything that is wrong told at once."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from incidents.files.fields import FilesField
from incidents.files.rules import CONTENT_TYPES, MAX_FILES, MEGABYTE
from tests.incidents.files import samples
from tests.incidents.files.samples import upload


class MessageForm(forms.Form):
    attachments = FilesField(label="Files")


class StrictForm(forms.Form):
    attachments = FilesField(label="Files", required=True)


def sent(*files: SimpleUploadedFile) -> MessageForm:
    return MessageForm({}, MultiValueDict({"attachments": list(files)}))


def test_several_files_come_out_inspected_and_rewound() -> None:
    form = sent(upload("a.png", samples.PNG), upload("b.txt", b"It went dark."))
    assert form.is_valid(), form.errors
    (first, picture), (second, note) = form.cleaned_data["attachments"]
    assert (picture.name, note.name) == ("a.png", "b.txt")
    assert (first.read(), second.read()) == (samples.PNG, b"It went dark.")
    assert form.has_changed()


@pytest.mark.parametrize(
    "files", [{}, MultiValueDict(), MultiValueDict({"attachments": []})]
)
def test_no_file_is_an_empty_list(files: Any) -> None:
    form = MessageForm({}, files)
    assert form.is_valid()
    assert form.cleaned_data["attachments"] == []
    assert not form.has_changed()


def test_a_file_can_be_asked_for() -> None:
    assert StrictForm({}, MultiValueDict()).errors["attachments"] == ["Choose a file."]


def test_all_that_is_wrong_is_told_at_once() -> None:
    form = sent(
        upload("setup.exe", samples.EXE),
        upload("a.png", samples.PNG),
        upload("b.txt", b""),
        upload("c.docx", samples.DOCM),
    )
    told = form.errors["attachments"]
    assert [str(message).split()[0] for message in told] == [
        "setup.exe",
        "b.txt",
        "c.docx",
    ]
    assert "attachments" not in form.cleaned_data


def test_five_files_are_taken_and_six_are_not() -> None:
    five = [upload(f"{number}.txt", b"x") for number in range(MAX_FILES)]
    assert sent(*five).is_valid()
    six = sent(*five, upload("setup.exe", samples.EXE))
    assert six.errors["attachments"] == [
        "You can attach 5 files to one message. Choose the 5 that matter most, and"
        " send the others with your next message."
    ]


def test_files_may_be_too_large_together() -> None:
    part = b"x" * (9 * MEGABYTE)
    three = sent(*(upload(f"{name}.txt", part) for name in "abc"))
    assert len(three.errors["attachments"]) == 1
    assert "larger than 25 MB" in three.errors["attachments"][0]
    assert sent(*(upload(f"{name}.txt", part) for name in "ab")).is_valid()


def test_the_page_offers_several_files_of_our_kinds_and_says_the_limits() -> None:
    page = str(MessageForm())
    assert '<input type="file" name="attachments"' in page
    assert " multiple" in page
    assert ' accept=".png,.jpg,' in page
    assert ".exe" not in page
    assert page.count(",.") == len(CONTENT_TYPES) - 1
    assert "Up to 5 files, 10 MB each, 25 MB together" in page
    assert 'aria-describedby="id_attachments_helptext"' in page
    assert MessageForm().is_multipart()


def test_a_hostile_name_is_harmless_in_the_error() -> None:
    page = str(sent(upload("<img src=x>.exe", samples.EXE)))
    assert "<img" not in page
