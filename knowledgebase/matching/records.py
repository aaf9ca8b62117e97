"""What goes into a match and what comes out."""

from dataclasses import dataclass
from enum import StrEnum, auto


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An article as the matcher sees it. ``code`` is unique; ``symptom`` is said as
    reporters say it, ``body`` is everything else that is written: cause, workaround.
    ``words`` are other words for the same; ``signatures`` are patterns as
    ``patterns.parse`` takes them. ``services``, ``categories`` are those it is about,
    compared as they stand."""

    code: str
    title: str
    symptom: str = ""
    body: str = ""
    words: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A ticket, or the beginning of one. What is empty is not known; of what is very
    long the beginning counts."""

    subject: str = ""
    text: str = ""
    service: str = ""
    category: str = ""

    @property
    def whole(self) -> str:
        return f"{self.subject}\n{self.text}"


class Because(StrEnum):
    """The kinds of reasons, in the order in which they are told."""

    SIGNATURE = auto()
    SERVICE = auto()
    CATEGORY = auto()
    TERMS = auto()
    MISSPELT = auto()


@dataclass(frozen=True, slots=True)
class Reason:
    """``words`` are the ticket's own: what a signature hit, the terms shared (the most
    telling first), or for MISSPELT the words taken for others; for SERVICE and CATEGORY
    their name."""

    because: Because
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """``score`` is from 0 to 1. There is always a reason."""

    code: str
    score: float
    reasons: tuple[Reason, ...]
