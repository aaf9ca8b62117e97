"""What nobody needs any more does not leave: alone, in a digest, and all of a digest;
what a sender holds goes its way."""

import pytest
from django.core import mail

from activity import clock
from activity.models import Delivery, Event
from activity.outbox import Message
from activity.services.deliveries import claim, finish, send_again, withdraw
from activity.services.notes import redact_note
from tests.activity.test_digests import (
    Smtp,
    minutes,
    patient,
    say,
    send,
    smtp,
    states,
    subjects,
    told,
)
from tests.people import Cast

__all__ = ["smtp", "told"]


def take_back(*events: Event, at: float) -> int:
    about = Event.objects.filter(pk__in=[event.pk for event in events])
    with clock.frozen_at(minutes(at)):
        return withdraw(about)


@pytest.fixture
def stuck(cast: Cast, told: list[Message], smtp: Smtp) -> list[Event]:
    """Three events, of which the last two wait in a digest that the mail server did
    not take at first."""
    found = [say(told, cast, patient(cast.ann, 0), at=minutes(0))]
    send(0)
    for number in (1, 2):
        message = patient(cast.ann, number)
        found.append(say(told, cast, message, at=minutes(number)))
    smtp(OSError("No route to host"))
    send(10)
    smtp(None)
    assert states() == {"sent": 1, "gathered": 2, "waiting": 1}
    return found


@pytest.mark.parametrize("may_wait", [True, False])
def test_what_waits_stays_here_and_its_words_go(
    may_wait: bool, cast: Cast, told: list[Message]
) -> None:
    message = patient(cast.ann, may_wait=may_wait)
    event = say(told, cast, message, at=minutes(0))
    assert take_back(event, at=1) == 1
    send(2)
    assert mail.outbox == []
    (row,) = Delivery.objects.all()
    assert row.state == Delivery.State.DROPPED
    assert row.envelope.keys() == {"message_id"}


def test_a_digest_tells_the_rest(stuck: list[Event]) -> None:
    assert take_back(stuck[1], at=11) == 1
    send(20)
    assert subjects() == ["Case 0", "1 message for you"]
    assert "Case 2 is late" in mail.outbox[-1].body
    assert "Case 1" not in mail.outbox[-1].body
    assert states() == {"sent": 3, "dropped": 1}


def test_a_digest_without_a_line_stays_here_and_holds_nobody_up(
    stuck: list[Event], cast: Cast, told: list[Message]
) -> None:
    assert take_back(*stuck[1:], at=11) == 2
    assert states() == {"sent": 1, "dropped": 3}
    say(told, cast, patient(cast.ann, 3), at=minutes(12))
    send(20)
    assert subjects() == ["Case 0", "Case 3"]


def test_what_a_sender_holds_goes_its_way(cast: Cast, told: list[Message]) -> None:
    event = say(told, cast, patient(cast.ann), at=minutes(0))
    with clock.frozen_at(minutes(0)):
        held = claim()
    assert held is not None
    assert take_back(event, at=1) == 0
    with clock.frozen_at(minutes(1)):
        assert finish(held)
    assert states() == {"sent": 1}


def test_a_digest_that_a_sender_holds_goes_whole(stuck: list[Event]) -> None:
    with clock.frozen_at(minutes(12)):
        held = claim()
    assert held is not None
    assert held.is_digest
    assert take_back(*stuck[1:], at=12) == 0
    with clock.frozen_at(minutes(12)):
        assert finish(held)
    assert states() == {"sent": 4}


def test_what_was_sent_or_is_about_others_is_left_alone(
    stuck: list[Event], cast: Cast, told: list[Message]
) -> None:
    other = say(told, cast, patient(cast.bo), at=minutes(11))
    assert take_back(stuck[0], at=11) == 0
    assert Delivery.objects.get(event=other).state == Delivery.State.WAITING


def test_it_is_not_sent_again_by_a_button(cast: Cast, told: list[Message]) -> None:
    event = say(told, cast, patient(cast.ann), at=minutes(0))
    take_back(event, at=1)
    row = send_again(Delivery.objects.get(event=event).pk)
    assert row.state == Delivery.State.DROPPED


def test_it_did_not_fail_where_words_are_redacted_later(
    cast: Cast, told: list[Message]
) -> None:
    event = say(told, cast, patient(cast.ann), at=minutes(0))
    take_back(event, at=1)
    redact_note(event.notes.get().pk, by=cast.ida, reason_code="privacy")
    assert Delivery.objects.get(event=event).state == Delivery.State.DROPPED
