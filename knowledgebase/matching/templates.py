"""Lines that stand in many tickets word for word: questions of forms, set phrases."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Self

from knowledgebase.matching.terms import plain

# In so many tickets, with so many words, a line is nobody's own.
OFTEN: Final = 5
_WORDS: Final = 3
# A text of fewer lines is no form.
_LINES: Final = 3


class Templates:
    """What past tickets taught; without any, nothing is a template."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._lines = frozenset(lines)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        seen = Counter(line for text in texts for line in set(_asked(text)))
        return cls(line for line, times in seen.items() if times >= OFTEN)

    def filled_in(self, text: str) -> str:
        """The text with the answers alone."""
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < _LINES:
            return text
        return "\n".join(self._own(line) for line in lines)

    def _own(self, line: str) -> str:
        if _shape(line) in self._lines:
            return ""
        question, _colon, answer = line.rpartition(":")
        return answer if _shape(question) in self._lines else line


def _asked(text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines if len(lines) >= _LINES else ():
        for part in {line, line.rpartition(":")[0]}:
            if shape := _shape(part):
                yield shape


def _shape(line: str) -> str:
    """The words alone; nothing where they are too few to be a phrase."""
    words = [word for word in plain(line).split() if word.isalpha()]
    return " ".join(words) if len(words) >= _WORDS else ""
