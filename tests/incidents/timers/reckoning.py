"""What people must have been told of an incident's clocks, counted from its marks.

Written from the rules, without ``incidents.clocks.telling``: it reads the clocks from
the events, by the fold, and looks whether each word was due, came, and came once.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from activity.models import Event
from incidents.clocks.history import History, history_of
from incidents.events import Kind
from incidents.models import Incident
from sla.clock import Reading
from sla.codes import State

MISSED = 100
MOMENT = timedelta(microseconds=1)
Clock = tuple[str, int]  # metric and cycle


def faults(incident: Incident, at: datetime) -> list[str]:
    """What is wrong once everything due at ``at`` was swept; empty if nothing is."""
    history = history_of(incident)
    said = [one for one in history.events if one.kind in (Kind.WARN, Kind.BREACH)]
    found = [*doubled(said), *unfounded(history, said), *unsaid(history, said, at)]
    return [f"{incident.pk}: {fault}" for fault in found]


def doubled(said: list[Event]) -> Iterator[str]:
    keys = Counter(
        (*clock_of(event), event.data["promise"], event.data["percent"])
        for event in said
    )
    for key, times in keys.items():
        if times > 1:
            yield f"{key} was told {times} times"


def unfounded(history: History, said: list[Event]) -> Iterator[str]:
    """Each word as its clock stood when it was said."""
    for event in said:
        earlier = [one for one in history.events if one.seq < event.seq]
        readings = replace(history, events=earlier).readings(event.at)
        here = {(str(one.metric), one.cycle): one for one in readings}
        reading = here.get(clock_of(event))
        if reading is None or event.data["promise"] != reading.promised_seq:
            yield f"{event.data} is about no promise"
        elif event.data["percent"] not in reached(history, reading):
            yield f"{event.data} was not reached: {reading.state}, {reading.elapsed}"
        elif (event.kind == Kind.BREACH) != (event.data["percent"] == MISSED):
            yield f"{event.kind} of {event.data}"


def unsaid(history: History, said: list[Event], at: datetime) -> Iterator[str]:
    """The highest step that a clock has reached was told of its present promise; one
    that this promise found behind it may have been told of an earlier one."""
    for reading in history.readings(at):
        steps = reached(history, reading)
        if not steps:
            continue
        about = [
            event
            for event in said
            if clock_of(event) == (str(reading.metric), reading.cycle)
        ]
        if not is_behind(history, reading, max(steps)):
            about = [e for e in about if e.data["promise"] == reading.promised_seq]
        if max((event.data["percent"] for event in about), default=0) < max(steps):
            yield f"{reading.metric} {reading.cycle}: nobody heard of {max(steps)} %"


def reached(history: History, reading: Reading) -> list[int]:
    """Per cents of the target that were used up. Who waits or has ended is not warned
    of, but a miss stays one."""
    if reading.target is None:
        return []
    steps = [MISSED] if reading.breached_at is not None else []
    if reading.state is State.RUNNING:
        steps += [
            step
            for step in history.warnings_of(reading)
            if reading.target * step / MISSED <= reading.elapsed
        ]
    return steps


def is_behind(history: History, reading: Reading, step: int) -> bool:
    """Whether it was reached when the present promise was made."""
    if step == MISSED and reading.breached_at is not None:
        return reading.breached_at < reading.promised_at
    for then in history.readings(reading.promised_at):
        if (then.metric, then.cycle) == (reading.metric, reading.cycle):
            return step in reached(history, then)
    return False


def clock_of(event: Event) -> Clock:
    return event.data["metric"], event.data["cycle"]
