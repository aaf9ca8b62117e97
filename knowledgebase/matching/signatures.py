"""Which signatures hit a text. Few are tried: those whose fixed letters stand in it."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from knowledgebase.matching.cleaning import LONGEST
from knowledgebase.matching.machine import Machine
from knowledgebase.matching.patterns import (
    Class,
    Either,
    Literal,
    Node,
    Refused,
    Repeat,
    Row,
    Why,
    parse,
)
from knowledgebase.matching.terms import plain

# Letters in a row that any match must have: fewer, and every text would be tried.
SHORTEST_ANCHOR: Final = 3
# Letters and digits that any match must have, words of any error apart.
TELLING: Final = 4
_OF_ANY_ERROR: Final = re.compile(
    r"\b(?:errors?|fail(?:ed|ure|s)?|warnings?|exceptions?|timeouts?|denied|access|code"
    r"|fehler|message|not|cannot|unable|problem|issue|is|the|a)\b"
)


class Hit(NamedTuple):
    """``found`` is the text that was hit. A generic one says little alone. ``telling``:
    1 where hardly any past ticket was hit, the less the more were."""

    code: str
    found: str
    is_generic: bool
    telling: float


@dataclass(frozen=True, slots=True)
class Signature:
    """A pattern that may be tried. ``anchors``: one of them is in every match."""

    machine: Machine
    anchors: frozenset[str]
    is_generic: bool

    @classmethod
    def of(cls, pattern: str) -> "Signature":
        """Raises ``Refused``, which says what its editor has to change."""
        node = parse(pattern)
        anchors = _anchors(node)
        if _shortest(anchors) < SHORTEST_ANCHOR:
            raise Refused(Why.NO_ANCHOR, SHORTEST_ANCHOR)
        return cls(Machine(node), anchors, is_generic=_telling(node) < TELLING)

    def found_in(self, text: str) -> str:
        """What of the text it hits, folded, or nothing."""
        return self.machine.search(plain(text[:LONGEST])).strip()


class Signatures:
    """All of them, to be tried on one text after another."""

    def __init__(
        self, patterns: Iterable[tuple[str, str]], past: Sequence[str] = ()
    ) -> None:
        """Pairs of an article's code and a pattern, and texts of past tickets."""
        self.refused: list[tuple[str, str]] = []
        self._all = list(self._allowed(patterns))
        anchors = [anchor for _code, one in self._all for anchor in one.anchors]
        seen = Counter(part for anchor in anchors for part in set(_parts(anchor)))
        self._by_part: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, (_code, one) in enumerate(self._all):
            for anchor in one.anchors:
                rarest = min(_parts(anchor), key=lambda part: (seen[part], part))
                self._by_part[rarest].append((anchor, number))
        self._telling = self._told_by(past)

    def _told_by(self, past: Sequence[str]) -> list[float]:
        hit = Counter(
            number for text in past for number, _found in self._found(plain(text))
        )
        rarest = math.log(1 + len(past))
        return [
            math.log((1 + len(past)) / (1 + hit[number])) / rarest if past else 1.0
            for number in range(len(self._all))
        ]

    def _allowed(
        self, patterns: Iterable[tuple[str, str]]
    ) -> Iterator[tuple[str, Signature]]:
        for code, pattern in sorted(patterns):
            try:
                yield code, Signature.of(pattern)
            except Refused:
                self.refused.append((code, pattern))

    def hits(self, text: str) -> list[Hit]:
        return [
            Hit(code, found, one.is_generic, self._telling[number])
            for number, found in self._found(plain(text))
            for code, one in [self._all[number]]
        ]

    def _found(self, text: str) -> Iterator[tuple[int, str]]:
        for number in sorted(self._to_try(text)):
            if found := self._all[number][1].machine.search(text).strip():
                yield number, found

    def _to_try(self, text: str) -> set[int]:
        return {
            number
            for part in set(_parts(text)) & self._by_part.keys()
            for anchor, number in self._by_part[part]
            if anchor in text
        }


def _parts(text: str) -> Iterator[str]:
    for start in range(len(text) - SHORTEST_ANCHOR + 1):
        yield text[start : start + SHORTEST_ANCHOR]


def _anchors(node: Node) -> frozenset[str]:
    """Texts of which every match has one; the set whose shortest is longest."""
    found = [frozenset({run}) for run in _runs(node)]
    for part in node.parts if isinstance(node, Row) else (node,):
        if isinstance(part, Repeat) and part.least:
            found.append(_anchors(part.part))
        if isinstance(part, Either):
            ways = [_anchors(way) for way in part.ways]
            found.append(frozenset().union(*ways) if all(ways) else frozenset())
    return max(found, key=_shortest, default=frozenset())


def _shortest(anchors: frozenset[str]) -> int:
    return min((len(anchor.strip()) for anchor in anchors), default=0)


def _runs(node: Node) -> list[str]:
    runs = [""]
    for part in node.parts if isinstance(node, Row) else (node,):
        if isinstance(part, Literal):
            runs[-1] += part.letter
        else:
            runs.append("")
    return [run for run in runs if run]


def _telling(node: Node) -> int:
    """How many letters and digits every match has, words of any error apart."""
    told = _OF_ANY_ERROR.sub(" ", _least(node))
    return sum(letter.isalnum() for letter in told)


def _least(node: Node) -> str:
    """The shortest text that could match; a class of digits counts as one."""
    match node:
        case Literal(letter):
            return letter
        case Class(kinds=kinds):
            return "0" if kinds == {"d"} else " "
        case Row(parts):
            return "".join(map(_least, parts))
        case Either(ways):
            return min(map(_least, ways), key=len)
        case Repeat(part, least, _most):
            return _least(part) * least
        case _:
            return ""
