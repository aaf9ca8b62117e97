"""How tests of the portal go about: who opens what, and what a report says."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident
from tests.incidents.files.samples import PNG

ClientOf = Callable[[User], Client]
PAGES = (
    "my_report",
    "received",
    "answer",
    "confirm",
    "still_broken",
    "works_again",
    "withdraw",
    "bring_back",
    "share",
)


def to(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.pk])


def picture(name: str = "screen.png", size: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG + b"\0" * size, "image/png")


def report_form(**answers: Any) -> dict[str, Any]:
    """What the form sends when everything is answered."""
    return {
        "description": "The printer prints blank pages.",
        "urgency": "2",
        "impact": "3",
        "submission": str(uuid4()),
    } | answers


def text_of(response: Any) -> str:
    page: str = response.content.decode()
    return page
