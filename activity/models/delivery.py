"""The outbox: what leaves the house, and whether it arrived at the next one."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from activity.models.event import Event

LEASE = timedelta(seconds=120)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(minutes=60)
GIVE_UP_AFTER = timedelta(days=5)
# A link to choose a password works for three days; what comes late only confuses.
GIVE_UP_ACCOUNT_MAIL_AFTER = timedelta(days=1)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(state=Delivery.State.WAITING)

    def failed(self) -> Self:
        return self.filter(state=Delivery.State.FAILED)

    def in_nobodys_hands(self, at: datetime) -> Self:
        """Waiting, and no sender has it just now."""
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.waiting().filter(free)

    def untouched(self, recipient_id: int | None) -> Self:
        """To this person, may wait, and no try was made with it yet."""
        return self.waiting().filter(
            recipient=recipient_id, may_wait=True, is_digest=False, tries=0
        )

    def on_the_way(self, recipient_id: int | None) -> Self:
        """To this person, may wait, and tried; the mail server has not taken it."""
        return self.waiting().filter(recipient=recipient_id, may_wait=True, tries__gt=0)

    def due(self, at: datetime) -> Self:
        """Waiting, not leased, and no earlier one to the same person about the
        same record still on its way; the oldest first. Nobody waits for what may
        wait."""
        earlier = Delivery.objects.waiting().filter(
            may_wait=False,
            event__subject_type=OuterRef("event__subject_type"),
            event__subject_id=OuterRef("event__subject_id"),
            address=OuterRef("address"),
            channel=OuterRef("channel"),
            pk__lt=OuterRef("pk"),
        )
        return (
            self.in_nobodys_hands(at)
            .filter(next_try_at__lte=at)
            .filter(~Exists(earlier))
            .order_by("next_try_at", "pk")
        )


class Delivery(models.Model):
    """One message to one address. Its envelope is fixed when it is queued.

    ``handed_over_at`` is set just before a try; a lease that ran out after it
    leads to a second try with the same Message-ID: at least once, and the
    receiver can tell.

    What ``may_wait`` goes by itself or as a line of one ``digest``, which is a delivery
    too: never both. A digest keeps no words of its own, it is written from those that
    it gathers when it is sent.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        GATHERED = "gathered", _("In a digest")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed for good")
        DROPPED = "dropped", _("No longer needed")

    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        verbose_name=_("event"),
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("recipient"),
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    address = models.CharField(_("address"), max_length=254)
    envelope = models.JSONField(_("envelope"), editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.WAITING
    )
    may_wait = models.BooleanField(_("may wait"), default=False)
    is_digest = models.BooleanField(_("digest"), default=False)
    digest = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="gathered",
        verbose_name=_("sent in the digest"),
    )
    queued_at = models.DateTimeField(_("queued"))
    next_try_at = models.DateTimeField(_("next try"))
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    first_tried_at = models.DateTimeField(_("first try"), null=True)
    handed_over_at = models.DateTimeField(_("last try"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "address", "channel"], name="delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "gathered", "failed", "dropped"],
                    sent_at=None,
                )
                | Q(state="sent", sent_at__isnull=False),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=Q(digest=None) & ~Q(state="gathered")
                | Q(
                    digest__isnull=False,
                    may_wait=True,
                    is_digest=False,
                    tries=0,
                    state__in=["gathered", "sent", "failed", "dropped"],
                ),
                name="delivery_gathered_or_single",
            ),
            models.CheckConstraint(
                condition=Q(is_digest=False) | Q(may_wait=True, event=None),
                name="delivery_digest_of_others",
            ),
            models.UniqueConstraint(
                fields=["recipient"],
                condition=Q(state="waiting", may_wait=True, tries__gt=0),
                name="delivery_one_on_the_way",
            ),
            models.CheckConstraint(
                condition=Q(lease_token=None, lease_until=None)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="delivery_lease_whole",
            ),
        ]
        indexes = [
            models.Index(
                F("next_try_at"),
                F("id"),
                condition=Q(state="waiting"),
                name="delivery_due",
            ),
            models.Index(
                fields=["address", "id"],
                condition=Q(state="waiting"),
                name="delivery_waiting_address",
            ),
            models.Index(
                fields=["recipient", "id"],
                condition=Q(state="waiting", may_wait=True),
                name="delivery_may_wait",
            ),
            models.Index(
                fields=["handed_over_at"],
                condition=Q(state="failed"),
                name="delivery_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.pk} ({self.get_state_display()})"

    def lease(self, at: datetime) -> None:
        """Claim it for one try. The caller holds the row's lock and saves."""
        self.lease_token = uuid.uuid4()
        self.lease_until = at + LEASE
        self.handed_over_at = at
        self.first_tried_at = self.first_tried_at or at
        self.tries += 1

    def next_try_after(self, at: datetime, jitter: float) -> datetime | None:
        """When to try again: 1, 2, 4 ... 60 minutes; ``None`` when it is time to stop.

        That is five days after the first try, or one day for a message about an
        account. ``jitter`` in 0..1 stretches the wait by up to a tenth, so that a
        server that comes back is not met by everything at once.
        """
        budget = GIVE_UP_ACCOUNT_MAIL_AFTER if self.is_secret() else GIVE_UP_AFTER
        if at - (self.first_tried_at or at) >= budget:
            return None
        wait = min(FIRST_RETRY * 2 ** min(max(self.tries - 1, 0), 10), LONGEST_RETRY)
        return at + wait * (1 + jitter / 10)

    def is_secret(self) -> bool:
        """A message about an account, which belongs to no event."""
        return self.event_id is None and not self.is_digest

    def has_words(self) -> bool:
        """Not any more where they were about an account, or were redacted."""
        return self.is_digest or ("text" in self.envelope and not self.is_secret())

    @property
    def has_to_queue(self) -> bool:
        """May wait, and has not begun its way yet: others go before, or with it."""
        return self.may_wait and self.tries == 0

    def emptied_envelope(self) -> dict[str, Any]:
        """What stays when the words are no longer needed: the Message-ID."""
        return {"message_id": self.envelope.get("message_id")}
