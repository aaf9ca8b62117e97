"""What a file is, told from how it begins."""

import re

_BEGINNINGS = {
    "png": rb"\x89PNG\r\n\x1a\n....IHDR",
    "jpg": rb"\xff\xd8\xff[\xc0-\xfe]",
    "gif": rb"GIF8[79]a",
    "webp": rb"RIFF....WEBPVP8[ LX]",
    "bmp": rb"BM....\0\0\0\0....[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0",
    "heic": rb"\0...ftyp(?:hei[cxms]|hev[cx]|m[is]f1....(?:....){0,8}?hei[cxms])",
    "mp4": rb"\0...ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V |M4VP|MSNV|dash|3gp.)",
    "mov": rb"\0...(?:ftypqt  |moov|mdat|wide|free)",
    "pdf": rb"%PDF-\d\.\d",
    "rtf": rb"\{\\rtf",
    "zip": rb"PK(?:\x03\x04|\x05\x06)",
    "7z": rb"7z\xbc\xaf\x27\x1c",
    "gz": rb"\x1f\x8b\x08",
    "compound": rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}
_SIGNATURES = {kind: re.compile(how, re.DOTALL) for kind, how in _BEGINNINGS.items()}
# As far as any browser looks when it guesses.
_GUESSED_FROM = 2048
_SECOND_FACE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php)\b|<\?php|%PDF-",
    re.IGNORECASE,
)


def sniff(head: bytes) -> str | None:
    """The kind whose signature ``head`` bears; ``None`` for text and the unknown.

    ``compound`` is the container of the old Office formats and of mails (.msg).
    """
    for kind, signature in _SIGNATURES.items():
        if signature.match(head):
            return kind
    return None


def has_second_face(head: bytes) -> bool:
    """Whether a picture or film could also be taken for a page or a PDF."""
    return bool(_SECOND_FACE.search(head[:_GUESSED_FROM]))
