"""How good answers are, in figures: shares with the range that chance leaves them."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, Protocol

from tests.knowledgebase.matching.labels import NONE, Label

Z = 1.96
RESAMPLED = 2000


class Scored(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def score(self) -> float: ...


@dataclass(frozen=True)
class Answer:
    """What was found for a labelled ticket, best first, however low its score. Tickets
    of one ``group`` have nearly the same text."""

    label: Label
    found: Sequence[Scored]
    group: int
    language: str

    def shown(self, threshold: float) -> list[str]:
        return [one.code for one in self.found if one.score >= threshold]

    @property
    def best(self) -> float:
        return self.found[0].score if self.found else 0.0


class Rule(NamedTuple):
    """Which tickets count and which articles are right for one."""

    counts: Callable[[Label], bool]
    right: Callable[[Label], frozenset[str]]


LENIENT = Rule(lambda _label: True, lambda label: label.accepted)
PLAIN = Rule(lambda _label: True, lambda label: frozenset({label.label}) - {NONE})
STRICT = Rule(lambda label: label.is_sure, PLAIN.right)


class Share(NamedTuple):
    part: int
    of: int

    @property
    def value(self) -> float:
        return self.part / self.of if self.of else 0.0

    @property
    def range(self) -> tuple[float, float]:
        """Wilson's, for 95 %."""
        if not self.of:
            return 0.0, 1.0
        square = Z * Z / self.of
        middle = self.value + square / 2
        wide = Z * math.sqrt((self.value * (1 - self.value) + square / 4) / self.of)
        return (middle - wide) / (1 + square), (middle + wide) / (1 + square)


def counted(answers: Iterable[Answer], rule: Rule) -> list[Answer]:
    return [one for one in answers if rule.counts(one.label)]


def coverage(answers: Sequence[Answer], threshold: float) -> Share:
    """Of all tickets, those for which anything is shown."""
    return Share(sum(bool(one.shown(threshold)) for one in answers), len(answers))


def precision(answers: Iterable[Answer], threshold: float, rule: Rule) -> Share:
    """Of the tickets for which anything is shown, those whose first is right."""
    shown = [
        (one.shown(threshold)[0], rule.right(one.label))
        for one in counted(answers, rule)
        if one.shown(threshold)
    ]
    return Share(sum(first in right for first, right in shown), len(shown))


def hits(answers: Iterable[Answer], threshold: float, rule: Rule, most: int) -> Share:
    """Of the tickets that have an article, those with a right one among the first."""
    with_one = [one for one in counted(answers, rule) if rule.right(one.label)]
    found = [rule.right(one.label) & {*one.shown(threshold)[:most]} for one in with_one]
    return Share(sum(map(bool, found)), len(with_one))


def needless(answers: Iterable[Answer], threshold: float) -> Share:
    """Of the tickets that no article helps with, those for which one is shown."""
    without = [one for one in answers if one.label.label == NONE]
    return Share(sum(bool(one.shown(threshold)) for one in without), len(without))


def threshold_for(answers: Sequence[Answer], share: float) -> float:
    """The highest at which anything is shown for at least this share of all."""
    scores = sorted((one.best for one in answers), reverse=True)
    return scores[max(math.ceil(share * len(scores)) - 1, 0)]


def precision_for(answers: Sequence[Answer], share: float, rule: Rule) -> Share:
    """Where the threshold is set so that this share of all tickets is shown one."""
    return precision(answers, threshold_for(answers, share), rule)


def resampled(
    answers: Sequence[Answer], shares: Sequence[float], rule: Rule
) -> list[tuple[float, float]]:
    """The range for 95 % of ``precision_for`` each share, by drawing groups of tickets
    again with a seed: tickets of the same text are no evidence of their own."""
    groups: dict[int, list[_Point]] = {}
    for one in answers:
        groups.setdefault(one.group, []).append(_point(one, rule))
    dice, all_ = random.Random(6), list(groups.values())
    drawn = [
        _precisions([*chain(*dice.choices(all_, k=len(all_)))], shares)
        for _ in range(RESAMPLED)
    ]
    return [
        (found[RESAMPLED * 25 // 1000], found[RESAMPLED * 975 // 1000])
        for found in map(sorted, zip(*drawn, strict=True))
    ]


class _Point(NamedTuple):
    score: float
    is_right: bool


def _point(answer: Answer, rule: Rule) -> _Point:
    first = answer.found[0].code if answer.found else ""
    return _Point(answer.best, first in rule.right(answer.label))


def _precisions(points: list[_Point], shares: Sequence[float]) -> list[float]:
    points.sort(key=lambda point: -point.score)
    return [_precision_of_first(points, share) for share in shares]


def _precision_of_first(points: list[_Point], share: float) -> float:
    """All that score as the last of the share count too."""
    last = points[max(math.ceil(share * len(points)) - 1, 0)].score
    shown = [is_right for score, is_right in points if score >= last and score]
    return sum(shown) / len(shown) if shown else 0.0
