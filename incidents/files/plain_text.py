"""Whether a file is text."""

import codecs
import re

from django.core.files import File

from incidents.files.reading import blocks, head

_NUL = re.compile(r"\0")
# Whoever guesses an encoding must be strict; ESC colours the logs of consoles.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def is_text(file: File) -> bool:
    """Whether all of it is UTF-8, UTF-16 with its mark, or Windows-1252."""
    if head(file).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decodes(file, "utf-16", _CONTROL)
    return _decodes(file, "utf-8", _NUL) or _decodes(file, "cp1252", _CONTROL)


def _decodes(file: File, encoding: str, never: re.Pattern[str]) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks(file):
            if never.search(decoder.decode(block)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
