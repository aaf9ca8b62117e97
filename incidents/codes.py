"""The closed lists of an incident: codes that events and rows hold for ever."""

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REOPEN_WINDOW: Final = timedelta(days=14)


class Status(models.TextChoices):
    NEW = "new", pgettext_lazy("status", "New")
    ASSIGNED = "assigned", pgettext_lazy("status", "Assigned")
    IN_PROGRESS = "in_progress", pgettext_lazy("status", "In progress")
    ON_HOLD = "on_hold", pgettext_lazy("status", "On hold")
    RESOLVED = "resolved", pgettext_lazy("status", "Resolved")
    CLOSED = "closed", pgettext_lazy("status", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("status", "Cancelled")


OPEN: Final = (Status.NEW, Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
OPEN_TRIAGED: Final = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ON_HOLD)
ENDED: Final = (Status.CLOSED, Status.CANCELLED)


class Kind(models.TextChoices):
    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")


class Source(models.TextChoices):
    PORTAL = "portal", _("Portal")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    WALK_IN = "walk_in", _("Walk-in")
    MONITORING = "monitoring", _("Monitoring")
    API = "api", _("API")
    IMPORT = "import", _("Import")


# What an agent may choose: somebody told them.
CONTACTS: Final = (Source.PHONE, Source.WALK_IN, Source.CHAT, Source.EMAIL)


class Origin(models.TextChoices):
    DESK = "desk", _("This desk")
    IMPORT = "import", _("Import")


class ImportSource(models.TextChoices):
    """The systems whose history can be brought in."""

    SERVICENOW = "servicenow", "ServiceNow"
    VINST = "vinst", "VINST"


class Impact(models.IntegerChoices):
    EVERYONE = 1, _("Everyone, several sites or customers")
    TEAM = 2, _("A team or a site")
    ONE = 3, _("One person, or not sure")


class Urgency(models.IntegerChoices):
    CANNOT_WORK = 1, _("Cannot work")
    HINDERED = 2, _("Hindered, or on a workaround")
    CAN_WAIT = 3, _("Can wait")


class Severity(models.IntegerChoices):
    SEV1 = 1, _("SEV1")
    SEV2 = 2, _("SEV2")
    SEV3 = 3, _("SEV3")
    SEV4 = 4, _("SEV4")


# (impact, urgency) -> severity, until an administrator changes it.
DEFAULT_MATRIX: Final = {
    (1, 1): 1,
    (1, 2): 2,
    (1, 3): 3,
    (2, 1): 2,
    (2, 2): 3,
    (2, 3): 4,
    (3, 1): 3,
    (3, 2): 4,
    (3, 3): 4,
}


class HoldReason(models.TextChoices):
    AWAITING_REPORTER = "awaiting_reporter", _("Waiting for the reporter")
    AWAITING_SUPPLIER = "awaiting_supplier", _("Waiting for a supplier")
    AWAITING_CHANGE = "awaiting_change", _("Waiting for a change")
    AWAITING_PROBLEM = "awaiting_problem", _("Waiting for a problem to be solved")
    SCHEDULED = "scheduled", _("Scheduled for a later day")


class CancelReason(models.TextChoices):
    DUPLICATE = "duplicate", _("Duplicate of another incident")
    NOT_A_FAULT = "not_a_fault", _("Not a fault")
    WITHDRAWN = "withdrawn", _("Withdrawn by the reporter")
    SPAM = "spam", _("Spam")


class ResolutionCode(models.TextChoices):
    FIXED = "fixed", _("Fixed for good")
    WORKAROUND = "workaround", _("Workaround in place")
    ADVICE = "advice", _("Advice or instruction given")
    REQUEST_FULFILLED = "request_fulfilled", _("Request fulfilled")
    NOT_REPRODUCIBLE = "not_reproducible", _("Could not be reproduced")
    BY_REPORTER = "by_reporter", _("Works again, says the reporter")
    IMPORTED = "imported", _("Solved in another system")


# What a solver may choose; the others are the reporter's own, and history's.
SOLVER_CODES: Final = tuple(
    code
    for code in ResolutionCode
    if code not in {ResolutionCode.BY_REPORTER, ResolutionCode.IMPORTED}
)


class Channel(models.TextChoices):
    """How a confirmation or a rejection reached us."""

    PORTAL = "portal", _("Portal")
    LINK = "link", _("Link in the e-mail")
    LOG_IN = "log_in", _("Question after log-in")
    CALL = "call", _("Recorded call")


class ClosureBasis(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed by the reporter")
    CALL = "call", _("Confirmed in a recorded call")
    WAIVED = "waived", _("Waived by the lead")
    IMPORTED = "imported", _("Imported as closed")


class LinkKind(models.TextChoices):
    DUPLICATE = "duplicate", _("Duplicate of")
    PARENT = "parent", _("Part of")
    FOLLOW_UP = "follow_up", _("Follow-up of")
    RELATED = "related", _("Related to")


# The tier of service desks: where a ticket begins, and is checked for known errors.
TIER_1: Final = 1


class Why(models.TextChoices):
    """How a team came to have an incident: the verb of its event."""

    REPORT = "report", _("Reported")
    TRIAGE = "triage", _("Triaged")
    TRANSFER = "transfer", _("Transferred")
    ESCALATE = "escalate", _("Escalated")
    HAND_BACK = "hand_back", _("Handed back")
    RESOLVE = "resolve", _("Resolved")
    WORKS_AGAIN = "works_again", _("Works again, says the reporter")
    REJECT = "reject", _("Resolution rejected")
    REOPEN = "reopen", _("Reopened")
    REPLAY = "replay", _("Brought in from another system")


# What is solved goes home to the desk: nobody sent it there, and nobody works on it.
SOLVED_BY: Final = (Why.RESOLVE, Why.WORKS_AGAIN)
# How a team may get back what it had; the rest is no bounce, whoever had it before.
COMES_BACK_BY: Final = tuple(
    why for why in Why if why not in {Why.REPORT, Why.TRIAGE, *SOLVED_BY}
)


class Because(models.TextChoices):
    """Why a ticket gets more attention from above."""

    BOUNCES = "bounces", _("It came back too often")
    LADDER = "ladder", _("The ladder of its policy")
    BY_HAND = "by_hand", _("Somebody asked for it")
    COMPLAINT = "complaint", _("The reporter said that it is getting urgent")
    OVER = "over", _("It is solved or has ended")


class Risk(models.TextChoices):
    FINANCIAL = "financial", _("Financial")
    SECURITY = "security", _("Security")
    COMPLIANCE = "compliance", _("Compliance")


class HowUsed(models.TextChoices):
    """What was done with an article in an incident."""

    TOLD = "told", _("Told the reporter")
    APPLIED = "applied", _("Applied by the desk")


class AskedOf(models.TextChoices):
    """Who was asked whether it helped."""

    DESK = "desk", _("The desk")
    CONFIRMER = "confirmer", _("The person who confirms")


class Outcome(models.TextChoices):
    WORKED = "worked", _("Worked")
    PARTLY = "partly", _("Worked in part")
    FAILED = "failed", _("Did not help")


MOST_CANDIDATES: Final = 3


class Decided(models.TextChoices):
    """What became of a known error that was suggested for an incident."""

    USED = "used", _("Used here")
    REFUSED = "refused", _("Not used")


class Refusal(models.TextChoices):
    """Why a known error that was suggested is not used."""

    OTHER_SYMPTOM = "other_symptom", _("It is another symptom")
    ALREADY_TRIED = "already_tried", _("It was tried already")
    NOT_APPLICABLE = "not_applicable", _("It does not apply here")
    NOT_SAFE = "not_safe", _("It would not be safe here")
