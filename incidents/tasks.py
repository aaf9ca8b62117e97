"""Housekeeping; losing a run loses nothing."""

from celery import shared_task

from incidents.clocks.renewing import renew_clocks
from incidents.services import sweep_uploads


@shared_task
def forget_unsent_uploads() -> None:
    """Once an hour, remove files of forms that were never sent."""
    sweep_uploads()


@shared_task
def follow_calendars() -> None:
    """Once a minute, read clocks anew whose calendar was published of late."""
    renew_clocks()
