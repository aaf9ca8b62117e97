"""Why somebody was called, in words: “75 % of the resolution target at 14:05”."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.codes import Metric, Trigger

REASONS: Final[dict[str, Promise]] = {
    Trigger.RESPONSE_PERCENT: gettext_lazy(
        "%(percent)s %% of the response target at %(moment)s"
    ),
    Trigger.RESOLUTION_PERCENT: gettext_lazy(
        "%(percent)s %% of the resolution target at %(moment)s"
    ),
    Trigger.COMPLAINT: gettext_lazy(
        "the reporter said at %(moment)s that it is getting urgent"
    ),
    Trigger.BY_HAND: gettext_lazy("attention was asked for at %(moment)s"),
    Trigger.UNACKNOWLEDGED: gettext_lazy("nobody had answered by %(moment)s"),
}
LATE: Final[dict[str, Promise]] = {
    Metric.RESPONSE: gettext_lazy("the response is late since %(moment)s"),
    Metric.RESOLUTION: gettext_lazy("the resolution is late since %(moment)s"),
}

TOLD: Final[dict[int, Promise]] = {
    0: gettext_lazy("{reason}: nobody was there to be told"),
    1: gettext_lazy("{reason}: {people} was told"),
}
TOLD_SEVERAL: Final = gettext_lazy("{reason}: {people} were told")


def told_to(count: int) -> Promise:
    """The sentence about a rung that told so many people."""
    return TOLD.get(count, TOLD_SEVERAL)


def reason_of(data: Mapping[str, Any], told_at: datetime) -> str:
    """What the values of a told rung say; times in the zone at hand, with the day where
    it is not that of the telling."""
    moment = _moment(datetime.fromisoformat(data["reached"]), told_at)
    if data["trigger"] == Trigger.BREACH:
        return str(LATE[data["metric"]]) % {"moment": moment}
    if data["trigger"] == Trigger.BOUNCES:
        count = data["count"]
        words = ngettext(
            "it came back %(count)d time, last at %(moment)s",
            "it came back %(count)d times, last at %(moment)s",
            count,
        )
        return words % {"count": count, "moment": moment}
    words = str(REASONS[data["trigger"]])
    return words % {"percent": data["percent"], "moment": moment}


def reason_first(data: Mapping[str, Any], told_at: datetime) -> str:
    """The same as the beginning of a sentence."""
    reason = reason_of(data, told_at)
    return reason[:1].upper() + reason[1:]


def _moment(at: datetime, told_at: datetime) -> str:
    local = localtime(at)
    is_same_day = local.date() == localtime(told_at).date()
    return date_format(local, "TIME_FORMAT" if is_same_day else "DATETIME_FORMAT")


def names_of(people: list[str]) -> str:
    """“Lea Lund and Max Moor”."""
    if len(people) < 2:
        return "".join(people)
    *others, last = people
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}
