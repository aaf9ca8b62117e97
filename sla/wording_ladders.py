"""Ladders in words: what a rung waits for, whom it tells, and what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.codes import Trigger
from sla.models import PolicyVersion, Rung
from sla.wording import NOTHING, Change, duration

WAITS_FOR: Final[dict[str, Promise]] = {
    Trigger.RESPONSE_PERCENT: gettext_lazy("%(percent)d %% of the response target"),
    Trigger.RESOLUTION_PERCENT: gettext_lazy("%(percent)d %% of the resolution target"),
    Trigger.BREACH: gettext_lazy("the response or the resolution is late"),
    Trigger.COMPLAINT: gettext_lazy("the reporter says that it is getting urgent"),
    Trigger.BY_HAND: gettext_lazy("somebody asks for attention"),
    Trigger.UNACKNOWLEDGED: gettext_lazy("nobody answered to the rung before"),
}
IS: Final = gettext_lazy("Ladder, place %(place)d")
WAS: Final = gettext_lazy("Ladder, place %(place)d until now")


@dataclass(frozen=True, slots=True)
class Step:
    """A rung as a person reads it."""

    position: int
    waits_for: str
    tells: str
    channel: str
    acknowledge_within: str


def waits_for(values: Mapping[str, Any]) -> str:
    """What a rung with these values (trigger, percent, count) waits for."""
    if values["trigger"] == Trigger.BOUNCES:
        count = values["count"]
        words = ngettext(
            "it came back %(count)d time", "it came back %(count)d times", count
        )
        return words % {"count": count}
    return str(WAITS_FOR[values["trigger"]]) % {"percent": values.get("percent") or 0}


def step_of(rung: Rung) -> Step:
    tells = str(rung.person) if rung.person else str(rung.get_tells_display())
    return Step(
        position=rung.position,
        waits_for=waits_for(
            {"trigger": rung.trigger, "percent": rung.percent, "count": rung.count}
        ),
        tells=tells,
        channel=str(rung.get_channel_display()),
        acknowledge_within=duration(rung.acknowledge_within),
    )


def ladder_of(version: PolicyVersion) -> list[Step]:
    return [step_of(rung) for rung in version.rungs.select_related("person")]


def ladder_changes(version: PolicyVersion, before: PolicyVersion) -> Iterator[Change]:
    """Each rung that the two do not have alike, in their order. A rung that only has
    another place because of one before it is not another rung."""
    old, new = ladder_of(before), ladder_of(version)
    was, will = [_line(step) for step in old], [_line(step) for step in new]
    matched = SequenceMatcher(a=was, b=will, autojunk=False)
    for kind, from_old, to_old, from_new, to_new in matched.get_opcodes():
        if kind == "equal":
            continue
        pairs = zip_longest(range(from_old, to_old), range(from_new, to_new))
        for former, latter in pairs:
            if latter is None:
                yield Change(_place(old[former], WAS), was[former], NOTHING)
            else:
                line = NOTHING if former is None else was[former]
                yield Change(_place(new[latter], IS), line, will[latter])


def _place(step: Step, words: Promise) -> str:
    return str(words) % {"place": step.position}


def _line(step: Step) -> str:
    words = _("%(when)s: %(whom)s, answers within %(time)s")
    return words % {
        "when": step.waits_for,
        "whom": step.tells,
        "time": step.acknowledge_within,
    }
