"""What is handed out is saved by the browser, never run."""

from pathlib import Path

import pytest
from csp.middleware import CSPMiddleware
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile, FileField
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory
from pytest_django import Settings

from activity.private_files import private_storage
from incidents.files.download import as_download
from incidents.files.rules import CONTENT_TYPES


def disposition(name: str) -> str:
    file = ContentFile(b"x", name="stored")
    return as_download(file, name=name, content_type="text/plain")[
        "Content-Disposition"
    ]


def test_it_is_an_attachment_that_nothing_may_run_or_keep() -> None:
    response = as_download(
        ContentFile(b"It went dark."), name="a.pdf", content_type="application/pdf"
    )
    assert b"".join(response) == b"It went dark."
    assert dict(response.items()) == {
        "Content-Length": "13",
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="a.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def test_the_policy_of_pages_does_not_replace_its_own() -> None:
    def view(request: HttpRequest) -> HttpResponseBase:
        return as_download(ContentFile(b"x"), name="a.txt", content_type="")

    response = CSPMiddleware(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponseBase)
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.txt", 'attachment; filename="a.txt"'),
        ('a"; filename="b.exe.txt', 'attachment; filename="a_; filename=_b_exe.txt"'),
        ("a\r\nSet-Cookie: x=1.txt", 'attachment; filename="a Set-Cookie_ x=1.txt"'),
        ("a\\b.txt", 'attachment; filename="b.txt"'),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ("", 'attachment; filename="file"'),
        ("a\ud800.txt", 'attachment; filename="a.txt"'),
        ("障.txt", "attachment; filename*=utf-8''%E9%9A%9C.txt"),
        ("é%0d%0a.txt", "attachment; filename*=utf-8''%C3%A9%250d%250a.txt"),
    ],
)
def test_no_name_breaks_out_of_its_header(name: str, header: str) -> None:
    assert disposition(name) == header


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/html", "image/svg+xml", "text/plain", "application/json", ""),
        *("image/png\r\nX-Evil: 1", "message/rfc822", "application/xhtml+xml"),
    ],
)
def test_only_pictures_and_pdf_are_called_by_their_type(content_type: str) -> None:
    response = as_download(ContentFile(b"x"), name="a", content_type=content_type)
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("extension", ["png", "jpg", "gif", "webp", "heic", "pdf"])
def test_pictures_and_pdf_keep_their_type(extension: str) -> None:
    kind = CONTENT_TYPES[extension]
    response = as_download(ContentFile(b"x"), name="a", content_type=kind)
    assert response["Content-Type"] == kind


def test_a_stored_file_is_read_again_and_again(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.ATTACHMENTS_DIR = tmp_path
    stored = stored_file()
    for _ in range(2):
        response = as_download(stored, name="a.txt", content_type="text/plain")
        assert b"".join(response) == b"It went dark."
        response.close()
        assert stored.closed


def test_a_file_that_is_gone_is_told_before_anything_is_sent(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ATTACHMENTS_DIR = tmp_path
    stored = stored_file()
    stored.storage.delete(str(stored.name))
    with pytest.raises(FileNotFoundError):
        as_download(stored, name="a.txt", content_type="text/plain")


def stored_file() -> FieldFile:
    """What a record's field gives, without a record."""
    field = FileField(storage=private_storage)
    name = field.storage.save("ab/cd/x", ContentFile(b"It went dark."))
    return FieldFile(None, field, name)  # type: ignore[arg-type]
