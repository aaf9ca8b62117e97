"""Which files we take, how large and how many."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
MAX_SIZE = 10 * MEGABYTE
MAX_FILES = 5  # of one message
MAX_TOTAL = 25 * MEGABYTE  # of one message

PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "bmp": "image/bmp",
}
FILMS = {"mp4": "video/mp4", "mov": "video/quicktime"}
TEXTS = {
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "eml": "message/rfc822",
}
_open_xml = "application/vnd.openxmlformats-officedocument"
OPEN_XML = {
    "docx": f"{_open_xml}.wordprocessingml.document",
    "xlsx": f"{_open_xml}.spreadsheetml.sheet",
    "pptx": f"{_open_xml}.presentationml.presentation",
}
OPEN_DOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
COMPOUND = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
# Known by how they begin. Nobody looks into the archives: they are only kept.
OTHERS = {
    "pdf": "application/pdf",
    "rtf": "application/rtf",
    "zip": "application/zip",
    "7z": "application/x-7z-compressed",
    "gz": "application/gzip",
}

# The whole list: what is not in it is refused. Nothing that a browser or an
# operating system would run is here (html, svg, xml, scripts, docm, xlsm).
CONTENT_TYPES = {
    **PICTURES,
    **OTHERS,
    **TEXTS,
    **OPEN_XML,
    **OPEN_DOCUMENT,
    **COMPOUND,
    **FILMS,
}

LIMITS_IN_WORDS = format_lazy(
    _(
        "Up to {count} files, {size} MB each, {total} MB together: pictures, PDF,"
        " Office and text files, mails, short videos, zip files."
    ),
    count=MAX_FILES,
    size=MAX_SIZE // MEGABYTE,
    total=MAX_TOTAL // MEGABYTE,
)
