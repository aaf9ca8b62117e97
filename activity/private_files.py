"""Where files lie: a private folder that no web server serves; how they leave it."""

import uuid
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.http.response import HttpResponseBase

_NOT_RUN = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PrivateStorage(FileSystemStorage):
    """Files below ``ATTACHMENTS_DIR`` that only the desk's own account can read."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        """Asked each time: a field makes its storage before settings are final."""
        return str(settings.ATTACHMENTS_DIR)

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())

    def url(self, name: str | None) -> NoReturn:
        """Refuse: a file is handed out by a view that asks who may see it."""
        raise ValueError("Attachments have no address of their own.")


def private_storage() -> PrivateStorage:
    """For ``FileField(storage=private_storage)``: migrations keep this name only."""
    return PrivateStorage()


def attachment_path(instance: Any, filename: str) -> str:
    """For ``upload_to``: a path that owes nothing to what the sender called it."""
    name = str(uuid.uuid4())
    return f"{name[:2]}/{name[2:4]}/{name}"


def never_run(response: HttpResponseBase) -> None:
    """Tell the browser to take a file for what we say it is, and to run none of it."""
    for header, value in _NOT_RUN.items():
        response[header] = value
