"""Which tickets of the public data are labelled, and which of them are for testing.

All follows from the data file and ``SEED``; ``docs/matching-labels.md`` says why.
The texts stay where they are: what leaves this module are row ids.

    python -m tests.knowledgebase.matching.drawing

prints row and part.
"""

import csv
import lzma
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Beside the checkout, or where the environment says.
DATA = Path(os.environ.get("PUBLIC_DATA") or Path(__file__).parents[4] / "shared/data")
TICKETS = DATA / "ticket_texts" / "service_desk_tickets_8500.dev.csv.xz"
SEED = 6
SIZE = 600
AGAIN = 60
# A word of fewer tickets than this is taken for a name, as are all words of callers.
COMMON = 4
ALIKE = 0.75
# Of the sample, what the author of the articles had read before writing them.
# fmt: off
SEEN = frozenset({
    31, 401, 676, 731, 783, 1006, 1007, 1344, 1398, 1413, 1478, 1578, 1585, 1740, 2043,
    2066, 2162, 2245, 2246, 2265, 2645, 2804, 2907, 3052, 3142, 3181, 3184, 3346, 3489,
    3796, 3845, 4469, 4628, 4760, 4818, 4922, 4974, 5102, 5143, 5271, 5490, 5596, 5651,
    5695, 5895, 6033, 6133, 6380, 6653, 6661, 6767, 6829, 6871, 6936, 7028, 7040, 7148,
    7545, 7611, 7672, 7706, 7728, 7922, 7951, 7970, 8089, 8102, 8194,
})
# fmt: on
WORD = re.compile(r"[^\W\d_]+(?:_[^\W\d_]+)*(?![\w])")


@dataclass(frozen=True)
class Ticket:
    row: int
    title: str
    body: str
    caller: str

    @property
    def words(self) -> set[str]:
        """Words without a digit; numbers and numbered names say nothing."""
        return set(WORD.findall(f"{self.title} {self.body}".lower()))


def tickets(path: Path = TICKETS) -> list[Ticket]:
    """All of them, by row."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        return [
            Ticket(
                row=int(line["row"]),
                title=line["short_description"],
                body=line["description"],
                caller=line["caller"],
            )
            for line in csv.DictReader(file)
        ]


def drawn(everything: Sequence[Ticket]) -> list[Ticket]:
    """The sample, in the order in which it was read."""
    return random.Random(SEED).sample(everything, SIZE)


def drawn_again(sample: Sequence[Ticket]) -> list[Ticket]:
    """Those that were read a second time."""
    return random.Random(SEED + 1).sample(sample, AGAIN)


def parts(everything: Sequence[Ticket]) -> dict[int, str]:
    """Row to ``train`` or ``test``: half and half, tickets alike in the same part."""
    groups = alike(drawn(everything), names=names(everything))
    random.Random(SEED).shuffle(groups)
    split: dict[int, str] = {}
    for group in sorted(groups, key=len, reverse=True):
        sizes = Counter(split.values())
        part = "train" if sizes["train"] <= sizes["test"] else "test"
        split.update(dict.fromkeys(group, part))
    return split


def names(everything: Iterable[Ticket]) -> set[str]:
    """Words that tell one ticket from another of the same text."""
    callers, seen = set(), Counter[str]()
    for ticket in everything:
        callers |= set(WORD.findall(ticket.caller.lower()))
        seen.update(ticket.words)
    return callers | {word for word, times in seen.items() if times < COMMON}


def alike(sample: Sequence[Ticket], *, names: set[str]) -> list[list[int]]:
    """Rows in groups. Tickets with the same words but for names and numbers are in
    one, and so is whoever is like any of a group."""
    skeletons = {ticket.row: frozenset(ticket.words - names) for ticket in sample}
    leader = {row: row for row in skeletons}
    for row, other in _pairs_alike(skeletons):
        _join(leader, row, other)
    groups: dict[int, list[int]] = {}
    for row in skeletons:
        groups.setdefault(_find(leader, row), []).append(row)
    return list(groups.values())


def _pairs_alike(
    skeletons: Mapping[int, frozenset[str]],
) -> Iterator[tuple[int, int]]:
    rows = [row for row, words in skeletons.items() if words]
    for place, row in enumerate(rows):
        for other in rows[:place]:
            if _likeness(skeletons[row], skeletons[other]) >= ALIKE:
                yield row, other


def _likeness(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words | others)


def _join(leader: dict[int, int], row: int, other: int) -> None:
    leader[_find(leader, row)] = _find(leader, other)


def _find(leader: Mapping[int, int], row: int) -> int:
    while leader[row] != row:
        row = leader[row]
    return row


if __name__ == "__main__":
    if not TICKETS.exists():
        sys.exit(f"The public tickets are not at {TICKETS}.")
    for labelled, belongs in sorted(parts(tickets()).items()):
        sys.stdout.write(f"{labelled},{belongs}\n")
