"""Looks for a pattern letter by letter, all ways at once: the time is that of the text
times the pattern, whatever both are."""

from dataclasses import dataclass
from typing import Final

from knowledgebase.matching.patterns import (
    Class,
    Edge,
    Either,
    Literal,
    Node,
    Refused,
    Repeat,
    Row,
    Why,
    is_word,
)

MOST_STEPS: Final = 300


@dataclass(slots=True)
class _Step:
    """Takes one letter (``takes``), or none; then goes on to ``to``. The last step of a
    program goes nowhere."""

    takes: Literal | Class | Edge | None = None
    to: tuple[int, ...] = ()


class Machine:
    """One parsed pattern, ready to search. Raises ``Refused`` where it is too large."""

    def __init__(self, node: Node) -> None:
        self._steps: list[_Step] = [_Step()]
        self._first = self._before(node, 0)

    def search(self, text: str) -> str:
        """The first of the longest matches, or nothing. ``text`` as ``terms.plain``
        gives it."""
        began: dict[int, int] = {}
        best: tuple[int, int] | None = None
        for at in range(len(text) + 1):
            if best is None:
                began.setdefault(self._first, at)
            reached = self._spread(began, self._is_edge(text, at))
            best = _better(best, reached.get(0), at)
            if at == len(text) or (best and not reached):
                break
            began = self._taken(reached, text[at], best)
        return text[best[0] : best[1]] if best else ""

    def _spread(self, began: dict[int, int], is_edge: bool) -> dict[int, int]:
        """All steps that need no further letter to be reached, each with where its
        match began: the earliest counts."""
        reached: dict[int, int] = {}
        for number, start in sorted(began.items(), key=lambda item: item[1]):
            open_ = [number]
            while open_:
                step = open_.pop()
                if step in reached:
                    continue
                reached[step] = start
                takes = self._steps[step].takes
                if takes is None or (isinstance(takes, Edge) and is_edge):
                    open_.extend(self._steps[step].to)
        return reached

    def _taken(
        self, reached: dict[int, int], letter: str, best: tuple[int, int] | None
    ) -> dict[int, int]:
        began: dict[int, int] = {}
        for number, start in reached.items():
            step = self._steps[number]
            if (best is None or start <= best[0]) and _takes(step.takes, letter):
                for to in step.to:
                    began[to] = min(start, began.get(to, start))
        return began

    @staticmethod
    def _is_edge(text: str, at: int) -> bool:
        before = at > 0 and is_word(text[at - 1])
        return before is not (at < len(text) and is_word(text[at]))

    def _add(self, step: _Step) -> int:
        if len(self._steps) >= MOST_STEPS:
            raise Refused(Why.TOO_LARGE, MOST_STEPS)
        self._steps.append(step)
        return len(self._steps) - 1

    def _before(self, node: Node, then: int) -> int:
        """The number of the step where ``node`` begins, which goes on to ``then``."""
        match node:
            case Row(parts):
                for part in reversed(parts):
                    then = self._before(part, then)
                return then
            case Either(ways):
                return self._add(
                    _Step(to=tuple(self._before(way, then) for way in ways))
                )
            case Repeat(part, least, most):
                return self._repeat(part, least, most, then)
            case _:
                return self._add(_Step(node, (then,)))

    def _repeat(self, part: Node, least: int, most: int | None, then: int) -> int:
        if most is None:
            around = self._add(_Step())
            self._steps[around].to = (self._before(part, around), then)
            then = around
        else:
            for _ in range(most - least):
                then = self._add(_Step(to=(self._before(part, then), then)))
        for _ in range(least):
            then = self._before(part, then)
        return then


def _takes(takes: Literal | Class | Edge | None, letter: str) -> bool:
    if isinstance(takes, Literal):
        return takes.letter == letter
    return isinstance(takes, Class) and takes.takes(letter)


def _better(
    best: tuple[int, int] | None, start: int | None, at: int
) -> tuple[int, int] | None:
    if start is None or (best and start > best[0]):
        return best
    return start, at
