"""Working time over the years: a calendar's versions, each in force from its moment on.

Pure, like the working time it is made of. Each instant is counted by the version in
force then, so a calendar that changes never rewrites what was counted before.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import itemgetter

from sla.business_time import (
    BusinessTimeError,
    Segment,
    WorkingHours,
    add_working_time,
    gettext_noop,
    segments,
    working_time_between,
)

NOTHING = timedelta()

Version = tuple[datetime, WorkingHours]
Piece = tuple[datetime, datetime, WorkingHours]


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a zone is refused.

    Two moments of one zone compare and subtract as the wall shows them, which is wrong
    when its clocks change. In UTC they do not.
    """
    if moment.utcoffset() is None:
        raise BusinessTimeError(
            gettext_noop("A moment needs its time zone: %(moment)s has none."),
            moment=moment,
        )
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The versions of a calendar, oldest first, each from an aware moment on.

    The first is also in force before its moment. Refused with ``BusinessTimeError``: no
    version at all, two from the same moment or in the wrong order, a moment without a
    zone. What ``business_time`` refuses is refused here in the same words.
    """

    versions: tuple[Version, ...]

    def __post_init__(self) -> None:
        versions = tuple((in_utc(since), hours) for since, hours in self.versions)
        _refuse_disorder([since for since, _ in versions])
        object.__setattr__(self, "versions", versions)

    def hours_at(self, moment: datetime) -> WorkingHours:
        """The hours in force then."""
        return self._in_force(in_utc(moment))[0]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked from ``start`` up to ``end``, which is not before it."""
        pieces = self._pieces(start, end)
        return sum((working_time_between(*piece) for piece in pieces), NOTHING)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment (UTC) at which ``amount`` has been worked since ``start``.

        An amount of zero is reached at once, at ``start``, open or not.
        """
        start = in_utc(start)
        hours, later = self._in_force(start)
        for since, following in later:
            worked = working_time_between(start, since, hours)
            if amount <= worked:
                break
            start, amount, hours = since, amount - worked, following
        return add_working_time(start, amount, hours)

    def segments(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """Why each part of the time from ``start`` up to ``end`` counts or does not.

        They follow each other without gap and the counted ones add up to ``between``. A
        new version begins a new segment.
        """
        for piece in self._pieces(start, end):
            yield from segments(*piece)

    def zone(self, moment: datetime) -> str:
        """The zone whose wall clock counts then."""
        hours, _ = self._in_force(moment)
        return hours.zone

    def _in_force(self, moment: datetime) -> tuple[WorkingHours, tuple[Version, ...]]:
        """The hours in force then, and the versions that come later."""
        later = bisect_right(self.versions, moment, key=itemgetter(0)) or 1
        return self.versions[later - 1][1], self.versions[later:]

    def _pieces(self, start: datetime, end: datetime) -> Iterator[Piece]:
        start, end = in_utc(start), in_utc(end)
        hours, later = self._in_force(start)
        for since, following in later:
            if since >= end:
                break
            yield start, since, hours
            start, hours = since, following
        yield start, end, hours


class Tally:
    """What a schedule counts over periods that follow each other, added up.

    To add one, or to ask, costs the same however many there are.
    """

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._starts: list[datetime] = []
        self._sums = [NOTHING]

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, start: datetime, end: datetime, *, counts: bool) -> None:
        worked = self.schedule.between(start, end) if counts else NOTHING
        self._starts.append(start)
        self._sums.append(self._sums[-1] + worked)

    def total(self, first: int) -> timedelta:
        """What was counted from the period ``first`` (0, 1, ...) on."""
        return self._sums[-1] - self._sums[first]

    def reached(self, first: int, amount: timedelta) -> datetime | None:
        """When ``amount``, more than zero, was counted from ``first`` on, if ever."""
        goal = self._sums[first] + amount
        place = bisect_left(self._sums, goal) - 1
        if place == len(self):
            return None
        return self.schedule.add(self._starts[place], goal - self._sums[place])


def _refuse_disorder(moments: list[datetime]) -> None:
    if not moments:
        raise BusinessTimeError(gettext_noop("A calendar needs at least one version."))
    for earlier, later in pairwise(moments):
        if later <= earlier:
            raise BusinessTimeError(
                gettext_noop(
                    "The versions of a calendar are out of order: %(later)s does not"
                    " come after %(earlier)s."
                ),
                earlier=earlier,
                later=later,
            )
