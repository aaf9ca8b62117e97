"""What a person wrote, without what mail, forms and monitoring put around it."""

import re
from typing import Final

LONGEST: Final = 4000
# Less above a quoted mail than this many words is a covering note.
_ENOUGH: Final = 6

_DAMAGED: Final = re.compile(r"[\u0080-\u00ff\u0152-\u2122]{2,}")
_HEADER: Final = re.compile(
    r"(?:^|\s)(?:from|von|de)\s*:[^\n]{0,200}?\s(?:sent|gesendet|date|datum)\s*:"
    r".{0,600}?(?:subject|betreff)\s*:\s*(?:(?:re|fw|fwd|aw|wg|tr)\s*:\s*)*",
    re.IGNORECASE | re.DOTALL,
)
_HISTORY: Final = re.compile(
    r"^[ \t]*(?:>|-{2,}\s*(?:original message|urspr\w+ nachricht)|on .{5,80} wrote:)",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING: Final = re.compile(
    r"\b(?:(?:best|kind|warm|with)\s+regards|regards,|mit freundlichen gr\w+"
    r"|freundliche gr\w+|viele gr\w+|sincerely,|cheers,|sent from my)",
    re.IGNORECASE,
)
_AROUND: Final = (
    re.compile(r"received from\s*:\s*\S+", re.IGNORECASE),
    re.compile(r"\[cid:[^\]]*\]|<mailto:[^>]*>|\bcid:\S+", re.IGNORECASE),
    re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE),
    re.compile(r"\S+@\S+"),
    re.compile(
        r"\b(?:name|language|e-?mail|customer number|telephone|phone|browser)\s*:"
        r"(?:\s*microsoft internet explorer|(?:(?!\w+:)[^\n])*?)"
        r"(?=\b(?:language|browser|e-?mail|customer number|telephone|summary)\s*:)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:summary|subject|betreff)\s*:", re.IGNORECASE),
    # The time of an alert.
    re.compile(r"\b(?:at:?\s*)?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ t]+[\d:.]+)?\b"),
    re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b"),
)


def essence(text: str) -> str:
    """At most ``LONGEST`` characters are read, in time linear to them."""
    text = _own_words(repaired(text[:LONGEST]))
    for pattern in _AROUND:
        text = pattern.sub(" ", text)
    return text


def repaired(text: str) -> str:
    """Letters that were read in the wrong encoding on their way, read anew."""
    return _DAMAGED.sub(lambda found: _reread(found[0]), text)


def _reread(damaged: str) -> str:
    try:
        return b"".join(_byte(letter) for letter in damaged).decode()
    except UnicodeError:
        return damaged


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _own_words(text: str) -> str:
    """What stands above the history; the mail itself where nothing does."""
    for pattern in (_HEADER, _HISTORY):
        if found := pattern.search(text):
            above, below = text[: found.start()], text[found.end() :]
            text = (
                above if len(_plain(above).split()) >= _ENOUGH else f"{above} {below}"
            )
    return _without_closing(text)


def _plain(text: str) -> str:
    for pattern in _AROUND:
        text = pattern.sub(" ", text)
    return text


def _without_closing(text: str) -> str:
    found = _CLOSING.search(text)
    if found and len(_plain(text[: found.start()]).split()) >= _ENOUGH:
        return text[: found.start()]
    return text
