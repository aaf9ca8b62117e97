"""Housekeeping; losing a run loses nothing."""

from celery import shared_task

from knowledgebase.services import sweep_images


@shared_task
def forget_unused_images() -> None:
    """Once an hour, remove images that were chosen and never shown."""
    sweep_images()
