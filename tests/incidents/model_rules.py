"""Every move and fact of an incident: from where, by whom, needing what, to what end.

The rules of ``docs/life-cycle.md`` as a table, for ``model``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.incidents import model
from tests.incidents import model_moves as does
from tests.incidents.model import (
    CONFLICT,
    INVALID,
    NOT_ALLOWED,
    OPEN,
    Call,
    Ticket,
    go_on,
)

WORKED = ("assigned", "in_progress")
ENDED = ("closed", "cancelled")
ANY = (*OPEN, "resolved", *ENDED)
PUBLIC_FACTS = {"reply", "answer", "remind", "share", "unshare"}
EVENT_NAMES = {
    "record_call": "confirm",
    "follow_up": "link",
    "triage_and_escalate": "escalate",
}
SILENT_MOVES = {
    "assign",
    "transfer",
    "escalate",
    "triage_and_escalate",
    "hand_back",
    "declare_major",
    "stand_down",
}
ARRIVALS = {"transfer", "escalate", "hand_back", "reject", "reopen"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From where, by whom, needing what, to what end.

    ``while_`` belongs to the state, and is asked before the person; ``then`` is asked
    of a person who may. A fact asks the person first, because its state is rarely
    wrong. An effect that answers ``False`` found nothing to do.
    """

    source: tuple[str, ...]
    who: does.Asked
    effect: Callable[[Call], object]
    while_: does.Asked = does.always
    then: does.Asked = does.always
    fits: does.Asked = does.always
    is_fact: bool = False


def refusals(name: str, call: Call) -> list[str]:
    """All that speaks against it, in the order in which one is told; empty if
    nothing does."""
    rule = RULES[name]
    moment = call.ticket.status in rule.source and rule.while_(call)
    asked = [(moment, CONFLICT), (rule.who(call), NOT_ALLOWED)]
    if rule.is_fact:
        asked.reverse()
    if moment:
        asked.append((rule.then(call), CONFLICT))
    found = [CONFLICT] if call.is_stale else []
    found += [refusal for is_fine, refusal in asked if not is_fine]
    if call.is_bad or not rule.fits(call):
        found.append(INVALID)
    return found


def apply(name: str, call: Call) -> None:
    """Let it happen: the effect, then the event."""
    if RULES[name].effect(call) is False:
        return
    public = name in PUBLIC_FACTS or not (RULES[name].is_fact or name in SILENT_MOVES)
    call.ticket.tell(EVENT_NAMES.get(name, name), call.by, public=public)
    if name in {"resolve", "works_again", "cancel"} and call.ticket.attention:
        call.ticket.attention = 0
        call.ticket.tell("lower_attention", "system", public=False)
    _what_follows(name, call)


def _what_follows(name: str, call: Call) -> None:
    """Second events of the same act."""
    ticket = call.ticket
    if name == "works_again":
        does.confirm(ticket, "portal")
        ticket.tell("confirm", call.by, public=True)
    if name == "answer" and ticket.hold and ticket.hold[0] == "awaiting_reporter":
        go_on(ticket)
    if name == "cancel" and ticket.master is not None:
        ticket.master.tell("link", call.by, public=False)
    if name == "reopen" and ticket.master is not None:
        ticket.master.tell("unlink", call.by, public=False)
        ticket.master = None
    if name in ARRIVALS and ticket.has_bounced:
        _comes_back_often(ticket)


def _comes_back_often(ticket: Ticket) -> None:
    if ticket.bounces == 3 or (ticket.bounces > 3 and not ticket.attention):
        ticket.tell("came_back_often", "system", public=False)
    if ticket.bounces >= 3 and not ticket.attention:
        ticket.attention = 1
        ticket.tell("raise_attention", "system", public=False)


TRIAGED = tuple(status for status in OPEN if status != "new")
NOT_ENDED = (*OPEN, "resolved")
RULES = {
    "triage": Rule(
        source=("new",), who=does.desk, fits=does.to_desk, effect=does.triage
    ),
    "take": Rule(
        source=OPEN,
        who=does.team,
        effect=does.take,
        while_=lambda c: c.ticket.owner != c.by,
    ),
    "assign": Rule(
        source=OPEN,
        who=does.team_lead,
        fits=does.to_in_team,
        effect=lambda c: setattr(c.ticket, "owner", c.given["to"]),
    ),
    "start": Rule(
        source=("assigned",),
        while_=lambda c: c.ticket.owner is not None,
        who=does.owner,
        effect=does.sets(status="in_progress", is_started=True),
    ),
    "hold": Rule(
        source=WORKED,
        who=does.owner,
        effect=does.hold,
        fits=lambda c: c.given["until"] > c.at,
    ),
    "resume": Rule(source=("on_hold",), who=does.owner, effect=does.resume),
    "transfer": Rule(
        source=TRIAGED,
        who=does.team,
        effect=does.transfer,
        fits=does.to_a_peer,
    ),
    "escalate": Rule(
        source=TRIAGED,
        who=does.team,
        then=does.has_check,
        fits=does.leads_up,
        effect=does.escalate,
    ),
    "triage_and_escalate": Rule(
        source=("new",),
        who=does.desk,
        then=lambda c: c.ticket.is_checked,
        fits=does.own_desk_leads_up,
        effect=does.triage_and_escalate,
    ),
    "hand_back": Rule(
        source=TRIAGED,
        who=does.team,
        then=does.is_above_desk,
        effect=does.hand_back,
    ),
    "check_known_errors": Rule(
        source=OPEN, who=does.desk_or_team, effect=does.look_up, is_fact=True
    ),
    "resolve": Rule(source=WORKED, who=does.owner, effect=does.resolve_by_work),
    "works_again": Rule(source=OPEN, who=does.confirmer, effect=does.works_again),
    "confirm": Rule(
        source=("resolved",),
        while_=does.is_current,
        who=does.confirmer,
        then=does.unconfirmed,
        effect=lambda c: does.confirm(c.ticket, "portal"),
    ),
    "record_call": Rule(
        source=("resolved",),
        who=does.desk_not_confirmer,
        then=lambda c: does.unconfirmed(c) and does.confirmer_is_here(c),
        effect=lambda c: does.confirm(c.ticket, "call", c.by),
    ),
    "reject": Rule(
        source=("resolved",),
        while_=does.is_current,
        who=does.confirmer_or_desk,
        effect=does.reject,
    ),
    "remind": Rule(
        source=("resolved",),
        while_=lambda c: (
            does.unanswered(c) and does.confirmer_is_here(c) and does.a_day_ago(c)
        ),
        who=does.desk,
        effect=does.remind,
        is_fact=True,
    ),
    "waive": Rule(
        source=("resolved",),
        while_=does.unanswered,
        who=does.lead_not_confirmer,
        then=does.silence,
        effect=does.waive,
    ),
    "close": Rule(
        source=("resolved",),
        while_=does.two_keys,
        who=does.desk_not_confirmer,
        effect=does.close,
    ),
    "reopen": Rule(
        source=ENDED,
        while_=does.within_14_days,
        who=does.concerned_or_desk,
        effect=does.reopen,
    ),
    "follow_up": Rule(
        source=ENDED, who=does.concerned_or_desk, effect=does.nothing, is_fact=True
    ),
    "cancel": Rule(
        source=OPEN, who=does.canceller, fits=does.has_master, effect=does.cancel
    ),
    "declare_major": Rule(
        source=OPEN,
        while_=lambda c: not c.ticket.is_major,
        who=does.lead_or_commander,
        effect=does.sets(is_major=True),
    ),
    "stand_down": Rule(
        source=NOT_ENDED,
        while_=lambda c: c.ticket.is_major,
        who=does.lead_or_commander,
        effect=does.sets(is_major=False),
    ),
    "reclassify": Rule(
        source=(*TRIAGED, "resolved"),
        who=does.desk_or_team,
        fits=does.differs,
        effect=does.reclassify,
        is_fact=True,
    ),
    "override_severity": Rule(
        source=(*TRIAGED, "resolved"),
        who=does.desk_or_commander,
        effect=lambda c: setattr(c.ticket, "override", c.given["severity"]),
        is_fact=True,
    ),
    "retitle": Rule(
        source=NOT_ENDED, who=does.desk_or_team, effect=does.retitle, is_fact=True
    ),
    "reply": Rule(
        source=NOT_ENDED,
        who=does.desk_or_team,
        effect=does.sets(is_started=True),
        is_fact=True,
    ),
    "answer": Rule(
        source=NOT_ENDED, who=does.anyone_concerned, effect=does.nothing, is_fact=True
    ),
    "note": Rule(source=ANY, who=does.desk_or_team, effect=does.nothing, is_fact=True),
    "ask": Rule(
        source=ANY,
        who=does.sees_all,
        fits=lambda c: model.sees_in_full(c.world, c.given["to"], c.ticket),
        effect=does.nothing,
        is_fact=True,
    ),
    "link": Rule(source=ANY, who=does.desk_or_team, effect=does.nothing, is_fact=True),
    "share": Rule(
        source=ANY,
        who=does.reporter_or_desk,
        fits=lambda c: (
            c.given["to"] != c.ticket.reporter and c.world.may_read(c.given["to"])
        ),
        effect=does.add("shared_with", "to"),
        is_fact=True,
    ),
    "unshare": Rule(
        source=ANY,
        who=does.reporter_or_desk,
        effect=does.remove("shared_with", "to"),
        is_fact=True,
    ),
    "watch": Rule(
        source=ANY, who=does.sees_all, effect=does.add("watchers", "by"), is_fact=True
    ),
    "unwatch": Rule(
        source=ANY, who=does.always, effect=does.remove("watchers", "by"), is_fact=True
    ),
    "name_successor": Rule(
        source=NOT_ENDED,
        while_=lambda c: not does.confirmer_is_here(c),
        who=does.lead,
        fits=lambda c: (
            c.given["successor"] != c.by and c.world.may_read(c.given["successor"])
        ),
        effect=does.succeed,
        is_fact=True,
    ),
    "hand_over": Rule(
        source=(*TRIAGED, "resolved"),
        who=does.desk,
        fits=lambda c: c.world.is_in(c.given["to"], c.ticket.desk),
        effect=does.hand_over,
        is_fact=True,
    ),
}
