"""Questions about working time whose answers were worked out on paper."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sla.business_time import WorkingHours

WORKDAYS = "01234"
EVERY_DAY = "0123456"


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(f"{text}+00:00")


def weekly(days: str, *shifts: str) -> dict[int, list[tuple[time, time]]]:
    """Hours such as ``weekly("01234", "09:00-12:00", "13:00-17:00")``."""
    pairs = [
        (time.fromisoformat(opens), time.fromisoformat(closes))
        for opens, closes in (shift.split("-") for shift in shifts)
    ]
    return {int(day): pairs for day in days}


def hours_in(zone: str, days: str, *shifts: str, shut: str = "") -> WorkingHours:
    holidays = frozenset(map(date.fromisoformat, shut.split()))
    return WorkingHours(zone, weekly(days, *shifts), holidays)


@dataclass(frozen=True)
class Answer:
    """From start to end ``minutes`` are worked, the last of them until ``due``."""

    hours: WorkingHours
    start: datetime
    end: datetime
    minutes: float
    due: datetime

    @property
    def worked(self) -> timedelta:
        return timedelta(minutes=self.minutes)


BERLIN, LONDON = "Europe/Berlin", "Europe/London"
AUCKLAND, KOLKATA = "Pacific/Auckland", "Asia/Kolkata"
LORD_HOWE, APIA = "Australia/Lord_Howe", "Pacific/Apia"
CASABLANCA, TROLL = "Africa/Casablanca", "Antarctica/Troll"
SAO_PAULO, CAIRO = "America/Sao_Paulo", "Africa/Cairo"
ST_JOHNS = "America/St_Johns"


def answer(hours: WorkingHours, span: str, minutes: float, due: str) -> Answer:
    start, end = span.split()
    return Answer(hours, at(start), at(end), minutes, at(due))


ORDINARY = answer(
    hours_in(BERLIN, WORKDAYS, "09:00-17:00"),
    "2025-01-06T09:00 2025-01-08T11:00",
    18 * 60,
    "2025-01-08T11:00",
)

ANSWERS = {
    "an ordinary week": ORDINARY,
    "lunch does not count": answer(
        hours_in(BERLIN, WORKDAYS, "09:00-12:00", "13:00-17:00"),
        "2025-01-06T10:30 2025-01-06T12:30",
        60,
        "2025-01-06T12:30",
    ),
    "due at closing time, not at the next opening": answer(
        hours_in(BERLIN, WORKDAYS, "09:00-17:00"),
        "2025-01-10T14:00 2025-01-13T08:00",
        120,
        "2025-01-10T16:00",
    ),
    "the last half second counts": answer(
        hours_in(BERLIN, WORKDAYS, "09:00-17:00"),
        "2025-01-06T08:00:30.500001 2025-01-06T08:01:01",
        30.499999 / 60,
        "2025-01-06T08:01:01",
    ),
    "a holiday is a local date": answer(
        hours_in(AUCKLAND, WORKDAYS, "09:00-17:00", shut="2025-01-08"),
        "2025-01-06T20:00 2025-01-09T04:00",
        16 * 60,
        "2025-01-09T04:00",
    ),
    "half-hour offsets": answer(
        hours_in(KOLKATA, WORKDAYS, "09:30-18:30"),
        "2025-01-05T00:00 2025-01-06T18:00",
        9 * 60,
        "2025-01-06T13:00",
    ),
    "a night shift while the clocks go back": answer(
        hours_in(BERLIN, "6", "00:00-06:00"),
        "2025-10-25T20:00 2025-10-26T12:00",
        7 * 60,
        "2025-10-26T05:00",
    ),
    "a night shift while the clocks go forward": answer(
        hours_in(BERLIN, "6", "00:00-06:00"),
        "2025-03-29T20:00 2025-03-30T12:00",
        5 * 60,
        "2025-03-30T04:00",
    ),
    "a shift inside the hour that comes twice": answer(
        hours_in(BERLIN, "6", "02:15-02:45"),
        "2025-10-25T20:00 2025-10-26T12:00",
        60,
        "2025-10-26T01:45",
    ),
    "a shift that ends in the hour that is skipped": answer(
        hours_in(BERLIN, "6", "01:30-02:30"),
        "2025-03-29T20:00 2025-03-30T12:00",
        30,
        "2025-03-30T01:00",
    ),
    "a week that starts in winter and ends in summer": answer(
        hours_in(LONDON, WORKDAYS, "09:00-17:00"),
        "2025-03-28T12:00 2025-03-31T10:00",
        7 * 60,
        "2025-03-31T10:00",
    ),
    "clocks that go back by half an hour": answer(
        hours_in(LORD_HOWE, "6", "01:00-03:00"),
        "2025-04-05T10:00 2025-04-06T10:00",
        150,
        "2025-04-05T16:30",
    ),
    "a Friday that never was": answer(
        hours_in(APIA, WORKDAYS, "00:00-00:00"),
        "2011-12-29T10:00 2012-01-01T10:00",
        24 * 60,
        "2011-12-30T10:00",
    ),
    "clocks that go back for Ramadan": answer(
        hours_in(CASABLANCA, "6", "00:00-06:00"),
        "2025-02-22T12:00 2025-02-23T12:00",
        7 * 60,
        "2025-02-23T06:00",
    ),
    "clocks that go forward by two hours": answer(
        hours_in(TROLL, "6", "00:00-04:00"),
        "2025-03-29T12:00 2025-03-30T12:00",
        2 * 60,
        "2025-03-30T02:00",
    ),
    "clocks that go back by two hours": answer(
        hours_in(TROLL, "6", "00:00-04:00"),
        "2025-10-25T12:00 2025-10-26T12:00",
        6 * 60,
        "2025-10-26T04:00",
    ),
    "a midnight that does not exist": answer(
        hours_in(SAO_PAULO, "6", "00:00-06:00"),
        "2018-11-03T12:00 2018-11-04T12:00",
        5 * 60,
        "2018-11-04T08:00",
    ),
    "a midnight that comes twice": answer(
        hours_in(SAO_PAULO, "5", "22:00-00:00"),
        "2018-02-17T12:00 2018-02-18T12:00",
        3 * 60,
        "2018-02-18T03:00",
    ),
    "a holiday whose midnight comes twice": answer(
        hours_in(SAO_PAULO, "56", "00:00-00:00", shut="2018-02-17"),
        "2018-02-17T12:00 2018-02-18T12:00",
        9 * 60,
        "2018-02-18T12:00",
    ),
    "an evening in Cairo that is an hour longer": answer(
        hours_in(CAIRO, "3", "22:00-00:00"),
        "2023-10-26T12:00 2023-10-27T12:00",
        3 * 60,
        "2023-10-26T22:00",
    ),
    "a Friday in Cairo that begins at one": answer(
        hours_in(CAIRO, "4", "00:00-08:00"),
        "2023-04-27T12:00 2023-04-28T12:00",
        7 * 60,
        "2023-04-28T05:00",
    ),
    "yesterday comes back for an hour, a minute after midnight": answer(
        hours_in(ST_JOHNS, "5", "23:00-00:00"),
        "2010-11-06T12:00 2010-11-07T12:00",
        119,
        "2010-11-07T03:30",
    ),
}
