"""What a question about working time costs, beside the usual day walk.

    python -m tests.benchmarks.business_time [--rounds 5]

Both answer the same questions in the same run, so the ratios hold on any machine. The
answers are compared first; each figure is the best of the rounds, per call.
"""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import NamedTuple

from sla.business_time import (
    WorkingHours,
    _offsets,
    _table,
    add_working_time,
    segments,
    working_time_between,
)
from tests.sla.by_hand import EVERY_DAY, WORKDAYS, hours_in
from tests.sla.naive_versions import DayWalk

START = datetime(2025, 1, 7, 10, 23, 45, 678901, tzinfo=UTC)
SHUT = " ".join(f"{year}-12-25 {year}-12-26" for year in range(2015, 2040))
OFFICE = hours_in("Europe/Berlin", WORKDAYS, "09:00-12:30", "13:30-17:30", shut=SHUT)
ALWAYS = hours_in("Europe/Berlin", EVERY_DAY, "00:00-00:00")
SPANS = {"1 day": 1, "30 days": 30, "1 year": 365, "5 years": 1826, "10 years": 3652}
WALK = DayWalk()


class Cost(NamedTuple):
    ours: float
    walk: float


def seconds(question: Callable[[], object], rounds: int) -> float:
    """The best time per call."""
    calls = 1
    while once(question, calls) < 0.02:
        calls *= 4
    return min(once(question, calls) for _ in range(rounds)) / calls


def once(question: Callable[[], object], calls: int) -> float:
    began = perf_counter()
    for _ in range(calls):
        question()
    return perf_counter() - began


def between(hours: WorkingHours, days: int, rounds: int) -> Cost:
    end = START + timedelta(days=days)
    if working_time_between(START, end, hours) != WALK.between(START, end, hours):
        raise SystemExit("The two disagree.")
    return Cost(
        seconds(lambda: working_time_between(START, end, hours), rounds),
        seconds(lambda: WALK.between(START, end, hours), rounds),
    )


def due(hours: WorkingHours, days: int, rounds: int) -> Cost:
    amount = working_time_between(START, START + timedelta(days=days), hours)
    if add_working_time(START, amount, hours) != WALK.due(START, amount, hours):
        raise SystemExit("The two disagree.")
    return Cost(
        seconds(lambda: add_working_time(START, amount, hours), rounds),
        seconds(lambda: WALK.due(START, amount, hours), rounds),
    )


def cold_year() -> None:
    _table.cache_clear()
    _offsets.cache_clear()
    working_time_between(START, START, OFFICE)


def show(what: str, span: str, cost: Cost) -> None:
    print(  # noqa: T201
        f"{what:<22}{span:>9}{cost.ours * 1e6:>12.2f} us{cost.walk * 1e6:>12.2f} us"
        f"{cost.walk / cost.ours:>10.0f} x"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print(f"{'':<22}{'span':>9}{'here':>15}{'day walk':>15}{'ratio':>12}")  # noqa: T201
    for name, hours in {"office": OFFICE, "24x7": ALWAYS}.items():
        for span, days in SPANS.items():
            show(f"between, {name}", span, between(hours, days, rounds))
            show(f"due, {name}", span, due(hours, days, rounds))
    month = START + timedelta(days=30)
    explained = seconds(lambda: list(segments(START, month, OFFICE)), rounds)
    print(f"segments of 30 days    {explained * 1e6:10.1f} us")  # noqa: T201
    built = seconds(cold_year, rounds)
    print(f"one year, built anew   {built * 1e6:10.1f} us")  # noqa: T201


if __name__ == "__main__":
    main()
