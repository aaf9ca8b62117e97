"""Many probes at once, each with its first event and one due timer."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from activity.models import Event, Timer
from tests.probe.models import Probe


@transaction.atomic
def make_crowd(size: int, *, by: User, due_at: datetime | None = None) -> None:
    """As ``begin`` and ``arm`` would leave them, in a few statements."""
    probes = Probe.objects.bulk_create(Probe(version=1) for _ in range(size))
    now = due_at or by.joined_at
    Event.objects.bulk_create(
        (
            Event(
                subject_type="probe",
                subject_id=probe.pk,
                seq=1,
                kind="probe.open",
                to_status="draft",
                actor=by,
                at=now,
            )
            for probe in probes
        ),
        batch_size=2000,
    )
    if due_at is None:
        return
    Timer.objects.bulk_create(
        (
            Timer(
                subject_type="probe",
                subject_id=probe.pk,
                kind="probe.storm",
                generation=0,
                wanted_at=due_at,
                due_at=due_at,
            )
            for probe in probes
        ),
        batch_size=2000,
    )
