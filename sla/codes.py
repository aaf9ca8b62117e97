"""The closed lists of calendars and promises: codes that rows hold for ever.

This app knows no ticket. What a ticket is on hold for, and its kind, are said here
once more; a test keeps both lists alike.
"""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    """What is promised."""

    RESPONSE = "response", _("Response")
    RESOLUTION = "resolution", _("Resolution")
    UPDATE = "update", _("Update")


class Pause(models.TextChoices):
    """What a ticket may wait for; a policy says which of these stop its clocks."""

    AWAITING_REPORTER = "awaiting_reporter", _("Waiting for the reporter")
    AWAITING_SUPPLIER = "awaiting_supplier", _("Waiting for a supplier")
    AWAITING_CHANGE = "awaiting_change", _("Waiting for a change")
    AWAITING_PROBLEM = "awaiting_problem", _("Waiting for a problem to be solved")
    SCHEDULED = "scheduled", _("Scheduled for a later day")


class StopsAt(models.TextChoices):
    """When the promise to solve is kept."""

    RESOLVED = "resolved", _("When it is resolved")
    CLOSED = "closed", _("When it is closed")


class OnChange(models.TextChoices):
    """What a change of severity, and so of the policy, does to a running clock."""

    RETROACTIVE = "retroactive", _("Count anew from the beginning, less earlier pauses")
    FORWARD = "forward", _("Keep what has passed, measure the rest by the new policy")
    RESTART = "restart", _("Begin again at the change")


class OnMove(models.TextChoices):
    """What passing it on does to a running clock."""

    CARRY = "carry", _("Go on")
    RESTART = "restart", _("Begin again")


class OnReopen(models.TextChoices):
    """What becomes of the clocks of something that comes back."""

    NEW_CYCLE = "new_cycle", _("New clocks from then on")
    CONTINUE = "continue", _("The old ones go on; the time between is not counted")


class State(models.TextChoices):
    """How a clock stands."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Ended as cancelled")
    MERGED = "merged", _("Ended as merged")


ENDED: Final = (State.MET, State.MISSED, State.CANCELLED, State.MERGED)
