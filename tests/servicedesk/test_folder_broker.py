"""The broker without a server: messages are whole, taken once, and never a crash."""

import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from servicedesk import folder_broker

MESSAGES = 400


@pytest.fixture
def channel(tmp_path: Path) -> Any:
    folder_broker.register()
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    connection = Connection("folder://localhost/", transport_options=options)
    return connection.channel()


def take(channel: Any) -> Any:
    try:
        return channel._get("wake")
    except Empty:
        return None


def test_messages_come_out_in_the_order_they_went_in(channel: Any) -> None:
    for n in range(5):
        channel._put("wake", {"n": n})
    assert [take(channel) for _ in range(6)] == [*({"n": n} for n in range(5)), None]


def test_queues_do_not_mix(channel: Any) -> None:
    channel._put("other", {"n": 1})
    assert take(channel) is None


def test_what_cannot_be_read_is_dropped_and_the_next_comes(
    channel: Any, tmp_path: Path
) -> None:
    (tmp_path / "queue" / "0_x.wake.msg").write_text("")
    channel._put("wake", {"n": 1})
    assert take(channel) == {"n": 1}
    assert list((tmp_path / "queue").iterdir()) == []


def test_a_reader_never_sees_half_a_message_and_none_is_taken_twice(
    channel: Any, tmp_path: Path
) -> None:
    found: list[int] = []
    done = threading.Event()

    def read() -> None:
        while True:
            finished = done.is_set()
            message = take(channel)
            if message is not None:
                found.append(message["n"])
            elif finished:
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for n in range(MESSAGES):
        channel._put("wake", {"n": n, "padding": "x" * 5000})
    done.set()
    for reader in readers:
        reader.join(30)
    assert sorted(found) == list(range(MESSAGES))
    assert list((tmp_path / "queue").iterdir()) == []
