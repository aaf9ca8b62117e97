"""Housekeeping; losing a run loses nothing."""

from celery import shared_task

from knowledgebase.services import forget_misses


@shared_task
def forget_old_misses() -> None:
    """Once a day, forget searches that nobody has made for half a year."""
    forget_misses()
