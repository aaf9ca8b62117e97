"""Would weights chosen on four fifths of the training part hold on the last one?

    python -m tests.knowledgebase.matching.tuning

Never reads the test part. Alike tickets stay in one fold, and no text counts more than
five times; else half of all would be one sentence of monitoring.
"""

import random
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from knowledgebase.matching import Weights
from tests.knowledgebase.matching.answering import Labelled
from tests.knowledgebase.matching.drawing import TICKETS
from tests.knowledgebase.matching.measuring import (
    LENIENT,
    Answer,
    Share,
    coverage,
    precision,
    precision_for,
    threshold_for,
)
from tests.knowledgebase.matching.report import GOAL, percent, thinned

FOLDS = 5
# Less is chance.
WORTH_IT = 0.002
TRIED: dict[str, tuple[float, ...]] = {
    "body": (0.2, 0.3, 0.45),
    "text": (0.2, 0.3, 0.4),
    "name": (0.0, 0.05, 0.1),
    "ticket_share": (0.5, 0.6, 0.7),
    "ticket_slack": (0.25, 0.5, 0.75, 1.0, 1.25),
    "sentence_slack": (0.25, 0.375, 0.5, 0.75),
    "alone": (0.7, 0.8, 0.9, 1.0),
}
Answers = Callable[[Weights], list[Answer]]


def folds(answers: Sequence[Answer]) -> list[set[int]]:
    """Groups, largest first, each to the fold that is smallest then."""
    groups: dict[int, set[int]] = {}
    for one in answers:
        groups.setdefault(one.group, set()).add(one.label.row)
    shuffled = random.Random(6).sample(sorted(groups), len(groups))
    found: list[set[int]] = [set() for _ in range(FOLDS)]
    for group in sorted(shuffled, key=lambda group: -len(groups[group])):
        min(found, key=len).update(groups[group])
    return found


def goodness(answers: Sequence[Answer]) -> float:
    """Mean precision over the coverages that matter."""
    shares = [share / 100 for share in range(15, 55, 5)]
    found = [precision_for(answers, share, LENIENT).value for share in shares]
    return sum(found) / len(found)


def of(answers: Iterable[Answer], rows: Collection[int]) -> list[Answer]:
    return [one for one in answers if one.label.row in rows]


def tuned(answers: Answers, rows: set[int]) -> Weights:
    """Each weight in turn, from those that are in force."""
    weights = Weights()
    best = goodness(of(answers(weights), rows))
    for name, values in TRIED.items():
        for value in values:
            # Names come from TRIED, all of them numbers.
            change: Any = {name: value}
            tried = replace(weights, **change)
            found = goodness(of(answers(tried), rows))
            if found > best + WORTH_IT:
                best, weights = found, tried
    return weights


def main() -> None:
    if not TICKETS.exists():
        sys.exit(f"The public tickets are not at {TICKETS}.")
    labelled = Labelled()

    @cache
    def answers(weights: Weights) -> list[Answer]:
        return thinned(labelled.answers("train", weights=weights))

    everything = {one.label.row for one in answers(Weights())}
    right, shown = Share(0, 0), Share(0, 0)
    for fold in folds(answers(Weights())):
        weights = tuned(answers, everything - fold)
        chosen = answers(weights)
        threshold = threshold_for(of(chosen, everything - fold), GOAL)
        held = of(chosen, fold)
        right = _sum(right, precision(held, threshold, LENIENT))
        shown = _sum(shown, coverage(held, threshold))
        values = {name: getattr(weights, name) for name in TRIED}
        sys.stdout.write(f"threshold {threshold:.2f}, {values}\n")
    sys.stdout.write(
        f"held out: precision {percent(right)}, coverage {percent(shown)}\n"
    )


def _sum(one: Share, other: Share) -> Share:
    return Share(one.part + other.part, one.of + other.of)


if __name__ == "__main__":
    main()
