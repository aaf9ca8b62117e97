"""The labelled tickets are what the drawing says, and give away no text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from tests.knowledgebase.matching.articles import ARTICLES, BY_CODE
from tests.knowledgebase.matching.drawing import (
    SEEN,
    TICKETS,
    Ticket,
    alike,
    drawn,
    drawn_again,
    names,
    parts,
    tickets,
)
from tests.knowledgebase.matching.labels import (
    AGAIN,
    FIRST,
    NONE,
    labels,
    second_reading,
)

# Words in a row that an article may share with a ticket: a set phrase of monitoring.
LONGEST_RUN = 7


@pytest.fixture(scope="module")
def everything() -> list[Ticket]:
    if not TICKETS.exists():
        pytest.skip(f"the public tickets {TICKETS.name} are not here")
    return tickets()


def test_every_article_has_a_code_of_its_own() -> None:
    assert len(BY_CODE) == len(ARTICLES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", code) for code in BY_CODE)


def test_every_signature_is_a_regular_expression_that_needs_a_text() -> None:
    for article in ARTICLES:
        for signature in article.signatures:
            assert not re.search(signature, "", re.IGNORECASE), article.code


def test_every_label_is_an_article_or_none() -> None:
    for label in labels():
        assert label.label in {NONE, *BY_CODE}, label.row
        assert label.also in {"", *BY_CODE} - {label.label}, label.row
        assert not (label.label == NONE and label.also), label.row


def test_second_labels_are_articles_or_none_too() -> None:
    assert set(second_reading().values()) <= {NONE, *BY_CODE}


def test_no_ticket_is_labelled_twice() -> None:
    rows = [label.row for label in labels()]
    assert rows == sorted(set(rows))


def test_files_hold_row_ids_and_codes_alone() -> None:
    code = f"(?:{NONE}|{'|'.join(BY_CODE)})"
    first, again = FIRST.read_text(), AGAIN.read_text()
    assert re.fullmatch(
        rf"row,label,also,sure,part\n(?:\d{{1,4}},{code},(?:{code})?,(?:yes|no),(?:train|test)\n)+",
        first,
    )
    assert re.fullmatch(rf"row,label\n(?:\d{{1,4}},{code}\n)+", again)


def test_sample_is_what_the_seed_draws(everything: list[Ticket]) -> None:
    assert {label.row for label in labels()} == {
        ticket.row for ticket in drawn(everything)
    }


def test_parts_are_what_the_seed_splits(everything: list[Ticket]) -> None:
    assert {label.row: label.part for label in labels()} == parts(everything)


def test_parts_are_about_half_each() -> None:
    counted = Counter(label.part for label in labels())
    assert abs(counted["train"] - counted["test"]) <= len(labels()) / 10


def test_near_duplicates_are_in_one_part(everything: list[Ticket]) -> None:
    part = {label.row: label.part for label in labels()}
    for group in alike(drawn(everything), names=names(everything)):
        assert len({part[row] for row in group}) == 1, group


def test_same_text_but_for_numbers_is_in_one_part(everything: list[Ticket]) -> None:
    """Without the measure of likeness that the split itself is made by."""
    part = {label.row: label.part for label in labels()}
    found: dict[str, set[str]] = defaultdict(set)
    for ticket in drawn(everything):
        text = re.sub(r"\S*\d\S*|\W+", " ", f"{ticket.title} {ticket.body}").lower()
        found[" ".join(text.split())].add(part[ticket.row])
    found.pop("", None)
    assert [text for text, where in found.items() if len(where) > 1] == []


def test_tickets_seen_before_are_of_the_sample() -> None:
    assert {label.row for label in labels()} >= SEEN


def test_second_reading_is_of_the_tickets_drawn_for_it(
    everything: list[Ticket],
) -> None:
    assert second_reading().keys() == {
        ticket.row for ticket in drawn_again(drawn(everything))
    }


def test_reader_agrees_with_the_first_reading_as_the_manual_says() -> None:
    first = {label.row: label.label for label in labels()}
    again = second_reading()
    agreed = sum(first[row] == label for row, label in again.items())
    assert (agreed, len(again)) == (58, 60)


def test_articles_are_in_words_of_our_own(everything: list[Ticket]) -> None:
    ours = {
        run
        for article in ARTICLES
        for text in (
            article.title,
            article.symptom,
            article.cause,
            article.for_agents,
            article.for_reporters,
        )
        for run in _runs(text)
    }
    for ticket in everything:
        assert ours.isdisjoint(_runs(ticket.title)), ticket.row
        assert ours.isdisjoint(_runs(ticket.body)), ticket.row


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of words that is longer than a set phrase."""
    words = re.findall(r"\w+", text.lower())
    for start in range(len(words) - LONGEST_RUN):
        yield tuple(words[start : start + LONGEST_RUN + 1])
