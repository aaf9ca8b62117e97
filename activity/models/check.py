"""What whoever watches over the product found last."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question; ``detail`` holds codes, ids, numbers and times."""

    name: str
    state: str
    detail: dict[str, Any] = field(default_factory=dict)


class CheckQuerySet(models.QuerySet["Check"]):
    def write(self, findings: Iterable[Finding], *, at: datetime) -> None:
        """Replace what was known of these questions; ``since`` stays while the state
        does. Any number may write at once: the last one counts."""
        rows = [
            (found.name, found.state, json.dumps(found.detail), at, at)
            for found in sorted(findings, key=lambda found: found.name)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO activity_check AS known
                       (name, state, detail, since, looked_at)
                VALUES (%s, %s, %s::jsonb, %s, %s)
                ON CONFLICT (name) DO UPDATE
                   SET state = EXCLUDED.state, detail = EXCLUDED.detail,
                       looked_at = EXCLUDED.looked_at,
                       since = CASE WHEN known.state = EXCLUDED.state
                               THEN known.since ELSE EXCLUDED.since END
                """,
                rows,
            )


class Check(models.Model):
    """One question, its last answer, and since when the answer is this one.

    Asked anew every minute by the watchdog (``servicedesk.watchdog``) or once a night
    by a task. Times are aware.
    """

    class State(models.TextChoices):
        OK = "ok", _("All is well")
        BAD = "bad", _("Needs you")
        UNKNOWN = "unknown", _("Not known")

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices)
    detail = models.JSONField(_("figures"), default=dict)
    since = models.DateTimeField(_("since"))
    looked_at = models.DateTimeField(_("looked at"))

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["ok", "bad", "unknown"]),
                name="check_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display()}"
