"""What signatures of a known error would hit, tried on recent tickets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from incidents.models import Incident
from knowledgebase.codes import MOST_SIGNATURES
from knowledgebase.matching import Signature
from knowledgebase.matching.patterns import pattern_of
from knowledgebase.matching.terms import plain
from knowledgebase.services.content import wrong_signatures

MOST_TICKETS: Final = 500
MOST_EXAMPLES: Final = 3
# Who waits for an answer while they write waits no longer.
PATIENCE: Final = 2.0
# Of so many tickets, no one error is the trouble of every fifth.
FEWEST_TO_JUDGE: Final = 10
TOO_WIDE: Final = 0.2

Texts = Sequence[tuple[Incident, str]]


@dataclass(frozen=True, slots=True)
class Tried:
    """One line. ``looked_at``: how many tickets there was time for. ``refused``: in
    words, why it never hits anything."""

    line: str
    looked_at: int = 0
    hits: Sequence[Incident] = field(default_factory=tuple)
    refused: Sequence[str] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        return len(self.hits)

    @property
    def examples(self) -> Sequence[Incident]:
        return self.hits[:MOST_EXAMPLES]

    @property
    def is_too_wide(self) -> bool:
        if self.looked_at < FEWEST_TO_JUDGE:
            return False
        return self.count > TOO_WIDE * self.looked_at


@dataclass(frozen=True, slots=True)
class Trial:
    """All lines, and how many tickets there were to try them on."""

    lines: Sequence[Tried]
    tickets: int

    @property
    def is_cut(self) -> bool:
        """There was no time for all of it."""
        return any(
            one.looked_at < self.tickets for one in self.lines if not one.refused
        )


def tried(typed: str, *, by: Any, patience: float = PATIENCE) -> Trial:
    """The lines of ``typed``, each tried on the newest tickets that this person may
    see. Two statements at most, and no more than ``patience`` seconds."""
    lines = list(dict.fromkeys(_lines(typed)))[: MOST_SIGNATURES + 1]
    texts = _texts(by) if lines else []
    until = monotonic() + patience
    return Trial([_tried(line, texts, until) for line in lines], len(texts))


def _lines(typed: str) -> Iterator[str]:
    return (tidy for line in typed.splitlines() if (tidy := " ".join(line.split())))


def _texts(by: Any) -> Texts:
    newest = Incident.objects.visible_to(by).order_by("-pk")[:MOST_TICKETS]
    return [
        (incident, plain(f"{incident.title}\n{incident.description}"))
        for incident in newest.only("pk", "title", "description")
    ]


def _tried(line: str, texts: Texts, until: float) -> Tried:
    refused = wrong_signatures([line])
    if refused:
        return Tried(line, refused=refused)
    signature = Signature.of(pattern_of(line))
    looked_at, hits = 0, []
    for incident, text in _in_time(texts, until):
        looked_at += 1
        # Without its fixed letters it cannot hit.
        if any(anchor in text for anchor in signature.anchors) and signature.found_in(
            text
        ):
            hits.append(incident)
    return Tried(line, looked_at, hits)


def _in_time(texts: Texts, until: float) -> Iterable[tuple[Incident, str]]:
    for one in texts:
        if monotonic() > until:
            return
        yield one
