"""Every figure about the matcher, as Markdown, and into ``docs/matching.md``.

    python -m tests.knowledgebase.matching.report [--only train]

``--only train`` prints what may be looked at while something is changed, and writes
nothing.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from knowledgebase.matching import THRESHOLD
from tests.knowledgebase.matching.answering import Labelled
from tests.knowledgebase.matching.drawing import SEEN, TICKETS
from tests.knowledgebase.matching.labels import NONE
from tests.knowledgebase.matching.measuring import (
    LENIENT,
    PLAIN,
    STRICT,
    Answer,
    Share,
    coverage,
    hits,
    needless,
    precision,
    precision_for,
    resampled,
    threshold_for,
)

DOCS = Path(__file__).parents[3] / "docs/matching.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
# Half of what a part holds of one text is jobs: with fewer of them it says more.
MOST_OF_A_GROUP = 5
GOAL = 0.3
COVERAGES = [0.1, 0.2, GOAL, 0.4, 0.5]
THRESHOLDS = [round(0.2 + step * 0.05, 2) for step in range(13)]
Columns = dict[str, list[Answer]]


def percent(share: Share) -> str:
    """With the range and the counts that it is made of."""
    if not share.of:
        return "–"
    low, high = share.range
    return f"{share.value:.1%} ({low:.0%}–{high:.0%}; {share.part}/{share.of})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def at_threshold(columns: Columns) -> str:
    figures = {
        "tickets": lambda some: str(len(some)),
        "coverage": lambda some: percent(coverage(some, THRESHOLD)),
        "precision at 1, lenient": lambda some: percent(
            precision(some, THRESHOLD, LENIENT)
        ),
        "precision at 1, label alone": lambda some: percent(
            precision(some, THRESHOLD, PLAIN)
        ),
        "precision at 1, strict": lambda some: percent(
            precision(some, THRESHOLD, STRICT)
        ),
        "right one first": lambda some: percent(hits(some, THRESHOLD, LENIENT, 1)),
        "hit rate at 3": lambda some: percent(hits(some, THRESHOLD, LENIENT, 3)),
        "hit rate at 3, strict": lambda some: percent(hits(some, THRESHOLD, STRICT, 3)),
        "hit rate at 3, whatever the score": lambda some: percent(
            hits(some, 0, LENIENT, 3)
        ),
        "shown one although none helps": lambda some: percent(
            needless(some, THRESHOLD)
        ),
    }
    rows = [
        [name, *(figure(some) for some in columns.values())]
        for name, figure in figures.items()
    ]
    return table(["", *columns], rows)


def at_coverage(columns: Columns) -> str:
    """Precision where the threshold is moved until so many tickets are shown one."""
    cells = zip(*(_at_coverages(some) for some in columns.values()), strict=True)
    rows = [[f"{share:.0%}", *row] for share, row in zip(COVERAGES, cells, strict=True)]
    return table(["coverage", *columns], rows)


def _at_coverages(answers: list[Answer]) -> Iterator[str]:
    ranges = resampled(answers, COVERAGES, LENIENT)
    for share, (low, high) in zip(COVERAGES, ranges, strict=True):
        found = precision_for(answers, share, LENIENT)
        yield (
            f"{found.value:.1%} ({low:.0%}–{high:.0%}; {found.part}/{found.of}"
            f" from {threshold_for(answers, share):.2f})"
        )


def curve(answers: list[Answer]) -> str:
    rows = [
        [
            f"{threshold:.2f}",
            f"{coverage(answers, threshold).value:.1%}",
            percent(precision(answers, threshold, LENIENT)),
            percent(precision(answers, threshold, PLAIN)),
            percent(precision(answers, threshold, STRICT)),
            f"{hits(answers, threshold, LENIENT, 3).value:.1%}",
            f"{needless(answers, threshold).value:.1%}",
        ]
        for threshold in THRESHOLDS
    ]
    head = ["threshold", "coverage", "precision, lenient", "label alone", "strict"]
    return table([*head, "hit rate at 3", "needless"], rows)


def by_class(answers: list[Answer]) -> str:
    often = Counter(one.label.label for one in answers)
    rows = [
        _class_row(label, [one for one in answers if one.label.label == label])
        for label in sorted(often, key=lambda label: (-often[label], label))
    ]
    head = ["label", "tickets", "shown any", "right first", "right in three"]
    return table([*head, "right in three, whatever the score"], rows)


def _class_row(label: str, answers: list[Answer]) -> list[str]:
    shown = str(coverage(answers, THRESHOLD).part)
    if label == NONE:
        return [NONE, str(len(answers)), shown, "–", "–", "–"]
    found = (
        hits(answers, THRESHOLD, LENIENT, 1),
        hits(answers, THRESHOLD, LENIENT, 3),
        hits(answers, 0, LENIENT, 3),
    )
    return [f"`{label}`", str(len(answers)), shown, *(str(one.part) for one in found)]


def by_language(answers: list[Answer]) -> str:
    rows = [
        [
            language,
            str(len(some)),
            percent(coverage(some, THRESHOLD)),
            percent(precision(some, THRESHOLD, LENIENT)),
            percent(hits(some, 0, LENIENT, 3)),
        ]
        for language in ("English", "German", "Chinese")
        if (some := [one for one in answers if one.language == language])
    ]
    head = ["language", "tickets", "coverage", "precision, lenient"]
    return table([*head, "hit rate at 3, whatever the score"], rows)


def mistakes(answers: list[Answer]) -> str:
    """Those shown at the threshold whose first is wrong, by what was shown instead."""
    found: dict[tuple[str, str], list[int]] = {}
    for one in answers:
        first = next(iter(one.shown(THRESHOLD)), "")
        if first and first not in one.label.accepted:
            found.setdefault((one.label.label, first), []).append(one.label.row)
    rows = [
        [f"`{label}`", f"`{first}`", ", ".join(map(str, rows))]
        for (label, first), rows in sorted(found.items(), key=_most_first)
    ]
    return table(["label", "shown first", "rows"], rows)


def _most_first(
    found: tuple[tuple[str, str], list[int]],
) -> tuple[bool, int, tuple[str, str]]:
    return found[0][0] == NONE, -len(found[1]), found[0]


def thinned(answers: list[Answer]) -> list[Answer]:
    """At most so many of a group, the first by row."""
    seen = Counter[int]()
    kept = []
    for one in answers:
        seen[one.group] += 1
        if seen[one.group] <= MOST_OF_A_GROUP:
            kept.append(one)
    return kept


def sections(labelled: Labelled, parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    answers = {part: labelled.answers(part) for part in parts}
    train = answers["train"]
    columns = {"train": train, "train, 5 of a text": thinned(train)}
    if "test" in answers:
        columns["test"] = test = answers["test"]
        columns["test without those seen"] = [
            one for one in test if one.label.row not in SEEN
        ]
    yield f"At the threshold {THRESHOLD}", at_threshold(columns)
    compared = {}
    for part in parts:
        compared[part] = answers[part]
        compared[f"{part}, naive"] = labelled.naive(part)
    yield "At a coverage, lenient, beside title words", at_coverage(compared)
    alone = {part: labelled.answers(part, with_past=False) for part in parts}
    yield f"At the threshold {THRESHOLD} without past tickets", at_threshold(alone)
    for part in reversed(parts):
        yield f"Curve, {part}", curve(answers[part])
    for part in reversed(parts):
        yield f"By article, {part}", by_class(answers[part])
    for part in reversed(parts):
        yield f"By language, {part}", by_language(answers[part])
    for part in reversed(parts):
        yield f"Mistakes at the threshold, {part}", mistakes(answers[part])


def report(parts: Sequence[str] = ("train", "test")) -> str:
    return "\n".join(
        f"### {title}\n\n{text}\n" for title, text in sections(Labelled(), parts)
    )


def committed() -> str:
    """The figures that stand in the manual."""
    return DOCS.read_text().partition(BEGIN)[2].partition(END)[0]


def write(figures: str) -> None:
    before, begin, rest = DOCS.read_text().partition(BEGIN)
    _old, end, after = rest.partition(END)
    DOCS.write_text(f"{before}{begin}{figures}{end}{after}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["train"])
    only = parser.parse_args().only
    if not TICKETS.exists():
        sys.exit(f"The public tickets are not at {TICKETS}.")
    figures = report([only] if only else ["train", "test"])
    sys.stdout.write(figures)
    if not only:
        write(figures)


if __name__ == "__main__":
    main()
