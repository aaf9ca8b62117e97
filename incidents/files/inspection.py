"""The look at a file before we take it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from incidents.files import archives, compound
from incidents.files.names import FALLBACK, extension_of, safe_name
from incidents.files.plain_text import is_text
from incidents.files.reading import blocks, head
from incidents.files.rules import (
    COMPOUND,
    CONTENT_TYPES,
    FILMS,
    MAX_SIZE,
    MEGABYTE,
    OPEN_DOCUMENT,
    OPEN_XML,
    PICTURES,
    TEXTS,
)
from incidents.files.signatures import has_second_face, sniff

MESSAGES = {
    "name": _(
        "A file has no name that we can use. Give it a name such as printer.jpg,"
        " then attach it again."
    ),
    "kind": _(
        "%(name)s is a kind of file that we do not take. Attach a picture, a PDF, an"
        " Office document, a text file, a mail, a short video or a zip file."
    ),
    "empty": _("%(name)s is empty. Check it, then attach it again."),
    "size": _(
        "%(name)s is larger than %(megabytes)d MB. Attach a smaller version or only"
        " the part that matters."
    ),
    "content": _(
        "%(name)s does not contain what its ending .%(ending)s says, or is locked or"
        " damaged. Open it, save it again as .%(ending)s, then attach that."
    ),
    "text": _(
        "%(name)s cannot be read as text. Save it as plain text in UTF-8, then attach"
        " that."
    ),
    "macros": _(
        "%(name)s contains macros. Save it without macros or as PDF, then attach that."
    ),
}


@dataclass(frozen=True)
class Inspected:
    """What we found out ourselves; nothing in it is what the sender claims."""

    name: str
    content_type: str
    size: int
    sha256: str


def inspect(upload: UploadedFile) -> Inspected:
    """Look at an upload, or raise ``ValidationError`` that says what to do.

    The content decides, never the Content-Type that came with it. A picture (or a
    film) that bears the ending of another kind of picture is taken, and its name
    gets the true ending: phones and browsers mix these up, and whoever opens the
    file later must not be misled. Every other contradiction is refused. Reads in
    blocks, unpacks nothing, and leaves the file rewound, also when it raises.
    """
    try:
        return _inspect(upload)
    finally:
        upload.seek(0)


def _inspect(upload: UploadedFile) -> Inspected:
    name = safe_name(upload.name or "")
    extension = extension_of(name)
    if name == FALLBACK:
        raise _refusal("name", name)
    if extension not in CONTENT_TYPES:
        raise _refusal("kind", name)
    size, sha256 = _measure(upload, name)
    true = _true_extension(upload, name, extension)
    if true != extension:
        name = safe_name(f"{name.removesuffix(extension)}{true}")
    return Inspected(name, CONTENT_TYPES[true], size, sha256)


def _refusal(code: str, name: str) -> ValidationError:
    facts = {
        "name": name,
        "ending": extension_of(name),
        "megabytes": MAX_SIZE // MEGABYTE,
    }
    return ValidationError(MESSAGES[code], code=code, params=facts)


def _measure(upload: UploadedFile, name: str) -> tuple[int, str]:
    """Size and fingerprint of what is really there; stops reading at the limit."""
    size, fingerprint = 0, hashlib.sha256()
    for block in blocks(upload):
        size += len(block)
        if size > MAX_SIZE:
            raise _refusal("size", name)
        fingerprint.update(block)
    if not size:
        raise _refusal("empty", name)
    return size, fingerprint.hexdigest()


def _true_extension(upload: UploadedFile, name: str, extension: str) -> str:
    for endings, look in _LOOKS:
        if extension in endings:
            return look(upload, name, extension)
    if sniff(head(upload)) != extension:
        raise _refusal("content", name)
    return extension


def _look_at_text(upload: UploadedFile, name: str, extension: str) -> str:
    if sniff(head(upload)) is not None:
        raise _refusal("content", name)
    if not is_text(upload):
        raise _refusal("text", name)
    return extension


def _look_at_image(upload: UploadedFile, name: str, extension: str) -> str:
    beginning = head(upload)
    found = sniff(beginning)
    family = PICTURES if extension in PICTURES else FILMS
    if found not in family or has_second_face(beginning):
        raise _refusal("content", name)
    return extension if family[found] == family[extension] else found


def _look_at_compound(upload: UploadedFile, name: str, extension: str) -> str:
    is_one = sniff(head(upload)) == "compound"
    if not is_one or not compound.is_office(upload, extension):
        raise _refusal("content", name)
    if compound.has_macros(upload):
        raise _refusal("macros", name)
    return extension


def _look_at_office(upload: UploadedFile, name: str, extension: str) -> str:
    try:
        names = archives.entries(upload)
    except archives.BrokenArchiveError:
        raise _refusal("content", name) from None
    is_zip = sniff(head(upload)) == "zip"
    if not is_zip or not archives.is_office(upload, extension, names):
        raise _refusal("content", name)
    if archives.has_macros(names):
        raise _refusal("macros", name)
    return extension


_Look = Callable[[UploadedFile, str, str], str]
_LOOKS: tuple[tuple[set[str], _Look], ...] = (
    ({*TEXTS}, _look_at_text),
    ({*PICTURES, *FILMS}, _look_at_image),
    ({*COMPOUND}, _look_at_compound),
    ({*OPEN_XML, *OPEN_DOCUMENT}, _look_at_office),
)
