"""However many articles there are, few are looked at for one ticket."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest

from knowledgebase.matching import Asked, Index, Known, candidates, scoring
from knowledgebase.matching.machine import Machine
from knowledgebase.matching.scoring import MOST_READ
from tests.knowledgebase.matching.many import articles, questions

MANY, FEW = 10_000, 200


@pytest.fixture(scope="module")
def known() -> list[Known]:
    return articles(MANY)


@pytest.fixture(scope="module")
def index(known: list[Known]) -> Index:
    return Index.of(known)


@contextmanager
def calls_of(owner: object, name: str) -> Iterator[mock.Mock]:
    with mock.patch.object(
        owner, name, autospec=True, side_effect=getattr(owner, name)
    ) as spy:
        yield spy


def test_few_articles_are_scored_and_the_right_one_is_among_them(
    index: Index, known: list[Known]
) -> None:
    for code, asked in questions(known, 25):
        with calls_of(scoring, "_candidate") as looked_at:
            [first, *_rest] = candidates(asked, index)
        assert first.code == code
        assert 0 < looked_at.call_count <= FEW


def test_places_of_the_index_that_are_read_are_bounded(
    index: Index, known: list[Known]
) -> None:
    holders = {key: len(index.holding(key)) for key in index.entries[0].terms}
    common = max(holders, key=lambda key: holders[key])
    assert holders[common] > MOST_READ
    with calls_of(scoring, "_candidate") as looked_at:
        candidates(Asked(subject=common, text=known[0].body), index)
    assert looked_at.call_count == FEW


def test_few_signatures_are_tried_on_a_text(index: Index) -> None:
    asked = Asked(subject="it says code-00042", text="code code-00 code-99999")
    with calls_of(Machine, "search") as tried:
        [first] = candidates(asked, index)
    assert first.code == "article-00042"
    assert tried.call_count == 1
