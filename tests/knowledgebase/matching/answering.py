"""What the matcher, and what the naive one, finds for the labelled tickets."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from knowledgebase.matching import Asked, Index, Weights, scored
from knowledgebase.matching.cleaning import repaired
from knowledgebase.matching.index import Background
from knowledgebase.matching.weights import WEIGHTS
from tests.knowledgebase.matching.articles import KNOWN
from tests.knowledgebase.matching.drawing import Ticket, alike, drawn, names, tickets
from tests.knowledgebase.matching.labels import labels
from tests.knowledgebase.matching.measuring import Answer, Scored
from tests.knowledgebase.matching.naive import guesses

MOST = 3
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GERMAN = re.compile(
    r"\b(?:der|die|das|und|ist|nicht|bitte|für|mit|auf|eine?|keine?|kann|im|zu|von|den"
    r"|wird|ich|bei|defekt|funktioniert|geht|drucker|rechner|fehler|druckt)\b"
)
ENGLISH = re.compile(
    r"\b(?:the|to|is|not|and|for|please|of|on|my|with|from|unable|issue|password|reset"
    r"|failed|in|a|i|at|account)\b"
)


class Labelled:
    """The tickets, read once. ``past`` are those that nobody labelled."""

    def __init__(self) -> None:
        everything = tickets()
        sample = drawn(everything)
        rows = {ticket.row for ticket in sample}
        self._by_row = {ticket.row: ticket for ticket in sample}
        self.past = [asked(one) for one in everything if one.row not in rows]
        groups = alike(sample, names=names(everything))
        self._group = {row: min(group) for group in groups for row in group}

    @cached_property
    def background(self) -> Background:
        return Background.of(self.past)

    def answers(
        self, part: str, *, weights: Weights = WEIGHTS, with_past: bool = True
    ) -> list[Answer]:
        past = self.background if with_past else Background.of([])
        index = Index(KNOWN, past, weights)
        return self._answers(part, lambda ticket: _best(asked(ticket), index))

    def naive(self, part: str) -> list[Answer]:
        return self._answers(part, lambda ticket: guesses(ticket.title))

    def _answers(
        self, part: str, find: Callable[[Ticket], Sequence[Scored]]
    ) -> list[Answer]:
        return [
            Answer(
                label,
                find(self._by_row[label.row]),
                group=self._group[label.row],
                language=language(self._by_row[label.row]),
            )
            for label in labels()
            if label.part == part
        ]


def asked(ticket: Ticket) -> Asked:
    """The public tickets name neither service nor category."""
    return Asked(subject=ticket.title, text=ticket.body)


def _best(question: Asked, index: Index) -> Sequence[Scored]:
    found = scored(question, index)
    return sorted(found, key=lambda one: (-one.score, one.code))[:MOST]


def language(ticket: Ticket) -> str:
    """By signs and common words; good enough for a table, wrong for some."""
    text = repaired(f"{ticket.title} {ticket.body}").lower()
    if CHINESE.search(text):
        return "Chinese"
    german, english = len(GERMAN.findall(text)), len(ENGLISH.findall(text))
    return "German" if german > english else "English"
