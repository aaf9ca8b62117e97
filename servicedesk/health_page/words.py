"""What each check means and what to do about it, in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """``counted`` and ``moments`` put the figures of a finding into sentences."""

    title: "Words"
    meaning: "Words"
    remedy: "Words"
    counted: "Words | None" = None
    moments: "tuple[tuple[str, Words], ...]" = ()


WORDING: Final[dict[str, Wording]] = {
    "loop": Wording(
        title=_("The loop that fires timers"),
        meaning=_(
            "A worker looks every two seconds for what is due, and leaves a sign of"
            " life; more than 30 seconds without one is too long."
        ),
        remedy=_(
            "Start worker and beat again. Until then “manage.py sweep” fires and sends"
            " once what is due."
        ),
        moments=(("beat", _("Last sign of life: {moment}.")),),
    ),
    "clock_jump": Wording(
        title=_("The clock"),
        meaning=_(
            "While the clock of the database jumps, nothing fires: what seems due may"
            " be an hour away. It goes on by itself after a steady minute."
        ),
        remedy=_(
            "Look at the clock of the database server and its time service. If the"
            " clock is right now, let the timers go on."
        ),
        moments=(("seen", _("Seen: {moment}.")),),
    ),
    "late_timers": Wording(
        title=_("Late timers"),
        meaning=_("What is due fires within seconds; a minute late is too late."),
        remedy=_(
            "If the loop is alive, it may have more to do than it can: start another"
            " worker, and look at the log for timers that fail."
        ),
        counted=ngettext_lazy(
            "{count} timer is late.", "{count} timers are late.", "count"
        ),
        moments=(("oldest", _("The oldest was due: {moment}.")),),
    ),
    "missing_timers": Wording(
        title=_("Missing timers"),
        meaning=_(
            "Each hold, each running clock and each open question to a confirmer has a"
            " timer that does the next step."
        ),
        remedy=_(
            "Run manage.py arm_timers: it arms what is missing. If this comes back,"
            " report it as a fault."
        ),
        counted=ngettext_lazy(
            "{count} timer is not there.", "{count} timers are not there.", "count"
        ),
    ),
    "unwanted_timers": Wording(
        title=_("Timers too many"),
        meaning=_("A timer is armed only while its ticket asks for it."),
        remedy=_(
            "It does no harm: when it is due, the ticket is asked, and it is passed"
            " over. Report this as a fault."
        ),
        counted=ngettext_lazy(
            "{count} timer should not be there.",
            "{count} timers should not be there.",
            "count",
        ),
    ),
    "dead_timers": Wording(
        title=_("Timers that were given up"),
        meaning=_("A timer that fails five times in a row is given up."),
        remedy=_(
            "Look for its number in the log of the worker, put right what is wrong,"
            " and try it again below."
        ),
        counted=ngettext_lazy(
            "{count} timer was given up.", "{count} timers were given up.", "count"
        ),
        moments=(("latest", _("The latest: {moment}.")),),
    ),
    "waiting_messages": Wording(
        title=_("Messages that wait"),
        meaning=_("A message is sent within five minutes of its time."),
        remedy=_(
            "If the loop is alive, the mail server answers slowly or not at all: look"
            " at EMAIL_URL and at the log of the worker."
        ),
        counted=ngettext_lazy(
            "{count} message is late.", "{count} messages are late.", "count"
        ),
        moments=(("oldest", _("The oldest was to go: {moment}.")),),
    ),
    "failed_messages": Wording(
        title=_("Messages that failed for good"),
        meaning=_("A message is given up when it is refused, or after five days."),
        remedy=_(
            "Its page says why. Correct the address or the mail server, then choose"
            " “Send again” in the list of deliveries. It is no alarm after a day."
        ),
        counted=ngettext_lazy(
            "{count} message failed within a day.",
            "{count} messages failed within a day.",
            "count",
        ),
        moments=(("latest", _("The latest: {moment}.")),),
    ),
    "clocks": Wording(
        title=_("Proof of the clocks"),
        meaning=_("Every night each clock is read anew from the events of its ticket."),
        remedy=_(
            "“manage.py verify_clocks” proves it now and names each difference. If it"
            " did not run: are beat and worker up at night?"
        ),
        counted=ngettext_lazy("{count} clock read.", "{count} clocks read.", "count"),
        moments=(("ran", _("Last proof: {moment}.")),),
    ),
    "history": Wording(
        title=_("Proof of the history"),
        meaning=_("Every night the chains of all events are verified."),
        remedy=_(
            "“manage.py verify_history” proves it now and names the first fault of"
            " each kind. If it did not run: are beat and worker up at night?"
        ),
        counted=ngettext_lazy("{count} event read.", "{count} events read.", "count"),
        moments=(("ran", _("Last proof: {moment}.")),),
    ),
    "deadman": Wording(
        title=_("The switch outside"),
        meaning=_(
            "While all is well, DEADMAN_URL is asked every minute; when it is not,"
            " whoever keeps that address raises the alarm."
        ),
        remedy=_("Look whether this machine reaches the address in DEADMAN_URL."),
    ),
}

TOLD: Final[dict[str, "Words"]] = {
    "nobody": _("DEADMAN_URL is not set: nobody outside notices if this machine ends."),
    "nothing": _("Told nothing, because something above needs you."),
    "all is well": _("Told that all is well."),
}
TIMER_KINDS: Final[dict[str, "Words"]] = {
    "incident.hold_until": pgettext_lazy("timer", "end of a hold"),
    "incident.clock_response": pgettext_lazy("timer", "promise to respond"),
    "incident.clock_resolution": pgettext_lazy("timer", "promise to solve"),
    "incident.clock_update": pgettext_lazy("timer", "promise to report on it"),
    "incident.ask_confirmer": pgettext_lazy("timer", "question to the confirmer"),
}
