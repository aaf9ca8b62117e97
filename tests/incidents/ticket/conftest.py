"""Windows of the people who work on incidents, and of those who do not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Incident
from tests.people import Cast

As = Callable[[str], Client]


@pytest.fixture
def window(cast: Cast) -> As:
    """``window("bo")``: a client that Bo is logged in with."""

    def open_window(name: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, name))
        return client

    return open_window


def address(move: str, incident: Incident) -> str:
    return reverse(f"incidents:{move}", args=[incident.pk])


def words(response: Any) -> str:
    """What a person reads on the page, as HTML."""
    return str(response.content.decode())


def without_token(response: Any) -> str:
    """The page as far as it does not differ from one look to the next."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", words(response))
