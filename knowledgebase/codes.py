"""The closed lists of the knowledge base."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_TITLE: Final = 150
LONGEST_SLUG: Final = 80
LONGEST_TEXT: Final = 20_000
LONGEST_SIGNATURE: Final = 120
MOST_SIGNATURES: Final = 30
LONGEST_ALT: Final = 300
MOST_IMAGES: Final = 30
REVIEW_EVERY_DAYS: Final = 180
LATEST_REVIEW_DAYS: Final = 2 * 366


class Status(models.TextChoices):
    """Where an article stands for its readers."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class State(models.TextChoices):
    """Where one version of an article stands."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    DISCARDED = "discarded", _("Discarded")


# What is being written; an article has one such version at most.
OPEN: Final = (State.DRAFT, State.IN_REVIEW)
# What was published once, and what readers may have been told.
PROVEN: Final = (State.PUBLISHED, State.SUPERSEDED)
UNPUBLISHED: Final = (Status.DRAFT, Status.IN_REVIEW)


class Kind(models.TextChoices):
    KNOWN_ERROR = "known_error", _("Known error")
    HOW_TO = "how_to", _("How-to")
    FAQ = "faq", _("FAQ")


class Audience(models.TextChoices):
    """Who reads it once it is published, the widest first."""

    EVERYONE = "everyone", _("Everyone who logs in")
    STAFF = "staff", _("Staff: everybody with a team or a role")
    AGENTS = "agents", _("Agents: service desk and resolvers")


class FixStatus(models.TextChoices):
    """What becomes of the cause of a known error."""

    UNKNOWN = "unknown", _("Not known yet")
    PLANNED = "planned", _("A fix is planned")
    FIXED = "fixed", _("Fixed")
    WILL_NOT_FIX = "will_not_fix", _("Will not be fixed")


class SignatureKind(models.TextChoices):
    CODE = "code", _("Error code")
    PATTERN = "pattern", _("Pattern")


class Hearing(models.TextChoices):
    """What became of an answer of a reader."""

    GIVEN = "given", _("Given")
    HANDLED = "handled", _("Handled")
    REPLACED = "replaced", _("Said otherwise since")


class Unhelpful(models.TextChoices):
    """Why an article did not help."""

    OUTDATED = "outdated", _("It is out of date")
    UNCLEAR = "unclear", _("I do not understand it")
    WRONG = "wrong", _("Something in it is wrong")
    NO_USE = "no_use", _("I did it, and it did not work for me")
    OTHER = "other", _("Something else")


class Verdict(models.TextChoices):
    PUBLISH = "publish", _("Published")
    SEND_BACK = "send_back", _("Sent back")


class Mark(models.TextChoices):
    """What became of a search that found nothing."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered by an article")
    DISMISSED = "dismissed", _("Nothing to write about")


# Searches that found nothing are forgotten when nobody searched so for that long.
MISSES_KEPT_DAYS: Final = 180
LONGEST_MISS: Final = 100
