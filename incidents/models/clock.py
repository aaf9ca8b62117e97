"""What was promised for an incident, and how each promise stands."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activity.models.event import AppendOnlyQuerySet
from incidents.models.incident import Incident
from sla.codes import Metric, State
from sla.models import PolicyVersion


class PolicyMatch(models.Model):
    """Which version of which policy holds from an event on, and why; append-only.

    ``seq`` is the number of the event that made it match, ``at`` (aware) its time.
    Without a version nothing is promised. ``why`` names the fields that matched.
    """

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="policy_matches"
    )
    seq = models.PositiveIntegerField(_("number of the event"))
    at = models.DateTimeField(_("at"))
    version = models.ForeignKey(
        PolicyVersion,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("policy"),
    )
    why = models.JSONField(_("because of"), default=list)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy that matched")
        verbose_name_plural = _("policies that matched")
        ordering = ["incident", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "seq"], name="policy_match_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.version}"


class Clock(models.Model):
    """A cached reading of one cycle of one clock: what its events said last.

    The truth is the fold (``incidents.clocks``); ``manage.py verify_clocks`` compares
    the two. Without a ``policy`` nothing is promised any more. ``due_at`` is ``None``
    while it is paused; ``elapsed`` is working time at
    ``as_of``. ``promised_seq`` is the event from which the present promise counts, and
    ``told`` the highest per cent of it that people were told of (100: that it was
    missed); ``tell_step`` comes next, at ``tell_at``. ``kept_at`` is when it was read
    from its events. Times are aware.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="clocks")
    metric = models.CharField(_("promise"), max_length=12, choices=Metric.choices)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    policy = models.ForeignKey(
        PolicyVersion,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("policy"),
    )
    target = models.DurationField(_("target"), null=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    started_at = models.DateTimeField(_("started"))
    stopped_at = models.DateTimeField(_("ended"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    breached_at = models.DateTimeField(_("missed since"), null=True)
    elapsed = models.DurationField(_("time used"))
    promised_seq = models.PositiveIntegerField(_("promised since event"))
    told = models.PositiveSmallIntegerField(_("told at, per cent"), default=0)
    tell_step = models.PositiveSmallIntegerField(_("told next at"), null=True)
    tell_at = models.DateTimeField(_("told next"), null=True)
    as_of = models.DateTimeField(_("as of"))
    kept_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["incident", "metric", "cycle"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "metric", "cycle"], name="clock_once"
            ),
            models.CheckConstraint(
                condition=Q(metric__in=Metric.values, state__in=State.values),
                name="clock_codes_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="running"),
                name="clock_running_by_due",
            ),
            models.Index(
                fields=["incident"],
                condition=Q(tell_at__isnull=False),
                name="clock_to_be_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident}: {self.get_metric_display()} {self.cycle}"

    @property
    def code(self) -> str:
        """Names it in an address: ``resolution-2``."""
        return f"{self.metric}-{self.cycle}"
