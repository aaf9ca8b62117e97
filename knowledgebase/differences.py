"""What changed between two versions, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from knowledgebase.models import ArticleVersion, Signature

WORDS: Final = re.compile(r"\s+|[^\s\w]|\w+")
FIELDS: Final = (
    "title",
    "audience",
    "symptom",
    "workaround_reporters",
    "workaround_agents",
    "cause",
    "fix_status",
    "applicability",
    "body",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text: ``same`` in both, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed."""

    label: str
    pieces: Sequence[Piece]


def differences(old: ArticleVersion, new: ArticleVersion) -> list[Difference]:
    """Every field and part in which the two differ, in the order of the page."""
    found = []
    for label, before, after in _pairs(old, new):
        if before != after:
            found.append(Difference(label, list(between(before, after))))
    return found


def between(before: str, after: str) -> Iterator[Piece]:
    """Lines first, words within changed lines: quick on long texts."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, a, b, c, d in _opcodes(old, new):
        removed, added = "".join(old[a:b]), "".join(new[c:d])
        if tag == "replace":
            yield from _words_between(removed, added)
            continue
        yield from _pieces(tag, removed, added)


def _words_between(before: str, after: str) -> Iterator[Piece]:
    old, new = WORDS.findall(before), WORDS.findall(after)
    for tag, a, b, c, d in _opcodes(old, new):
        yield from _pieces(tag, "".join(old[a:b]), "".join(new[c:d]))


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Any:
    return SequenceMatcher(None, old, new).get_opcodes()


def _pieces(tag: str, removed: str, added: str) -> Iterator[Piece]:
    if tag == "equal":
        yield Piece("same", removed)
        return
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


def _pairs(old: ArticleVersion, new: ArticleVersion) -> Iterator[tuple[str, str, str]]:
    for name in FIELDS:
        yield _label(name), _said(old, name), _said(new, name)
    for name in ("services", "categories"):
        yield _label(name), _listed(old, name), _listed(new, name)
    label = str(Signature._meta.verbose_name_plural)
    yield label, _listed(old, "signatures"), _listed(new, "signatures")


def _label(name: str) -> str:
    field: Any = ArticleVersion._meta.get_field(name)
    return str(field.verbose_name)


def _said(version: ArticleVersion, name: str) -> str:
    """Codes by their words."""
    worded = getattr(version, f"get_{name}_display", None)
    return str(worded() if worded else getattr(version, name))


def _listed(version: ArticleVersion, name: str) -> str:
    return "\n".join(sorted(str(one) for one in getattr(version, name).all()))
