"""Everybody of the cast with a browser of their own."""

import pytest
from django.test import Client

from accounts.models import User
from tests.incidents.portal.browsing import ClientOf
from tests.people import Cast


@pytest.fixture
def client_of(cast: Cast) -> ClientOf:
    """``client_of(cast.ann)``: a client that this person has logged in with."""

    def open_client(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return open_client
