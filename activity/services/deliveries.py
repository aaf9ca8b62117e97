"""Sending what waits in the outbox: claim, hand over, finish.

The claim and the result are two short transactions; nothing is sent inside one.
A lease is longer than the longest send, and only its holder may finish it.
"""

import logging
import random
import time
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from activity import clock
from activity.channels import Refused, send
from activity.lifecycle import record
from activity.models import Delivery, Event, Subject
from activity.services import budgets

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Sent:
    """How many messages one round sent, put off, and gave up."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.put_off + self.failed


def send_due(*, max_seconds: float = 30.0) -> Sent:
    """Send everything that is due; begin nothing new after ``max_seconds``.

    Any number may run side by side. A message is handed over at least once; a
    repetition after a crash carries the same Message-ID.
    """
    stop_at = time.monotonic() + max_seconds
    done = Sent()
    while time.monotonic() < stop_at:
        delivery = claim()
        if delivery is None:
            break
        _send_one(delivery, done)
    return done


def claim() -> Delivery | None:
    """Lease the next due message to the caller, who sends and finishes it.

    One at a time, so that each has its whole lease however slow the server is. Of what
    may wait, as much as its recipient is sent just now: see ``budgets``.
    """
    is_anything_due, delivery = True, None
    while is_anything_due and delivery is None:
        is_anything_due, delivery = _claim_next(clock.now())
    return delivery


@transaction.atomic
def _claim_next(at: datetime) -> tuple[bool, Delivery | None]:
    """Whether anything was due, and what the caller may send."""
    due = Delivery.objects.due(at).select_for_update(of=("self",), skip_locked=True)
    delivery = due.first()
    if delivery is None:
        return False, None
    if delivery.has_to_queue:
        delivery = budgets.what_goes(delivery, at)
    if delivery is not None:
        delivery.lease(at)
        delivery.save()
    return True, delivery


def _send_one(delivery: Delivery, done: Sent) -> None:
    try:
        send(delivery)
    except Refused as refusal:
        give_up(delivery, str(refusal))
        done.failed += 1
    except Exception as error:  # noqa: BLE001 - whatever it is, the message must wait
        logger.warning("Delivery %d was not sent: %s", delivery.pk, error)
        if put_off(delivery, f"{type(error).__name__}: {error}"):
            done.put_off += 1
        else:
            done.failed += 1
    else:
        finish(delivery)
        done.sent += 1


@transaction.atomic
def finish(delivery: Delivery) -> bool:
    """Mark a leased message as sent, with all that it gathers, and let the words go.

    False if the lease has passed to another.
    """
    at = clock.now()
    is_ours = _end_lease(
        delivery,
        {
            "state": Delivery.State.SENT,
            "sent_at": at,
            "error": "",
            "envelope": delivery.emptied_envelope(),
        },
    )
    if is_ours:
        budgets.window_from(delivery, at)
        if delivery.is_digest:
            budgets.have_gone(delivery, at)
    return is_ours


def put_off(delivery: Delivery, error: str) -> bool:
    """Try a leased message again later; give up when its time is over (False)."""
    at = clock.now()
    jitter = random.random()  # noqa: S311 - it only spreads load
    next_try = delivery.next_try_after(at, jitter)
    if next_try is None:
        give_up(delivery, error)
        return False
    _end_lease(delivery, {"next_try_at": next_try, "error": error[:300]})
    return True


def give_up(delivery: Delivery, error: str) -> None:
    """Mark a leased message as failed for good, and say so on its record.

    Both or neither, unless it cannot be said: that must not bring the message back.
    A message about an event keeps its envelope, so that it can be sent again.
    """
    failed: dict[str, object] = {"state": Delivery.State.FAILED, "error": error[:300]}
    if delivery.is_digest:
        _give_up_digest(delivery, failed)
        return
    if delivery.event is None:
        _end_lease(delivery, failed | {"envelope": delivery.emptied_envelope()})
        return
    try:
        _give_up_aloud(delivery, delivery.event, failed)
    except Exception:
        logger.exception(
            "Delivery %d failed, and its record does not say so", delivery.pk
        )
        _end_lease(delivery, failed)


def _give_up_digest(digest: Delivery, failed: dict[str, object]) -> None:
    """Each record that it was about says so; a crash in between loses none of them."""
    for member in budgets.members_of(digest):
        try:
            _give_up_member(member, digest, failed)
        except Exception:
            logger.exception(
                "Delivery %d failed, and its record does not say so", member.pk
            )
            budgets.mark_failed(member, failed)
    _end_lease(digest, failed)


@transaction.atomic
def _give_up_member(
    member: Delivery, digest: Delivery, failed: dict[str, object]
) -> None:
    event = member.event
    if event is None:
        return
    subject = Subject.lock_one(event.subject_type, event.subject_id)
    if budgets.mark_failed(member, failed):
        _say_failed(subject, member, digest.tries)


@transaction.atomic
def _give_up_aloud(delivery: Delivery, event: Event, failed: dict[str, object]) -> None:
    # The record first, then its messages: the order in which redaction locks them.
    subject = Subject.lock_one(event.subject_type, event.subject_id)
    if not _end_lease(delivery, failed):
        return
    _say_failed(subject, delivery, delivery.tries)


def _say_failed(subject: Subject, delivery: Delivery, tries: int) -> None:
    data = {
        "delivery": delivery.pk,
        "channel": delivery.channel,
        "recipient": delivery.recipient_id,
        "tries": tries,
    }
    record(subject, "delivery.failed", by=User.objects.system(), data=data)


@transaction.atomic
def withdraw(about: QuerySet[Event]) -> int:
    """Let no message about these events leave any more: it is not needed now. Returns
    how many stayed here.

    What a sender holds just now goes its way. The caller holds the record's lock.
    """
    at = clock.now()
    own = Delivery.objects.filter(event__in=about)
    digests = Delivery.objects.in_nobodys_hands(at).filter(
        pk__in=own.filter(state=Delivery.State.GATHERED).values("digest")
    )
    held = [one.pk for one in digests.select_for_update(of=("self",))]
    stayed = _drop(own.in_nobodys_hands(at))
    if held:
        gathered = own.filter(digest__in=held, state=Delivery.State.GATHERED)
        stayed += _drop(gathered)
        _drop(budgets.emptied(held))
    return stayed


def _drop(deliveries: QuerySet[Delivery]) -> int:
    return deliveries.update(
        state=Delivery.State.DROPPED, envelope=budgets.MESSAGE_ID, error=""
    )


@transaction.atomic
def send_again(pk: int) -> Delivery:
    """Queue a failed message once more: what an administrator's button does.

    A message about an account is not: its words are gone, and so is its time; nor is
    one whose words were redacted. What failed in a digest goes in that digest again.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=pk)
    if delivery.digest_id is not None:
        return send_again(delivery.digest_id)
    if delivery.state == Delivery.State.FAILED and delivery.has_words():
        delivery.state = Delivery.State.WAITING
        delivery.next_try_at = clock.now()
        delivery.first_tried_at = None
        delivery.tries = 0
        delivery.save()
        if delivery.is_digest:
            budgets.gather_again(delivery)
    return delivery


def _end_lease(delivery: Delivery, result: dict[str, object]) -> bool:
    token: uuid.UUID | None = delivery.lease_token
    mine = Delivery.objects.waiting().filter(pk=delivery.pk, lease_token=token)
    return mine.update(lease_token=None, lease_until=None, **result) == 1
