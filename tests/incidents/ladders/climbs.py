"""A SEV1 of Ann with a ladder, and how far it was climbed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Role, Team
from activity import clock
from activity.models import Event, Timer
from activity.services.timers import Swept, sweep
from incidents import services
from incidents.events import Kind
from incidents.models import Incident
from incidents.timeline import full_timeline
from sla.models import Policy, PolicyVersion, Rung
from tests.incidents import stories
from tests.people import Cast
from tests.sla.settings_cast import draft_policy, publish, without_defaults

# A Tuesday in the office hours of the default calendar, which tests keep in UTC.
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
LADDER: tuple[dict[str, Any], ...] = (
    {"trigger": "complaint", "tells": "desk_owner"},
    {"trigger": "by_hand", "tells": "team_lead"},
    {"trigger": "resolution_percent", "percent": 75, "tells": "team_lead"},
    {"trigger": "bounces", "count": 3, "tells": "desk_lead"},
    {"trigger": "breach", "tells": "team_manager"},
    {"trigger": "unacknowledged", "tells": "commander"},
)


def minutes(count: float) -> datetime:
    return TUESDAY + timedelta(minutes=count)


def ladder(*rungs: dict[str, Any], **fields: Any) -> PolicyVersion:
    """The only policy: 30 minutes to answer, 4 hours to solve, around the clock, and a
    quarter of an hour to answer to each rung."""
    without_defaults()
    settings = {"response_target": 30, "resolution_target": 240, **fields}
    policy = Policy.objects.create(name=f"Climbed {Policy.objects.count()}")
    draft = draft_policy(policy, **settings)
    for position, rung in enumerate(rungs or LADDER, 1):
        given = {"acknowledge_within": 15, "position": position, **rung}
        Rung.objects.create(version=draft, **given)
    return publish(draft)


def staff(cast: Cast) -> None:
    """Max manages the desk; Cy commands."""
    Team.objects.filter(pk=cast.desk.pk).update(manager=cast.max)
    cast.cy.role_grants.create(role=Role.INCIDENT_COMMANDER, granted_by=cast.ida)


def answered(cast: Cast, at: float = 0, title: str = "", **fields: Any) -> Incident:
    """A SEV1 that Bo has taken at once, so that only its resolution is awaited."""
    given = {"impact": 1, "urgency": 1, **fields}
    with clock.frozen_at(minutes(at)):
        incident = stories.reported(cast, title=title, **given)
        services.triage_incident(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            classification=stories.classification(**given),
            team=cast.desk,
        )
        services.take_incident(incident.pk, by=cast.bo, expected_version=None)
    return stories.again(incident)


def called_twice(cast: Cast, title: str = "") -> Incident:
    """Lea, and then Max, were told of it; nobody has answered by minute 241."""
    ladder()
    staff(cast)
    incident = answered(cast, title=title)
    swept(180)
    swept(240.1)
    return stories.again(incident)


def another_promise(incident: Incident, cast: Cast) -> None:
    """Its severity is another one now, so another version holds."""
    ladder(
        {"trigger": "breach", "tells": "desk_lead"}, severity=4, resolution_target=900
    )
    services.override_severity(
        incident.pk, by=cast.bo, expected_version=None, severity=4, reason="Less."
    )


def swept(count: float) -> Swept:
    with clock.frozen_at(minutes(count)):
        return sweep(at=minutes(count))


def told(incident: Incident) -> list[tuple[int, float]]:
    """The rungs that were told, each with the minute."""
    return [
        (event.data["rung"], (event.at - TUESDAY) / timedelta(minutes=1))
        for event in Event.objects.about(incident).filter(kind=Kind.RUNG)
    ]


def whom(incident: Incident) -> list[list[int]]:
    rungs = Event.objects.about(incident).filter(kind=Kind.RUNG)
    return [event.data["recipients"] for event in rungs]


def armed_rung(incident: Incident) -> Timer | None:
    found = Timer.objects.armed().filter(
        subject_id=incident.pk,
        kind="incident.ladder",
        generation=stories.again(incident).timer_generation,
    )
    return found.first()


def history_in_words(incident: Incident) -> list[str]:
    return [entry.sentence for entry in full_timeline(stories.again(incident))]


def level(incident: Incident) -> int:
    return stories.again(incident).attention
