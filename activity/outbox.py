"""Messages on their way into the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from activity import clock
from activity.models import Delivery, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An e-mail to one person: subject line, plain text and, if wanted, HTML.

    What ``may_wait`` has a ``line`` that says the same in a digest, and the whole
    address ``url`` that it leads to.
    """

    to: User
    subject: str
    text: str
    html: str = ""
    may_wait: bool = False
    line: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if self.may_wait and not (self.line and self.url):
            raise ValueError("What may wait needs a line and an address for a digest.")


def enqueue(queue: Sequence[tuple[Event, Message]]) -> list[Delivery]:
    """Put messages about events into the outbox, one per event and address.

    A second message about the same event to the same address is dropped, so
    a person who is owner and watcher hears once. People without an active
    account hear nothing.
    """
    now = clock.now()
    unique: dict[tuple[int, str], tuple[Event, Message]] = {}
    for event, message in queue:
        if message.to.is_active:
            unique.setdefault((event.pk, message.to.email.lower()), (event, message))
    return Delivery.objects.bulk_create(
        [
            Delivery(
                event=event,
                recipient=message.to,
                address=message.to.email,
                envelope=_envelope(event, message),
                may_wait=message.may_wait,
                queued_at=now,
                next_try_at=now,
            )
            for event, message in unique.values()
        ],
        ignore_conflicts=True,
    )


def enqueue_account_mail(message: Message) -> Delivery:
    """Put a message about an account into the outbox, such as a password reset.

    It belongs to no event; its body is removed once it is sent.
    """
    now = clock.now()
    name = f"account.{message.to.pk}.{now.timestamp():.6f}"
    return Delivery.objects.create(
        recipient=message.to,
        address=message.to.email,
        envelope=_contents(message) | {"message_id": f"<{name}@{settings.SITE_HOST}>"},
        queued_at=now,
        next_try_at=now,
    )


def _envelope(event: Event, message: Message) -> dict[str, object]:
    thread = f"{event.subject_type}.{event.subject_id}"
    host = settings.SITE_HOST
    return _contents(message) | {
        "message_id": f"<{thread}.{event.seq}.{message.to.pk}@{host}>",
        "references": f"<{thread}@{host}>",
    }


def _contents(message: Message) -> dict[str, object]:
    in_a_digest = {"line": message.line, "url": message.url} if message.may_wait else {}
    return in_a_digest | {
        "from": settings.DEFAULT_FROM_EMAIL,
        "name": message.to.name,
        "address": message.to.email,
        "subject": " ".join(message.subject.split()),
        "text": message.text,
        "html": message.html,
    }
