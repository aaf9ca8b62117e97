"""Use cases of the probe, as a domain app would write them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from activity.lifecycle import begin, fire
from tests.probe.models import Probe


def open_probe(*, by: User, **fields: object) -> Probe:
    probe = Probe(**fields)
    begin(probe, "probe.open", by=by)
    return probe


@transaction.atomic
def start_probe(
    pk: int,
    *,
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Probe:
    probe: Probe = Probe.objects.lock(pk)
    fire(probe.start, by=by, expected_version=expected_version, at=at)
    return probe
