"""What a zip contains, read from its directory alone: nothing is ever unpacked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from django.core.files import File

from incidents.files.reading import HEAD, part
from incidents.files.rules import OPEN_DOCUMENT, OPEN_XML

MAX_ENTRIES = 5_000
MAX_DIRECTORY = 1024 * 1024

_END = Struct("<4s4H2LH")
_END_64 = Struct("<4sQ2H2L4Q4sLQL")  # the record and its locator
_ENTRY = Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 0xFFFF

_MAIN_PART = {
    "docx": re.compile(r"word/document\d*\.xml"),
    "xlsx": re.compile(r"xl/workbook\d*\.xml"),
    "pptx": re.compile(r"ppt/presentation\d*\.xml"),
}
_MACROS = re.compile(
    r"(?:.*/)?vbaproject\.bin|xl/macrosheets/.+"
    # Lists of libraries (-lb, -lc) are there without any macro, too.
    r"|scripts/.*[^/]|basic/(?!.*-l[bc]\.xml$).*[^/]"
)


class BrokenArchiveError(ValueError):
    """Not a zip whose directory says one thing to every reader."""


@dataclass(frozen=True)
class _Directory:
    count: int
    size: int
    start: int


def is_office(file: File, extension: str, names: list[str]) -> bool:
    """Whether the zip of these entries is the document that its ending says."""
    if extension in OPEN_XML:
        main = _MAIN_PART[extension]
        return "[content_types].xml" in names and any(map(main.fullmatch, names))
    # OpenDocument begins with its type, unpacked, so that it can be told like this.
    kind = re.escape(OPEN_DOCUMENT[extension].encode())
    mark = rb"PK\x03\x04.{22}\x08\0\0\0mimetype" + kind + rb"(?!-)"
    return "content.xml" in names and bool(
        re.match(mark, part(file, 0, HEAD), re.DOTALL)
    )


def has_macros(names: list[str]) -> bool:
    """Whether an Office document of these entries carries macros."""
    return any(map(_MACROS.fullmatch, names))


def entries(file: File) -> list[str]:
    """Names of all entries in small letters, folders with ``/``.

    Reads the directory only, and refuses (``BrokenArchiveError``) one that is too
    large, or so made that two readers could see two different directories.
    """
    directory, end = _find_directory(file)
    _check_gap(file, directory, end)
    content = part(file, directory.start, directory.size)
    names = list(_names(content))
    if len(names) != directory.count:
        raise BrokenArchiveError("The directory is longer than it says.")
    return names


def _find_directory(file: File) -> tuple[_Directory, int]:
    """The directory and where its end record begins, which closes the file."""
    size = file.seek(0, 2)
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    tail = part(file, start, size)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise BrokenArchiveError("It has no directory.")
    _, disk, first, here, count, length, offset, comment = _END.unpack_from(tail, at)
    if (disk, first, here) != (0, 0, count) or at + _END.size + comment != len(tail):
        raise BrokenArchiveError("It does not end with its directory.")
    if count > MAX_ENTRIES or length > MAX_DIRECTORY:
        raise BrokenArchiveError("Its directory is too large.")
    return _Directory(count, length, offset), start + at


def _check_gap(file: File, directory: _Directory, end: int) -> None:
    """Between the directory and its end is nothing, or the same in 64 bits."""
    after = directory.start + directory.size
    gap = part(file, after, end - after) if after <= end else b"?"
    if gap and (len(gap) != _END_64.size or not _agrees(gap, directory, after)):
        raise BrokenArchiveError("It has two directories.")


def _agrees(gap: bytes, directory: _Directory, after: int) -> bool:
    found = _END_64.unpack(gap)
    said = _Directory(count=found[7], size=found[8], start=found[9])
    return (
        (found[0], found[10]) == (b"PK\x06\x06", b"PK\x06\x07")
        and said == directory
        and found[12] == after
    )


def _names(content: bytes) -> Iterator[str]:
    at = 0
    while at < len(content):
        if len(content) < at + _ENTRY.size or content[at : at + 4] != b"PK\x01\x02":
            raise BrokenArchiveError("Its directory is damaged.")
        lengths = _ENTRY.unpack_from(content, at)[10:13]
        begin = at + _ENTRY.size
        name = content[begin : begin + lengths[0]].decode("utf-8", "replace")
        yield name.replace("\\", "/").lstrip("/").lower()
        at = begin + sum(lengths)
