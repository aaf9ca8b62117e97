"""What teams agreed to, with the calendars that count it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sla.models import OperationalTarget
from sla.schedule import Schedule
from sla.services.schedules import hours_of


@dataclass(frozen=True, slots=True)
class Agreement:
    """A team's target and the working time that it is counted in."""

    target: OperationalTarget
    schedule: Schedule


def agreements_of(teams: Iterable[int]) -> dict[int, Agreement]:
    """By the id of the team; a team without a target, or whose calendar was never
    published, is not there. At most two short queries."""
    rows = OperationalTarget.objects.filter(team__in=set(teams))
    targets = list(rows.select_related("calendar"))
    hours = hours_of(target.calendar_id for target in targets)
    return {
        target.team_id: Agreement(target, Schedule(hours[target.calendar_id]))
        for target in targets
        if hours[target.calendar_id]
    }
