"""What must never be false of one incident's row; triggers keep the rest."""

from django.db import models
from django.db.models import F, Q

from incidents.codes import (
    CancelReason,
    ClosureBasis,
    HoldReason,
    Kind,
    Origin,
    Source,
    Status,
)
from sla.codes import Attention

IMPORTED = Q(origin="import")
# In another system, which had its own rules: the only closure without two keys.
CLOSED_ELSEWHERE = IMPORTED & Q(status="closed", closure_basis="imported")
RESOLVED = Q(status__in=["resolved", "closed"])

INCIDENT_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(status__in=Status.values), name="incident_status_known"
    ),
    models.CheckConstraint(
        condition=Q(
            kind__in=Kind.values, source__in=Source.values, origin__in=Origin.values
        ),
        name="incident_codes_known",
    ),
    models.CheckConstraint(
        condition=Q(
            impact__in=[1, 2, 3], urgency__in=[1, 2, 3], severity__in=[1, 2, 3, 4]
        )
        & (Q(severity_override=None) | Q(severity_override=F("severity"))),
        name="incident_severity_known",
    ),
    models.CheckConstraint(
        condition=~Q(title="") & ~Q(description=""), name="incident_says_what_is_wrong"
    ),
    models.CheckConstraint(
        condition=Q(status="on_hold", hold_reason__in=HoldReason.values)
        & (Q(hold_until__isnull=False) | IMPORTED)
        | ~Q(status="on_hold") & Q(hold_reason="", hold_until=None),
        name="incident_hold_has_reason",
    ),
    models.CheckConstraint(
        condition=RESOLVED & Q(resolution__isnull=False, resolved_at__isnull=False)
        | CLOSED_ELSEWHERE & Q(resolution=None, resolved_at=None)
        | ~RESOLVED & Q(resolution=None, resolved_at=None),
        name="incident_resolved_has_resolution",
    ),
    models.CheckConstraint(
        condition=Q(confirmed_at=None) | Q(resolution__isnull=False),
        name="incident_confirmed_has_resolution",
    ),
    models.CheckConstraint(
        condition=Q(status="closed", closed_at__isnull=False, closed_by__isnull=False)
        & Q(closure_basis__in=ClosureBasis.values)
        & (~Q(closure_basis="imported") | IMPORTED)
        | ~Q(status="closed") & Q(closed_at=None, closed_by=None, closure_basis=""),
        name="incident_closed_has_closer",
    ),
    models.CheckConstraint(
        condition=CLOSED_ELSEWHERE | Q(closed_by=None) | ~Q(closed_by=F("confirmer")),
        name="incident_closed_by_another",
    ),
    models.CheckConstraint(
        condition=Q(status="cancelled", cancelled_at__isnull=False)
        & (Q(cancel_reason__in=CancelReason.values) | IMPORTED & Q(cancel_reason=""))
        | ~Q(status="cancelled") & Q(cancelled_at=None, cancel_reason=""),
        name="incident_cancelled_has_reason",
    ),
    models.CheckConstraint(
        condition=Q(due_at=None) | ~Q(status__in=["closed", "cancelled"]),
        name="incident_ended_has_nothing_due",
    ),
    models.CheckConstraint(
        condition=Q(rung_at=None, rung_position=None)
        | Q(rung_at__isnull=False, rung_position__isnull=False)
        & ~Q(status__in=["resolved", "closed", "cancelled"]),
        name="incident_rung_of_open",
    ),
    models.CheckConstraint(
        condition=Q(cancel_reason="duplicate", master__isnull=False)
        | ~Q(cancel_reason="duplicate") & Q(master=None),
        name="incident_duplicate_has_master",
    ),
    models.CheckConstraint(
        condition=Q(master=None) | ~Q(master=F("id")), name="incident_own_master_never"
    ),
    models.CheckConstraint(
        condition=Q(attention__in=Attention.values), name="incident_attention_known"
    ),
    models.UniqueConstraint(
        fields=["logged_by", "submission"], name="incident_submitted_once"
    ),
]

INCIDENT_INDEXES = [
    # Column by column the rank of the queue (querysets.RANK).
    models.Index(
        F("severity"),
        F("due_at").asc(nulls_last=True),
        F("risk_count").desc(),
        F("people_affected").desc(nulls_last=True),
        F("reported_at"),
        F("id"),
        condition=Q(status__in=["new", "assigned", "in_progress", "on_hold"]),
        name="incident_open_by_rank",
    ),
    models.Index(
        fields=["id"], condition=Q(rung_at__isnull=False), name="incident_on_ladder"
    ),
    models.Index(fields=["team", "status"], name="incident_by_team"),
    models.Index(fields=["owner", "status"], name="incident_by_owner"),
    models.Index(fields=["reporter", "-id"], name="incident_by_reporter"),
    models.Index(
        fields=["desk_owner", "resolved_at"],
        condition=Q(status="resolved"),
        name="incident_to_confirm",
    ),
]
