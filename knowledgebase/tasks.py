"""Housekeeping; losing a run loses nothing."""

from celery import shared_task

from knowledgebase.services import forget_misses, sweep_images


@shared_task
def forget_old_misses() -> None:
    """Once a day, forget searches that nobody has made for half a year."""
    forget_misses()


@shared_task
def forget_unused_images() -> None:
    """Once an hour, remove images that were chosen and never shown."""
    sweep_images()
