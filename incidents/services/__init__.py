"""What people do with incidents: one function per use case.

Every function takes the incident's id first and everything else by name. ``by`` is
who does it. ``expected_version`` is the version of the page that the person saw.
They raise ``Conflict`` (the incident has moved on), ``NotAllowed`` (not this
person), ``ValidationError`` (what was given makes no sense) and
``Incident.DoesNotExist``.
"""

from incidents.services.announcing import announce_incident, end_announcement
from incidents.services.checking import check_known_errors
from incidents.services.classifying import (
    override_severity,
    reclassify_incident,
    retitle_incident,
    triage_incident,
)
from incidents.services.climbing import (
    acknowledge_attention,
    call_attention,
    end_attention,
    urge,
)
from incidents.services.confirming import (
    confirm_resolution,
    name_successor,
    record_call,
    reject_resolution,
    remind_confirmer,
    waive_confirmation,
)
from incidents.services.contacting import log_contact, resolve_at_first_contact
from incidents.services.deflecting import record_deflection, take_back_deflection
from incidents.services.ending import (
    cancel_incident,
    close_incident,
    follow_up_incident,
    reopen_incident,
)
from incidents.services.escalating import (
    escalate_incident,
    hand_back_incident,
    triage_and_escalate,
)
from incidents.services.following import (
    share_incident,
    unshare_incident,
    unwatch_incident,
    watch_incident,
)
from incidents.services.joining import say_me_too
from incidents.services.linking import link_incidents, unlink_incidents
from incidents.services.majors import declare_major, stand_down
from incidents.services.parts import resolve_parts
from incidents.services.reporting import report_incident
from incidents.services.resolving import report_works_again, resolve_incident
from incidents.services.retelling import tell_new_version
from incidents.services.shift_notes import (
    redact_shift_note,
    see_shift_note,
    write_shift_note,
)
from incidents.services.talking import (
    add_note,
    answer_desk,
    ask_colleague,
    reply_to_reporter,
)
from incidents.services.uploading import drop_upload, keep_upload, sweep_uploads
from incidents.services.using import judge_workaround, use_workaround
from incidents.services.working import (
    assign_incident,
    hand_over_desk,
    hold_incident,
    resume_incident,
    start_incident,
    take_incident,
    take_next,
    transfer_incident,
    triage_and_take,
)
from incidents.services.writing import write_article

__all__ = [
    "acknowledge_attention",
    "add_note",
    "announce_incident",
    "answer_desk",
    "ask_colleague",
    "assign_incident",
    "call_attention",
    "cancel_incident",
    "check_known_errors",
    "close_incident",
    "confirm_resolution",
    "declare_major",
    "drop_upload",
    "end_announcement",
    "end_attention",
    "escalate_incident",
    "follow_up_incident",
    "hand_back_incident",
    "hand_over_desk",
    "hold_incident",
    "judge_workaround",
    "keep_upload",
    "link_incidents",
    "log_contact",
    "name_successor",
    "override_severity",
    "reclassify_incident",
    "record_call",
    "record_deflection",
    "redact_shift_note",
    "reject_resolution",
    "remind_confirmer",
    "reopen_incident",
    "reply_to_reporter",
    "report_incident",
    "report_works_again",
    "resolve_at_first_contact",
    "resolve_incident",
    "resolve_parts",
    "resume_incident",
    "retitle_incident",
    "say_me_too",
    "see_shift_note",
    "share_incident",
    "stand_down",
    "start_incident",
    "sweep_uploads",
    "take_back_deflection",
    "take_incident",
    "take_next",
    "tell_new_version",
    "transfer_incident",
    "triage_and_escalate",
    "triage_and_take",
    "triage_incident",
    "unlink_incidents",
    "unshare_incident",
    "unwatch_incident",
    "urge",
    "use_workaround",
    "waive_confirmation",
    "watch_incident",
    "write_article",
    "write_shift_note",
]
