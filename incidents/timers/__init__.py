"""The deadlines of an incident: a function of what it is, armed with every change.

``keeping`` says which timers an incident wants and keeps just these armed; the other
modules say what a timer does when it is due.
"""

from activity.handlers import on_timer
from incidents.timers.clocks import speak_of_clock
from incidents.timers.holds import end_of_hold
from incidents.timers.kinds import ASK_CONFIRMER, CLOCKS, HOLD_ENDS, LADDER
from incidents.timers.ladder import climb_ladder
from incidents.timers.reminders import ask_again


def register() -> None:
    """Called when the app is ready; a second call changes nothing."""
    on_timer(HOLD_ENDS, end_of_hold)
    on_timer(ASK_CONFIRMER, ask_again)
    on_timer(LADDER, climb_ladder)
    for kind in CLOCKS.values():
        on_timer(kind, speak_of_clock)
