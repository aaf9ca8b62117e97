"""Deadlines as rows."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FIRST_RETRY = timedelta(seconds=5)
MAX_TRIES = 5


class TimerQuerySet(models.QuerySet["Timer"]):
    def armed(self) -> Self:
        return self.filter(state=Timer.State.ARMED)

    def of_generation(self, subject: Any) -> list[tuple[str, int, datetime, str]]:
        """Kind, step, wanted moment and state of all that was armed for this subject in
        its present generation."""
        same = self.filter(
            subject_type=subject.subject_type,
            subject_id=subject.pk,
            generation=subject.timer_generation,
        )
        return list(same.values_list("kind", "step", "wanted_at", "state"))

    def due(self, at: datetime) -> Self:
        """Armed and due at ``at``, the longest overdue first."""
        return self.armed().filter(due_at__lte=at).order_by("due_at", "pk")

    def dead(self) -> Self:
        """Given up, the latest first."""
        return self.filter(state=Timer.State.DEAD).order_by("-finished_at", "-pk")

    def fired(self) -> Self:
        """Done, the latest first."""
        return self.filter(state=Timer.State.FIRED).order_by("-finished_at")


class Timer(models.Model):
    """One step that happens to one subject when its time has come, exactly once.

    A timer whose ``generation`` is not its subject's any more is skipped when it
    is met. ``wanted_at`` is the promised moment and never changes; ``due_at``
    moves when a failed try is put off.
    """

    class State(models.TextChoices):
        ARMED = "armed", _("Armed")
        FIRED = "fired", _("Fired")
        STALE = "stale", _("No longer wanted")
        DEAD = "dead", _("Given up")

    subject_type = models.CharField(_("record type"), max_length=20)
    subject_id = models.BigIntegerField(_("record"))
    kind = models.CharField(_("kind"), max_length=60)
    step = models.PositiveIntegerField(_("step"), default=0)
    generation = models.PositiveIntegerField(_("generation"))
    wanted_at = models.DateTimeField(_("wanted"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(
        _("state"), max_length=5, choices=State.choices, default=State.ARMED
    )
    finished_at = models.DateTimeField(_("finished"), null=True)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "step", "generation"],
                name="timer_step_once",
            ),
            models.CheckConstraint(
                condition=Q(state="armed", finished_at=None)
                | Q(state__in=["fired", "stale", "dead"], finished_at__isnull=False),
                name="timer_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="armed"), name="timer_due"
            ),
            models.Index(
                fields=["subject_type", "subject_id", "due_at", "id"],
                condition=Q(state="armed"),
                name="timer_next_of_subject",
            ),
            models.Index(
                fields=["finished_at"],
                condition=Q(state="fired"),
                name="timer_fired_at",
            ),
            models.Index(
                fields=["finished_at"], condition=Q(state="dead"), name="timer_dead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.kind} {self.step}"

    def put_off(self, at: datetime, error: str) -> None:
        """Count a failed try; wait 5 s, 10 s, 20 s, 40 s; give up after the fifth."""
        self.tries += 1
        self.error = error[:200]
        if self.tries >= MAX_TRIES:
            self.state, self.finished_at = self.State.DEAD, at
        else:
            self.due_at = at + FIRST_RETRY * 2 ** (self.tries - 1)

    def arm_again(self, at: datetime) -> None:
        """As if it had never failed. The caller holds the row's lock and saves."""
        self.state, self.finished_at = self.State.ARMED, None
        self.due_at, self.tries, self.error = at, 0, ""
