"""Small files that people of the demonstration attach."""

import struct
import zlib
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

WIDTH, HEIGHT = 320, 180
GREY, BLUE, WHITE, RED = (
    b"\xd9\xdc\xe0",
    b"\x2d\x5d\x8c",
    b"\xff\xff\xff",
    b"\xb3\x26\x1e",
)


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody chooses in a form."""

    name: str
    content_type: str
    content: bytes

    def upload(self) -> SimpleUploadedFile:
        return SimpleUploadedFile(self.name, self.content, self.content_type)


def text(name: str, content: str) -> File:
    return File(name, "text/plain", content.encode())


def screenshot(name: str) -> File:
    """A window with a red box in it."""
    return File(name, "image/png", _png([_row(y) for y in range(HEIGHT)]))


def _row(y: int) -> bytes:
    if y < HEIGHT // 8:
        return BLUE * WIDTH
    if HEIGHT // 3 < y < HEIGHT * 2 // 3:
        return GREY * 40 + RED * 4 + WHITE * (WIDTH - 84) + GREY * 40
    return GREY * WIDTH


def _png(rows: list[bytes]) -> bytes:
    size = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = [(b"IHDR", size), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
