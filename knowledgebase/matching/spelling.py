"""The known word that a misspelt one was meant to be."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

# Words with fewer trigrams in common are not compared letter by letter.
ALIKE: Final = 0.25
SHORTEST: Final = 5
# So many letters are for one slip; nobody is taken to have made three.
_A_SLIP: Final = 4
_MOST_SLIPS: Final = 2


class Likeness(NamedTuple):
    """``share``: of the letters, those that are right."""

    word: str
    share: float


class Spelling:
    """``words`` are those that can be meant."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sizes: dict[str, int] = {}
        self._with: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(filter(_is_long, set(words))):
            self._sizes[word] = len(trigrams(word))
            for trigram in trigrams(word):
                self._with[trigram].append(word)

    def nearest(self, word: str) -> Likeness | None:
        """None where it would take more than a slip or two; of equals the first by
        alphabet."""
        near = [
            Likeness(other, 1 - slips / len(word))
            for other in self._alike(word)
            if (slips := slips_between(word, other)) <= _allowed(word)
        ]
        return min(near, key=lambda one: (-one.share, one.word), default=None)

    def _alike(self, word: str) -> list[str]:
        if not _is_long(word):
            return []
        own = trigrams(word)
        common = Counter(
            other for trigram in own for other in self._with.get(trigram, ())
        )
        return [
            other
            for other, shared in common.items()
            if shared >= ALIKE * (len(own) + self._sizes[other] - shared)
        ]


def trigrams(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def slips_between(word: str, other: str) -> int:
    """Letters too many, missing, wrong, or two that changed places."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, start=1):
        earlier, before, row = before, row, [at]
        for place, meant in enumerate(other, start=1):
            slips = min(
                before[place] + 1,
                row[place - 1] + 1,
                before[place - 1] + (letter != meant),
            )
            swapped = (
                at > 1 and place > 1 and word[at - 2 : at] == meant + other[place - 2]
            )
            row.append(min(slips, earlier[place - 2] + 1) if swapped else slips)
    return row[-1]


def _is_long(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _allowed(word: str) -> int:
    return min(len(word) // _A_SLIP, _MOST_SLIPS)
