"""A log as a file: plain or packed, checked, and handed out row by row.

Everything is streamed, so the size of a file costs time and no memory. Reading
changes nothing.
"""

import codecs
import csv
import hashlib
import io
import lzma
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MIB = 1024 * 1024
LONGEST = 1 * MIB
PIECE = 64 * 1024
HEAD = 512
NAMED = 5
LONGEST_NAME = 60

_XZ = b"\xfd7zXZ\0"
_PACKED = re.compile(
    rb"PK\x03\x04|\x1f\x8b|BZh[1-9]1AY&SY|7z\xbc\xaf'\x1c|\x28\xb5\x2f\xfd"
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class DamagedFile(Exception):  # noqa: N818 - what the file is, not a fault of ours
    """The file as a whole cannot be taken; ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its values by column, without the white space around them.

    ``line`` is where it begins, the header's being 1. ``values`` is ``None`` where
    their number, ``found``, is not that of the columns.
    """

    line: int
    values: Mapping[str, str] | None
    found: int


def digest_of(path: Path) -> str:
    """SHA-256 of the text, in hexadecimal: the same whether packed or not.

    Raises ``DamagedFile`` where the file cannot be read or unpacked to its end.
    """
    digest = hashlib.sha256()
    with _opened(path) as text:
        while piece := text.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """All rows in the order of the file; further columns are handed out, too.

    Raises ``DamagedFile``, at the latest at the end: only who has read all rows
    knows that the file is whole. A file cut within its very last value is the one
    damage that nobody can see.
    """
    with _opened(path) as text:
        lines = _Lines(text)
        records = _records(lines)
        header = _header(records, columns)
        for line, found in records:
            if len(found) == len(header):
                values = [value.strip() for value in found]
                yield Row(line, dict(zip(header, values, strict=True)), len(found))
                continue
            if len(found) < len(header) and lines.is_unfinished:
                raise _cut(line)
            yield Row(line, None, len(found))


class _Unpacked(io.RawIOBase):
    """The text in an .xz; raises ``DamagedFile`` with the line where it breaks.

    Nothing may follow but another stream or padding: the standard library would
    take a broken second stream for the end.
    """

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._stream = lzma.LZMADecompressor(lzma.FORMAT_XZ)
        self._ahead = b""
        self._line = 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._piece(len(buffer))
        except (EOFError, lzma.LZMAError) as error:
            raise _broken_packing(self._line) from error
        buffer[: len(piece)] = piece
        self._line += piece.count(b"\n")
        return len(piece)

    def _piece(self, size: int) -> bytes:
        while self._has_stream():
            if piece := self._stream.decompress(self._input(), size):
                return piece
        return b""

    def _has_stream(self) -> bool:
        if not self._stream.eof:
            return True
        self._ahead = self._stream.unused_data.lstrip(b"\0")
        while not self._ahead and (more := self._packed.read(PIECE)):
            self._ahead = more.lstrip(b"\0")
        if self._ahead:
            self._stream = lzma.LZMADecompressor(lzma.FORMAT_XZ)
        return bool(self._ahead)

    def _input(self) -> bytes:
        if not self._stream.needs_input:
            return b""
        packed, self._ahead = self._ahead or self._packed.read(PIECE), b""
        if not packed:
            raise EOFError
        return packed


class _Lines:
    """The lines as text, for the CSV reader, and where in the file it is."""

    def __init__(self, text: BinaryIO) -> None:
        self._text = text
        self._last = 0
        self._size = 0
        self.first = 1
        self.is_over = False
        self.is_unfinished = False

    def begin(self) -> None:
        """Count from here: the next line is the first of a record."""
        self.first = self._last + 1
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        while raw := self._text.readline(LONGEST + 1):
            self._last += 1
            self._size += len(raw)
            if self._size > LONGEST:
                raise _too_long(self.first)
            self.is_unfinished = not raw.endswith(b"\n")
            yield self._decoded(raw)
        self.is_over = True

    def _decoded(self, raw: bytes) -> str:
        if self._last == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            line = raw.decode()
        except UnicodeDecodeError as error:
            raise _not_utf_8(self._last) from error
        if "\0" in line:
            raise _zero_byte(self._last)
        return line


def _records(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """Every record and the line where it begins; empty lines are none."""
    reader = csv.reader(lines)
    while True:
        lines.begin()
        try:
            found = next(reader, None)
        except csv.Error as error:
            raise _no_csv(lines.first) from error
        if found is None:
            return
        # The reader asks for a line too many only while a quote is open.
        if lines.is_over:
            raise _cut(lines.first)
        if len(found) > 1 or any(map(str.strip, found)):
            yield lines.first, found


def _header(
    records: Iterator[tuple[int, list[str]]], columns: Sequence[str]
) -> list[str]:
    """The names of the columns, all expected ones among them and none twice."""
    first = next(records, None)
    if first is None:
        raise _empty()
    header = [name.strip() for name in first[1]]
    missing = [name for name in columns if name not in header]
    if missing and len(header) == 1:
        _check_delimiter(header[0])
    if missing:
        raise _missing(missing)
    doubled = [name for name, times in Counter(header).items() if times > 1]
    if doubled:
        raise _doubled(doubled)
    return header


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The text of the file in bytes, unpacked where it is packed."""
    try:
        if path.exists() and not path.is_file():
            raise _no_file(path)
        with path.open("rb") as file:
            start = file.peek(len(_XZ))[: len(_XZ)]
            is_packed = bool(start) and _XZ.startswith(start)
            text = io.BufferedReader(_Unpacked(file), PIECE) if is_packed else file
            _check_head(text.peek(HEAD)[:HEAD])
            yield text
    except OSError as error:
        raise _unreadable(path, error) from error


def _check_head(head: bytes) -> None:
    """Refuse what is no text at all, before it is called text with a fault."""
    if _PACKED.match(head):
        raise DamagedFile(
            _(
                "The file is a zip, gzip or Excel file, not a CSV file;"
                " unpack it or save it as CSV."
            )
        )
    if b"\0" in head and not head.startswith(_UTF_16) and not _is_utf_8(head):
        raise DamagedFile(
            _("The file is not a text file; export the log as CSV and use that file.")
        )


def _is_utf_8(head: bytes) -> bool:
    """Whether it may be UTF-8; the last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _check_delimiter(header: str) -> None:
    names = {";": _("semicolons"), "\t": _("tabs"), "|": _("vertical bars")}
    delimiter = max(names, key=header.count)
    if delimiter in header:
        raise DamagedFile(
            _(
                "The columns are separated by %(found)s, but commas are expected;"
                " save the file again with commas."
            )
            % {"found": names[delimiter]}
        )


def _unreadable(path: Path, error: OSError) -> DamagedFile:
    values = {"path": _shown(path), "reason": error.strerror or str(error)}
    if isinstance(error, FileNotFoundError):
        return DamagedFile(_("There is no file %(path)s; check its name.") % values)
    if isinstance(error, PermissionError):
        return DamagedFile(
            _(
                "The file %(path)s may not be read;"
                " allow the user that runs this to read it."
            )
            % values
        )
    return DamagedFile(
        _("The file %(path)s cannot be read (%(reason)s); copy it again.") % values
    )


def _no_file(path: Path) -> DamagedFile:
    return DamagedFile(
        _("%(path)s is a folder or a device; give the name of a file.")
        % {"path": _shown(path)}
    )


def _shown(path: Path) -> str:
    return os.fsencode(path).decode(errors="replace")


def _empty() -> DamagedFile:
    return DamagedFile(_("The file is empty; export or copy it again."))


def _broken_packing(line: int) -> DamagedFile:
    return DamagedFile(
        _("The packed file is damaged or was cut off at line %(line)d; copy it again.")
        % {"line": line}
    )


def _cut(line: int) -> DamagedFile:
    return DamagedFile(
        _("The file ends in the middle of line %(line)d; copy it again.")
        % {"line": line}
    )


def _too_long(line: int) -> DamagedFile:
    return DamagedFile(
        _(
            "Line %(line)d is longer than %(size)d MiB;"
            " check that the file is a log in CSV and export it again."
        )
        % {"line": line, "size": LONGEST // MIB}
    )


def _zero_byte(line: int) -> DamagedFile:
    return DamagedFile(
        _(
            "The file is damaged: line %(line)d has a zero byte, as no text has;"
            " copy or export it again."
        )
        % {"line": line}
    )


def _not_utf_8(line: int) -> DamagedFile:
    return DamagedFile(
        _("Line %(line)d is not UTF-8; save the file as UTF-8 and use that file.")
        % {"line": line}
    )


def _no_csv(line: int) -> DamagedFile:
    return DamagedFile(
        _(
            "Line %(line)d is not CSV, for a value does not end or a line break"
            " stands outside of quotes; export the file again."
        )
        % {"line": line}
    )


def _missing(names: Sequence[str]) -> DamagedFile:
    return DamagedFile(
        ngettext(
            "The column %(names)s is missing; export the log with all its columns.",
            "The columns %(names)s are missing; export the log with all its columns.",
            len(names),
        )
        % {"names": _listed(names)}
    )


def _doubled(names: Sequence[str]) -> DamagedFile:
    return DamagedFile(
        ngettext(
            "The column %(names)s is there more than once; remove what is too many.",
            "The columns %(names)s are there more than once; remove what is too many.",
            len(names),
        )
        % {"names": _listed(names)}
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:LONGEST_NAME] or _("(no name)") for name in names[:NAMED])
    more = len(names) - NAMED
    if more <= 0:
        return shown
    return ngettext(
        "%(names)s and %(more)d more", "%(names)s and %(more)d more", more
    ) % {"names": shown, "more": more}
