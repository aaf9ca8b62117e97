"""Every move, from every state, by everybody: who may, who may not, and when.

A cell of the grid names those who may; everybody else is refused (403). ``late``
are those who might, were it not too late or too early (409). An empty cell means
that the state forbids it, whoever asks (409).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role, Team, User
from activity import clock
from incidents import services
from incidents.codes import OPEN_TRIAGED, CancelReason, HoldReason
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.services.facts import (
    leave,
    member_of,
    outcome,
    second_desk,
)
from tests.people import Cast, make_user

# Ann reports and confirms. Bo, Cy and Lea (the lead) hold it, Bo owns it. Eve works
# at another desk, Ned in tier 2. Kim commands majors. Max, Ida and Zed look on.
PEOPLE = ["ann", "bo", "cy", "lea", "eve", "ned", "kim", "max", "ida", "zed"]
OPEN = "new assigned given in_progress on_hold major"
TRIAGED = "assigned given in_progress on_hold major"
RESOLVED = "resolved reminded confirmed waived"
ENDED = "closed cancelled"
TEAM = "bo cy lea"
DESK = "bo cy lea eve"


@dataclass(frozen=True)
class Cell:
    may: str = ""
    late: str = ""

    def expected(self, person: str) -> str:
        if person in self.may.split():
            return "ok"
        if person in self.late.split():
            return "409"
        return "403"


def late(people: str) -> Cell:
    return Cell(late=people)


# move -> states -> who; a state that is not named forbids the move
GRID: dict[str, dict[str, Cell]] = {
    "triage": {"new": Cell(DESK)},
    "take": {
        "new assigned": Cell(TEAM),
        "given in_progress on_hold major": Cell("cy lea", late="bo"),
    },
    "assign": {OPEN: Cell("lea")},
    "start": {"given": Cell("bo lea")},
    "hold": {"assigned": Cell("lea"), "given in_progress major": Cell("bo lea")},
    "resume": {"on_hold": Cell("bo lea")},
    "transfer": {TRIAGED: Cell(TEAM)},
    "escalate": {TRIAGED: Cell(TEAM)},
    "hand_back": {TRIAGED: late(TEAM)},
    "resolve": {"assigned": Cell("lea"), "given in_progress major": Cell("bo lea")},
    "works_again": {OPEN: Cell("ann")},
    "confirm": {
        "resolved reminded waived": Cell("ann"),
        "confirmed": late("ann"),
    },
    "record_call": {"resolved reminded waived": Cell(DESK), "confirmed": late(DESK)},
    "reject": {RESOLVED: Cell(f"ann {DESK}")},
    "remind": {
        "resolved reminded": Cell(DESK),
        f"{OPEN} confirmed waived {ENDED}": late(DESK),
    },
    "waive": {"reminded": Cell("lea"), "resolved": late("lea")},
    "close": {"confirmed waived": Cell(DESK)},
    "reopen": {ENDED: Cell(f"ann {DESK}")},
    "withdraw": {OPEN: Cell("ann")},
    "call_no_fault": {
        "new assigned given": Cell(DESK),
        "in_progress on_hold major": Cell("lea"),
    },
    "call_duplicate": {OPEN: Cell(DESK)},
    "declare_major": {
        "new assigned given in_progress on_hold": Cell("lea kim"),
    },
    "stand_down": {"major": Cell("lea kim")},
    "call_attention": {OPEN: Cell(DESK), f"{RESOLVED} {ENDED}": late(DESK)},
    "end_attention": {f"{OPEN} {RESOLVED} {ENDED}": late("lea kim")},
    "acknowledge_attention": {},
    "urge": {OPEN: Cell("ann"), f"{RESOLVED} {ENDED}": late("ann")},
    "reclassify": {f"{TRIAGED} {RESOLVED}": Cell(DESK), f"new {ENDED}": late(DESK)},
    "override_severity": {
        f"{TRIAGED} {RESOLVED}": Cell(f"{DESK} kim"),
        f"new {ENDED}": late(f"{DESK} kim"),
    },
    "retitle": {f"{OPEN} {RESOLVED}": Cell(DESK), ENDED: late(DESK)},
    "reply": {f"{OPEN} {RESOLVED}": Cell(DESK), ENDED: late(DESK)},
    "note": {f"{OPEN} {RESOLVED} {ENDED}": Cell(DESK)},
    "answer": {f"{OPEN} {RESOLVED}": Cell("ann"), ENDED: late("ann")},
    "follow_up": {
        ENDED: Cell(f"ann {DESK}"),
        f"{OPEN} {RESOLVED}": late(f"ann {DESK}"),
    },
    "hand_over": {f"{TRIAGED} {RESOLVED}": Cell(DESK), f"new {ENDED}": late(DESK)},
    "name_successor": {f"{OPEN} {RESOLVED} {ENDED}": late("lea")},
    "share": {f"{OPEN} {RESOLVED} {ENDED}": Cell(f"ann {DESK}")},
    "watch": {
        f"{OPEN} {RESOLVED} {ENDED}".replace("major ", ""): Cell(DESK),
        "major": Cell(f"{DESK} kim"),
    },
    "ask": {
        f"{OPEN} {RESOLVED} {ENDED}".replace("major ", ""): Cell(DESK),
        "major": Cell(f"{DESK} kim"),
    },
}
STORIES = f"{OPEN} {RESOLVED} {ENDED}".split()


@dataclass
class Stage:
    """Who and what the moves need besides the incident."""

    cast: Cast
    people: dict[str, User]
    other_desk: Team
    master: Incident


@pytest.fixture
def stage(cast: Cast) -> Stage:
    other_desk = second_desk()
    kim = make_user("Kim Kern")
    kim.role_grants.create(
        role=Role.INCIDENT_COMMANDER, granted_by=User.objects.system()
    )
    people = {name: getattr(cast, name, kim) for name in PEOPLE}
    people["eve"] = member_of(other_desk)
    return Stage(cast, people, other_desk, stories.reported(cast))


def given(cast: Cast) -> Incident:
    """Assigned to Bo by Lea; he has not looked at it yet."""
    incident = stories.triaged(cast)
    services.assign_incident(
        incident.pk, by=cast.lea, expected_version=None, to=cast.bo
    )
    return stories.again(incident)


def major(cast: Cast) -> Incident:
    incident = stories.in_progress(cast)
    services.declare_major(
        incident.pk, by=cast.lea, expected_version=None, reason="All sites are down."
    )
    return stories.again(incident)


TELL: dict[str, Callable[[Cast], Incident]] = {
    "new": stories.reported,
    "assigned": stories.triaged,
    "given": given,
    "in_progress": stories.in_progress,
    "on_hold": stories.on_hold,
    "major": major,
    "resolved": stories.resolved,
    "reminded": stories.reminded,
    "confirmed": stories.confirmed,
    "waived": stories.waived,
    "closed": stories.closed,
    "cancelled": stories.cancelled,
}


Moves = dict[str, Callable[[User], object]]


def make_moves(stage: Stage, incident: Incident) -> Moves:
    """Every move with input that would be right."""
    return {
        **_work(stage, incident),
        **_answers(incident),
        **_ends(stage, incident),
        **_facts(stage, incident),
    }


def _work(stage: Stage, incident: Incident) -> Moves:
    pk, cast = incident.pk, stage.cast
    seen: dict[str, Any] = {"expected_version": incident.version}
    later = clock.now() + timedelta(days=1)
    return {
        "triage": lambda by: services.triage_incident(
            pk,
            by=by,
            classification=stories.classification(),
            team=cast.desk,
            **seen,
        ),
        "take": lambda by: services.take_incident(pk, by=by, **seen),
        "assign": lambda by: services.assign_incident(pk, by=by, to=cast.cy, **seen),
        "start": lambda by: services.start_incident(pk, by=by, **seen),
        "hold": lambda by: services.hold_incident(
            pk, by=by, reason=HoldReason.SCHEDULED, until=later, **seen
        ),
        "resume": lambda by: services.resume_incident(pk, by=by, **seen),
        "transfer": lambda by: services.transfer_incident(
            pk, by=by, team=stage.other_desk, reason="Theirs.", **seen
        ),
        "escalate": lambda by: _look_and_escalate(stage, incident, by),
        "hand_back": lambda by: services.hand_back_incident(
            pk, by=by, reason="Yours.", **seen
        ),
        "resolve": lambda by: services.resolve_incident(
            pk, by=by, solution=stories.solution(), **seen
        ),
        "works_again": lambda by: services.report_works_again(pk, by=by),
    }


def _look_and_escalate(stage: Stage, incident: Incident, by: User) -> object:
    seen = incident.version
    if incident.status in OPEN_TRIAGED:
        stories.checked(incident, by=stage.cast.bo)
        seen += 1
    return services.escalate_incident(
        incident.pk,
        by=by,
        expected_version=seen,
        team=stage.cast.network,
        package=stories.package(),
    )


def _answers(incident: Incident) -> Moves:
    pk = incident.pk
    seen: dict[str, Any] = {"expected_version": incident.version}
    later = clock.now() + timedelta(days=1)
    return {
        "confirm": lambda by: services.confirm_resolution(
            pk, by=by, resolution=incident.resolution_id or 0
        ),
        "record_call": lambda by: services.record_call(
            pk, by=by, account="Ann says yes.", **seen
        ),
        "reject": lambda by: services.reject_resolution(
            pk, by=by, complaint="Still blank.", **seen
        ),
        "remind": lambda by: services.remind_confirmer(pk, by=by, at=later, **seen),
        "waive": lambda by: services.waive_confirmation(
            pk, by=by, reason="Silence.", **seen
        ),
        "close": lambda by: services.close_incident(pk, by=by, **seen),
        "reopen": lambda by: services.reopen_incident(
            pk, by=by, complaint="Blank again.", **seen
        ),
    }


def _ends(stage: Stage, incident: Incident) -> Moves:
    pk = incident.pk
    seen: dict[str, Any] = {"expected_version": incident.version}

    def cancel(reason: str, by: User) -> object:
        return services.cancel_incident(
            pk,
            by=by,
            reason=reason,
            explanation="It is so.",
            master=stage.master,
            **seen,
        )

    return {
        "withdraw": lambda by: cancel(CancelReason.WITHDRAWN, by),
        "call_no_fault": lambda by: cancel(CancelReason.NOT_A_FAULT, by),
        "call_duplicate": lambda by: cancel(CancelReason.DUPLICATE, by),
        "declare_major": lambda by: services.declare_major(
            pk, by=by, reason="Everyone.", **seen
        ),
        "stand_down": lambda by: services.stand_down(
            pk, by=by, reason="Only us.", **seen
        ),
        **_attention(pk, seen),
    }


def _attention(pk: int, seen: dict[str, Any]) -> Moves:
    """Nobody was told yet."""
    return {
        "call_attention": lambda by: services.call_attention(
            pk, by=by, reason="The board waits.", **seen
        ),
        "end_attention": lambda by: services.end_attention(pk, by=by, **seen),
        "acknowledge_attention": lambda by: services.acknowledge_attention(pk, by=by),
        "urge": lambda by: services.urge(pk, by=by, reason="Pay day."),
    }


def _facts(stage: Stage, incident: Incident) -> Moves:
    pk, cast = incident.pk, stage.cast
    seen: dict[str, Any] = {"expected_version": incident.version}
    return {
        "reclassify": lambda by: services.reclassify_incident(
            pk,
            by=by,
            classification=stories.classification(impact=2),
            reason="The whole floor.",
            **seen,
        ),
        "override_severity": lambda by: services.override_severity(
            pk, by=by, severity=1, reason="The board meets.", **seen
        ),
        "retitle": lambda by: services.retitle_incident(
            pk, by=by, title="Blank pages", **seen
        ),
        "reply": lambda by: services.reply_to_reporter(
            pk, by=by, message="We look at it.", **seen
        ),
        "note": lambda by: services.add_note(pk, by=by, text="The drum.", **seen),
        "answer": lambda by: services.answer_desk(pk, by=by, message="The left one."),
        "follow_up": lambda by: services.follow_up_incident(
            pk, by=by, description="Again."
        ),
        "hand_over": lambda by: services.hand_over_desk(pk, by=by, to=cast.cy, **seen),
        "name_successor": lambda by: services.name_successor(
            pk, by=by, successor=cast.zed, reason="Ann left.", **seen
        ),
        "share": lambda by: services.share_incident(pk, by=by, email="zed@example.org"),
        "watch": lambda by: services.watch_incident(pk, by=by),
        "ask": lambda by: services.ask_colleague(
            pk, by=by, to=cast.cy, move="close", message="Look at it."
        ),
    }


def cell_of(move: str, story: str) -> Cell | None:
    found = [cell for states, cell in GRID[move].items() if story in states.split()]
    assert len(found) <= 1, f"{move} says twice who may from {story}"
    return found[0] if found else None


@pytest.mark.parametrize("story", STORIES)
def test_who_may_do_what(stage: Stage, story: str) -> None:
    incident = TELL[story](stage.cast)
    moves = make_moves(stage, incident)
    assert moves.keys() == GRID.keys()
    expected, found = {}, {}
    for move, act in moves.items():
        cell = cell_of(move, story)
        for name, person in stage.people.items():
            expected[move, name] = cell.expected(name) if cell else "409"
            found[move, name] = outcome(lambda act=act, by=person: act(by))
    wrong = {
        key: (found[key], "not", expected[key])
        for key in found
        if found[key] != expected[key]
    }
    assert wrong == {}


@pytest.mark.parametrize("story", STORIES)
def test_a_stale_page_is_told_so_before_anything_else(stage: Stage, story: str) -> None:
    """Every move of the desk names the version it saw; one that has passed is 409."""
    incident = TELL[story](stage.cast)
    incident.version -= 1
    without_version = {"works_again", "confirm", "answer", "follow_up", "share"}
    without_version |= {"watch", "ask", "urge"}
    moves = make_moves(stage, incident)
    for move in moves.keys() - without_version:
        for name in ("bo", "lea", "zed"):
            by = stage.people[name]
            assert outcome(lambda m=move, by=by: moves[m](by)) == "409", (move, name)


def test_who_left_may_do_nothing(stage: Stage) -> None:
    """Not even what they could do a moment ago."""
    told = [TELL[story](stage.cast) for story in STORIES]
    gone = {name: leave(stage.people[name]) for name in ("ann", "bo", "lea")}
    for incident in told:
        for move, act in make_moves(stage, incident).items():
            for name, person in gone.items():
                result = outcome(lambda act=act, by=person: act(by))
                assert result in {"403", "409"}, (incident.status, move, name)
