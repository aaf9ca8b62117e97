"""How much one person is sent: the first message at once, what follows within ten
minutes in one digest. What may not wait is no matter of this module.

All of it is decided in the transaction that claims a message, with the person's window
locked: two senders never decide for one person at the same time.
"""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject

from activity.models import Delivery, MessageWindow
from activity.models.window import LASTS, lock_window

A_MOMENT: Final = timedelta(minutes=1)
# All that stays of an envelope when its words are no longer needed.
MESSAGE_ID: Final = JSONObject(message_id=KT("envelope__message_id"))
State = Delivery.State


def what_goes(delivery: Delivery, at: datetime) -> Delivery | None:
    """What goes to the recipient now: this locked message, a digest of it and all
    others that wait, or nothing yet. Its window begins anew."""
    if delivery.recipient_id is None:
        return delivery
    window = lock_window(delivery.recipient_id, at)
    if window.ends_at > at:
        _put_off(delivery, until=window.ends_at)
        return None
    if Delivery.objects.on_the_way(delivery.recipient_id).exists():
        _put_off(delivery, until=at + A_MOMENT)
        return None
    window.ends_at = at + LASTS
    window.save(update_fields=["ends_at"])
    if delivery.is_digest:
        return delivery
    together = list(_free(delivery))
    return _gather(together, at) if len(together) > 1 else delivery


def _free(delivery: Delivery) -> QuerySet[Delivery]:
    """All that waits for the same window, but for what a rival holds just now."""
    same = Delivery.objects.untouched(delivery.recipient_id).filter(
        address=delivery.address, channel=delivery.channel
    )
    return same.order_by("pk").select_for_update(of=("self",), skip_locked=True)


def _put_off(delivery: Delivery, *, until: datetime) -> None:
    pks = {delivery.pk, *_free(delivery).values_list("pk", flat=True)}
    Delivery.objects.filter(pk__in=pks).update(next_try_at=until)


def _gather(together: list[Delivery], at: datetime) -> Delivery:
    first = together[0]
    name = f"digest.{uuid.uuid4().hex}"
    digest = Delivery.objects.create(
        recipient=first.recipient,
        channel=first.channel,
        address=first.address,
        is_digest=True,
        may_wait=True,
        envelope={
            "message_id": f"<{name}@{settings.SITE_HOST}>",
            "from": first.envelope["from"],
            "name": first.envelope["name"],
            "address": first.envelope["address"],
        },
        queued_at=at,
        next_try_at=at,
    )
    members = Delivery.objects.filter(pk__in=[one.pk for one in together])
    members.update(state=State.GATHERED, digest=digest)
    return digest


def window_from(delivery: Delivery, at: datetime) -> None:
    """It has arrived only now, so the next one comes that much later."""
    if delivery.may_wait and delivery.recipient_id is not None:
        later = MessageWindow.objects.filter(recipient=delivery.recipient_id)
        later.filter(ends_at__lt=at + LASTS).update(ends_at=at + LASTS)


def have_gone(digest: Delivery, at: datetime) -> None:
    """What it gathered was sent with it; the words go."""
    _members(digest).update(
        state=State.SENT,
        sent_at=at,
        error="",
        envelope=MESSAGE_ID,
    )


def gather_again(digest: Delivery) -> None:
    """What failed with it goes with it once more, where its words are still there."""
    failed = digest.gathered.filter(state=State.FAILED, envelope__has_key="line")
    failed.update(state=State.GATHERED, error="")


def mark_failed(member: Delivery, failed: dict[str, object]) -> bool:
    """False if it failed or was redacted before."""
    gathered = Delivery.objects.filter(pk=member.pk, state=State.GATHERED)
    return gathered.update(**failed) == 1


def emptied(digests: Collection[int]) -> QuerySet[Delivery]:
    """Those of these digests with nothing left to say."""
    left = Delivery.objects.filter(digest=OuterRef("pk"), state=State.GATHERED)
    return Delivery.objects.filter(~Exists(left), pk__in=digests)


def members_of(digest: Delivery) -> list[Delivery]:
    return list(_members(digest).select_related("event").order_by("pk"))


def _members(digest: Delivery) -> QuerySet[Delivery]:
    return digest.gathered.filter(state=State.GATHERED)
