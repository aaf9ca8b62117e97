"""Many incidents at once, as the services would leave them, in a few statements."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from accounts.models import User
from activity import clock
from activity.models import Event
from incidents.clocks.keeping import cache_readings
from incidents.codes import Status
from incidents.events import Kind
from incidents.models import Holding, Incident, PolicyMatch, TierStay
from sla.models import PolicyVersion
from sla.services import match_policy
from tests.database import sql, without
from tests.people import Cast

BATCH = 2000
STEP = "incidents_tierstay.tier_stay_step"
SEVERITIES = (4, 4, 3, 4, 3, 2, 4, 3, 4, 1)
# What happened to every third one: reported; triaged; triaged and taken.
STORIES: tuple[tuple[str, ...], ...] = (
    (Kind.REPORT,),
    (Kind.REPORT, Kind.TRIAGE),
    (Kind.REPORT, Kind.TRIAGE, Kind.TAKE),
)
STATUS_AFTER = {
    Kind.REPORT: Status.NEW,
    Kind.TRIAGE: Status.ASSIGNED,
    Kind.TAKE: Status.IN_PROGRESS,
}


@transaction.atomic
def make_incidents(
    size: int,
    cast: Cast,
    *,
    reporters: Sequence[User] = (),
    titles: Sequence[str] = ("The printer on floor {number} prints blank pages",),
    at: datetime | None = None,
    stories: Sequence[tuple[str, ...]] = STORIES,
    **fields: Any,
) -> list[Incident]:
    """So many of Ann's incidents, by turns new, assigned and in progress by Bo, all
    of the service desk, one a minute up to ``at``.

    ``titles`` may say ``{number}``; ``fields`` are set on every row. A team above
    tier 1 has them from their report on: PostgreSQL shuts an eye to that.
    """
    if has_jumped := "team" in fields and fields["team"].tier > 1:
        without(STEP)
    latest = at or clock.now()
    people = reporters or [cast.ann]
    rows = [
        _incident(
            cast,
            people[number % len(people)],
            titles[number % len(titles)].format(number=number),
            latest - timedelta(minutes=size - number),
            stories[number % len(stories)],
            {"severity": SEVERITIES[number % len(SEVERITIES)], **fields},
        )
        for number in range(size)
    ]
    made = Incident.objects.bulk_create(rows, batch_size=BATCH)
    Event.objects.bulk_create(
        [
            event
            for number, row in enumerate(made)
            for event in _events(row, stories[number % len(stories)], cast)
        ],
        batch_size=BATCH,
    )
    keep_first_stays(made)
    holdings = [Holding(incident=row, team_id=row.team_id) for row in made]
    Holding.objects.bulk_create(holdings, batch_size=BATCH)
    if has_jumped:
        connection.check_constraints()
        table, trigger = STEP.split(".")
        sql(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    return made


def keep_first_stays(made: Sequence[Incident]) -> None:
    """They are with the team that got the report."""
    TierStay.objects.bulk_create(
        (
            TierStay(
                incident=row,
                team_id=row.team_id,
                tier=row.team.tier,
                why="report",
                entered_seq=1,
                entered_at=row.reported_at,
            )
            for row in made
        ),
        batch_size=BATCH,
    )


def promise(made: Sequence[Incident]) -> None:
    """Let the default policies hold for them from their report on, and read their
    clocks as for any other incident."""
    versions = {severity: _version(severity) for severity in set(SEVERITIES)}
    PolicyMatch.objects.bulk_create(
        PolicyMatch(
            incident=row, seq=1, at=row.reported_at, version=versions[row.severity]
        )
        for row in made
    )
    for row in made:
        cache_readings(row)


def _version(severity: int) -> PolicyVersion | None:
    match = match_policy(
        service=None, team=None, kind="incident", severity=severity, at=clock.now()
    )
    return match.version if match else None


def _incident(
    cast: Cast,
    reporter: User,
    title: str,
    at: datetime,
    story: tuple[str, ...],
    fields: dict[str, Any],
) -> Incident:
    is_taken = Kind.TAKE in story
    given: dict[str, Any] = {
        "title": title,
        "description": title,
        "reporter": reporter,
        "logged_by": reporter,
        "confirmer": reporter,
        "team": cast.desk,
        "desk": cast.desk,
        "owner": cast.bo if is_taken else None,
        "desk_owner": cast.bo if Kind.TRIAGE in story else None,
        "detected_at": at,
        "reported_at": at,
        "acknowledged_at": at if is_taken else None,
    }
    return Incident(
        **(given | fields), status=STATUS_AFTER[Kind(story[-1])], version=len(story)
    )


def _events(row: Incident, story: tuple[str, ...], cast: Cast) -> list[Event]:
    """One event for each step, in the shape that ``begin`` and ``fire`` write."""
    before: str | None = None
    found = []
    for seq, kind in enumerate(story, start=1):
        after = str(STATUS_AFTER[Kind(kind)])
        found.append(
            Event(
                subject_type="incident",
                subject_id=row.pk,
                seq=seq,
                kind=str(kind),
                from_status=before,
                to_status=after,
                actor=row.logged_by if seq == 1 else cast.bo,
                data=_data(row, kind),
                public=True,
                at=row.reported_at,
            )
        )
        before = after
    return found


def _data(row: Incident, kind: str) -> dict[str, Any]:
    if kind == Kind.TAKE:
        return {"owner": _pk(row.owner)}
    facts = {"impact": row.impact, "urgency": row.urgency, "severity": row.severity}
    if kind == Kind.TRIAGE:
        return {**facts, "kind": str(row.kind), "team": row.team_id, "changed": {}}
    return {
        **facts,
        "source": str(row.source),
        "reporter": row.reporter_id,
        "team": row.team_id,
        "files": [],
    }


def _pk(record: Model | None) -> Any:
    return record.pk if record else None
