"""Small files of every kind, honest and hostile."""

import io
import struct
import zipfile
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 17
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\x01" * 40
GIF = b"GIF89a\x01\0\x01\0\x80\0\0" + b"\0" * 30
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 30
BMP = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + b"\0" * 40
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40
HEIC_OF_A_PHONE = b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafheic" + b"\0" * 40
AVIF = b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif" + b"\0" * 40
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
RTF = rb"{\rtf1\ansi It went dark.}"
GZ = b"\x1f\x8b\x08\0" + b"\0" * 20
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\0\x04" + b"\0" * 40
MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + b"\0" * 40
MOV = b"\0\0\0\x14ftypqt  \0\0\x02\0qt  " + b"\0" * 40
EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + b"\0" * 200
HTML = b"<!doctype html><script>alert(1)</script>"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Entries = Mapping[str, bytes]


def archive(entries: Entries, *, packed: bool = True, before: bytes = b"") -> bytes:
    memory = io.BytesIO(before)
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(memory, "a", how) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return memory.getvalue()


def open_xml(main: str, **more: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", main: b"<x/>", **more})


def open_document(kind: str, **more: bytes) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    parts = {"mimetype": mimetype, "content.xml": b"<x/>", **more}
    return archive(parts, packed=False)


def compound(*streams: str) -> bytes:
    """The mark of an old Office document and directory entries of 128 bytes."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return OLD.ljust(512, b"\0") + b"\0" * 512 + names


def in_64_bits(
    content: bytes, *, start: int | None = None, found_at: int | None = None
) -> bytes:
    """The same zip with a directory in 64 bits, as Java writes spreadsheets.

    With ``start``, that directory is another one than that of the 32 bits; with
    ``found_at``, its record is looked for elsewhere.
    """
    end = content[-22:]
    count, size, offset = struct.unpack("<H2L", end[10:20])
    begin = offset if start is None else start
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, begin
    )
    where = offset + size if found_at is None else found_at
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, where, 1)
    return content[:-22] + record + locator + end


DOCX = open_xml("word/document.xml")
XLSX = open_xml("xl/workbook.xml")
PPTX = open_xml("ppt/presentation.xml")
DOCM = open_xml("word/document.xml", **{"word/vbaProject.bin": b"x"})
EXE_AND_DOCX = archive(
    {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}, before=EXE
)
ODT, ODS = open_document("text"), open_document("spreadsheet")
ODP = open_document("presentation")
DOC, XLS = compound("Root Entry", "WordDocument"), compound("Root Entry", "Workbook")
PPT, MSG = compound("PowerPoint Document"), compound("__properties_version1.0")
MSI = compound("Root Entry", "SummaryInformation")
ZIP = archive({"notes.txt": b"It went dark."})


def upload(
    name: str, content: bytes, content_type: str = "text/html"
) -> SimpleUploadedFile:
    """As a browser sends it, with a Content-Type that lies."""
    return SimpleUploadedFile(name, content, content_type)
