"""Answers worked out on paper hold here, and catch each of the usual mistakes."""

import pytest

from sla.business_time import add_working_time, working_time_between
from tests.sla.by_hand import ANSWERS, ORDINARY, Answer
from tests.sla.naive_versions import NAIVE_VERSIONS, DayWalk


def agrees(version: DayWalk, answer: Answer) -> bool:
    return (
        version.between(answer.start, answer.end, answer.hours) == answer.worked
        and version.due(answer.start, answer.worked, answer.hours) == answer.due
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_on_paper_is_given_in_both_directions(name: str) -> None:
    answer = ANSWERS[name]
    start, hours = answer.start, answer.hours
    assert working_time_between(start, answer.end, hours) == answer.worked
    assert add_working_time(start, answer.worked, hours) == answer.due
    assert working_time_between(start, answer.due, hours) == answer.worked


@pytest.mark.parametrize("version", NAIVE_VERSIONS)
def test_a_naive_version_passes_an_ordinary_week(version: type[DayWalk]) -> None:
    assert agrees(version(), ORDINARY)


@pytest.mark.parametrize(("version", "name"), NAIVE_VERSIONS.items())
def test_a_naive_version_is_caught(version: type[DayWalk], name: str) -> None:
    assert not agrees(version(), ANSWERS[name])
