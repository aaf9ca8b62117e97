"""Incidents of another system as an import leaves them: one function for each state.

Each replays rows made by hand, an hour apart, the last one an hour ago, and returns
the incident freshly read. By the log Ann reported it, Bo of the service desk worked
on it, so the moves of RULES can go on. Any other name is a value of every row
(``owner=""``, ``reporter="Caller 7"``, ...).
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from activity import clock
from incidents.codes import HoldReason, ImportSource, Status
from incidents.models import ImportedIncident, ImportRun, Incident
from incidents.replay.names import Names
from incidents.replay.step import Reason, State, Step, TeamName
from incidents.services.replaying import Refusal, replay_steps
from tests.incidents import stories
from tests.people import Cast

HOUR = timedelta(hours=1)
REPORTED = State("New", Status.NEW, is_owned=False)
SENT_ON = State("Queued", Status.ASSIGNED, is_owned=False)
ACTIVE = State("Active", Status.IN_PROGRESS)
WAITING = State("Awaiting User Info", Status.ON_HOLD, HoldReason.AWAITING_REPORTER)
SOLVED = State("Resolved", Status.RESOLVED)
ENDED = State("Closed", Status.CLOSED)
DROPPED = State("Cancelled", Status.CANCELLED)
SAID_NOTHING = State("-100", None)


def new(cast: Cast, **row: Any) -> Incident:
    """Nobody has it, as for ``assigned``."""
    return replayed(cast, REPORTED, **row)


def assigned(cast: Cast, **row: Any) -> Incident:
    return replayed(cast, REPORTED, SENT_ON, **row)


def in_progress(cast: Cast, **row: Any) -> Incident:
    return replayed(cast, REPORTED, ACTIVE, **row)


def on_hold(cast: Cast, **row: Any) -> Incident:
    """It waits for the reporter, nobody knows until when."""
    return replayed(cast, REPORTED, ACTIVE, WAITING, **row)


def resolved(cast: Cast, **row: Any) -> Incident:
    return replayed(cast, REPORTED, ACTIVE, SOLVED, **row)


def solved_in_vain(cast: Cast, **row: Any) -> Incident:
    """In progress again after a first solution."""
    return replayed(cast, REPORTED, ACTIVE, SOLVED, ACTIVE, **row)


def closed(cast: Cast, **row: Any) -> Incident:
    return replayed(cast, REPORTED, ACTIVE, SOLVED, ENDED, **row)


def closed_unsolved(cast: Cast, **row: Any) -> Incident:
    """The log has no solution of it."""
    return replayed(cast, REPORTED, ACTIVE, ENDED, **row)


def cancelled(cast: Cast, **row: Any) -> Incident:
    return replayed(cast, REPORTED, ACTIVE, DROPPED, **row)


def solved_and_cancelled(cast: Cast, **row: Any) -> Incident:
    """The log takes the solution back in the end, and gives the incident up."""
    return replayed(cast, REPORTED, ACTIVE, SOLVED, DROPPED, **row)


EVERY_STATE = {
    "new": new,
    "assigned": assigned,
    "in_progress": in_progress,
    "on_hold": on_hold,
    "resolved": resolved,
    "closed": closed,
    "closed_unsolved": closed_unsolved,
    "cancelled": cancelled,
    "solved_and_cancelled": solved_and_cancelled,
}


# ---- and as people here left them afterwards


def taken_here(cast: Cast) -> Incident:
    """Nobody owned it; Bo took it."""
    return stories.in_progress(cast, of=assigned(cast))


def worked_here(cast: Cast) -> Incident:
    """Brought in while it was worked on; Bo of this desk solved it."""
    return stories.resolved(cast, of=in_progress(cast))


def confirmed_here(cast: Cast) -> Incident:
    return stories.confirmed(cast, of=worked_here(cast))


def closed_here(cast: Cast) -> Incident:
    return stories.closed(cast, of=confirmed_here(cast))


def waived_here(cast: Cast) -> Incident:
    """Solved here long ago, and Lea does without an answer."""
    long_ago = clock.now() - timedelta(days=stories.WAIVED_AFTER_DAYS)
    incident = in_progress(cast, ended_at=long_ago - HOUR)
    incident = stories.resolved(cast, of=incident, at=long_ago)
    return stories.waived(cast, of=stories.reminded(cast, of=incident))


# ---- and what imports leave besides


def with_refused_row(cast: Cast) -> Incident:
    incident = in_progress(cast)
    taken([Refusal(7, "INC0000001", Reason.STATE, "Asleep")])
    return incident


def while_it_runs(cast: Cast) -> Incident:
    """Another import from the same system has begun, and is not finished."""
    incident = in_progress(cast)
    a_run(rows=100)
    return incident


def replayed(
    cast: Cast,
    *states: State,
    number: str = "",
    ended_at: datetime | None = None,
    **row: Any,
) -> Incident:
    """One more incident that went through these states, one row for each, the last
    at ``ended_at`` (aware); with ``number``, what another log says of that one."""
    last = ended_at or clock.now() - HOUR
    first = last - HOUR * (len(states) - 1)
    named = number or f"INC{ImportedIncident.objects.count() + 1:07d}"
    steps = [
        step(cast, state, line=line, number=named, first=first, **row)
        for line, state in enumerate(states, start=2)
    ]
    taken(steps)
    return Incident.objects.get(imported__number=named)


def taken(rows: Sequence[Step | Refusal]) -> ImportRun:
    """A whole import of these rows, finished."""
    run = replay_steps(
        a_run(rows=len(rows)), rows, names=Names(ImportSource.SERVICENOW)
    )
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    return run


def step(
    cast: Cast, state: State, *, line: int, number: str, first: datetime, **row: Any
) -> Step:
    """Row ``line`` of a log whose line 2 was written at ``first``."""
    said: dict[str, Any] = {
        "line": line,
        "digest": digest(f"{number} {line} {first}"),
        "number": number,
        "at": first + HOUR * (line - 2),
        "reported_at": first,
        "state": state,
        "title": "Category 40 – Symptom 471",
        "description": "Brought in from ServiceNow.",
        "actor": cast.bo.email,
        "reporter": cast.ann.email,
        "team": TeamName(cast.desk.name, 1),
        "owner": cast.bo.email,
    }
    return Step(**(said | row))


def a_run(*, rows: int, source: str = ImportSource.SERVICENOW) -> ImportRun:
    """An import that has just begun, of a file that is unlike every other."""
    count = ImportRun.objects.count()
    return ImportRun.objects.create(
        source=source,
        file_name=f"log-{count}.csv",
        digest=digest(str(count)),
        options={"time_zone": "UTC", "first_line": []},
        rows=rows,
        started_at=clock.now(),
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
