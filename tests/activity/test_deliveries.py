"""The outbox: queued with the event, sent after it, tried for days, never silent."""

import itertools
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction

from accounts.models import User
from activity import clock, handlers
from activity.handlers import tell
from activity.lifecycle import record
from activity.models import Delivery, Event
from activity.models.delivery import LEASE
from activity.outbox import Message, enqueue_account_mail
from activity.services import deliveries
from activity.services.deliveries import claim, finish, send_again, send_due
from activity.services.notes import redact_note
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
State = Delivery.State


@pytest.fixture
def told(cast: Cast) -> Iterator[list[Message]]:
    """Messages that events of the kind ``probe.said`` lead to."""
    messages: list[Message] = []
    tell("probe.said", lambda event, probe: list(messages))
    yield messages
    handlers._listeners.pop("probe.said")


def note_to(user: User, words: str = "It works again.") -> Message:
    return Message(
        to=user, subject="News on your report", text=words, html=f"<p>{words}</p>"
    )


@transaction.atomic
def say(probe: Probe, cast: Cast) -> Event:
    return record(Probe.objects.lock(probe.pk), "probe.said", by=cast.bo)


@pytest.fixture
def probe(cast: Cast, told: list[Message]) -> Probe:
    told.append(note_to(cast.ann))
    return open_probe(by=cast.bo)


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], None]:
    """Let the mail server answer with an error, or with nothing."""
    from django.core.mail.backends.locmem import EmailBackend  # noqa: PLC0415

    original = EmailBackend.send_messages

    def answer(error: Exception | None) -> None:
        def send_messages(backend: EmailBackend, messages: list[Any]) -> int:
            if error is not None:
                raise error
            return original(backend, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    return answer


def test_a_message_is_queued_with_its_event(cast: Cast, probe: Probe) -> None:
    event = say(probe, cast)
    delivery = Delivery.objects.get()
    assert (delivery.event, delivery.recipient) == (event, cast.ann)
    assert delivery.state == State.WAITING
    assert mail.outbox == []


@transaction.atomic
def say_and_fail(probe: Probe, cast: Cast) -> None:
    say(probe, cast)
    raise ZeroDivisionError


def test_a_message_goes_with_the_event_that_is_undone(cast: Cast, probe: Probe) -> None:
    with pytest.raises(ZeroDivisionError):
        say_and_fail(probe, cast)
    assert not Delivery.objects.exists()


def test_a_sent_message_has_the_fixed_envelope(cast: Cast, probe: Probe) -> None:
    event = say(probe, cast)
    assert send_due().sent == 1
    [message] = mail.outbox
    assert message.subject == "News on your report"
    assert message.to == ["Ann Archer <ann@example.org>"]
    assert message.body == "It works again."
    assert isinstance(message, EmailMultiAlternatives)
    assert message.alternatives[0][0] == "<p>It works again.</p>"
    assert message.extra_headers["Message-ID"] == (
        f"<probe.{probe.pk}.{event.seq}.{cast.ann.pk}@localhost>"
    )
    assert message.extra_headers["References"] == f"<probe.{probe.pk}@localhost>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    delivery = Delivery.objects.get()
    assert delivery.state == State.SENT
    assert list(delivery.envelope) == ["message_id"], "the words are not kept"


def test_a_name_that_changes_later_does_not_change_the_envelope(
    cast: Cast, probe: Probe
) -> None:
    say(probe, cast)
    cast.ann.email = "other@example.org"
    cast.ann.save()
    send_due()
    assert mail.outbox[0].to == ["Ann Archer <ann@example.org>"]


def test_one_person_hears_once_of_one_event(
    cast: Cast, told: list[Message], probe: Probe
) -> None:
    told.append(note_to(cast.ann, "as a watcher"))
    say(probe, cast)
    assert Delivery.objects.get().envelope["text"] == "It works again."


def test_the_database_refuses_a_second_message_too(cast: Cast, probe: Probe) -> None:
    say(probe, cast)
    twin = Delivery.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError, match="delivery_once"), transaction.atomic():
        twin.save(force_insert=True)


def test_who_left_hears_nothing(cast: Cast, probe: Probe, told: list[Message]) -> None:
    told[0].to.is_active = False
    say(probe, cast)
    assert not Delivery.objects.exists()


def test_a_line_break_in_a_subject_becomes_a_space(
    cast: Cast, probe: Probe, told: list[Message]
) -> None:
    told[:] = [Message(to=cast.ann, subject="a\r\nBcc: x@example.org", text="x")]
    say(probe, cast)
    send_due()
    assert mail.outbox[0].subject == "a Bcc: x@example.org"


def test_trouble_of_the_moment_is_tried_again_later(
    cast: Cast, probe: Probe, smtp: Callable[[Exception | None], None]
) -> None:
    smtp(ConnectionRefusedError(111, "refused"))
    say(probe, cast)
    assert send_due().put_off == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == (State.WAITING, 1)
    assert delivery.error.startswith("ConnectionRefusedError")
    smtp(None)
    assert send_due().total == 0, "its time has not come"
    with clock.frozen_at(delivery.next_try_at):
        assert send_due().sent == 1
    assert Delivery.objects.get().error == ""


def test_the_wait_doubles_to_an_hour_and_ends_after_five_days() -> None:
    delivery = Delivery(queued_at=NOON, first_tried_at=NOON, event_id=1)
    waits = []
    for tries in range(1, 10):
        delivery.tries = tries
        next_try = delivery.next_try_after(NOON, jitter=0.0)
        assert next_try is not None
        waits.append((next_try - NOON) / MINUTE)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert delivery.next_try_after(NOON, jitter=1.0) == NOON + 66 * MINUTE
    just_before = NOON + timedelta(days=5) - timedelta(seconds=1)
    assert delivery.next_try_after(just_before, jitter=0.0) is not None
    assert delivery.next_try_after(NOON + timedelta(days=5), jitter=0.0) is None


def test_after_five_days_the_record_says_that_it_failed(
    cast: Cast, probe: Probe, smtp: Callable[[Exception | None], None]
) -> None:
    smtp(TimeoutError())
    with clock.frozen_at(NOON):
        say(probe, cast)
    tried, at = 0, NOON
    while Delivery.objects.waiting().exists():
        at = max(at, Delivery.objects.get().next_try_at)
        with clock.frozen_at(at):
            send_due()
        tried += 1
    assert timedelta(days=5) <= at - NOON < timedelta(days=5, hours=2)
    assert 110 < tried < 135, "1, 2, 4 ... 60 minutes for five days"
    assert_failed_visibly(probe, cast, tries=tried)


@pytest.mark.parametrize(
    "refusal",
    [
        smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"no such user")}),
        smtplib.SMTPSenderRefused(553, b"not from here", "x"),
        smtplib.SMTPDataError(554, b"not this"),
        UnicodeError("a name that no header holds"),
    ],
)
def test_a_refusal_for_good_is_not_tried_again(
    cast: Cast,
    probe: Probe,
    smtp: Callable[[Exception | None], None],
    refusal: Exception,
) -> None:
    smtp(refusal)
    say(probe, cast)
    assert send_due().failed == 1
    assert_failed_visibly(probe, cast, tries=1)


@pytest.mark.parametrize(
    "trouble",
    [
        smtplib.SMTPRecipientsRefused({"ann@example.org": (450, b"mailbox busy")}),
        smtplib.SMTPDataError(451, b"try later"),
        smtplib.SMTPAuthenticationError(535, b"our password is wrong"),
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError(),
    ],
)
def test_trouble_that_may_pass_is_never_taken_for_a_refusal(
    cast: Cast,
    probe: Probe,
    smtp: Callable[[Exception | None], None],
    trouble: Exception,
) -> None:
    smtp(trouble)
    say(probe, cast)
    assert send_due().put_off == 1
    assert Delivery.objects.get().state == State.WAITING


def assert_failed_visibly(probe: Probe, cast: Cast, *, tries: int) -> None:
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED
    event = Event.objects.about(probe).get(kind="delivery.failed")
    assert event.data == {
        "delivery": delivery.pk,
        "channel": "email",
        "recipient": cast.ann.pk,
        "tries": tries,
    }
    assert event.public is False


def test_a_failed_message_can_be_sent_again_by_hand(
    cast: Cast, probe: Probe, smtp: Callable[[Exception | None], None]
) -> None:
    smtp(smtplib.SMTPDataError(554, b"not this"))
    say(probe, cast)
    send_due()
    smtp(None)
    send_again(Delivery.objects.get().pk)
    assert send_due().sent == 1


def test_a_leased_message_is_nobody_elses(cast: Cast, probe: Probe) -> None:
    say(probe, cast)
    assert claim() is not None
    assert claim() is None


def test_a_lease_is_longer_than_everything_done_under_it(settings: Any) -> None:
    """One message to a lease, and a send ends at its time-out: connect, then say."""
    timeout = timedelta(seconds=settings.EMAIL_TIMEOUT)
    assert 3 * timeout < LEASE


def test_every_message_of_a_slow_server_has_its_whole_lease(
    cast: Cast, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [clock.now()]
    left: list[timedelta] = []

    def slowly(delivery: Delivery) -> None:
        assert delivery.lease_until is not None
        left.append(delivery.lease_until - now[0])
        now[0] += timedelta(seconds=29)

    monkeypatch.setattr(deliveries, "send", slowly)
    monkeypatch.setattr(clock, "now", lambda: now[0])
    for _ in range(6):
        say(open_probe(by=cast.bo), cast)
    assert send_due().sent == 6
    assert left == [LEASE] * 6


def test_nothing_new_is_begun_when_the_time_is_over(
    cast: Cast, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count()
    monkeypatch.setattr("time.monotonic", lambda: float(next(ticks)))
    for _ in range(5):
        say(open_probe(by=cast.bo), cast)
    assert send_due(max_seconds=3.0).sent == 2


def test_who_was_switched_off_meanwhile_hears_nothing(cast: Cast, probe: Probe) -> None:
    say(probe, cast)
    User.objects.filter(pk=cast.ann.pk).update(is_active=False)
    assert send_due().failed == 1
    assert mail.outbox == []


def test_an_address_with_letters_of_the_world_is_reached(
    cast: Cast, probe: Probe
) -> None:
    User.objects.filter(pk=cast.ann.pk).update(email="ann@bücher.example")
    cast.ann.refresh_from_db()
    say(probe, cast)
    assert send_due().sent == 1
    assert mail.outbox[0].to == ["Ann Archer <ann@xn--bcher-kva.example>"]


def test_an_address_that_no_mail_can_hold_fails_the_message_not_the_move(
    cast: Cast, probe: Probe
) -> None:
    User.objects.filter(pk=cast.ann.pk).update(email="änn@example.org")
    cast.ann.refresh_from_db()
    say(probe, cast)
    assert send_due().failed == 1
    assert Event.objects.about(probe).filter(kind="delivery.failed").exists()


def test_a_listener_that_fails_does_not_bring_a_failed_message_back(
    cast: Cast, probe: Probe, smtp: Callable[[Exception | None], None]
) -> None:
    def broken(event: Event, subject: Probe) -> list[Message]:
        raise ZeroDivisionError

    smtp(smtplib.SMTPDataError(554, b"not this"))
    say(probe, cast)
    say(open_probe(by=cast.bo), cast)
    tell("delivery.failed", broken)
    try:
        assert send_due().failed == 2
    finally:
        handlers._listeners.pop("delivery.failed")
    assert Delivery.objects.failed().count() == 2


def test_redaction_takes_the_words_out_of_waiting_messages(
    cast: Cast, probe: Probe
) -> None:
    event = say_with_reason(probe, cast)
    redact_note(event.notes.get().pk, by=cast.ida, reason_code="privacy_request")
    delivery = Delivery.objects.get()
    assert list(delivery.envelope) == ["message_id"]
    assert delivery.state == State.FAILED
    assert send_due().total == 0


@transaction.atomic
def say_with_reason(probe: Probe, cast: Cast) -> Event:
    locked = Probe.objects.lock(probe.pk)
    return record(locked, "probe.said", by=cast.bo, notes={"reason": "words"})


def test_a_lease_that_ran_out_leads_to_the_same_message_again(
    cast: Cast, probe: Probe
) -> None:
    say(probe, cast)
    first = claim()
    with clock.frozen_at(clock.now() + timedelta(seconds=121)):
        second = claim()
    assert first is not None
    assert second is not None
    assert first.envelope == second.envelope
    assert finish(first) is False, "only the holder of the lease may finish"
    assert Delivery.objects.get().state == State.WAITING
    assert finish(second) is True


def test_messages_about_one_record_reach_one_person_in_order(
    cast: Cast, probe: Probe, smtp: Callable[[Exception | None], None]
) -> None:
    other = open_probe(by=cast.bo)
    smtp(TimeoutError())
    say(probe, cast)
    send_due()
    smtp(None)
    later = say(probe, cast)
    elsewhere = say(other, cast)
    assert send_due().sent == 1, "the other record does not wait"
    assert Delivery.objects.get(event=elsewhere).state == State.SENT
    assert Delivery.objects.get(event=later).state == State.WAITING
    with clock.frozen_at(clock.now() + 2 * MINUTE):
        assert send_due().sent == 2


def test_a_failed_message_does_not_hold_up_the_next(
    cast: Cast, probe: Probe, smtp: Callable[[Exception | None], None]
) -> None:
    smtp(smtplib.SMTPDataError(554, b"not this"))
    say(probe, cast)
    send_due()
    smtp(None)
    say(probe, cast)
    assert send_due().sent == 1


def test_account_mail_is_sent_and_its_body_forgotten(cast: Cast) -> None:
    enqueue_account_mail(note_to(cast.ann, "a secret link"))
    assert send_due().sent == 1
    assert mail.outbox[0].body == "a secret link"
    assert "secret" not in str(Delivery.objects.get().envelope)


def test_account_mail_is_given_up_with_its_link_and_never_sent_late(
    cast: Cast, smtp: Callable[[Exception | None], None]
) -> None:
    smtp(TimeoutError())
    enqueue_account_mail(note_to(cast.ann, "a secret link"))
    at = clock.now()
    while Delivery.objects.waiting().exists():
        at = max(at, Delivery.objects.get().next_try_at)
        with clock.frozen_at(at):
            send_due()
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED
    assert "secret" not in str(delivery.envelope)
    assert at - delivery.queued_at < timedelta(days=1, hours=2, minutes=10)
    assert send_again(delivery.pk).state == State.FAILED


def test_nothing_is_sent_inside_a_transaction(
    cast: Cast, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection  # noqa: PLC0415

    depth: list[int] = []
    monkeypatch.setattr(
        deliveries, "send", lambda delivery: depth.append(len(connection.savepoint_ids))
    )
    say(probe, cast)
    outside = len(connection.savepoint_ids)
    send_due()
    assert depth == [outside]
