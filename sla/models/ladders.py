"""The ladder of a policy: who is told, one after the other, until somebody answers."""

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sla.codes import (
    ATTENTION_OF,
    SHARE_OF,
    SPOKEN,
    Attention,
    Channel,
    Metric,
    Tells,
    Trigger,
)
from sla.models.policies import LONGEST_TARGET, PolicyVersion

HIGHEST: Final = 20
MOST_PERCENT: Final = 400
WHOLE: Final = 100
PROMISED: Final = (Metric.RESPONSE, Metric.RESOLUTION)


def _whole(label: Any, hint: Any, most: int, *, null: bool = True) -> Any:
    return models.PositiveSmallIntegerField(
        label,
        null=null,
        blank=null,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
        help_text=hint,
    )


class Rung(models.Model):
    """One rung, told once in a climb, in the order of ``position``.

    ``percent`` belongs to a share of a target, ``count`` to bounces, ``person`` to a
    person by name; each is empty otherwise. ``acknowledge_within`` is working time of
    the policy's calendar, in minutes.
    """

    version = models.ForeignKey(
        PolicyVersion,
        models.CASCADE,
        related_name="rungs",
        verbose_name=_("policy version"),
    )
    position = _whole(_("place"), _("The lowest is told first."), HIGHEST, null=False)
    trigger = models.CharField(_("when"), max_length=20, choices=Trigger.choices)
    percent = _whole(
        _("per cent of the target"),
        _("For a share of a target only, such as 75; 150 is long after it was missed."),
        MOST_PERCENT,
    )
    count = _whole(
        _("how many times"), _("For what came back only, such as 3."), HIGHEST
    )
    tells = models.CharField(
        _("tells"),
        max_length=20,
        choices=Tells.choices,
        help_text=_("Whoever that is when it is told."),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
        help_text=_("For a person by name only."),
    )
    channel = models.CharField(
        _("by"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    acknowledge_within = models.PositiveIntegerField(
        _("answer within"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_TARGET)],
        help_text=_(
            "Working time until the next rung may be told, such as 30 min. Whoever"
            " answers ends the climb."
        ),
    )

    if TYPE_CHECKING:
        version_id: int
        person_id: int | None

    class Meta:
        verbose_name = _("rung")
        verbose_name_plural = _("ladder")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="rung_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another rung has this place."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["version"],
                    condition=Q(trigger=spoken),
                    name=f"rung_{spoken}_once",
                    violation_error_message=_(
                        "Another rung waits for the same word. A ladder hears it once."
                    ),
                )
                for spoken in SPOKEN
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=HIGHEST),
                name="rung_position_in_range",
                violation_error_message=_("A ladder has at most twenty places."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__in": codes.values}),
                    name=f"rung_{name}_known",
                    violation_error_message=_("Choose one of the answers."),
                )
                for name, codes in (
                    ("trigger", Trigger),
                    ("tells", Tells),
                    ("channel", Channel),
                )
            ),
            models.CheckConstraint(
                condition=Q(
                    trigger__in=list(SHARE_OF),
                    percent__isnull=False,
                    percent__gte=1,
                    percent__lte=MOST_PERCENT,
                )
                | (~Q(trigger__in=list(SHARE_OF)) & Q(percent=None)),
                name="rung_percent_of_share",
                violation_error_message=_(
                    "A share of a target needs its per cent, from 1 to 400; nothing"
                    " else has one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    trigger=Trigger.BOUNCES,
                    count__isnull=False,
                    count__gte=1,
                    count__lte=HIGHEST,
                )
                | (~Q(trigger=Trigger.BOUNCES) & Q(count=None)),
                name="rung_count_of_bounces",
                violation_error_message=_(
                    "What came back needs how many times, from 1 to 20; nothing else"
                    " has a number."
                ),
            ),
            models.CheckConstraint(
                condition=Q(tells=Tells.PERSON, person__isnull=False)
                | (~Q(tells=Tells.PERSON) & Q(person=None)),
                name="rung_person_by_name",
                violation_error_message=_(
                    "Choose the person where a person by name is told, and nowhere"
                    " else."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    acknowledge_within__gte=1, acknowledge_within__lte=LONGEST_TARGET
                ),
                name="rung_acknowledge_within_in_range",
                violation_error_message=_(
                    "Leave at least a minute and at most a year to answer."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.get_trigger_display()}"

    def clean(self) -> None:
        """Whoever has left hears nothing."""
        if self.person is not None and not self.person.is_active:
            sentence = _("This person’s account is switched off: choose another.")
            raise ValidationError({"person": sentence})

    @property
    def level(self) -> Attention:
        """How high it carries a ticket."""
        return ATTENTION_OF[Tells(self.tells)]

    def share_of(self, metric: str) -> int | None:
        """The per cent of this promise that it waits for; a breach is the whole."""
        if self.trigger == Trigger.BREACH and metric in PROMISED:
            return WHOLE
        return self.percent if SHARE_OF.get(Trigger(self.trigger)) == metric else None

    @property
    def says(self) -> tuple[Any, ...]:
        """All that it says, to compare it with another."""
        return tuple(getattr(self, name) for name in RUNG_SETTINGS)


RUNG_SETTINGS: Final = (
    "position",
    "trigger",
    "percent",
    "count",
    "tells",
    "person_id",
    "channel",
    "acknowledge_within",
)
