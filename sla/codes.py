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


class Trigger(models.TextChoices):
    """What a rung of a ladder waits for."""

    RESPONSE_PERCENT = "response_percent", _("So much of the time to respond is used")
    RESOLUTION_PERCENT = (
        "resolution_percent",
        _("So much of the time to resolve is used"),
    )
    BREACH = "breach", _("The response or the resolution is late")
    BOUNCES = "bounces", _("It came back for the nth time")
    COMPLAINT = "complaint", _("The reporter says that it is getting urgent")
    BY_HAND = "by_hand", _("Somebody asks for attention")
    UNACKNOWLEDGED = "unacknowledged", _("Nobody answered to the rung before")


# The metric of which a trigger waits for a share.
SHARE_OF: Final = {
    Trigger.RESPONSE_PERCENT: Metric.RESPONSE,
    Trigger.RESOLUTION_PERCENT: Metric.RESOLUTION,
}
# A person's word begins a climb anew; a ladder hears it on one rung.
SPOKEN: Final = (Trigger.COMPLAINT, Trigger.BY_HAND)


class Tells(models.TextChoices):
    """Whom a rung tells: who that is, is asked when it is told."""

    OWNER = "owner", _("The owner")
    TEAM_LEAD = "team_lead", _("The lead of the team")
    TEAM_MANAGER = "team_manager", _("The manager of the team")
    DESK_OWNER = "desk_owner", _("The desk owner")
    DESK_LEAD = "desk_lead", _("The lead of the service desk")
    COMMANDER = "commander", _("The incident commanders")
    SERVICE_OWNER = "service_owner", _("The owner of the service")
    PERSON = "person", _("A person by name")


class Channel(models.TextChoices):
    """How a rung tells."""

    EMAIL = "email", _("E-mail")


class Attention(models.IntegerChoices):
    """How high a ticket was carried."""

    NONE = 0, _("None")
    TEAM = 1, _("The team")
    MANAGEMENT = 2, _("Management")
    COMMAND = 3, _("Incident command")


ATTENTION_OF: Final = {
    Tells.OWNER: Attention.TEAM,
    Tells.TEAM_LEAD: Attention.TEAM,
    Tells.DESK_OWNER: Attention.TEAM,
    Tells.TEAM_MANAGER: Attention.MANAGEMENT,
    Tells.DESK_LEAD: Attention.MANAGEMENT,
    Tells.SERVICE_OWNER: Attention.MANAGEMENT,
    Tells.PERSON: Attention.MANAGEMENT,
    Tells.COMMANDER: Attention.COMMAND,
}
