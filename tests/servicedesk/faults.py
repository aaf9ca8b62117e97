"""Everything that the watchdog can find, one of each."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from activity.handlers import Arming
from activity.models import (
    Check,
    ClockJump,
    Delivery,
    Finding,
    Heartbeat,
    Timer,
)
from activity.outbox import Message, enqueue_account_mail
from activity.services.timers import arm
from tests.incidents import stories
from tests.people import Cast
from tests.probe.services import open_probe

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def timer(cast: Cast, due_at: datetime, **fields: Any) -> Timer:
    with transaction.atomic():
        probe = open_probe(by=cast.bo)
        arm(probe, [Arming(kind="probe.ring", due_at=due_at)])
    Timer.objects.filter(subject_id=probe.pk).update(**fields)
    return Timer.objects.get(subject_id=probe.pk)


def failed_mail(cast: Cast, at: datetime) -> Delivery:
    enqueue_account_mail(Message(to=cast.ann, subject="One", text="Two"))
    mail = Delivery.objects.latest("pk")
    mail.state, mail.handed_over_at, mail.error = "failed", at, "SMTP 554"
    mail.save()
    return mail


def every_fault(cast: Cast, at: datetime) -> None:
    """One of each: what the page can show, all at once."""
    Heartbeat.objects.update(beat_at=at - HOUR)
    ClockJump.objects.create(seen_at=at, seconds=3600)
    timer(cast, at - HOUR)
    dead = {"state": "dead", "finished_at": at - MINUTE, "error": "KeyError"}
    timer(cast, at - HOUR, **dead)
    stories.on_hold(cast)
    Timer.objects.filter(kind="incident.hold_until").update(**dead)
    stories.reported(cast)
    Timer.objects.filter(kind__startswith="incident.clock_").delete()
    failed_mail(cast, at)
    stuck = Message(to=cast.ann, subject="One", text="Two")
    enqueue_account_mail(stuck)
    Delivery.objects.filter(state="waiting").update(next_try_at=at - HOUR)
    bad = {"count": 9, "differences": 2, "first": "INC-00001, update 1", "seconds": 1}
    Check.objects.write(
        [Finding(f"nightly_{name}", "bad", bad) for name in ("clocks", "history")],
        at=at - HOUR,
    )
