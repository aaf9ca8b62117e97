"""History that is brought in is told to nobody."""

import threading
from collections.abc import Iterator

import pytest

from activity import handlers
from activity.handlers import muted, tell
from activity.models import Event
from activity.outbox import Message
from tests.people import Cast
from tests.probe.services import open_probe


@pytest.fixture
def heard(cast: Cast) -> Iterator[list[int]]:
    """Ann hears of every probe that is opened."""
    subjects: list[int] = []

    def listener(event: Event, _probe: object) -> list[Message]:
        subjects.append(event.subject_id)
        return [Message(to=cast.ann, subject="Opened", text="Opened")]

    tell("probe.open", listener)
    yield subjects
    handlers._listeners["probe.open"].remove(listener)


def test_what_happens_in_silence_is_written_and_told_to_nobody(
    cast: Cast, heard: list[int]
) -> None:
    with muted():
        quiet = open_probe(by=cast.bo)
    loud = open_probe(by=cast.bo)
    assert heard == [loud.pk]
    assert Event.objects.about(quiet).count() == 1
    assert not Event.objects.about(quiet).exclude(deliveries=None).exists()


def test_silence_ends_with_an_error_too(cast: Cast, heard: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), muted():
        raise ZeroDivisionError
    assert [open_probe(by=cast.bo).pk] == heard


def test_silence_is_one_threads_own() -> None:
    found: list[bool] = []
    with muted():
        thread = threading.Thread(target=lambda: found.append(handlers._silent.get()))
        thread.start()
        thread.join()
    assert found == [False]
