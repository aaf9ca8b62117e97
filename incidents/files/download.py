"""Handing a file out so that no browser runs it on our address."""

from django.core.files import File
from django.http import FileResponse

from activity.private_files import never_run
from incidents.files.names import safe_name
from incidents.files.rules import CONTENT_TYPES, PICTURES

# All else goes out as bytes: a browser has no reason to know better.
_BYTES = "application/octet-stream"
_TOLD = {*PICTURES.values(), CONTENT_TYPES["pdf"]}


def as_download(file: File, *, name: str, content_type: str) -> FileResponse:
    """The file as an attachment under a safe name, cached nowhere.

    The caller has asked who may see it. Raises ``FileNotFoundError`` at once, before
    anything is sent, where the row is there and the file is not: the caller answers
    with a page that says so (404). Closes the file when the response is done.
    """
    response = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=safe_name(name),
        content_type=content_type if content_type in _TOLD else _BYTES,
    )
    never_run(response)
    response["Cache-Control"] = "private, no-store"
    return response
