"""A text as terms: folded, without words that say nothing, each with what it was."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from knowledgebase.matching.vocabulary import JOINED, SAME, STOP

LONGEST: Final = 40
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_JOINED: Final = tuple((re.compile(old), new) for old, new in JOINED)
_WORD: Final = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’\u00b4`](?=\w)")
_IDEOGRAPHS: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
# Longest first; what is left keeps at least four letters.
_ENDINGS: Final = (
    ("ings", ""), ("ies", "y"), ("ing", ""), ("ers", ""), ("ern", ""), ("ed", ""),
    ("es", ""), ("en", ""), ("em", ""), ("er", ""), ("s", ""), ("e", ""), ("n", ""),
)  # fmt: skip
_LEFT: Final = 4
# Systems, rooms, printers: names that end in a number.
_FAMILY: Final = re.compile(r"([^\W\d_]{3,}_?)\d+")


class Term(NamedTuple):
    """``key`` is compared, ``word`` is what people read."""

    key: str
    word: str


def terms(text: str) -> Iterator[Term]:
    """In the order of the text, repeated as they are there."""
    for word in _WORD.findall(folded(text)):
        if _IDEOGRAPHS.fullmatch(word):
            yield from _pairs(word)
        elif _says_something(word):
            yield Term(key(word), word)


def keys(text: str) -> frozenset[str]:
    return frozenset(term.key for term in terms(text))


def family(key: str) -> str:
    """What numbered names share (``sid_34``, ``sid_37``), or nothing."""
    found = _FAMILY.fullmatch(key)
    return f"{found[1]}#" if found else ""


def plain(text: str) -> str:
    """Small letters without accents; a German umlaut is two letters."""
    if text.isascii():
        return text.lower()
    small = unicodedata.normalize("NFKC", text).lower().translate(_GERMAN)
    apart = unicodedata.normalize("NFD", small)
    kept = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept)


def folded(text: str) -> str:
    """``plain``, and what is written as one word or as two made one."""
    text = _APOSTROPHE.sub("", plain(text))
    for old, new in _JOINED:
        text = old.sub(new, text)
    return text


def key(word: str) -> str:
    """What words of one meaning, or of one stem, have in common."""
    if word in SAME:
        return SAME[word]
    if any(letter.isdigit() or letter == "_" for letter in word):
        return word
    stem = _stem(word)
    return SAME.get(stem, stem)


def _stem(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEFT:
            return word.removesuffix(ending) + instead
    return word


def _says_something(word: str) -> bool:
    if word in STOP or not 1 < len(word) <= LONGEST:
        return False
    # Numbers of orders, rooms, and years are not what tickets have in common.
    return not word.isdigit() or len(word) in {3, 4}


def _pairs(word: str) -> Iterator[Term]:
    """Scripts without spaces: every two signs that follow each other."""
    for start in range(max(len(word) - 1, 1)):
        yield Term(word[start : start + 2], word[start : start + 2])
