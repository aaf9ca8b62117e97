"""The smallest record with a life cycle: draft, running, done."""

from datetime import datetime
from typing import Any

from django.db import models
from django_fsm import FSMField, transition

from accounts.models import User
from activity.models import Subject
from activity.models.subject import SubjectQuerySet
from activity.transitions import only_if


def may_move(probe: "Probe", user: User) -> bool:
    return user.pk != probe.barred_id


class Probe(Subject):
    class Status(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        DONE = "done"

    subject_type = "probe"

    title = models.CharField(max_length=50, default="probe")
    barred = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    status = FSMField(default=Status.DRAFT, choices=Status.choices, protected=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "running", "done"]),
                name="probe_status_known",
            ),
        ]

    @transition(status, Status.DRAFT, Status.RUNNING, permission=only_if(may_move))
    def start(self, *, by: User, at: datetime) -> None:
        """Begin."""

    @transition(status, Status.RUNNING, Status.DONE, permission=only_if(may_move))
    def finish(self, *, by: User, at: datetime, title: str = "") -> None:
        self.title = title or self.title
        self.done_at = at

    @transition(status, Status.RUNNING, Status.DRAFT, permission=only_if(may_move))
    def stop(self, *, by: User, at: datetime, **extra: Any) -> None:
        """Back to the beginning."""
