"""Signatures as editors write them: a part of regular expressions that cannot run away.

Python's ``re`` goes back and tries again, so one careless pattern may take hours. These
are never given to it. What is allowed: letters and signs as they stand, ``.``, classes
``[a-z]`` and ``[^;]``, ``\\d \\w \\s`` and ``\\D \\W \\S``, ``\\b``, groups, ``|``, and
the repeats ``? * + {2,5}``. No look-around, no going back to a group, no flags: case
and accents never matter.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from knowledgebase.matching.terms import plain

# A typed signature of 120 signs, each of them escaped, fits.
LONGEST: Final = 250
MOST_REPEATS: Final = 50
DEEPEST: Final = 10
_SPECIAL: Final = frozenset("dDwWsSb")
_SIGNS: Final = r"\.[]{}()*+?|^$/-_:;,#&%!\"'<>=@~ "


class Why(StrEnum):
    """What is wrong with a pattern; ``knowledgebase.reasons`` has it in words."""

    TOO_LONG = auto()
    TOO_DEEP = auto()
    TOO_LARGE = auto()
    NO_ANCHOR = auto()
    NOT_OPENED = auto()
    NOT_CLOSED = auto()
    NOTHING_TO_REPEAT = auto()
    REPEATED_TWICE = auto()
    NO_COUNT = auto()
    UNKNOWN = auto()
    EMPTY = auto()
    NO_RANGE = auto()
    FOLDED = auto()


class Refused(ValueError):  # noqa: N818 - reads as what happened
    """``about`` is the sign that is meant, or the greatest number allowed."""

    def __init__(self, why: Why, about: str | int = "") -> None:
        super().__init__(why, about)
        self.why = why
        self.about = str(about)


@dataclass(frozen=True, slots=True)
class Literal:
    letter: str


@dataclass(frozen=True, slots=True)
class Class:
    """Any letter of ``letters``, ``ranges`` or ``kinds`` (``d``, ``w``, ``s``, or in
    capitals their opposites); any other where ``is_not``."""

    letters: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    kinds: frozenset[str] = frozenset()
    is_not: bool = False

    def takes(self, letter: str) -> bool:
        return self.is_not is not (
            letter in self.letters
            or any(first <= letter <= last for first, last in self.ranges)
            or any(is_kind(kind, letter) for kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class Edge:
    """Between a letter of a word and none."""


@dataclass(frozen=True, slots=True)
class Row:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    ways: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``most`` None: any number."""

    part: "Node"
    least: int
    most: int | None


Node = Literal | Class | Edge | Row | Either | Repeat


def is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


KINDS: Final[Mapping[str, Callable[[str], bool]]] = {
    "d": str.isdecimal,
    "s": str.isspace,
    "w": is_word,
}


def is_kind(kind: str, letter: str) -> bool:
    return KINDS[kind.lower()](letter) is kind.islower()


def parse(pattern: str) -> Node:
    """Raises ``Refused``. Letters are folded, as ``terms.plain`` folds texts."""
    if len(pattern) > LONGEST:
        raise Refused(Why.TOO_LONG, LONGEST)
    parser = _Parser(unicodedata.normalize("NFKC", pattern))
    node = parser.either(depth=0)
    if parser.next:
        raise Refused(Why.NOT_OPENED, ")")
    return node


def pattern_of(typed: str) -> str:
    """The pattern of a signature that knows one sign alone: ``*`` stands for any words
    of a line. It begins and ends where words do, as ``E1`` is not in ``E102``."""
    typed = typed.strip()
    parts = ("".join(map(_escaped, part)) for part in typed.split("*"))
    pattern = ".*".join(parts)
    before = r"\b" if is_word(typed[:1]) else ""
    after = r"\b" if is_word(typed[-1:]) else ""
    return f"{before}{pattern}{after}"


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in _SIGNS else letter


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    @property
    def next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        letter = self.next
        self.at += 1
        return letter

    def takes(self, letter: str) -> bool:
        if self.next != letter:
            return False
        self.at += 1
        return True

    def either(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise Refused(Why.TOO_DEEP, DEEPEST)
        ways = [self.row(depth)]
        while self.takes("|"):
            ways.append(self.row(depth))
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def row(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.next and self.next not in "|)":
            parts.append(self.repeated(self.one(depth)))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def one(self, depth: int) -> Node:
        letter = self.take()
        if letter == "(":
            return self.group(depth)
        if letter == "[":
            return self.bracket()
        if letter == "\\":
            return self.escaped()
        if letter == ".":
            return Class(letters=frozenset("\n"), is_not=True)
        if letter in "*+?{":
            raise Refused(Why.NOTHING_TO_REPEAT, letter)
        if letter in "^$":
            raise Refused(Why.UNKNOWN, letter)
        return _literal(letter)

    def group(self, depth: int) -> Node:
        if self.takes("?") and not self.takes(":"):
            raise Refused(Why.UNKNOWN, f"(?{self.next}")
        node = self.either(depth + 1)
        if not self.takes(")"):
            raise Refused(Why.NOT_CLOSED, "(")
        return node

    def escaped(self) -> Node:
        letter = self.take()
        if letter == "b":
            return Edge()
        if letter and letter in _SPECIAL:
            return Class(kinds=frozenset(letter))
        if letter and letter in _SIGNS:
            return _literal(letter)
        raise Refused(Why.UNKNOWN, f"\\{letter}")

    def bracket(self) -> Node:
        is_not = self.takes("^")
        letters, ranges, kinds = set[str](), list[tuple[str, str]](), set[str]()
        while not self.takes("]"):
            first = self.bracketed()
            if len(first) > 1:
                kinds.add(first[1])
            elif self.next == "-" and self.pattern[self.at + 1 : self.at + 2] != "]":
                self.take()
                ranges.append(_range(first, self.bracketed()))
            else:
                letters.add(first)
        if not (letters or ranges or kinds):
            raise Refused(Why.EMPTY, "[]")
        return Class(frozenset(letters), tuple(ranges), frozenset(kinds), is_not)

    def bracketed(self) -> str:
        """One letter, or ``\\`` and the letter of a kind."""
        letter = self.take()
        if not letter:
            raise Refused(Why.NOT_CLOSED, "[")
        if letter != "\\":
            return _folded(letter)
        escaped = self.take()
        if escaped and escaped in _SPECIAL - {"b"}:
            return f"\\{escaped}"
        if escaped and escaped in _SIGNS:
            return escaped
        raise Refused(Why.UNKNOWN, f"\\{escaped}")

    def repeated(self, node: Node) -> Node:
        if not self.next or self.next not in "*+?{":
            return node
        if isinstance(node, Edge):
            raise Refused(Why.NOTHING_TO_REPEAT, self.next)
        least, most = self.times()
        if self.next and self.next in "*+?{":
            raise Refused(Why.REPEATED_TWICE, self.next)
        return Repeat(node, least, most)

    def times(self) -> tuple[int, int | None]:
        sign = self.take()
        if sign != "{":
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at : max(end, self.at)].partition(",")
        self.at = end + 1
        if end < 0 or not _is_count(least) or (most and not _is_count(most)):
            raise Refused(Why.NO_COUNT, MOST_REPEATS)
        if not comma:
            return int(least), int(least)
        if most and int(most) < int(least):
            raise Refused(Why.NO_COUNT, MOST_REPEATS)
        return int(least), int(most) if most else None


def _literal(letter: str) -> Node:
    found = tuple(Literal(one) for one in plain(letter))
    return found[0] if len(found) == 1 else Row(found)


def _folded(letter: str) -> str:
    found = plain(letter)
    if len(found) != 1:
        raise Refused(Why.FOLDED, letter)
    return found


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:4]) <= MOST_REPEATS


def _range(first: str, last: str) -> tuple[str, str]:
    if len(last) > 1 or last < first:
        raise Refused(Why.NO_RANGE, f"{first}-{last}")
    return first, last
