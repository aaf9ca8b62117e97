"""What may wait: the first message at once, what follows within ten minutes in one
digest; nothing missing, nothing twice, and what is urgent at once."""

import collections
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import User
from activity import clock, handlers
from activity.handlers import tell
from activity.lifecycle import record
from activity.models import Delivery, Event
from activity.outbox import Message
from activity.refusals import broken_rule, explain
from activity.services import budgets
from activity.services.deliveries import claim, finish, send_again, send_due
from activity.services.notes import redact_note
from tests.activity import senders
from tests.activity.storms import drain
from tests.database import sql, without
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
State = Delivery.State
Smtp = Callable[[Exception | None], None]


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def patient(to: User, number: int = 0, **changed: Any) -> Message:
    fields = {
        "subject": f"Case {number}",
        "text": f"All about case {number}",
        "may_wait": True,
        "line": f"Case {number} is late",
        "url": f"https://desk.example.org/{number}/",
        **changed,
    }
    return Message(to=to, **fields)


@pytest.fixture
def told(cast: Cast) -> Iterator[list[Message]]:
    """Messages that the next event of the kind ``probe.said`` leads to."""
    messages: list[Message] = []
    tell("probe.said", lambda event, probe: list(messages))
    yield messages
    handlers._listeners.pop("probe.said")


@transaction.atomic
def say(told: list[Message], cast: Cast, *messages: Message, at: datetime) -> Event:
    """One event about a record of its own, of which these messages tell."""
    told[:] = messages
    with clock.frozen_at(at):
        probe = open_probe(by=cast.bo)
        return record(
            Probe.objects.lock(probe.pk), "probe.said", by=cast.bo, notes={"x": "y"}
        )


def send(count: float) -> None:
    with clock.frozen_at(minutes(count)):
        send_due()


def subjects(address: str = "ann@example.org") -> list[str]:
    return [str(one.subject) for one in mail.outbox if address in one.to[0]]


def states() -> dict[str, int]:
    return dict(collections.Counter(Delivery.objects.values_list("state", flat=True)))


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Smtp:
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


def three(told: list[Message], cast: Cast) -> list[Event]:
    """One message to Ann at noon, two a little later."""
    found = [say(told, cast, patient(cast.ann, 0), at=minutes(0))]
    send(0)
    for number in (1, 2):
        found.append(say(told, cast, patient(cast.ann, number), at=minutes(number)))
        send(number)
    return found


def test_the_first_goes_at_once_and_the_rest_in_one_digest(
    cast: Cast, told: list[Message]
) -> None:
    three(told, cast)
    assert subjects() == ["Case 0"]
    send(9.9)
    assert subjects() == ["Case 0"]
    send(10)
    assert subjects() == ["Case 0", "2 messages for you"]
    body = mail.outbox[-1].body
    for number in (1, 2):
        assert f"Case {number} is late\nhttps://desk.example.org/{number}/" in body
    assert "All about" not in body
    assert states() == {"sent": 4}


def test_the_next_one_waits_for_the_window_that_the_digest_began(
    cast: Cast, told: list[Message]
) -> None:
    three(told, cast)
    send(10)
    say(told, cast, patient(cast.ann, 3), at=minutes(11))
    send(11)
    send(19)
    assert len(subjects()) == 2
    send(20)
    assert subjects()[-1] == "Case 3", "one alone is written out in full"


def test_what_waits_together_when_nothing_went_before_goes_together(
    cast: Cast, told: list[Message]
) -> None:
    for number in range(4):
        say(told, cast, patient(cast.ann, number), at=minutes(0))
    send(0)
    assert subjects() == ["4 messages for you"]


def test_what_may_not_wait_goes_at_once_whatever_waits(
    cast: Cast, told: list[Message]
) -> None:
    three(told, cast)
    urgent = Message(to=cast.ann, subject="SEV1", text="Now.")
    say(told, cast, urgent, at=minutes(3))
    send(3)
    assert subjects() == ["Case 0", "SEV1"]


def test_an_earlier_one_that_waits_holds_up_no_urgent_one_of_the_same_record(
    cast: Cast, told: list[Message]
) -> None:
    three(told, cast)
    probe = Probe.objects.get(pk=Event.objects.latest("pk").subject_id)
    told[:] = [Message(to=cast.ann, subject="SEV1", text="Now.")]
    with clock.frozen_at(minutes(3)), transaction.atomic():
        record(Probe.objects.lock(probe.pk), "probe.said", by=cast.bo)
    send(3)
    assert subjects()[-1] == "SEV1"


def test_everybody_has_a_window_of_their_own(cast: Cast, told: list[Message]) -> None:
    both = [patient(cast.ann, 1), patient(cast.zed, 1)]
    say(told, cast, *both, at=minutes(0))
    send(0)
    assert subjects() == subjects("zed@example.org") == ["Case 1"]


def test_each_message_says_which_digest_it_went_in(
    cast: Cast, told: list[Message]
) -> None:
    three(told, cast)
    send(10)
    digest = Delivery.objects.get(is_digest=True)
    assert digest.gathered.count() == 2
    assert all(one.state == State.SENT for one in digest.gathered.all())
    assert {tuple(one.envelope) for one in digest.gathered.all()} == {("message_id",)}
    assert list(digest.envelope) == ["message_id"]


def test_a_digest_that_meets_trouble_goes_again_and_nothing_overtakes_it(
    cast: Cast, told: list[Message], smtp: Smtp
) -> None:
    three(told, cast)
    smtp(TimeoutError())
    send(10)
    say(told, cast, patient(cast.ann, 3), at=minutes(10.5))
    for count in (11.2, 13.5, 18, 21):
        send(count)
    smtp(None)
    assert len(subjects()) == 1
    for count in range(22, 50):
        send(count)
    assert subjects() == ["Case 0", "2 messages for you", "Case 3"]


def test_a_digest_that_fails_for_good_says_so_on_every_record(
    cast: Cast, told: list[Message], smtp: Smtp
) -> None:
    events = three(told, cast)
    smtp(smtplib.SMTPDataError(554, b"not this"))
    send(10)
    failed = Event.objects.filter(kind="delivery.failed")
    assert {one.subject_id for one in failed} == {one.subject_id for one in events[1:]}
    assert states() == {"sent": 1, "failed": 3}
    smtp(None)
    with clock.frozen_at(minutes(30)):
        send_again(Delivery.objects.failed().filter(is_digest=False).latest("pk").pk)
    send(30)
    assert subjects()[-1] == "2 messages for you"
    assert states() == {"sent": 4}


def test_words_that_were_redacted_meanwhile_are_in_no_digest(
    cast: Cast, told: list[Message]
) -> None:
    events = three(told, cast)
    note = events[1].notes.get()
    with clock.frozen_at(minutes(5)):
        redact_note(note.pk, by=cast.ida, reason_code="privacy")
    send(10)
    assert subjects()[-1] == "Case 2"
    assert "Case 1" not in mail.outbox[-1].body


def test_what_was_redacted_is_never_sent_again_and_stops_nobody(
    cast: Cast, told: list[Message]
) -> None:
    """It has no words left: in a digest it would stop whoever claims the next one."""
    events = three(told, cast)
    redacted = Delivery.objects.get(event=events[1])
    with clock.frozen_at(minutes(5)):
        redact_note(events[1].notes.get().pk, by=cast.ida, reason_code="privacy")
        assert send_again(redacted.pk).state == "failed"
    send(10)
    assert subjects()[-1] == "Case 2"
    redacted.refresh_from_db()
    assert (redacted.state, redacted.error) == ("failed", "redacted")


def test_words_that_are_redacted_on_the_way_are_in_no_digest(
    cast: Cast, told: list[Message], smtp: Smtp
) -> None:
    events = three(told, cast)
    smtp(TimeoutError())
    send(10)
    with clock.frozen_at(minutes(10.5)):
        redact_note(events[1].notes.get().pk, by=cast.ida, reason_code="privacy")
    smtp(None)
    send(12)
    assert subjects()[-1] == "1 message for you"
    assert "Case 1" not in mail.outbox[-1].body


def test_the_language_is_that_of_the_recipient(
    cast: Cast, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    from django.utils import timezone, translation  # noqa: PLC0415

    from activity import digests  # noqa: PLC0415

    def render(template: str, context: Any) -> str:
        spoken.append(f"{translation.get_language()} {timezone.get_current_timezone()}")
        return "x"

    monkeypatch.setattr(digests, "render_to_string", render)
    User.objects.filter(pk=cast.ann.pk).update(time_zone="Asia/Tokyo")
    three(told, cast)
    send(10)
    assert set(spoken) == {f"{cast.ann.language} Asia/Tokyo"}


def test_what_may_wait_has_to_have_a_line(cast: Cast) -> None:
    with pytest.raises(ValueError, match="line"):
        Message(to=cast.ann, subject="x", text="y", may_wait=True)


# ---- the database


def gathered(told: list[Message], cast: Cast) -> Delivery:
    three(told, cast)
    with clock.frozen_at(minutes(10)):
        claim()
    return Delivery.objects.filter(state="gathered").earliest("pk")


ONE_WAY = "activity_delivery.delivery_goes_one_way"
ATTACKS = {
    "take it out again": "UPDATE activity_delivery SET digest_id = NULL,"
    " state = 'waiting' WHERE id = %(one)s",
    "put it into another": "UPDATE activity_delivery SET digest_id = %(first)s"
    " WHERE id = %(one)s",
    "put what was sent into a digest": "UPDATE activity_delivery SET may_wait = true,"
    " tries = 0, digest_id = %(digest)s WHERE id = %(first)s",
    "call it sent before its digest is": "UPDATE activity_delivery SET state = 'sent',"
    " sent_at = now() WHERE id = %(one)s",
    "make a digest of a message": "UPDATE activity_delivery SET is_digest = true,"
    " may_wait = true, event_id = NULL WHERE id = %(first)s",
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_no_message_goes_two_ways(
    cast: Cast, told: list[Message], name: str, is_guarded: bool
) -> None:
    one = gathered(told, cast)
    first = Delivery.objects.earliest("pk")
    ids = {"one": one.pk, "first": first.pk, "digest": one.digest_id}
    statement = ATTACKS[name] % ids
    if not is_guarded:
        without(ONE_WAY)
        sql(statement)
        return
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        sql(statement)
    assert broken_rule(caught.value) == "delivery_goes_one_way"
    assert explain(caught.value)


def test_no_message_is_born_in_a_digest(cast: Cast, told: list[Message]) -> None:
    one = gathered(told, cast)
    one.pk, one.event = None, say(told, cast, at=minutes(11))
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        one.save(force_insert=True)
    assert broken_rule(caught.value) == "delivery_goes_one_way"
    without("activity_delivery.delivery_begins_alone")
    one.save(force_insert=True)


def test_two_that_may_wait_are_never_on_the_way_to_one_person(
    cast: Cast, told: list[Message]
) -> None:
    gathered(told, cast)
    say(told, cast, patient(cast.ann, 9), at=minutes(10))
    late = Delivery.objects.latest("pk")
    late.lease(minutes(10))
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        late.save()
    assert broken_rule(caught.value) == "delivery_one_on_the_way"
    assert explain(caught.value)
    sql("DROP INDEX delivery_one_on_the_way")
    late.save()


def test_what_is_gathered_is_not_sent_by_itself(
    cast: Cast, told: list[Message]
) -> None:
    one = gathered(told, cast)
    without(ONE_WAY)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Delivery.objects.filter(pk=one.pk).update(state="waiting")
    assert broken_rule(caught.value) == "delivery_gathered_or_single"
    assert explain(caught.value)


# ---- many at once


def most_in_a_window(sent: list[datetime]) -> int:
    """How many of these came within ten minutes of each other."""
    lasts = timedelta(minutes=10)
    return max(
        (sum(1 for two in sent if one <= two < one + lasts) for one in sent), default=0
    )


def storm(
    told: list[Message], cast: Cast, count: int, monkeypatch: pytest.MonkeyPatch
) -> list[datetime]:
    """So many messages to Lea within some minutes, among them every fiftieth urgent;
    when which came is returned."""
    sent: list[datetime] = []
    moments: dict[str, datetime] = {}
    from activity.services import deliveries  # noqa: PLC0415

    def arrives(delivery: Delivery) -> None:
        if delivery.may_wait:
            sent.append(clock.now())
        else:
            moments[delivery.envelope["subject"]] = clock.now()

    monkeypatch.setattr(deliveries, "send", arrives)
    for number in range(count):
        at = minutes(number * 8 / count)
        urgent = number % 50 == 7
        message = patient(cast.lea, number)
        if urgent:
            message = Message(to=cast.lea, subject=f"SEV1 {number}", text="Now.")
        say(told, cast, message, at=at)
        if number % 10 == 7:
            with clock.frozen_at(at):
                send_due()
            if urgent:
                assert moments[f"SEV1 {number}"] == at
    for number in range(8, 45):
        send(number)
    return sent


def test_a_lead_gets_one_message_a_window_and_nothing_is_missing(
    cast: Cast, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = storm(told, cast, 200, monkeypatch)
    assert most_in_a_window(sent) == 1
    assert not Delivery.objects.exclude(state="sent").exists()
    alone = Delivery.objects.filter(may_wait=True, is_digest=False, digest=None)
    together = Delivery.objects.filter(digest__isnull=False)
    assert alone.count() + together.count() == 196


def test_the_storm_sees_what_sending_each_does(
    cast: Cast, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same storm with the budget taken out: it must find that out."""
    monkeypatch.setattr(budgets, "what_goes", lambda delivery, at: delivery)
    sql("DROP INDEX delivery_one_on_the_way")
    assert most_in_a_window(storm(told, cast, 200, monkeypatch)) > 1


@pytest.mark.parametrize(
    ("size", "kills"), [(120, 4), pytest.param(1500, 25, marks=pytest.mark.long)]
)
@pytest.mark.django_db(transaction=True)
def test_digests_outlive_their_senders(
    cast: Cast, told: list[Message], tmp_path: Path, size: int, kills: int
) -> None:
    """Many people, several messages each, senders killed in the middle: everything
    went once, by itself or in one digest."""
    people = [cast.ann, cast.bo, cast.cy, cast.lea, cast.ned, cast.ute, cast.zed]
    for number in range(size):
        say(told, cast, patient(people[number % 7], number), at=clock.now())
    start = partial(senders.start, post=tmp_path / "post")
    drain(
        senders.through_the_outbox,
        processes=2,
        kills=kills,
        start=start,
        anywhere=True,
    )
    for _ in range(3):
        sql("UPDATE activity_messagewindow SET ends_at = now() - interval '1 s'")
        waiting = Delivery.objects.waiting()
        waiting.update(next_try_at=clock.now())
        waiting.exclude(lease_until=None).update(
            lease_until=clock.now() - timedelta(seconds=1)
        )
        drain(senders.through_the_outbox, processes=2, start=start)
    assert states().keys() == {"sent"}
    received = collections.Counter((tmp_path / "post").read_text().splitlines())
    ways = Delivery.objects.filter(digest=None)
    ids = {one.envelope["message_id"] for one in ways}
    assert received.keys() == ids, "each by itself, or its digest"
    assert Delivery.objects.filter(event__isnull=False).count() == size


def test_a_sender_that_lost_its_lease_ends_nothing(
    cast: Cast, told: list[Message]
) -> None:
    three(told, cast)
    with clock.frozen_at(minutes(10)):
        digest = claim()
    assert digest is not None
    with clock.frozen_at(minutes(15)):
        again = claim()
        assert again is not None
        assert again.pk == digest.pk
        assert not finish(digest)
        assert states() == {"sent": 1, "gathered": 2, "waiting": 1}
        assert finish(again)
    assert states() == {"sent": 4}
