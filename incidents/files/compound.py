"""Old Office documents and mails (.msg): what their directory names."""

from django.core.files import File

from incidents.files.reading import blocks

# Streams by name. An installer (.msi) is such a container too, and has none of them.
_MAIN_STREAM = {
    "doc": ("WordDocument\0",),
    "xls": ("Workbook\0", "Book\0"),
    "ppt": ("PowerPoint Document\0",),
    "msg": ("__properties_version1.0\0",),
}
_MACROS = "_VBA_PROJECT"


def is_office(file: File, extension: str) -> bool:
    """Whether the container holds the document that its ending says."""
    return any(_names(file, stream) for stream in _MAIN_STREAM[extension])


def has_macros(file: File) -> bool:
    """Whether it, or an old document attached to it, carries Visual Basic."""
    return _names(file, _MACROS)


def _names(file: File, stream: str) -> bool:
    # Names lie in the directory uncompressed, in UTF-16, never across two sectors.
    wanted = stream.encode("utf-16-le")
    before = b""
    for block in blocks(file):
        if wanted in before + block:
            return True
        before = block[-len(wanted) :]
    return False
