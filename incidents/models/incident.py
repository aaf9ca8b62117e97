"""What is wrong now: one incident or service request."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from accounts.models import Team
from activity.models import Subject
from catalogue.models import Category, Location, Service
from incidents.codes import (
    ENDED,
    OPEN,
    REOPEN_WINDOW,
    CancelReason,
    ClosureBasis,
    HoldReason,
    Impact,
    Kind,
    Origin,
    Risk,
    Severity,
    Source,
    Status,
    Urgency,
)
from incidents.models.constraints import INCIDENT_CONSTRAINTS, INCIDENT_INDEXES
from incidents.models.life_cycle import LifeCycle
from incidents.querysets import IncidentQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incidents.models import (
        Announcement,
        Attachment,
        Clock,
        HandOver,
        Holding,
        KnownErrorUse,
        Link,
        PolicyMatch,
        Resolution,
        Share,
        TierStay,
        Watch,
    )


def _person(label: Any, name: str, *, null: bool = True) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=null,
        blank=null,
        related_name=name,
        verbose_name=label,
    )


def _moment(label: Any) -> Any:
    return models.DateTimeField(label, null=True, blank=True)


def reference_of(pk: int) -> str:
    """What people call the incident of this number."""
    return f"INC-{pk:05d}"


class Incident(LifeCycle, Subject):
    """One report, from the first word to the closure.

    All times are aware; one that is unknown is ``None``, never zero. ``severity``
    is what counts: the override if there is one, else the matrix. ``confirmer`` is
    whose confirmation counts. ``team`` owns it and is never empty; ``desk`` is the
    service desk that answers for it through all tiers, ``desk_owner`` its person.
    ``due_at`` is when the nearest promise of its running clocks is due: a cache that
    is kept with them, for lists; ``None`` where none runs. ``rung_at`` is when the rung
    at ``rung_position`` of the ladder is told if nothing else happens: such a cache.
    ``attention`` is how far up it is looked at: 0 is nobody above the team; only its
    own events change it.
    """

    subject_type = "incident"

    status = FSMField(
        _("status"), default=Status.NEW, choices=Status.choices, protected=True
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.INCIDENT
    )
    source = models.CharField(
        _("source"), max_length=12, choices=Source.choices, default=Source.PORTAL
    )
    origin = models.CharField(
        _("origin"), max_length=8, choices=Origin.choices, default=Origin.DESK
    )
    submission = models.UUIDField(null=True, editable=False)

    title = models.CharField(_("subject"), max_length=150)
    description = models.TextField(_("what is wrong"), max_length=10_000)

    reporter = _person(_("reporter"), "reported_incidents", null=False)
    logged_by = _person(_("logged by"), "logged_incidents", null=False)
    confirmer = _person(_("confirmer"), "incidents_to_confirm", null=False)
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="+"
    )

    team = models.ForeignKey(
        Team, models.PROTECT, related_name="incidents", verbose_name=_("team")
    )
    owner = _person(_("owner"), "owned_incidents")
    desk = models.ForeignKey(
        Team,
        models.PROTECT,
        related_name="desk_incidents",
        verbose_name=_("service desk"),
    )
    desk_owner = _person(_("desk owner"), "desk_incidents")

    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    impact = models.PositiveSmallIntegerField(
        _("impact"), choices=Impact.choices, default=Impact.ONE
    )
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), choices=Urgency.choices, default=Urgency.CAN_WAIT
    )
    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=Severity.choices, default=Severity.SEV4
    )
    severity_override = models.PositiveSmallIntegerField(
        _("severity set by hand"), choices=Severity.choices, null=True, blank=True
    )
    is_financial_risk = models.BooleanField(_("financial risk"), default=False)
    is_security_risk = models.BooleanField(_("security risk"), default=False)
    is_compliance_risk = models.BooleanField(_("compliance risk"), default=False)
    risk_count = models.GeneratedField(
        expression=Cast("is_financial_risk", models.IntegerField())
        + Cast("is_security_risk", models.IntegerField())
        + Cast("is_compliance_risk", models.IntegerField()),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    people_affected = models.PositiveIntegerField(
        _("people affected"), null=True, blank=True
    )
    is_major = models.BooleanField(_("major incident"), default=False)
    attention = models.PositiveSmallIntegerField(
        _("attention from above"), default=0, editable=False
    )

    hold_reason = models.CharField(
        _("on hold because"), max_length=20, choices=HoldReason.choices, blank=True
    )
    hold_until = _moment(_("on hold until"))
    cancel_reason = models.CharField(
        _("cancelled because"), max_length=12, choices=CancelReason.choices, blank=True
    )
    master = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates"
    )

    occurred_at = _moment(_("occurred"))
    detected_at = _moment(_("detected"))
    reported_at = models.DateTimeField(_("reported"))
    acknowledged_at = _moment(_("acknowledged"))
    responded_at = _moment(_("responded"))
    restored_at = _moment(_("restored"))
    resolved_at = _moment(_("resolved"))
    confirmed_at = _moment(_("confirmed"))
    closed_at = _moment(_("closed"))
    cancelled_at = _moment(_("cancelled"))
    due_at = _moment(_("next promise due"))
    rung_at = _moment(_("next rung of the ladder"))
    rung_position = models.PositiveSmallIntegerField(
        _("place of that rung"), null=True, blank=True, editable=False
    )

    resolution = models.OneToOneField(
        "incidents.Resolution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="current_of",
        verbose_name=_("current resolution"),
    )
    closed_by = _person(_("closed by"), "closed_incidents")
    closure_basis = models.CharField(
        _("closed because"), max_length=10, choices=ClosureBasis.choices, blank=True
    )

    objects = IncidentQuerySet.as_manager()

    if TYPE_CHECKING:
        id: int
        whole_pk: int | None
        reporter_id: int
        confirmer_id: int
        owner_id: int | None
        desk_owner_id: int | None
        team_id: int
        desk_id: int
        resolution_id: int | None
        resolutions: RelatedManager["Resolution"]
        holdings: RelatedManager["Holding"]
        stays: RelatedManager["TierStay"]
        handovers: RelatedManager["HandOver"]
        attachments: RelatedManager["Attachment"]
        watches: RelatedManager["Watch"]
        shares: RelatedManager["Share"]
        links_out: RelatedManager["Link"]
        links_in: RelatedManager["Link"]
        announcements: RelatedManager["Announcement"]
        clocks: RelatedManager["Clock"]
        policy_matches: RelatedManager["PolicyMatch"]
        uses: RelatedManager["KnownErrorUse"]

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-pk"]
        constraints = INCIDENT_CONSTRAINTS
        indexes = INCIDENT_INDEXES

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it: ``INC-00042``."""
        return reference_of(self.pk)

    def get_absolute_url(self) -> str:
        """The desk's page about it; the reporter's is ``reporter_url``."""
        return reverse("incidents:ticket", args=[self.pk])

    def reporter_url(self) -> str:
        return reverse("incidents:my_report", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_started(self) -> bool:
        """Whether somebody has begun to work on it: who may cancel hangs on that."""
        return self.acknowledged_at is not None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def risks(self) -> list[str]:
        """The codes of its risk flags (``Risk``)."""
        return [str(risk) for risk in Risk if getattr(self, f"is_{risk}_risk")]

    def set_risks(self, risks: Any) -> None:
        for risk in Risk:
            setattr(self, f"is_{risk}_risk", risk in risks)

    @property
    def ended_at(self) -> datetime | None:
        return self.closed_at or self.cancelled_at

    @property
    def reopen_until(self) -> datetime | None:
        """Until when it may be reopened or reinstated; ``None`` while it has not
        ended."""
        return self.ended_at + REOPEN_WINDOW if self.ended_at else None

    def may_still_reopen(self, at: datetime) -> bool:
        return self.reopen_until is not None and at <= self.reopen_until

    def is_confirmer(self, user: Any) -> bool:
        return user.pk == self.confirmer_id
