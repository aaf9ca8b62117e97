"""Signs of life."""

from datetime import timedelta

from activity import clock
from activity.models import Heartbeat

WORKER = "worker"
FRESH_FOR = timedelta(seconds=60)


def beat(name: str) -> None:
    """Say that ``name`` is alive now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": clock.now()})


def is_alive(name: str) -> bool:
    """Whether ``name`` said so within the last minute."""
    heartbeat = Heartbeat.objects.filter(name=name).first()
    return heartbeat is not None and heartbeat.is_fresh(clock.now(), FRESH_FOR)
