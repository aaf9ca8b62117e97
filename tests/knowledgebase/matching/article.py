"""What one article of the labelled set consists of."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["known_error", "how_to", "faq"]


@dataclass(frozen=True)
class Article:
    """``symptom`` is said as reporters say it. ``signatures`` are regular expressions,
    to be tried without regard to case; ``words`` are other words for the same thing,
    German ones included, because some reporters write German."""

    code: str
    kind: Kind
    title: str
    symptom: str
    cause: str
    for_agents: str
    for_reporters: str
    service: str
    category: str
    signatures: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
