"""The figures in the manual are what the command gives, and mean what they say."""

import re
from types import SimpleNamespace

import pytest

from tests.knowledgebase.matching import measuring
from tests.knowledgebase.matching.drawing import TICKETS
from tests.knowledgebase.matching.labels import Label
from tests.knowledgebase.matching.measuring import LENIENT, PLAIN, STRICT, Answer, Share
from tests.knowledgebase.matching.report import DOCS, committed, report, thinned


def answer(
    label: str,
    *found: tuple[str, float],
    also: str = "",
    sure: bool = True,
    group: int = 1,
) -> Answer:
    return Answer(
        Label(row=1, label=label, also=also, is_sure=sure, part="train"),
        [SimpleNamespace(code=code, score=score) for code, score in found],
        group=group,
        language="English",
    )


SOME = [
    answer("a", ("a", 0.9), ("b", 0.8)),
    answer("a", ("b", 0.8), ("a", 0.7), also="b"),
    answer("a", ("b", 0.7), ("a", 0.6), sure=False),
    answer("a", ("c", 0.3)),
    answer("none", ("a", 0.6)),
    answer("none"),
]


@pytest.mark.skipif(
    not TICKETS.exists(), reason=f"the public tickets {TICKETS.name} are not here"
)
def test_figures_in_the_manual_are_what_the_command_gives() -> None:
    assert committed() == report()


def test_what_the_manual_says_in_short_stands_in_its_figures() -> None:
    in_short = DOCS.read_text().partition("## In short")[2].partition("## ")[0]
    said = re.findall(r"\*\*([\d.]+) %\*\*", in_short)
    assert len(said) == 2
    assert all(f"{share}%" in committed() for share in said)


def test_coverage_is_of_all_tickets() -> None:
    assert measuring.coverage(SOME, 0.5) == Share(4, 6)
    assert measuring.coverage(SOME, 0) == Share(5, 6)


def test_precision_is_of_those_shown_and_none_is_never_right() -> None:
    assert measuring.precision(SOME, 0.5, LENIENT) == Share(2, 4)
    assert measuring.precision(SOME, 0.5, PLAIN) == Share(1, 4)
    assert measuring.precision(SOME, 0.5, STRICT) == Share(1, 3)


def test_hit_rate_is_of_those_with_an_article() -> None:
    assert measuring.hits(SOME, 0, LENIENT, 3) == Share(3, 4)
    assert measuring.hits(SOME, 0.65, LENIENT, 3) == Share(2, 4)
    assert measuring.hits(SOME, 0, PLAIN, 1) == Share(1, 4)


def test_needless_is_of_those_without_an_article() -> None:
    assert measuring.needless(SOME, 0.5) == Share(1, 2)


def test_a_threshold_shows_at_least_the_share_asked_for() -> None:
    assert measuring.threshold_for(SOME, 0.5) == 0.7
    assert measuring.precision_for(SOME, 0.5, LENIENT) == Share(2, 3)


def test_ranges_are_wilsons() -> None:
    low, high = Share(8, 10).range
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
    assert Share(0, 0).range == (0, 1)
    assert Share(10, 10).range[1] == pytest.approx(1)


def test_ranges_of_drawing_again_are_wider_where_tickets_are_alike() -> None:
    tickets = [("a" if number % 4 else "b", number) for number in range(40)]
    apart = [answer(code, ("a", 1.0), group=number) for code, number in tickets]
    alike = [answer(code, ("a", 1.0), group=number % 4) for code, number in tickets]
    [(low, high)] = measuring.resampled(apart, [1.0], LENIENT)
    assert 0.5 < low < 0.75 < high < 1
    [(wide_low, wide_high)] = measuring.resampled(alike, [1.0], LENIENT)
    assert wide_high - wide_low > high - low
    assert measuring.resampled(apart, [1.0], LENIENT) == [(low, high)]


def test_no_text_counts_more_than_five_times() -> None:
    assert len(thinned([answer("a", group=1)] * 9 + [answer("a", group=2)] * 3)) == 8
