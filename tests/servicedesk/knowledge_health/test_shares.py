"""A share says how surely it is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.knowledge_health.shares import Share

counts = st.integers(0, 500).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)


def test_one_of_one_does_not_beat_forty_of_fortyfive() -> None:
    """By the share alone it did."""
    one, many = Share(1, 1), Share(40, 45)
    assert one.value is not None
    assert many.value is not None
    assert one.value > many.value
    assert one.low < many.low


def test_one_failure_is_not_worse_than_ten() -> None:
    assert Share(0, 1).high > Share(0, 10).high


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # From Wilson's formula, worked out by hand elsewhere; 8 of 10 is in textbooks.
    [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0)],
)
def test_the_range_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    share = Share(part, whole)
    assert share.low == pytest.approx(low, abs=0.001)
    assert share.high == pytest.approx(high, abs=0.001)


def test_of_nothing_nothing_is_known() -> None:
    share = Share(0, 0)
    assert share.value is None
    assert (share.low, share.high) == (0.0, 1.0)


@given(counts)
def test_a_share_lies_in_its_range(count: tuple[int, int]) -> None:
    share = Share(*count)
    assert 0 <= share.low <= share.high <= 1
    if share.value is not None:
        assert share.low - 1e-9 <= share.value <= share.high + 1e-9


@given(counts)
def test_the_ends_are_where_the_share_would_just_be_believed(
    count: tuple[int, int],
) -> None:
    """What Wilson's range is: the shares for which the count is 1.96 deviations off."""
    share = Share(*count)
    if not share.whole:
        return
    for end in (share.low, share.high):
        if 1e-9 < end < 1 - 1e-9:
            off = abs(share.part / share.whole - end)
            deviation = math.sqrt(end * (1 - end) / share.whole)
            assert off / deviation == pytest.approx(1.959964, rel=1e-6)
