"""For each kind of event, who hears of it: the most concerned first.

A person gets one letter about one event, the first that is written to them.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

from activity import handlers
from activity.models import Event
from activity.outbox import Message
from incidents.codes import Channel, HoldReason
from incidents.events import Kind
from incidents.models import Incident
from incidents.notifications import to_called, to_desk, to_reporters, to_sharers
from incidents.notifications.occasion import Occasion
from incidents.silence import REMINDERS_BEFORE_WAIVER

Plan = Callable[[Occasion], Iterator[Message]]


def report(one: Occasion) -> Iterator[Message]:
    """Also to who reported it themselves: it is the receipt. What was solved at
    first contact gets the question instead."""
    if not one.value("first_contact"):
        yield from one.tell([one.incident.reporter], to_reporters.received)


def progress(one: Occasion) -> Iterator[Message]:
    """Public, but no news to a reporter."""
    yield from one.tell(one.watchers, to_desk.news)


def resume(one: Occasion) -> Iterator[Message]:
    """The answer that let work go on has told them already."""
    if one.value("because") != "answer":
        yield from progress(one)


def assign(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.owner, to_desk.assigned)


def hand_over(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.desk_owner, to_desk.your_desk_matter)


def hold(one: Occasion) -> Iterator[Message]:
    if one.value("reason") == HoldReason.AWAITING_REPORTER:
        yield from one.tell(one.principals, to_reporters.question)
    yield from progress(one)


def transfer(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.lead, to_desk.transferred)


def escalate(one: Occasion) -> Iterator[Message]:
    """Who it was given to hears of that anyway."""
    yield from one.tell(one.lead, to_desk.escalated)


def hand_back(one: Occasion) -> Iterator[Message]:
    """Who sent it up, who answers for it, and who leads the team that has it again."""
    yield from one.tell(one.escalator, to_desk.handed_back)
    yield from one.tell(one.desk_owner, to_desk.desk_matter_handed_back)
    yield from one.tell(one.lead, to_desk.handed_back)


def came_back_often(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.lead, to_desk.came_back_often)


def reply(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.principals, to_reporters.update)
    yield from one.tell(one.watchers, to_desk.news)
    yield from one.tell(one.sharers, to_sharers.shared_update)


def retell(one: Occasion) -> Iterator[Message]:
    """It has ended, and nobody else has anything to do with it any more."""
    yield from one.tell(one.principals, to_reporters.new_workaround)


def answer(one: Occasion) -> Iterator[Message]:
    """Who works on it, else who answers for it, else the lead."""
    someone = one.owner or one.desk_owner or one.lead
    yield from one.tell(someone, to_desk.answered)
    yield from progress(one)


def resolve(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.confirmer, to_reporters.please_check)
    yield from one.tell(one.principals, to_reporters.solved)
    yield from one.tell(one.desk_owner, to_desk.solved)
    yield from one.tell(one.watchers, to_desk.news)
    yield from one.tell(one.sharers, to_sharers.shared_solved)


def remind(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.confirmer, to_reporters.ask_again)
    if one.value("number") == REMINDERS_BEFORE_WAIVER:
        yield from one.tell(one.lead, to_desk.silent)
    yield from progress(one)


def confirm(one: Occasion) -> Iterator[Message]:
    if one.value("channel") == Channel.CALL:
        yield from one.tell(one.confirmer, to_reporters.call_recorded)
    yield from second_key(one)


def waive(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.confirmer, to_reporters.waived)
    yield from second_key(one)


def second_key(one: Occasion) -> Iterator[Message]:
    """Who may close it now; the confirmer may not, but a lead may find who does."""
    accountable = [
        user
        for user in one.owner + one.desk_owner
        if not one.incident.is_confirmer(user)
    ]
    yield from one.tell(accountable or one.lead, to_desk.may_be_closed)
    yield from progress(one)


def reject(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.principals, to_reporters.back_to_work)
    yield from one.tell(one.owner or one.lead, to_desk.still_broken)
    yield from one.tell(one.desk_owner, to_desk.still_broken)
    yield from one.tell(one.watchers, to_desk.news)
    yield from one.tell(one.sharers, to_sharers.shared_back)


def reopen(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.principals, to_reporters.back_to_work)
    yield from one.tell(one.owner or one.lead, to_desk.reopened)
    yield from one.tell(one.desk_owner, to_desk.reopened)
    yield from one.tell(one.watchers, to_desk.news)
    yield from one.tell(one.sharers, to_sharers.shared_back)


def close(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.principals, to_reporters.closed)
    yield from one.tell(one.watchers, to_desk.news)
    yield from one.tell(one.sharers, to_sharers.shared_closed)


def cancel(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.principals, to_reporters.cancelled)
    yield from one.tell(one.owner, to_desk.cancelled)
    yield from one.tell(one.watchers, to_desk.news)
    yield from one.tell(one.sharers, to_sharers.shared_cancelled)


def warn(one: Occasion) -> Iterator[Message]:
    if one.event.public:
        yield from one.tell(one.principals, to_reporters.may_be_late)
    if not (one.is_moot or one.told_just_now):
        yield from one.tell(one.owner or one.lead, to_desk.due_soon)


def breach(one: Occasion) -> Iterator[Message]:
    if one.event.public and not any(event.public for event in one.told_just_now):
        yield from one.tell(one.principals, to_reporters.is_late)
    if not (one.is_moot or one.told_just_now):
        yield from one.tell(one.owner + one.desk_owner + one.lead, to_desk.missed)


def rung(one: Occasion) -> Iterator[Message]:
    for user in one.called:
        writer = to_called.called if user.sees else to_called.called_by_number
        yield from one.tell([user], writer)


def urge(one: Occasion) -> Iterator[Message]:
    """Who leads the team, else who works on it, else who answers for it."""
    someone = one.lead or one.owner or one.desk_owner
    yield from one.tell(someone, to_called.urged)


def call_attention(one: Occasion) -> Iterator[Message]:
    """The rung that waits for it tells; where none does, the lead hears."""
    if not one.value("heard"):
        yield from one.tell(one.lead, to_called.attention_asked)


def share(one: Occasion) -> Iterator[Message]:
    pk = one.value("user")
    colleague = [user for user in one.sharers if user.pk == pk]
    yield from one.tell(colleague, to_sharers.shared)


def ask(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.colleague(one.value("to")), to_desk.asked)


def name_successor(one: Occasion) -> Iterator[Message]:
    yield from one.tell(one.confirmer, to_reporters.your_word_counts)


TOLD: Final[dict[str, Plan]] = {
    Kind.REPORT: report,
    Kind.TRIAGE: progress,
    Kind.TAKE: progress,
    Kind.ASSIGN: assign,
    Kind.START: progress,
    Kind.HOLD: hold,
    Kind.RESUME: resume,
    Kind.TRANSFER: transfer,
    Kind.ESCALATE: escalate,
    Kind.HAND_BACK: hand_back,
    Kind.CAME_BACK_OFTEN: came_back_often,
    Kind.RESOLVE: resolve,
    Kind.CONFIRM: confirm,
    Kind.REJECT: reject,
    Kind.REMIND: remind,
    Kind.WAIVE: waive,
    Kind.CLOSE: close,
    Kind.REOPEN: reopen,
    Kind.CANCEL: cancel,
    Kind.REPLY: reply,
    Kind.RETELL: retell,
    Kind.ANSWER: answer,
    Kind.WARN: warn,
    Kind.BREACH: breach,
    Kind.RUNG: rung,
    Kind.URGE: urge,
    Kind.CALL_ATTENTION: call_attention,
    Kind.SHARE: share,
    Kind.SUCCEED: name_successor,
    Kind.DESK_OWNER: hand_over,
    Kind.ASK: ask,
}
# Nobody gets a letter about these, and why.
SILENT: Final[dict[str, str]] = {
    Kind.WORKS_AGAIN: "The confirmation follows at once, and that is told.",
    Kind.DECLARE_MAJOR: "A flag; who is affected hears by updates, not by the flag.",
    Kind.STAND_DOWN: "A flag, as above.",
    Kind.ACKNOWLEDGE: "The page shows it, and nobody else is called.",
    Kind.RAISE_ATTENTION: "What raised it is told; the page and the queue show it.",
    Kind.LOWER_ATTENTION: "Nothing to do for anybody any more.",
    Kind.RECLASSIFY: "Internal; the page and the queue show it.",
    Kind.OVERRIDE: "Internal; the page and the queue show it.",
    Kind.RETITLE: "Every later letter has the new subject.",
    Kind.NOTE: "Internal; who needs a colleague asks them, which is told.",
    Kind.USE: "What was told is a reply, and that is told; the rest is internal.",
    Kind.JUDGE: "Said to the desk; the page shows it.",
    Kind.CHECK: "Internal; the page shows it.",
    Kind.WRITE_ARTICLE: "Internal; editors hear of the draft when it is submitted.",
    Kind.UNSHARE: "Nothing to do for anybody.",
    Kind.WATCH: "The watcher's own act.",
    Kind.UNWATCH: "The watcher's own act.",
    Kind.LINK: "Internal; both pages show it.",
    Kind.UNLINK: "Internal; both pages show it.",
    Kind.ANNOUNCE: "Everybody reads it on the portal.",
    Kind.END_ANNOUNCEMENT: "It is gone from the portal; each report has its own news.",
    Kind.ME_TOO: "The new report has its own receipt.",
    Kind.REPLAY: "History from elsewhere; nobody here waits for it.",
}


def register() -> None:
    """Called when the app is ready; a second call changes nothing."""
    for kind, plan in TOLD.items():
        handlers.tell(str(kind), listener_of(plan))


@cache
def listener_of(plan: Plan) -> handlers.Listener:
    """The plan as ``activity.handlers`` calls it."""

    def listener(event: Event, incident: Incident) -> Iterable[Message]:
        return plan(Occasion(event=event, incident=incident))

    return listener
