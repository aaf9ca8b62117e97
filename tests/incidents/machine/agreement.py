"""What the database holds is what the model says."""

from contextlib import ExitStack
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine

from accounts.models import User
from activity.models import Event
from activity.services import history
from incidents.clocks.keeping import _compare, differences
from incidents.models import Incident, TierStay
from incidents.tiers import keeping as stays
from incidents.timeline import public_timeline
from sla.services.schedules import _read
from tests.incidents import model
from tests.incidents.clocks.promising import check_ledger
from tests.incidents.machine.town import LEFT, START, Town
from tests.incidents.model import Solved, Ticket

SECRET = "canary"  # in every word that is for colleagues only
PERSONS = {
    "reporter",
    "confirmer",
    "owner",
    "desk_owner",
    "closed_by",
    "resolution__by",
    "resolution__confirmation__recorded_by",
}
TEAMS = {"team", "desk", "resolution__team"}
FLAGS = {
    "resolution",
    "acknowledged_at",
    "confirmed_at",
    "resolution__confirmation",
    "resolution__waiver",
}
COLUMNS = (
    "status",
    "version",
    "title",
    "impact",
    "urgency",
    "severity",
    "severity_override",
    "is_major",
    "hold_reason",
    "hold_until",
    "cancel_reason",
    "attention",
    "master",
    "closed_at",
    "cancelled_at",
    "closure_basis",
    *PERSONS,
    *TEAMS,
    *FLAGS,
)


def as_row(ticket: Ticket) -> dict[str, Any]:
    """What the database should hold of it."""
    hold_reason, hold_until = ticket.hold or ("", None)
    is_closed = ticket.status == "closed"
    return {
        "status": ticket.status,
        "version": ticket.version,
        "title": ticket.title,
        "impact": ticket.impact,
        "urgency": ticket.urgency,
        "severity": ticket.severity,
        "severity_override": ticket.override,
        "is_major": ticket.is_major,
        "hold_reason": hold_reason,
        "hold_until": hold_until,
        "cancel_reason": ticket.cancel_reason,
        "attention": ticket.attention,
        "master": ticket.master.pk if ticket.master else None,
        "closed_at": ticket.ended_at if is_closed else None,
        "cancelled_at": None if is_closed else ticket.ended_at,
        "closure_basis": ticket.basis,
        "reporter": ticket.reporter,
        "confirmer": ticket.confirmer,
        "owner": ticket.owner,
        "desk_owner": ticket.desk_owner,
        "team": ticket.team,
        "desk": ticket.desk,
        "closed_by": ticket.closer,
        "acknowledged_at": ticket.is_started,
        **solved_as_row(ticket.solved),
    }


def solved_as_row(solved: Solved | None) -> dict[str, Any]:
    return {
        "resolution": solved is not None,
        "resolution__team": solved.team if solved else None,
        "resolution__by": solved.by if solved else None,
        "confirmed_at": bool(solved and solved.channel),
        "resolution__confirmation": bool(solved and solved.channel),
        "resolution__confirmation__recorded_by": solved.recorder if solved else None,
        "resolution__waiver": bool(solved and solved.is_waived),
    }


class Agreement(RuleBasedStateMachine):
    """One transaction, which is undone at the end. ``town`` is set before the run."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.world = self.town.world()
        self.tickets: list[Ticket] = []
        self.now = START
        self.seen_event = 0
        self.told: dict[int, int] = {}  # of each incident, how many events were seen
        self.words = 0
        self.calendar_from = START  # from when on the latest versions hold
        self.policy_from: dict[int, datetime] = {}
        self.dropped: set[Ticket] = set()  # whose confirmer was away when asked again
        self.rungs: dict[int, list[Event]] = {}  # of each incident, what was told
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.stack.callback(transaction.set_rollback, True)
        self._forget_standings()
        _read.cache_clear()  # versions of another run, published at the same moment

    def teardown(self) -> None:
        try:
            self._everything_is_whole()
        finally:
            self.stack.close()
            for name, user in self.town.people.items():
                user.is_active = name != LEFT
            self._forget_standings()

    def user(self, name: str) -> User:
        found: User = self.town.people[name]
        return found

    def _forget_standings(self) -> None:
        for user in self.town.people.values():
            user.__dict__.pop("standing", None)

    def _agree(self, by: str) -> None:
        """The guards hold, and every record is what the model says."""
        connection.check_constraints()
        rows = {row["pk"]: row for row in Incident.objects.values("pk", *COLUMNS)}
        assert set(rows) == {ticket.pk for ticket in self.tickets}
        changed = self._new_events_agree()
        self._stays_agree(changed)
        for incident in Incident.objects.filter(pk__in=changed):
            assert [str(one) for one in _compare(incident)] == []
            assert [str(one) for one in stays._compare_held(incident.pk)] == []
            self.timers_agree(incident)
        for ticket in self.tickets:
            found = self._named(rows[ticket.pk])
            assert found == as_row(ticket), f"incident {ticket.pk}"
            self._two_keys_hold(found)
        self._sight_agrees(by)

    def _named(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row with names instead of ids."""
        names, teams = self.town.names, self.town.team_names
        found: dict[str, Any] = {}
        for column, value in row.items():
            if column in PERSONS:
                found[column] = names.get(value)
            elif column in TEAMS:
                found[column] = teams.get(value)
            elif column in FLAGS:
                found[column] = value is not None
            elif column != "pk":
                found[column] = value
        return found

    def _stays_agree(self, changed: set[int]) -> None:
        """They tile its life: one begins where one ends, nobody has what has ended."""
        for ticket in self.tickets:
            if ticket.pk not in changed:
                continue
            rows = list(TierStay.objects.filter(incident=ticket.pk))
            names = self.town.team_names
            assert [(names[row.team_id], row.why) for row in rows] == ticket.stays
            for former, row in pairwise(rows):
                assert former.left_seq == row.after_seq
                assert former.left_at == row.after_at
                assert row.why == "reopen" or row.after_seq == row.entered_seq
            assert rows[0].entered_seq == 1
            assert rows[-1].is_open == (ticket.status not in ("closed", "cancelled"))

    def _two_keys_hold(self, row: dict[str, Any]) -> None:
        """Said once more without the model: it might share a mistake with us."""
        is_solved = row["status"] in ("resolved", "closed")
        assert row["resolution"] == is_solved
        assert (row["status"] == "on_hold") == bool(row["hold_reason"])
        assert (row["status"] == "on_hold") == (row["hold_until"] is not None)
        if row["owner"]:
            assert self.town.works_in(row["owner"], row["team"])
        if row["status"] == "closed":
            assert row["resolution__confirmation"] or row["resolution__waiver"]
            assert self.town.is_on_a_desk(row["closed_by"])
            assert row["closed_by"] != row["confirmer"]

    def timers_agree(self, incident: Incident) -> None:
        """Just those are armed that it wants."""
        raise NotImplementedError

    def _new_events_agree(self) -> set[int]:
        """Which incidents have new ones."""
        rows = Event.objects.filter(pk__gt=self.seen_event, subject_type="incident")
        found: dict[int, list[tuple[int, str, bool, str]]] = {}
        for row in rows.order_by("pk"):
            by = self.town.names[row.actor_id]
            found.setdefault(row.subject_id, []).append(
                (row.seq, row.kind, row.public, by)
            )
            self.seen_event = row.pk
        changed = set(found)
        for ticket in self.tickets:
            old = self.told.get(ticket.pk, 0)
            new = enumerate(ticket.events[old:], start=old + 1)
            assert found.pop(ticket.pk, []) == [(seq, *event) for seq, event in new]
            self.told[ticket.pk] = ticket.version
        assert not found
        return changed

    def _sight_agrees(self, by: str) -> None:
        user, world = self.user(by), self.world
        full = set(Incident.objects.visible_to(user).values_list("pk", flat=True))
        assert full == {t.pk for t in self.tickets if model.sees_in_full(world, by, t)}
        public = set(Incident.objects.public_for(user).values_list("pk", flat=True))
        assert public == {
            t.pk for t in self.tickets if model.sees_public_part(world, by, t)
        }

    # --- at the end -----------------------------------------------------------------

    def _everything_is_whole(self) -> None:
        for name in self.town.people:
            self._sight_agrees(name)
        for ticket in self.tickets:
            self._reporter_reads_no_secret(ticket)
            check_ledger(Incident.objects.get(pk=ticket.pk), self.now)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(history, "missing_guards", list)  # truncate is off in tests
            assert history.faults() == []
        assert [str(one) for one in differences()] == []
        assert [str(one) for one in stays.differences()] == []
        for incident in Incident.objects.all():
            self.timers_agree(incident)

    def _reporter_reads_no_secret(self, ticket: Ticket) -> None:
        incident = Incident.objects.get(pk=ticket.pk)
        entries = public_timeline(incident)
        public = [event for event in ticket.events if event[1]]
        assert [(entry.kind, entry.actor.pk) for entry in entries] == [
            (kind, self.town.pk_of(by)) for kind, _public, by in public
        ]
        said = {words.text for entry in entries for words in entry.words}
        assert not [text for text in said if SECRET in text]
        assert said.isdisjoint(ticket.former_titles)
