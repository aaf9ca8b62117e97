"""Housekeeping; losing a run loses nothing."""

from celery import shared_task

from incidents.services import sweep_uploads


@shared_task
def forget_unsent_uploads() -> None:
    """Once an hour, remove files of forms that were never sent."""
    sweep_uploads()
