"""Housekeeping; losing a run loses nothing."""

from celery import shared_task

from activity.services import checks
from incidents.clocks.keeping import differences
from incidents.clocks.renewing import renew_clocks
from incidents.models import Clock
from incidents.services import sweep_uploads


@shared_task
def forget_unsent_uploads() -> None:
    """Once an hour, remove files of forms that were never sent."""
    sweep_uploads()


@shared_task
def prove_clocks() -> None:
    """Once a night, what ``manage.py verify_clocks`` does."""
    checks.prove(checks.NIGHTLY_CLOCKS, lambda: (Clock.objects.count(), differences()))


@shared_task
def follow_calendars() -> None:
    """Once a minute, read clocks anew whose calendar was published of late."""
    renew_clocks()
