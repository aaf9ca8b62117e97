"""Working time: from a moment to its deadline and back, to the microsecond.

Pure: it reads no record and no clock, so the same question has the same answer for
ever (for the same edition of the time-zone data).

A moment counts when the wall clock of the calendar's zone then shows a time inside a
shift of that local weekday and the local date is no holiday. So an hour that the clocks
repeat counts twice, and one that they skip does not exist. A deadline is the end of the
last moment needed: at closing time, never at the next opening.

Moments come in aware and go out in UTC. What cannot be answered raises
``BusinessTimeError``: a moment without a zone or outside 1990 to 2190, an amount below
zero, an end before its start.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

FIRST_YEAR = 1990
LAST_YEAR = 2190

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND

Shift = tuple[time, time]


def gettext_noop(message: str) -> str:
    """Mark the message for translators; whoever shows it translates it."""
    return message


class BusinessTimeError(ValueError):
    """Why there is no answer. In the reader's language: ``_(message) % values``."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values)
        self.message = message
        self.values = values


class Why(StrEnum):
    """Why a stretch of time counts or does not."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"


@dataclass(frozen=True, eq=False)
class WorkingHours:
    """When work is done: shifts per weekday (0 is Monday) on the wall clock of a zone.

    A shift that ends at 00:00 ends with its day; 00:00 to 00:00 is the whole day. On a
    holiday nothing is open. Shifts are put in order and touching ones joined. Refused
    with ``BusinessTimeError``: shifts that overlap or end before they start, hours that
    are never open, a zone that is unknown or depends on the machine.

    Never changes; hours that say the same are equal, hash alike and share their tables.
    """

    zone: str
    weekly: Mapping[int, Sequence[Shift]]
    holidays: frozenset[date] = frozenset()
    is_always_open: bool = field(init=False, repr=False)
    _identity: tuple[Any, ...] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _refuse_unknown_zone(self.zone)
        weekly = _in_order(self.weekly)
        holidays = frozenset(map(_plain_date, self.holidays))
        identity = (self.zone, tuple(weekly.items()), holidays)
        whole = all(weekly.get(day) == ((time(), time()),) for day in range(7))
        self.__dict__.update(
            weekly=MappingProxyType(weekly),
            holidays=holidays,
            is_always_open=whole and not holidays,
            _identity=identity,
            _hash=hash(identity),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkingHours):
            return NotImplemented
        return self is other or self._identity == other._identity

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        # Built anew elsewhere: the hash of a text differs from process to process.
        return WorkingHours, (self.zone, dict(self.weekly), self.holidays)


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch from ``start`` up to ``end`` (UTC) that is of one kind throughout.

    ``holiday`` is the local date of the holiday that closed it, and None otherwise.
    """

    start: datetime
    end: datetime
    why: Why
    holiday: date | None = None

    @property
    def is_counted(self) -> bool:
        return self.why is Why.OPEN

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def add_working_time(
    start: datetime, amount: timedelta, hours: WorkingHours
) -> datetime:
    """The first moment at which ``amount`` has been worked since ``start``.

    An amount of zero is reached at once, at ``start``, open or not. Refused when the
    hours do not hold that much before the end of 2190.
    """
    first, needed = _position(start), amount // MICROSECOND
    if needed < 0:
        raise BusinessTimeError(
            gettext_noop("Working time cannot be negative: %(amount)s."), amount=amount
        )
    reached = _reach(first, needed, hours)
    if reached is None:
        raise BusinessTimeError(
            gettext_noop(
                "There is no %(amount)s of working time before %(last)s ends."
            ),
            amount=amount,
            last=LAST_YEAR,
        )
    return _moment(reached)


def working_time_between(
    start: datetime, end: datetime, hours: WorkingHours
) -> timedelta:
    """How much is worked from ``start`` up to ``end``, which is not before it."""
    first, last = _positions(start, end)
    return timedelta(microseconds=_worked(first, last, hours))


def segments(start: datetime, end: datetime, hours: WorkingHours) -> Iterator[Segment]:
    """Why each part of the time from ``start`` up to ``end`` counts or does not.

    They follow each other without gap, each as long as it can be, and the counted ones
    add up to ``working_time_between``. A holiday takes its whole local day, midnight to
    midnight, if that weekday has hours; otherwise it closed nothing, and the day is
    called closed. Two holidays in a row are two segments.
    """
    first, last = _positions(start, end)
    return _segments(first, last, hours)


# Inside, a moment is its position: whole microseconds since the epoch.

Reason = tuple[Why, date | None]

OPEN: Reason = (Why.OPEN, None)
CLOSED: Reason = (Why.CLOSED, None)


def _position(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise BusinessTimeError(
            gettext_noop("A moment needs its time zone: %(moment)s has none."),
            moment=moment,
        )
    position = (moment - EPOCH) // MICROSECOND
    if not NEW_YEARS[0] <= position <= NEW_YEARS[-1]:
        raise BusinessTimeError(
            gettext_noop("%(moment)s is outside the years %(first)s to %(last)s."),
            moment=moment,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return position


def _positions(start: datetime, end: datetime) -> tuple[int, int]:
    first, last = _position(start), _position(end)
    if last < first:
        raise BusinessTimeError(
            gettext_noop("The end, %(end)s, is before the start, %(start)s."),
            start=start,
            end=end,
        )
    return first, last


def _moment(position: int) -> datetime:
    return EPOCH + timedelta(microseconds=position)


NEW_YEARS = [
    (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
    for year in range(FIRST_YEAR, LAST_YEAR + 2)
]
END = NEW_YEARS[-1]


def _year(position: int) -> int:
    """The UTC year of a position; the very end belongs to the last year."""
    return min(FIRST_YEAR - 1 + bisect_right(NEW_YEARS, position), LAST_YEAR)


def _bounds(year: int) -> tuple[int, int]:
    return NEW_YEARS[year - FIRST_YEAR], NEW_YEARS[year - FIRST_YEAR + 1]


def _worked(first: int, last: int, hours: WorkingHours) -> int:
    if hours.is_always_open:
        return last - first
    earlier, later = _year(first), _year(last)
    between = sum(_table(hours, year).total for year in range(earlier, later))
    whole = between + _table(hours, later).worked_until(last)
    return whole - _table(hours, earlier).worked_until(first)


def _reach(first: int, needed: int, hours: WorkingHours) -> int | None:
    if needed > END - first:
        return None
    if hours.is_always_open or not needed:
        return first + needed
    needed += _table(hours, _year(first)).worked_until(first)
    for year in range(_year(first), LAST_YEAR + 1):
        table = _table(hours, year)
        if needed <= table.total:
            return table.reach(needed)
        needed -= table.total
    return None


def _segments(first: int, last: int, hours: WorkingHours) -> Iterator[Segment]:
    begins, current = first, None
    for starts, reason in _stretches(first, last, hours):
        if reason == current:
            continue
        if current:
            yield Segment(_moment(begins), _moment(starts), *current)
        begins, current = starts, reason
    if current:
        yield Segment(_moment(begins), _moment(last), *current)


def _stretches(
    first: int, last: int, hours: WorkingHours
) -> Iterator[tuple[int, Reason]]:
    for year in range(_year(first), _year(last) + 1):
        table = _table(hours, year)
        earliest = table.index(max(first, table.starts[0]))
        for index in range(earliest, table.index(last) + 1):
            begins = max(first, table.starts[index])
            if begins < last:
                yield begins, table.reasons[index]


@dataclass(frozen=True, slots=True)
class _Table:
    """One UTC year, cut where its reason changes.

    Stretch ``i`` begins at ``starts[i]``; ``worked[i]`` is what the year holds before
    it, and the last ``worked`` what it holds altogether.
    """

    starts: list[int]
    reasons: list[Reason]
    worked: list[int]

    @property
    def total(self) -> int:
        return self.worked[-1]

    def index(self, position: int) -> int:
        return bisect_right(self.starts, position) - 1

    def worked_until(self, position: int) -> int:
        index = self.index(position)
        if self.reasons[index] is OPEN:
            return self.worked[index] + position - self.starts[index]
        return self.worked[index]

    def reach(self, needed: int) -> int:
        """The first position by which ``needed``, more than zero, was worked."""
        index = bisect_left(self.worked, needed) - 1
        return self.starts[index] + needed - self.worked[index]


@lru_cache(maxsize=512)
def _table(hours: WorkingHours, year: int) -> _Table:
    table = _Table([], [], [0])
    for starts, ends, reason in _pieces(hours, year):
        if not table.reasons or table.reasons[-1] != reason:
            table.starts.append(starts)
            table.reasons.append(reason)
            table.worked.append(table.total)
        if reason is OPEN:
            table.worked[-1] += ends - starts
    return table


def _pieces(hours: WorkingHours, year: int) -> Iterator[tuple[int, int, Reason]]:
    """The year without gap, in UTC: each local day laid on each offset it lasts in."""
    week = [_day_plan(hours.weekly.get(day, ())) for day in range(7)]
    for begins, ends, offset in _offsets(hours.zone, year):
        for day in range((begins + offset) // DAY, (ends + offset - 1) // DAY + 1):
            midnight = day * DAY - offset
            for opens, closes, reason in _plan(day, week, hours.holidays):
                piece = max(begins, midnight + opens), min(ends, midnight + closes)
                if piece[0] < piece[1]:
                    yield *piece, reason


DayPlan = Sequence[tuple[int, int, Reason]]
ALL_CLOSED: DayPlan = [(0, DAY, CLOSED)]


def _plan(day: int, week: Sequence[DayPlan], holidays: frozenset[date]) -> DayPlan:
    local = date.fromordinal(EPOCH.toordinal() + day)
    plan = week[local.weekday()]
    if local in holidays and plan != ALL_CLOSED:
        return [(0, DAY, (Why.HOLIDAY, local))]
    return plan


def _day_plan(shifts: Iterable[Shift]) -> DayPlan:
    """A day from midnight to midnight; a stretch may be empty."""
    plan, reached = [], 0
    for shift in shifts:
        opens, closes = _span(shift)
        plan += [(reached, opens, CLOSED), (opens, closes, OPEN)]
        reached = closes
    return [*plan, (reached, DAY, CLOSED)]


@lru_cache(maxsize=1024)
def _offsets(zone: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """From when until when in that year local time was UTC plus which offset.

    Looks once a day: since 1990 no zone changed its clocks twice within six days.
    """
    info = ZoneInfo(zone)
    begins, ends = _bounds(year)
    offset, found = _offset(info, begins), []
    for noticed in range(begins + DAY, ends + 1, DAY):
        if _offset(info, noticed) != offset:
            changed = _change(info, noticed - DAY, noticed)
            found.append((begins, changed, offset))
            begins, offset = changed, _offset(info, noticed)
    return *found, (begins, ends, offset)


def _change(info: ZoneInfo, before: int, after: int) -> int:
    """The second between the two at which the clocks changed."""
    old = _offset(info, before)
    seconds = range(before, after + 1, SECOND)
    return seconds[bisect_left(seconds, True, key=lambda at: _offset(info, at) != old)]


def _offset(info: ZoneInfo, position: int) -> int:
    offset = _moment(position).astimezone(info).utcoffset() or timedelta()
    return offset // MICROSECOND


MACHINE_BOUND = ("localtime", "posixrules", "posix/", "right/", "Factory")


def _refuse_unknown_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as unknown:
        raise _unknown_zone(zone) from unknown
    if zone.startswith(MACHINE_BOUND):
        raise _unknown_zone(zone)


def _unknown_zone(zone: str) -> BusinessTimeError:
    return BusinessTimeError(
        gettext_noop("There is no time zone called %(zone)s."), zone=zone
    )


def _plain_date(holiday: date) -> date:
    if isinstance(holiday, datetime) or not isinstance(holiday, date):
        raise BusinessTimeError(
            gettext_noop("A holiday is a date without a time: %(holiday)s is not."),
            holiday=holiday,
        )
    return holiday


def _in_order(weekly: Mapping[int, Sequence[Shift]]) -> dict[int, tuple[Shift, ...]]:
    for day in weekly:
        if day not in range(7):
            raise BusinessTimeError(
                gettext_noop("Weekdays go from 0, Monday, to 6, Sunday: not %(day)s."),
                day=day,
            )
    ordered = {day: _joined(weekly[day]) for day in sorted(weekly) if weekly[day]}
    if not ordered:
        raise BusinessTimeError(gettext_noop("These working hours are never open."))
    return ordered


def _joined(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    joined: list[Shift] = []
    for shift in sorted((_sound(shift) for shift in shifts), key=_span):
        if joined and _span(joined[-1])[1] > _span(shift)[0]:
            raise BusinessTimeError(
                gettext_noop("The shifts %(first)s and %(second)s overlap."),
                first=_words(joined[-1]),
                second=_words(shift),
            )
        if joined and joined[-1][1] == shift[0]:
            shift = (joined.pop()[0], shift[1])
        joined.append(shift)
    return tuple(joined)


def _sound(shift: Shift) -> Shift:
    opens, closes = shift
    if opens.tzinfo or closes.tzinfo:
        raise BusinessTimeError(
            gettext_noop(
                "The shift %(shift)s carries a zone; the calendar has its own."
            ),
            shift=_words(shift),
        )
    begins, ends = _span(shift)
    if ends <= begins:
        raise BusinessTimeError(
            gettext_noop(
                "The shift %(shift)s does not end after it starts. Split a shift over"
                " midnight: until 00:00 on one day, from 00:00 on the next."
            ),
            shift=_words(shift),
        )
    return opens, closes


def _span(shift: Shift) -> tuple[int, int]:
    """The shift in microseconds of its day; 00:00 as an end is the day's end."""
    opens, closes = (
        timedelta(
            hours=at.hour,
            minutes=at.minute,
            seconds=at.second,
            microseconds=at.microsecond,
        )
        // MICROSECOND
        for at in shift
    )
    return opens, closes or DAY


def _words(shift: Shift) -> str:
    return "–".join(str(at).removesuffix(":00") for at in shift)
