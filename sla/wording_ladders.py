"""Ladders in words: what a rung waits for, whom it tells, and what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    """Each place of the ladder at which the two say something else."""
    old = {step.position: _line(step) for step in ladder_of(before)}
    new = {step.position: _line(step) for step in ladder_of(version)}
    for position in sorted(old.keys() | new.keys()):
        label = _("Ladder, place %(place)d") % {"place": position}
        was, will = old.get(position, NOTHING), new.get(position, NOTHING)
        if was != will:
            yield Change(label, was, will)


def _line(step: Step) -> str:
    words = _("%(when)s: %(whom)s, answers within %(time)s")
    return words % {
        "when": step.waits_for,
        "whom": step.tells,
        "time": step.acknowledge_within,
    }
