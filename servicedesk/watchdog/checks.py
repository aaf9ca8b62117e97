"""Every question of the watchdog, in the order of the health page."""

from typing import Final

from servicedesk.watchdog import due, promised, signs
from servicedesk.watchdog.asking import Answer

CHECKS: Final[dict[str, Answer]] = {
    "loop": signs.loop,
    "clock_jump": signs.clock_jump,
    "late_timers": due.late_timers,
    "missing_timers": promised.missing_timers,
    "unwanted_timers": promised.unwanted_timers,
    "dead_timers": due.dead_timers,
    "waiting_messages": due.waiting_messages,
    "failed_messages": due.failed_messages,
    "clocks": signs.proof("clocks", of="nightly_clocks"),
    "history": signs.proof("history", of="nightly_history"),
}
DEADMAN: Final = "deadman"
