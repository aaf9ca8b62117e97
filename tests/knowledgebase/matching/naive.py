"""What the matcher is compared with: how many words of the titles are the same."""

import re
from typing import NamedTuple

from tests.knowledgebase.matching.articles import ARTICLES

WORD = re.compile(r"\w+")


class Guess(NamedTuple):
    code: str
    score: float


def guesses(title: str) -> list[Guess]:
    """Words of both titles by words of either; of equals the first by code."""
    own = set(WORD.findall(title.lower()))
    found = [
        Guess(article.code, _likeness(own, set(WORD.findall(article.title.lower()))))
        for article in ARTICLES
    ]
    shared = [guess for guess in found if guess.score > 0]
    return sorted(shared, key=lambda guess: (-guess.score, guess.code))[:3]


def _likeness(own: set[str], words: set[str]) -> float:
    return len(own & words) / len(own | words)
