"""Ways to compute working time that look right, each with the mistake it is named for.

They exist to be caught: a test of working time that none of them fails proves little.
``DayWalk`` is the usual program and the one the benchmark measures against.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from sla.business_time import WorkingHours

DAY = timedelta(days=1)
NOTHING = timedelta()


class DayWalk:
    """Each day's opening and closing turned into moments, cut and added up.

    A shift that begins or ends in a skipped or repeated hour is taken once, and whole.
    """

    def zone(self, hours: WorkingHours, start: datetime) -> tzinfo:
        return ZoneInfo(hours.zone)

    def moment(self, day: date, clock: time, zone: tzinfo) -> datetime:
        return datetime.combine(day, clock, zone).astimezone(UTC)

    def is_holiday(self, day: date, begins: datetime, hours: WorkingHours) -> bool:
        return day in hours.holidays

    def shifts(
        self, start: datetime, hours: WorkingHours
    ) -> Iterator[tuple[datetime, datetime]]:
        zone = self.zone(hours, start)
        day = start.astimezone(zone).date() - DAY
        while True:
            for opens, closes in hours.weekly.get(day.weekday(), ()):
                begins = self.moment(day, opens, zone)
                ends = self.moment(day + DAY * (closes == time()), closes, zone)
                if not self.is_holiday(day, begins, hours):
                    yield max(begins, start), ends
            day += DAY

    def between(self, start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
        worked = NOTHING
        for begins, ends in self.shifts(start, hours):
            if begins >= end:
                return worked
            worked += max(NOTHING, min(ends, end) - begins)
        raise AssertionError("the shifts never stop")

    def due(self, start: datetime, amount: timedelta, hours: WorkingHours) -> datetime:
        for begins, ends in self.shifts(start, hours):
            if self.is_enough(amount, ends - begins):
                return begins + amount
            amount -= max(NOTHING, ends - begins)
        raise AssertionError("the shifts never stop")

    def is_enough(self, amount: timedelta, length: timedelta) -> bool:
        return amount <= length


class WallClock(DayWalk):
    """Subtracts what the clock on the wall showed."""

    def moment(self, day: date, clock: time, zone: tzinfo) -> datetime:
        return datetime.combine(day, clock)

    def between(self, start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
        zone = ZoneInfo(hours.zone)
        return super().between(local(start, zone), local(end, zone), hours)

    def due(self, start: datetime, amount: timedelta, hours: WorkingHours) -> datetime:
        zone = ZoneInfo(hours.zone)
        found = super().due(local(start, zone), amount, hours)
        return found.replace(tzinfo=zone).astimezone(UTC)


def local(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


class OffsetAtStart(DayWalk):
    """Keeps the offset that held when the clock started."""

    def zone(self, hours: WorkingHours, start: datetime) -> tzinfo:
        offset = start.astimezone(ZoneInfo(hours.zone)).utcoffset()
        return timezone(offset or NOTHING)


class HolidaysInUtc(DayWalk):
    """Looks up the holiday by the date in UTC."""

    def is_holiday(self, day: date, begins: datetime, hours: WorkingHours) -> bool:
        return begins.date() in hours.holidays


class NextOpening(DayWalk):
    """Lets a deadline at closing time slip to the next opening."""

    def is_enough(self, amount: timedelta, length: timedelta) -> bool:
        return amount < length


class WholeMinutes(DayWalk):
    """Forgets the seconds."""

    def between(self, start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
        return super().between(
            start.replace(second=0, microsecond=0),
            end.replace(second=0, microsecond=0),
            hours,
        )


NAIVE_VERSIONS = {
    DayWalk: "a shift inside the hour that comes twice",
    WallClock: "a night shift while the clocks go back",
    OffsetAtStart: "a week that starts in winter and ends in summer",
    HolidaysInUtc: "a holiday is a local date",
    NextOpening: "due at closing time, not at the next opening",
    WholeMinutes: "the last half second counts",
}
