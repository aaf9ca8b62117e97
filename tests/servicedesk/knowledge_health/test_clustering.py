"""Tickets that are alike make a group, whatever else is in the pile."""

import csv
import lzma
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.knowledge_health.clustering import (
    FEWEST,
    MOST_CORE,
    MOST_TERMS,
    NAMED_BY,
    Told,
    clusters,
)
from tests.knowledgebase.matching.drawing import TICKETS

NOISE = [
    "monitor flickers green",
    "badge reader refuses staff",
    "projector bulb expired",
    "invoice archive empty",
    "keyboard letters worn",
    "sensor battery swollen",
    "elevator panel dark",
    "coffee grinder jammed",
]
SCANNER = [
    "scanner loses pairing after lunch",
    "pairing of scanner lost again",
    "lost pairing: scanner on ward 3",
]
VOCABULARY = ["scanner", "pairing", "printer", "blank", "label", "vpn", "token"]
words = st.sampled_from(VOCABULARY)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)
piles = st.lists(st.tuples(texts, texts), max_size=25).map(
    lambda pile: [Told(code, *said) for code, said in enumerate(pile)]
)


def pile(*subjects: str) -> list[Told]:
    return [Told(code, subject) for code, subject in enumerate(subjects)]


def test_three_alike_are_a_group_named_by_what_they_share() -> None:
    (found,) = clusters(pile(*SCANNER, *NOISE))
    assert found.codes == (0, 1, 2)
    assert {"scanner", "pairing"} <= set(found.words)


def test_two_alike_are_none() -> None:
    assert clusters(pile(*SCANNER[:2], *NOISE)) == []


def test_an_error_code_alone_is_enough() -> None:
    said = ["E1027 on the screen", "what is E1027", "since today: e1027"]
    (found,) = clusters(pile(*said, *NOISE))
    assert found.codes == (0, 1, 2)
    assert found.words == ("e1027",)


def test_one_common_word_is_not() -> None:
    said = ["scanner dead", "scanner needs paper", "new scanner for ward 3"]
    assert clusters(pile(*said, *NOISE)) == []


def test_what_stands_in_every_ticket_tells_nothing() -> None:
    said = [f"hello helpdesk please {subject}" for subject in NOISE]
    assert clusters(pile(*said)) == []


def test_no_group_is_named_after_a_person() -> None:
    said = ["Archer Annabel waits", "call Annabel Archer", "Annabel Archer on leave"]
    assert clusters(pile(*said, *NOISE)) != []
    assert clusters(pile(*said, *NOISE), names=["Annabel Archer"]) == []


def test_of_nothing_there_is_nothing() -> None:
    assert clusters([]) == []
    assert clusters([Told(1, "", "")]) == []


@given(piles, st.randoms(use_true_random=False))
def test_the_order_of_the_tickets_does_not_matter(
    tickets: list[Told], chance: random.Random
) -> None:
    mixed = list(tickets)
    chance.shuffle(mixed)
    assert clusters(mixed) == clusters(tickets)


@given(piles)
def test_every_group_keeps_its_promises(tickets: list[Told]) -> None:
    found = clusters(tickets)
    codes = [code for one in found for code in one.codes]
    assert len(codes) == len(set(codes))
    assert set(codes) <= {one.code for one in tickets}
    sizes = [len(one.codes) for one in found]
    assert sizes == sorted(sizes, reverse=True)
    for one in found:
        assert len(one.codes) >= FEWEST
        assert 1 <= len(one.words) <= NAMED_BY
        assert len(one.core) <= MOST_CORE


@given(piles)
def test_tickets_of_a_group_share_two_terms(tickets: list[Told]) -> None:
    by_code = {one.code: one for one in tickets}
    for one in clusters(tickets):
        for code in one.codes:
            said = by_code[code]
            spoken = f"{said.subject} {said.text}"
            # Each of these words is its own term or its stem.
            held = [key for key in one.core if key[:4] in spoken]
            assert len(held) >= 2


def test_a_very_long_ticket_costs_no_more_than_its_most_telling_terms() -> None:
    """Naive, pairs of all its words were counted: millions."""
    long = " ".join(f"word{number}" for number in range(3000))
    tickets = [Told(code, "subject", long) for code in range(5)]
    for one in clusters([*tickets, *[Told(9 + n, s) for n, s in enumerate(NOISE)]]):
        assert len(one.core) <= MOST_TERMS


@pytest.mark.skipif(not TICKETS.exists(), reason="the public tickets are not here")
def test_real_tickets_make_groups_that_a_person_sees() -> None:
    """Read in the first 600: password resets, failed jobs and locked accounts are
    most of what this desk is asked."""
    with lzma.open(TICKETS, "rt", encoding="utf-8") as file:
        rows = [row for _number, row in zip(range(600), csv.DictReader(file))]  # noqa: B905 - as many as there are
    told = [
        Told(number, row["short_description"], row["description"])
        for number, row in enumerate(rows)
    ]
    found = clusters(told)
    largest = [set(one.words) for one in found[:5]]
    assert {"password", "reset"} in largest
    assert any({"failed", "job"} <= words for words in largest)
    assert any({"account", "locked"} <= words for words in largest)
    assert sum(len(one.codes) for one in found) > len(told) / 3
