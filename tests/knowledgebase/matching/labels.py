"""The labels, as a reader gave them: which article would help with which ticket."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FIRST = Path(__file__).with_name("labels.csv")
AGAIN = Path(__file__).with_name("labels_again.csv")
NONE = "none"


@dataclass(frozen=True)
class Label:
    """``label`` is the code of an article or ``none``; ``also`` a second one that an
    expert would accept as well, or empty."""

    row: int
    label: str
    also: str
    is_sure: bool
    part: str

    @property
    def accepted(self) -> frozenset[str]:
        return frozenset({self.label, self.also} - {"", NONE})


def labels(path: Path = FIRST) -> list[Label]:
    """By row."""
    with path.open(newline="") as file:
        return [
            Label(
                row=int(line["row"]),
                label=line["label"],
                also=line["also"],
                is_sure=line["sure"] == "yes",
                part=line["part"],
            )
            for line in csv.DictReader(file)
        ]


def second_reading(path: Path = AGAIN) -> Mapping[int, str]:
    """Row to the label that the same reader gave when asked again."""
    with path.open(newline="") as file:
        return {int(line["row"]): line["label"] for line in csv.DictReader(file)}
