"""The closed list of timers of an incident: codes that rows hold."""

from typing import Final

from sla.codes import Metric

HOLD_ENDS: Final = "incident.hold_until"
ASK_CONFIRMER: Final = "incident.ask_confirmer"
LADDER: Final = "incident.ladder"
CLOCKS: Final = {
    Metric.RESPONSE: "incident.clock_response",
    Metric.RESOLUTION: "incident.clock_resolution",
    Metric.UPDATE: "incident.clock_update",
}
METRICS: Final = {kind: metric for metric, kind in CLOCKS.items()}
CYCLE: Final = 1000


def step_of(cycle: int, percent: int) -> int:
    """A step of a clock's timer: 2075 is 75 per cent of its second cycle."""
    return cycle * CYCLE + percent


def cycle_of(step: int) -> int:
    return step // CYCLE
