"""What a version of a policy promises, as the clocks read it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sla.business_time import WorkingHours
from sla.clock import Terms
from sla.codes import Metric, OnChange, OnMove, OnReopen, StopsAt
from sla.models import Calendar, PolicyVersion
from sla.schedule import Schedule
from sla.services.schedules import hours_of, schedule_of

NO_POLICY: Final = 0
DAYS = range(7)
ALWAYS: Final = Schedule(
    (
        (
            datetime(2000, 1, 1, tzinfo=UTC),
            WorkingHours(
                "UTC", {day: ((time(), time()),) for day in DAYS}, frozenset()
            ),
        ),
    )
)
NOTHING: Final = Terms(
    policy=NO_POLICY,
    target=None,
    schedule=ALWAYS,
    pauses_on=frozenset(),
    stops_at=StopsAt.RESOLVED,
    on_change=OnChange.RETROACTIVE,
    on_transfer=OnMove.CARRY,
    on_tier_move=OnMove.CARRY,
    on_reject=OnMove.CARRY,
    on_reopen=OnReopen.NEW_CYCLE,
)


def require_schedule(calendar: Calendar) -> Schedule:
    """Refuse a calendar that was never published, in a sentence."""
    published = schedule_of(calendar)
    if not published:
        raise ValidationError(
            _("The calendar “%(name)s” is not published yet: publish it first.")
            % {"name": calendar}
        )
    return Schedule(published)


def schedules_of(versions: Iterable[PolicyVersion | None]) -> dict[int, Schedule]:
    """The schedules of their calendars, by the calendar's id."""
    found = hours_of(version.calendar_id for version in versions if version)
    return {pk: Schedule(hours) for pk, hours in found.items()}


def terms_of(
    version: PolicyVersion | None, metric: Metric, schedules: Mapping[int, Schedule]
) -> Terms:
    """What this version promises for one metric; nothing without a version."""
    if version is None:
        return NOTHING
    minutes = version.target_of(metric)
    return Terms(
        policy=version.pk,
        target=timedelta(minutes=minutes) if minutes else None,
        schedule=schedules[version.calendar_id],
        pauses_on=frozenset(version.pauses_on),
        stops_at=StopsAt(version.stops_at),
        on_change=OnChange(version.on_change),
        on_transfer=OnMove(version.on_transfer),
        on_tier_move=OnMove(version.on_tier_move),
        on_reject=OnMove(version.on_reject),
        on_reopen=OnReopen(version.on_reopen),
    )
