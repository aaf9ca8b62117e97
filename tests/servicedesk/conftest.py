from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servicedesk.embedded_clients import Client, Desk


class Clients:
    """Starts clients, and ends those that the test left running."""

    def __init__(self) -> None:
        self._started: list[Client] = []

    def __call__(self, data_dir: Path, **details) -> Client:
        client = Client(data_dir, **details)
        self._started.append(client)
        return client

    def end(self) -> None:
        for client in self._started:
            client.kill()
        for data_dir in {client.data_dir for client in self._started}:
            Desk(data_dir).goes_down()


@pytest.fixture
def clients() -> Iterator[Clients]:
    clients = Clients()
    yield clients
    clients.end()


@pytest.fixture
def desk(tmp_path: Path, clients: Clients) -> Desk:
    """An embedded server that nobody has started yet."""
    return Desk(tmp_path / "var")
