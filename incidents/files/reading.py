"""Reading an upload in blocks, whatever its size."""

from collections.abc import Iterator

from django.core.files import File

BLOCK = 64 * 1024
HEAD = 4096


def blocks(file: File) -> Iterator[bytes]:
    """The whole content from its beginning, never more than a block in memory."""
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


def head(file: File) -> bytes:
    """The first ``HEAD`` bytes, or fewer."""
    return part(file, 0, HEAD)


def part(file: File, start: int, length: int) -> bytes:
    """At most ``length`` bytes from ``start``."""
    file.seek(start)
    found: bytes = file.read(length)
    return found
