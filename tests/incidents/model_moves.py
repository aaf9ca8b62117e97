"""Who may, when it is time, and what comes of it: the parts of ``model_rules``."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.incidents.model import (
    OPEN,
    Call,
    Solved,
    Ticket,
    sees_in_full,
    working_days_after,
)

DAY = timedelta(days=1)
BETWEEN_REMINDERS = timedelta(hours=20)
Asked = Callable[[Call], bool]


def always(call: Call) -> bool:
    return True


# --- who ------------------------------------------------------------------------


def desk(call: Call) -> bool:
    return call.world.is_agent(call.by)


def team(call: Call) -> bool:
    return call.world.is_in(call.by, call.ticket.team)


def team_lead(call: Call) -> bool:
    return call.world.leads(call.by, call.ticket.team)


def owner(call: Call) -> bool:
    return team(call) and (call.ticket.owner == call.by or team_lead(call))


def desk_or_team(call: Call) -> bool:
    return desk(call) or team(call)


def confirmer(call: Call) -> bool:
    return call.by == call.ticket.confirmer and call.world.is_here(call.by)


def reporter(call: Call) -> bool:
    return call.by == call.ticket.reporter and call.world.is_here(call.by)


def reporter_or_desk(call: Call) -> bool:
    return reporter(call) or desk(call)


def anyone_concerned(call: Call) -> bool:
    return reporter(call) or confirmer(call)


def concerned_or_desk(call: Call) -> bool:
    return anyone_concerned(call) or desk(call)


def desk_not_confirmer(call: Call) -> bool:
    return desk(call) and not confirmer(call)


def confirmer_or_desk(call: Call) -> bool:
    return confirmer(call) or desk(call)


def lead_not_confirmer(call: Call) -> bool:
    return lead(call) and not confirmer(call)


def lead(call: Call) -> bool:
    return call.world.is_lead(call.by)


def lead_or_commander(call: Call) -> bool:
    return lead(call) or call.world.is_commander(call.by)


def desk_or_commander(call: Call) -> bool:
    return desk(call) or call.world.is_commander(call.by)


def canceller(call: Call) -> bool:
    reason = call.given["reason"]
    if reason == "withdrawn":
        return reporter(call)
    if not call.ticket.is_started or reason == "duplicate":
        return desk(call)
    return lead(call)


def sees_all(call: Call) -> bool:
    return sees_in_full(call.world, call.by, call.ticket)


# --- when -----------------------------------------------------------------------


def unanswered(call: Call) -> bool:
    return call.ticket.solved is not None and not call.ticket.solved.is_answered


def unconfirmed(call: Call) -> bool:
    return call.ticket.solved is not None and not call.ticket.solved.channel


def is_current(call: Call) -> bool:
    """The page asked about the resolution that counts."""
    return call.given.get("is_current", True)


def confirmer_is_here(call: Call) -> bool:
    return call.world.is_here(call.ticket.confirmer)


def a_day_ago(call: Call) -> bool:
    solved = call.ticket.solved
    if solved is None:
        return False
    asked_at = solved.reminded[-1] if solved.reminded else solved.at
    return call.at - asked_at >= BETWEEN_REMINDERS


def silence(call: Call) -> bool:
    solved = call.ticket.solved
    return solved is not None and len(solved.reminded) >= 3 and a_week(call, solved)


def a_week(call: Call, solved: Solved) -> bool:
    return working_days_after(solved.at, 5) <= call.at


def two_keys(call: Call) -> bool:
    solved = call.ticket.solved
    if solved is None or not solved.is_answered:
        return False
    wants_second = call.world.teams[call.ticket.desk].second_person_closes
    return not (wants_second and solved.recorder == call.by)


def within_14_days(call: Call) -> bool:
    ended = call.ticket.ended_at
    return ended is not None and call.at <= ended + 14 * DAY


def to_in_team(call: Call) -> bool:
    to = call.given["to"]
    return to != call.ticket.owner and call.world.can_get(to, call.ticket.team)


def to_desk(call: Call) -> bool:
    """Of tier 1 only desks see what they get."""
    return call.given["team"] in call.world.desks


def has_master(call: Call) -> bool:
    if call.given["reason"] != "duplicate":
        return True
    end = call.given["master"].end()
    return end is not call.ticket and end.status != "cancelled"


# --- what comes of it -------------------------------------------------------------


def sets(**values: Any) -> Callable[[Call], None]:
    def effect(call: Call) -> None:
        for name, value in values.items():
            setattr(call.ticket, name, value)

    return effect


def triage(call: Call) -> None:
    ticket, to = call.ticket, call.given["team"]
    if to != ticket.team:
        ticket.enter(to, "triage")
    ticket.status, ticket.desk = "assigned", to
    ticket.desk_owner = call.by
    is_own = ticket.owner == call.by and call.world.is_in(call.by, to)
    if not (is_own or (ticket.owner and call.world.can_get(ticket.owner, to))):
        ticket.owner = None
    reclassify(call)


def reclassify(call: Call) -> None:
    ticket, given = call.ticket, call.given
    ticket.impact, ticket.urgency = given["impact"], given["urgency"]
    ticket.service = given["service"]
    if ticket.source == "monitoring" and ticket.status in OPEN:
        ticket.confirmer = call.world.confirmer(
            ticket.reporter, ticket.source, ticket.service, ticket.desk
        )


def differs(call: Call) -> bool:
    names = ("impact", "urgency", "service")
    return any(call.given[name] != getattr(call.ticket, name) for name in names)


def take(call: Call) -> None:
    ticket = call.ticket
    ticket.owner, ticket.is_started = call.by, True
    if call.world.teams[ticket.team].tier == 1:
        ticket.desk_owner = ticket.desk_owner or call.by
    if ticket.status == "assigned":
        ticket.status = "in_progress"


def hold(call: Call) -> None:
    call.ticket.status = "on_hold"
    call.ticket.hold = (call.given["reason"], call.given["until"])
    call.ticket.is_started = True


def resume(call: Call) -> None:
    call.ticket.hold = None
    call.ticket.status = "in_progress" if call.ticket.owner else "assigned"


def pass_on(call: Call, to: str, why: str) -> None:
    ticket = call.ticket
    if call.world.teams[to].tier == 1 and to != ticket.desk:
        ticket.desk, ticket.desk_owner = to, None
    ticket.enter(to, why)
    ticket.status, ticket.owner, ticket.hold = "assigned", None, None


def transfer(call: Call) -> None:
    pass_on(call, call.given["team"], "transfer")


def to_a_peer(call: Call) -> bool:
    """Another team of the same tier; of tier 1 only desks see what they get."""
    team, to, teams = call.ticket.team, call.given["team"], call.world.teams
    return to in teams and to != team and teams[to].tier == teams[team].tier


def has_check(call: Call) -> bool:
    """Above the desk nobody has to look whether it is a known error."""
    return call.ticket.is_checked or call.world.teams[call.ticket.team].tier > 1


def leads_up(call: Call) -> bool:
    ticket = call.ticket
    return call.world.can_escalate(
        ticket.team, call.given["team"], is_major=ticket.is_major
    )


def escalate(call: Call) -> None:
    pass_on(call, call.given["team"], "escalate")


def own_desk_leads_up(call: Call) -> bool:
    ticket, world = call.ticket, call.world
    desk = world.own_desk(call.by, ticket.desk)
    return world.can_escalate(desk, call.given["team"], is_major=ticket.is_major)


def triage_and_escalate(call: Call) -> None:
    """Two acts, for one's own desk."""
    desk = call.world.own_desk(call.by, call.ticket.desk)
    triage(replace(call, given={**call.given, "team": desk}))
    call.ticket.tell("triage", call.by, public=True)
    escalate(call)


def is_above_desk(call: Call) -> bool:
    return call.world.teams[call.ticket.team].tier > 1


def hand_back(call: Call) -> None:
    pass_on(call, call.ticket.sender(call.world), "hand_back")


def look_up(call: Call) -> None:
    call.ticket.is_checked = True


def resolve(call: Call, why: str = "resolve") -> None:
    """The desk owns what is left, and its owner chases the answer."""
    ticket = call.ticket
    ticket.solved = Solved(ticket.team, call.by, call.at)
    ticket.status, ticket.hold = "resolved", None
    ticket.enter(ticket.desk, why)
    here = call.world.is_in(ticket.desk_owner, ticket.desk)
    ticket.owner = ticket.desk_owner if here else None


def resolve_by_work(call: Call) -> None:
    call.ticket.is_started = True
    resolve(call)


def confirm(ticket: Ticket, channel: str, recorder: str | None = None) -> None:
    if ticket.solved is not None:
        ticket.solved.channel, ticket.solved.recorder = channel, recorder


def works_again(call: Call) -> None:
    resolve(call, "works_again")


def reject(call: Call) -> None:
    back_to_work(call, "reject")


def reopen(call: Call) -> None:
    back_to_work(call, "reopen")


def back_to_work(call: Call, why: str) -> None:
    """To who solved it, or had it, if they are here; the resolution counts no more."""
    ticket, solved = call.ticket, call.ticket.solved
    again = solved.by if solved else ticket.owner
    ticket.enter(solved.team if solved else ticket.team, why)
    is_here = again is not None and call.world.can_get(again, ticket.team)
    ticket.owner = again if is_here else None
    ticket.status, ticket.solved, ticket.ended_at = "assigned", None, None
    ticket.closer, ticket.basis, ticket.cancel_reason = None, "", ""


def remind(call: Call) -> None:
    is_reminded(call.ticket, call.at)


def is_reminded(ticket: Ticket, at: datetime) -> None:
    if ticket.solved is not None:
        ticket.solved.reminded.append(at)


def waive(call: Call) -> None:
    if call.ticket.solved is not None:
        call.ticket.solved.is_waived = True


def close(call: Call) -> None:
    ticket, solved = call.ticket, call.ticket.solved
    ticket.status, ticket.closer, ticket.ended_at = "closed", call.by, call.at
    channel = solved.channel if solved else ""
    ticket.basis = {"call": "call", "": "waived"}.get(channel, "confirmed")


def cancel(call: Call) -> None:
    ticket, reason = call.ticket, call.given["reason"]
    ticket.status, ticket.hold, ticket.ended_at = "cancelled", None, call.at
    ticket.cancel_reason, ticket.is_checked = reason, False
    ticket.master = call.given["master"].end() if reason == "duplicate" else None


def retitle(call: Call) -> None:
    call.ticket.former_titles.append(call.ticket.title)
    call.ticket.title = call.given["title"]


def hand_over(call: Call) -> None:
    call.ticket.desk_owner = call.given["to"]
    if call.ticket.status == "resolved":
        call.ticket.owner = call.given["to"]


def succeed(call: Call) -> None:
    """Who is asked anew is reminded anew."""
    ticket = call.ticket
    ticket.confirmer = call.given["successor"]
    if ticket.solved is not None:
        ticket.solved.reminded, ticket.solved.at = [], call.at


def add(people: str, key: str) -> Callable[[Call], bool]:
    def effect(call: Call) -> bool:
        found, one = getattr(call.ticket, people), call.given.get(key, call.by)
        is_new = one not in found
        found.add(one)
        return is_new

    return effect


def remove(people: str, key: str) -> Callable[[Call], bool]:
    def effect(call: Call) -> bool:
        found, one = getattr(call.ticket, people), call.given.get(key, call.by)
        was_there = one in found
        found.discard(one)
        return was_there

    return effect


def nothing(call: Call) -> None:
    """Only the event."""
