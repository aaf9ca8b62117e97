"""Rows as somebody with a SQL prompt would write them, matching events included.

The events are good forgeries: what refuses an attack is the guard it is about.
"""

import json
from typing import Any

from accounts.models import User
from activity.models import Event
from incidents.codes import ENDED, OPEN
from incidents.models import Attachment, Incident
from incidents.tiers.keeping import keep_stays
from tests.database import sql

NOW = "2026-11-21T12:00:00Z"
# The ladder calls nobody to what is not open.
NO_RUNG: dict[str, Any] = {"rung_at": None, "rung_position": None}


def insert(table: str, **columns: Any) -> None:
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())


def edit(incident: Incident, **columns: Any) -> None:
    """Change columns of the row, with no event."""
    marks = ", ".join(f"{name} = %s" for name in columns)
    sql(
        f"UPDATE incidents_incident SET {marks} WHERE id = %s",
        *columns.values(),
        incident.pk,
    )


def event(
    incident: Incident,
    kind: str,
    *,
    by: User,
    to: str | None = None,
    data: dict[str, Any] | None = None,
    keeps: bool = True,
) -> int:
    """The next event of its history; its number. Its stays are kept, or not."""
    last = Event.objects.about(incident).latest("seq")
    moves = Event.objects.about(incident).filter(to_status__isnull=False)
    insert(
        "activity_event",
        subject_type="incident",
        subject_id=incident.pk,
        seq=last.seq + 1,
        kind=f"incident.{kind}",
        from_status=moves.latest("seq").to_status if to else None,
        to_status=to,
        actor_id=by.pk,
        data=json.dumps(data or {}),
        public=False,
        at=NOW,
        request_id="",
    )
    if keeps:
        keep_stays(
            [(incident, list(Event.objects.about(incident).filter(seq__gt=last.seq)))]
        )
    return last.seq + 1


def move(
    incident: Incident,
    kind: str,
    *,
    by: User,
    to: str,
    data: dict[str, Any] | None = None,
    keeps: bool = True,
    **columns: Any,
) -> None:
    """A change of state with its event, as if a service had made it; ``data`` is
    what the event says beside the resolution."""
    resolution = columns.get("resolution_id", incident.resolution_id)
    said = {"resolution": resolution} | _hands(incident, kind) | (data or {})
    seq = event(incident, kind, by=by, to=to, data=said, keeps=keeps)
    if to not in OPEN:
        columns |= NO_RUNG
    edit(incident, status=to, version=seq, **columns)


def _hands(incident: Incident, kind: str) -> dict[str, Any]:
    """Who has it afterwards: the team that has it now."""
    if kind in {"resolve", "works_again"}:
        return {"desk": incident.team_id}
    is_back = kind == "replay" and incident.status in ENDED
    if is_back or kind in {"reject", "reopen"}:
        return {"team": incident.team_id}
    return {}


def close(
    incident: Incident, *, by: User, basis: str = "confirmed", keeps: bool = True
) -> None:
    move(
        incident,
        "close",
        by=by,
        to="closed",
        keeps=keeps,
        closed_by_id=by.pk,
        closed_at=NOW,
        closure_basis=basis,
    )


def act(table: str, incident: Incident, *, by: User, **columns: Any) -> None:
    """One row of a resolution, confirmation, rejection or waiver."""
    given = {
        "incident_id": incident.pk,
        "resolution_id": incident.resolution_id,
        "seq": incident.version,
        "at": NOW,
    }
    if table == "resolution":
        del given["resolution_id"]
    insert(f"incidents_{table}", **(given | {"by_id": by.pk} | columns))


def confirm(
    incident: Incident,
    *,
    by: User,
    recorded_by: User | None = None,
    channel: str = "portal",
    resolution: int | None = None,
    confirmed_at: str | None = NOW,
) -> None:
    """The event, the row of the incident and the row of the confirmation."""
    about = resolution or incident.resolution_id
    actor = recorded_by or by
    data = {"resolution": about}
    seq = event(incident, "confirm", by=actor, to="resolved", data=data)
    edit(incident, version=seq, confirmed_at=confirmed_at)
    act(
        "confirmation",
        incident,
        by=by,
        seq=seq,
        channel=channel,
        recorded_by_id=recorded_by.pk if recorded_by else None,
        resolution_id=about,
    )


def solve(
    incident: Incident,
    kind: str,
    *,
    by: User,
    code: str,
    data: dict[str, Any] | None = None,
) -> None:
    """A move of this kind to resolved, and the row of a resolution that it names."""
    pk = incident.pk + 10**6
    resolution = {"id": pk, "number": 9, "seq": incident.version + 1, "code": code}
    act("resolution", incident, by=by, team_id=incident.team_id, **resolution)
    columns: dict[str, Any] = {"resolution_id": pk, "resolved_at": NOW}
    move(incident, kind, by=by, to="resolved", data=data, **columns)


def waive(incident: Incident, *, by: User, resolution: int | None = None) -> None:
    about = resolution or incident.resolution_id
    data = {"resolution": about}
    seq = event(incident, "waive", by=by, to="resolved", data=data)
    edit(incident, version=seq)
    act("waiver", incident, by=by, seq=seq, resolution_id=about)


def reject(incident: Incident, *, by: User, resolution: int | None = None) -> None:
    about = resolution or incident.resolution_id
    data = {"resolution": about} | _hands(incident, "reject")
    seq = event(incident, "reject", by=by, to="assigned", data=data)
    edit(incident, status="assigned", version=seq, resolution_id=None, resolved_at=None)
    row = {"seq": seq, "channel": "portal", "resolution_id": about}
    act("rejection", incident, by=by, **row)


def born(
    incident: Incident,
    *,
    moves: list[str] = [],  # noqa: B006
    keeps: bool = True,
    **columns: Any,
) -> Incident:
    """Another row like this one, with events of its own."""
    pk = incident.pk + 10**6
    fields = {
        field.attname: getattr(incident, field.attname)
        for field in Incident._meta.concrete_fields
        if not field.generated
    }
    path = ["new", *moves]
    fields |= {"id": pk, "submission": None, "version": len(path), "status": path[-1]}
    insert("incidents_incident", **(fields | columns))
    for seq, status in enumerate(path, start=1):
        insert(
            "activity_event",
            subject_type="incident",
            subject_id=pk,
            seq=seq,
            kind="incident.report" if seq == 1 else "incident.forged",
            from_status=path[seq - 2] if seq > 1 else None,
            to_status=status,
            actor_id=incident.reporter_id,
            data=json.dumps({"team": fields["team_id"]}) if seq == 1 else "{}",
            public=False,
            at=NOW,
            request_id="",
        )
    if keeps:
        _stay(pk, incident, len(path) if path[-1] in ENDED else None)
    return Incident(pk=pk)


def _stay(pk: int, like: Incident, left: int | None) -> None:
    insert(
        "incidents_tierstay",
        incident_id=pk,
        team_id=like.team_id,
        tier=like.team.tier,
        why="report",
        entered_seq=1,
        entered_at=NOW,
        left_seq=left,
        left_at=NOW if left else None,
    )


def attachment(incident: Incident | None, *, by: User) -> Attachment:
    return Attachment.objects.create(
        incident=incident,
        seq=incident.version if incident else None,
        file="2026/11/x",
        name="screen.png",
        content_type="image/png",
        size=3,
        sha256="0" * 64,
        uploaded_by=by,
        uploaded_at=NOW,
    )
