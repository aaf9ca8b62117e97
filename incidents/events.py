"""The closed list of what can happen to an incident: the kinds of its events.

A kind is ``incident.<verb>``; moves are named after their transition.
"""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    REPORT = "incident.report", _("Reported")
    TRIAGE = "incident.triage", _("Triaged")
    TAKE = "incident.take", _("Taken")
    ASSIGN = "incident.assign", _("Assigned")
    START = "incident.start", _("Work started")
    HOLD = "incident.hold", _("Put on hold")
    RESUME = "incident.resume", _("Resumed")
    TRANSFER = "incident.transfer", _("Transferred")
    ESCALATE = "incident.escalate", _("Escalated")
    HAND_BACK = "incident.hand_back", _("Handed back")
    RESOLVE = "incident.resolve", _("Resolved")
    WORKS_AGAIN = "incident.works_again", _("Works again, says the reporter")
    CONFIRM = "incident.confirm", _("Confirmed")
    REJECT = "incident.reject", _("Resolution rejected")
    REMIND = "incident.remind", _("Asked again for the confirmation")
    WAIVE = "incident.waive", _("Confirmation waived")
    CLOSE = "incident.close", _("Closed")
    REOPEN = "incident.reopen", _("Reopened")
    CANCEL = "incident.cancel", _("Cancelled")
    DECLARE_MAJOR = "incident.declare_major", _("Declared a major incident")
    STAND_DOWN = "incident.stand_down", _("No longer a major incident")
    CAME_BACK_OFTEN = "incident.came_back_often", _("Came back often")
    RAISE_ATTENTION = "incident.raise_attention", _("Attention raised")
    LOWER_ATTENTION = "incident.lower_attention", _("Attention no longer needed")
    RECLASSIFY = "incident.reclassify", _("Classified again")
    OVERRIDE = "incident.override_severity", _("Severity set by hand")
    RETITLE = "incident.retitle", _("Subject changed")
    REPLY = "incident.reply", _("Replied")
    ANSWER = "incident.answer", _("Wrote to the desk")
    NOTE = "incident.note", _("Internal note")
    USE = "incident.use_workaround", _("Used a known error")
    JUDGE = "incident.judge_workaround", _("Said whether it helped")
    CHECK = "incident.check_known_errors", _("Checked for known errors")
    RETELL = "incident.tell_new_version", _("Told of a new workaround")
    WRITE_ARTICLE = "incident.write_article", _("Written down as an article")
    SHARE = "incident.share", _("Shared")
    UNSHARE = "incident.unshare", _("No longer shared")
    WATCH = "incident.watch", _("Follows")
    UNWATCH = "incident.unwatch", _("No longer follows")
    LINK = "incident.link", _("Linked")
    UNLINK = "incident.unlink", _("Link removed")
    SUCCEED = "incident.name_successor", _("Successor of the reporter named")
    DESK_OWNER = "incident.hand_over", _("Desk owner changed")
    ASK = "incident.ask", _("Asked a colleague to act")
    WARN = "incident.warn", _("A promise comes near its end")
    BREACH = "incident.breach", _("A promise was missed")
    URGE = "incident.urge", _("Getting urgent, says the reporter")
    CALL_ATTENTION = "incident.call_attention", _("Attention asked for")
    RUNG = "incident.rung", _("Attention called for")
    ACKNOWLEDGE = "incident.acknowledge_attention", _("Somebody attends to it")
    ANNOUNCE = "incident.announce", _("Announced on the portal")
    END_ANNOUNCEMENT = (
        "incident.end_announcement",
        _("No longer announced on the portal"),
    )
    ME_TOO = "incident.me_too", _("Others have it too")
    REPLAY = "incident.replay", _("Brought in from another system")


# After these, what was checked for known errors before says nothing any more: another
# team has it, or what was thought to help did not, or did. Triage is none of them, also
# to another desk: one may check before it, and tier 1 has looked.
STAY_ENDS: Final = (
    Kind.TRANSFER,
    Kind.ESCALATE,
    Kind.HAND_BACK,
    Kind.RESOLVE,
    Kind.WORKS_AGAIN,
    Kind.REJECT,
    Kind.REOPEN,
    Kind.CANCEL,
)
# Whoever looked at the incident before these may still act on what they saw.
ASIDES: Final = (
    Kind.ANNOUNCE,
    Kind.END_ANNOUNCEMENT,
    Kind.ME_TOO,
    Kind.WRITE_ARTICLE,
    Kind.URGE,
    Kind.CALL_ATTENTION,
    Kind.RUNG,
    Kind.ACKNOWLEDGE,
    Kind.CAME_BACK_OFTEN,
    Kind.RAISE_ATTENTION,
    Kind.LOWER_ATTENTION,
)
