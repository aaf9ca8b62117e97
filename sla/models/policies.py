"""Policies: what is promised, for which tickets, and what moves the clock."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from catalogue.models import Service
from sla.codes import Metric, OnChange, OnMove, OnReopen, Pause, StopsAt
from sla.models.calendars import Calendar
from sla.models.versions import Named, Version, name_once, version_rules
from sla.querysets import PolicyVersionQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from sla.models.ladders import Rung

LONGEST_TARGET: Final = 366 * 24 * 60
PERCENTS: Final = list(range(1, 100))


class Kind(models.TextChoices):
    """The kinds of tickets, once more."""

    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")


class Severity(models.IntegerChoices):
    """The severities of tickets, once more."""

    SEV1 = 1, "SEV1"
    SEV2 = 2, "SEV2"
    SEV3 = 3, "SEV3"
    SEV4 = 4, "SEV4"


def ascending(percents: list[int]) -> None:
    """Raise ``ValidationError`` unless each is greater than the one before."""
    if percents != sorted(set(percents)):
        raise ValidationError(_("Name each percentage once, the smallest first."))


def target(label: Any, help_text: Any) -> Any:
    return models.PositiveIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TARGET)],
        help_text=help_text,
    )


def warnings(label: Any) -> Any:
    percent = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    return ArrayField(
        percent,
        verbose_name=label,
        default=list,
        blank=True,
        validators=[ascending],
        help_text=_("Per cent of the target, such as 50, 75, 90. Empty: no warning."),
    )


def code(label: Any, codes: type[models.TextChoices], default: Any, hint: Any) -> Any:
    return models.CharField(
        label, max_length=20, choices=codes.choices, default=default, help_text=hint
    )


class Policy(Named):
    """A name for a promise, whatever it says at the moment."""

    if TYPE_CHECKING:
        versions: RelatedManager["PolicyVersion"]

    class Meta(Named.Meta):
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [name_once("policy", _("Another policy has this name."))]


MATCHING: Final = ("service", "team", "kind", "severity")
CODES: Final = {
    "stops_at": StopsAt,
    "on_change": OnChange,
    "on_transfer": OnMove,
    "on_tier_move": OnMove,
    "on_reject": OnMove,
    "on_reopen": OnReopen,
}
TARGETS: Final = ("response_target", "resolution_target", "update_target")
WARNINGS: Final = ("response_warnings", "resolution_warnings")
SETTINGS: Final = (*MATCHING, "calendar", *TARGETS, *WARNINGS, "pauses_on", *CODES)


class PolicyVersion(Version):
    """What is promised from a moment on. Targets are whole minutes of working time."""

    policy = models.ForeignKey(
        Policy,
        models.PROTECT,
        related_name="versions",
        editable=False,
        verbose_name=_("policy"),
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("It and what stands below it. Empty: every service."),
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
        help_text=_("The team that holds the ticket. Empty: every team."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind.choices,
        blank=True,
        help_text=_("Empty: incidents and service requests."),
    )
    severity = models.PositiveSmallIntegerField(
        _("severity"),
        choices=Severity.choices,
        null=True,
        blank=True,
        help_text=_("Empty: every severity."),
    )
    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        related_name="+",
        verbose_name=_("calendar"),
        help_text=_("Targets count its working time only."),
    )
    response_target = target(
        _("respond within"),
        _(
            "Working time until somebody answers in public, takes it or starts, such as"
            " 1 h 30 min. Empty: no promise."
        ),
    )
    resolution_target = target(
        _("resolve within"),
        _("Working time, such as 24 h. Empty: no promise."),
    )
    update_target = target(
        _("update every"),
        _("Working time between two public updates. Empty: no promise."),
    )
    response_warnings = warnings(_("warn before the response is late"))
    resolution_warnings = warnings(_("warn before the resolution is late"))
    pauses_on = ArrayField(
        models.CharField(max_length=20, choices=Pause.choices),
        verbose_name=_("pauses while it waits for"),
        default=list,
        blank=True,
        help_text=_("On hold for another reason, the clocks go on."),
    )
    stops_at = code(
        _("the promise to resolve is kept"),
        StopsAt,
        StopsAt.RESOLVED,
        _("When it is closed: the wait for the confirmation counts as well."),
    )
    on_change = code(
        _("when the severity changes"),
        OnChange,
        OnChange.RETROACTIVE,
        _("It then follows the policy of its new severity."),
    )
    on_transfer = code(
        _("when another team of the tier gets it"),
        OnMove,
        OnMove.CARRY,
        _("To begin again gives every team the whole time."),
    )
    on_tier_move = code(
        _("when it moves to another tier"),
        OnMove,
        OnMove.CARRY,
        _("Escalated, or handed back."),
    )
    on_reject = code(
        _("when the reporter says that it still fails"),
        OnMove,
        OnMove.CARRY,
        _("The solution was refused, and work goes on."),
    )
    on_reopen = code(
        _("when it is reopened"),
        OnReopen,
        OnReopen.NEW_CYCLE,
        _("After it was closed or cancelled."),
    )

    objects = PolicyVersionQuerySet.as_manager()

    if TYPE_CHECKING:
        rungs: RelatedManager["Rung"]

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["policy", "-number"]
        constraints = [
            *version_rules("policy"),
            models.CheckConstraint(
                condition=Q(kind__in=["", *Kind.values]),
                name="policy_version_kind_known",
                violation_error_message=_("Choose a kind, or none for both."),
            ),
            models.CheckConstraint(
                condition=Q(severity=None) | Q(severity__in=Severity.values),
                name="policy_version_severity_known",
                violation_error_message=_("Choose a severity, or none for all."),
            ),
            models.CheckConstraint(
                condition=Q(pauses_on__contained_by=Pause.values),
                name="policy_version_pauses_on_known",
                violation_error_message=_("Choose among the reasons for a hold."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__in": codes.values}),
                    name=f"policy_version_{name}_known",
                    violation_error_message=_("Choose one of the answers."),
                )
                for name, codes in CODES.items()
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None})
                    | Q(**{f"{name}__gte": 1, f"{name}__lte": LONGEST_TARGET}),
                    name=f"policy_version_{name}_in_range",
                    violation_error_message=_(
                        "A target has at least a minute and at most a year."
                    ),
                )
                for name in TARGETS
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__contained_by": PERCENTS}),
                    name=f"policy_version_{name}_in_range",
                    violation_error_message=_(
                        "Warnings come between 1 and 99 per cent of a target."
                    ),
                )
                for name in WARNINGS
            ),
        ]

    @property
    def named(self) -> Policy:
        return self.policy

    def target_of(self, metric: str) -> int | None:
        """The minutes promised, or None."""
        minutes: int | None = getattr(self, f"{Metric(metric).value}_target")
        return minutes

    def warnings_of(self, metric: str) -> list[int]:
        """At which per cent of the target to warn."""
        return list(getattr(self, f"{Metric(metric).value}_warnings", ()))
