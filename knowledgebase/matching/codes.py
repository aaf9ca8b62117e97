"""Error codes that stand in a text: what an editor may take for signatures.

Careful rather than complete. What looks like a code in any text (``E102``,
``0x80070005``, ``ORA-00054``) is taken; a number, or letters with digits, only where
the words before say that it is one.
"""

import re
from collections.abc import Iterator
from typing import Final

MOST_CODES: Final = 10
LONGEST_TEXT: Final = 20_000
_CUE: Final = (
    r"(?:error|err|fehler|fault|code|errno|exception|alarm|status|fel|erreur|http)"
)
# What has the form of a code and is a number of something else.
_NEVER: Final = re.compile(
    r"(?:INC|REQ|RITM|CHG|PRB|TASK|CASE|SR|KB|ISO|UTF|RFC|IEEE|DIN|ANSI|COVID|USB|SHA"
    r"|MD|WPA|RAM|GB|MB|TB|HDMI|IPV|ROOM|FLOOR)[-_ ]?\d+",
    re.IGNORECASE,
)
_ALONE: Final = (
    # 0x80070005
    r"(?<![\w.])0x[0-9a-fA-F]{3,16}(?!\w)",
    # ORA-00054, SQL-1205, TS-3035
    r"(?<![\w-])[A-Z]{2,6}-\d{3,6}(?![\w-])",
    # E102, F-041, ERR1603
    r"(?<![\w-])(?:[EF]-?\d{3,5}|ERR-?\d{2,5})(?![\w-])",
    # IRQL_NOT_LESS_OR_EQUAL, ERR_CONNECTION_RESET
    r"(?<![\w%$\\/])[A-Z]{2,}(?:_[A-Z0-9]{2,}){1,8}(?![\w%])",
    # java.lang.NullPointerException, TimeoutError
    r"(?<![\w.])(?:[a-z]\w{0,30}\.){0,6}[A-Z][a-z]\w{2,50}(?:Exception|Error)(?!\w)",
)
# Error 1603, error code: 43, Fehler Nr. 20
_NUMBER: Final = (
    rf"(?<!\w){_CUE}(?i:[ -]?(?:code|nr\.?|no\.?|number|nummer|id))?"
    r"[ ]?[:=#]?[ ]?#?(?P<number>\d{3,10})(?![\w.:,-]*\d)"
)
# error TS3035, fault code P0420
_LETTERED: Final = (
    rf"(?<!\w){_CUE}s?(?i:[ -]?code)?[ ]?[:=]?[ ]?"
    r"(?P<lettered>[A-Z]{1,4}\d{2,7}|\d{1,4}[A-Z]\d{1,5}|\d{1,3}(?:\.[0-9A-Z]{2,4}){1,3})"
    r"(?![\w-])"
)
_ANY: Final = re.compile("|".join(_ALONE))
_CUED: Final = re.compile(f"{_NUMBER}|{_LETTERED}".replace(_CUE, f"(?i:{_CUE})"))


def codes_in(text: str) -> list[str]:
    """The codes in their order, each once, ten at most."""
    found: dict[str, str] = {}
    for code in _in_order(text[:LONGEST_TEXT]):
        found.setdefault(code.casefold(), code)
    return list(found.values())[:MOST_CODES]


def _in_order(text: str) -> Iterator[str]:
    places = [(match.start(), match.group()) for match in _ANY.finditer(text)]
    places += [
        (match.start(), match["lettered"] or match[0]) for match in _CUED.finditer(text)
    ]
    for _start, code in sorted(places):
        if not _NEVER.fullmatch(code):
            yield code
