"""What happened to an incident, as sentences: one pattern for each kind of event.

``{who}`` did it; ``{whom}``, ``{team}`` and the rest are filled in from its values.
"""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.codes import HoldReason, Impact, Outcome, Severity, Urgency
from incidents.codes import Kind as Nature
from incidents.events import Kind
from sla.codes import Metric

SENTENCES: Final[dict[str, Promise]] = {
    Kind.REPORT: _("{who} reported it"),
    Kind.TRIAGE: _("{who} triaged it for {team}"),
    Kind.TAKE: _("{who} took it"),
    Kind.ASSIGN: _("{who} assigned it to {whom}"),
    Kind.START: _("{who} started work"),
    Kind.HOLD: _("{who} put it on hold"),
    Kind.RESUME: _("{who} resumed it"),
    Kind.TRANSFER: _("{who} transferred it to {team}"),
    Kind.ESCALATE: _("{who} escalated it to {team}"),
    Kind.HAND_BACK: _("{who} handed it back to {team}"),
    Kind.RESOLVE: _("{who} resolved it"),
    Kind.WORKS_AGAIN: _("{who} said that it works again"),
    Kind.CONFIRM: _("{who} confirmed that it works"),
    Kind.REJECT: _("{who} said that it does not work"),
    Kind.REMIND: _("{who} asked again whether it works"),
    Kind.WAIVE: _("{who} waived the confirmation"),
    Kind.CLOSE: _("{who} closed it"),
    Kind.REOPEN: _("{who} reopened it"),
    Kind.CANCEL: _("{who} cancelled it"),
    Kind.DECLARE_MAJOR: _("{who} declared it a major incident"),
    Kind.STAND_DOWN: _("{who} said that it is no longer a major incident"),
    Kind.CAME_BACK_OFTEN: _(
        "It came back to a team that had it before: {bounces} times"
    ),
    Kind.RAISE_ATTENTION: _("Attention from above was raised to level {level}"),
    Kind.LOWER_ATTENTION: _("Nobody above has to look at it any more"),
    Kind.RECLASSIFY: _("{who} classified it again"),
    Kind.OVERRIDE: _("{who} set the severity by hand"),
    Kind.RETITLE: _("{who} changed the subject"),
    Kind.REPLY: _("{who} replied"),
    Kind.ANSWER: _("{who} wrote to the desk"),
    Kind.NOTE: _("{who} wrote an internal note"),
    Kind.USE: _("{who} applied {article}"),
    Kind.JUDGE: _("{who} said whether {article} helped"),
    Kind.CHECK: _("{who} checked for known errors"),
    Kind.RETELL: _("{who} wrote to the reporter what {article} says now"),
    Kind.WRITE_ARTICLE: _("{who} wrote {article} from it"),
    Kind.SHARE: _("{who} shared it with {whom}"),
    Kind.UNSHARE: _("{who} no longer shares it with {whom}"),
    Kind.WATCH: _("{who} follows it"),
    Kind.UNWATCH: _("{who} no longer follows it"),
    Kind.LINK: _("{who} linked it with another"),
    Kind.UNLINK: _("{who} removed a link"),
    Kind.SUCCEED: _("{who} named {whom} to confirm instead"),
    Kind.DESK_OWNER: _("{who} made {whom} its desk owner"),
    Kind.ASK: _("{who} asked {whom} to act"),
    Kind.WARN: _("A promise comes near its end"),
    Kind.BREACH: _("A promise was missed"),
    Kind.URGE: _("{who} said that it is getting urgent"),
    Kind.CALL_ATTENTION: _("{who} asked for attention"),
    Kind.RUNG: _("Somebody was told that it needs attention"),
    Kind.ACKNOWLEDGE: _("{who} attends to it"),
    Kind.ANNOUNCE: _("{who} announced it on the portal"),
    Kind.END_ANNOUNCEMENT: _("It is no longer announced on the portal"),
    Kind.ME_TOO: _("{who} has it too"),
    Kind.REPLAY: _("{who} changed it in the other system"),
    "delivery.failed": _("An e-mail about it could not be delivered"),
    "note.redacted": _("{who} removed words to protect somebody's privacy"),
    "timer.failed": _("Something that was due could not be done"),
    "timer.tried_again": _("{who} had something that was due tried again"),
}
SOMETHING_ELSE: Final = _("Something else happened: {label}")
REPLAYED: Final = _("{who} set it to “{state}” in the other system")
TOLD: Final = _("{who} told the reporter what {article} says")
JUDGED: Final[dict[str, Promise]] = {
    Outcome.WORKED: _("{who} said that {article} helped"),
    Outcome.PARTLY: _("{who} said that {article} helped in part"),
    Outcome.FAILED: _("{who} said that {article} did not help"),
}
RECORDED_CALL: Final = _("{who} recorded a call: it works")
ASKED_THE_REPORTER: Final = _("{who} asked the reporter a question and put it on hold")
HELD: Final[dict[str, Promise]] = {
    HoldReason.AWAITING_REPORTER: ASKED_THE_REPORTER,
    HoldReason.AWAITING_SUPPLIER: _("{who} put it on hold: it waits for a supplier"),
    HoldReason.AWAITING_CHANGE: _("{who} put it on hold: it waits for a change"),
    HoldReason.AWAITING_PROBLEM: _(
        "{who} put it on hold: it waits for a problem to be solved"
    ),
    HoldReason.SCHEDULED: _("{who} put it on hold: it is scheduled for a later day"),
}

# Nobody does these; the clock runs.
WARNED: Final[dict[str, Promise]] = {
    Metric.RESPONSE: _("{percent} % of the time to answer is used"),
    Metric.RESOLUTION: _("{percent} % of the time to solve it is used"),
    Metric.UPDATE: _("{percent} % of the time until the next news is used"),
}
MISSED: Final[dict[str, Promise]] = {
    Metric.RESPONSE: _("It was not answered in time"),
    Metric.RESOLUTION: _("It was not solved in time"),
    Metric.UPDATE: _("News did not come in time"),
}

ABOUT_CLOCKS: Final[dict[str, dict[str, Promise]]] = {
    Kind.WARN: WARNED,
    Kind.BREACH: MISSED,
}

CODES: Final[dict[str, Any]] = {
    "severity": Severity,
    "impact": Impact,
    "urgency": Urgency,
    "kind": Nature,
}
# What a value was and is; ids of services and categories say nothing to a reader.
CHANGED: Final[dict[str, Promise]] = {
    "severity": _("severity from {old} to {new}"),
    "impact": _("impact from “{old}” to “{new}”"),
    "urgency": _("urgency from “{old}” to “{new}”"),
    "kind": _("kind from “{old}” to “{new}”"),
    "people_affected": _("people affected from {old} to {new}"),
    "risks": _("risks from “{old}” to “{new}”"),
}
