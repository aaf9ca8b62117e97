"""The content decides what a file is, not what its sender calls it."""

import dataclasses
import hashlib
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile

from incidents.files import archives
from incidents.files.inspection import MESSAGES, Inspected, inspect
from incidents.files.rules import CONTENT_TYPES, MAX_SIZE
from tests.incidents.files import samples
from tests.incidents.files.samples import upload

HONEST = [
    ("a.png", samples.PNG),
    ("a.jpg", samples.JPG),
    ("a.jpeg", samples.JPG),
    ("a.gif", samples.GIF),
    ("a.webp", samples.WEBP),
    ("a.bmp", samples.BMP),
    ("a.heic", samples.HEIC),
    ("b.heic", samples.HEIC_OF_A_PHONE),
    ("a.pdf", samples.PDF),
    ("a.rtf", samples.RTF),
    ("a.gz", samples.GZ),
    ("a.7z", samples.SEVEN_ZIP),
    ("a.zip", samples.ZIP),
    ("a.mp4", samples.MP4),
    ("a.mov", samples.MOV),
    ("a.docx", samples.DOCX),
    ("a.xlsx", samples.XLSX),
    ("a.pptx", samples.PPTX),
    ("a.odt", samples.ODT),
    ("a.ods", samples.ODS),
    ("a.odp", samples.ODP),
    ("a.doc", samples.DOC),
    ("a.xls", samples.XLS),
    ("a.ppt", samples.PPT),
    ("a.msg", samples.MSG),
    ("a.json", b'{"down": true}'),
    ("a.md", b"# Down"),
    ("a.csv", b"room;printer\n3;down\n"),
    ("a.eml", b"Subject: Down\r\n\r\nIt went dark.\r\n"),
    ("a.log", b"\x1b[31mfailed\x1b[0m\n"),
    ("utf-8.txt", "Étage – 障害".encode()),
    ("utf-8-with-mark.txt", b"\xef\xbb\xbf" + "Étage".encode()),
    ("utf-16.txt", "Étage – 障害".encode("utf-16")),
    ("cp1252.txt", "Étage – 3 €".encode("cp1252")),
    ("page.txt", samples.HTML),
    ("java.xlsx", samples.in_64_bits(samples.XLSX)),
    ("sharepoint.docx", samples.open_xml("word/document2.xml")),
    ("lists.odt", samples.open_document("text", **{"Basic/script-lc.xml": b"<x/>"})),
]
LYING = [
    ("page.gif", samples.HTML, "content"),
    ("pdf.png", samples.PDF, "content"),
    ("exe.png", samples.EXE, "content"),
    ("exe.pdf", samples.EXE, "content"),
    ("exe.txt", samples.EXE, "text"),
    ("exe.zip", samples.EXE, "content"),
    ("avif.heic", samples.AVIF, "content"),
    ("polyglot.gif", b"GIF89a/*" + samples.HTML, "content"),
    ("polyglot.jpg", samples.JPG + b"<SCRIPT src=//evil>", "content"),
    ("polyglot.png", samples.PNG + b"%PDF-1.4", "content"),
    ("polyglot.mp4", samples.MP4 + samples.HTML, "content"),
    ("png.mp4", samples.PNG, "content"),
    ("png.txt", samples.PNG, "content"),
    ("rtf.txt", samples.RTF, "content"),
    ("pdf.txt", samples.PDF, "content"),
    ("zip.docx", samples.ZIP, "content"),
    ("xlsx.docx", samples.XLSX, "content"),
    ("ods.odt", samples.ODS, "content"),
    ("template.odt", samples.open_document("text-template"), "content"),
    ("docx.odt", samples.DOCX, "content"),
    ("odt.docx", samples.ODT, "content"),
    ("doc.docx", samples.DOC, "content"),
    ("docx.doc", samples.DOCX, "content"),
    ("xls.doc", samples.XLS, "content"),
    ("msi.doc", samples.MSI, "content"),
    ("renamed-docm.docx", samples.DOCM, "macros"),
    (
        "hidden-docm.docx",
        samples.open_xml("word/document.xml", **{"WORD\\VBAproject.BIN": b"x"}),
        "macros",
    ),
    (
        "old-macros.xlsx",
        samples.open_xml("xl/workbook.xml", **{"xl/macrosheets/sheet1.xml": b"x"}),
        "macros",
    ),
    (
        "macros.odt",
        samples.open_document("text", **{"Basic/Standard/Module1.xml": b"x"}),
        "macros",
    ),
    (
        "scripts.odt",
        samples.open_document("text", **{"Scripts/python/x.py": b"x"}),
        "macros",
    ),
    ("macros.doc", samples.compound("WordDocument", "_VBA_PROJECT"), "macros"),
    ("macros.xls", samples.compound("Workbook", "_VBA_PROJECT_CUR"), "macros"),
    ("nul.txt", b"It went\0dark.", "text"),
    ("nul.csv", "a\0".encode("utf-16"), "text"),
    ("control.txt", b"\xe9\x01\x02", "text"),
    ("half.txt", b"\xff\xfea", "text"),
    ("cut.docx", samples.DOCX[:-30], "content"),
    ("exe-with.docx", samples.EXE_AND_DOCX, "content"),
    ("exe-with.doc", samples.EXE + samples.DOC, "content"),
    ("trailing.docx", samples.DOCX + b"more", "content"),
]
REFUSED = [
    *("page.html", "page.htm", "drawing.svg", "feed.xml", "code.js", "setup.exe"),
    *("run.sh", "run.bat", "run.ps1", "macros.docm", "macros.xlsm", "setup.msi"),
    *("invoice.pdf.exe", "README", "shortcut.lnk", "page.png.html", "a.php"),
]


def refusal(name: str, content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        inspect(upload(name, content))
    return caught.value


@pytest.mark.parametrize(("name", "content"), HONEST)
def test_an_honest_file_is_taken(name: str, content: bytes) -> None:
    found = inspect(upload(name, content))
    assert found == Inspected(
        name=name,
        content_type=CONTENT_TYPES[name.rpartition(".")[2]],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.name = "other.exe"  # type: ignore[misc]


def test_every_kind_that_we_take_was_tried() -> None:
    assert {name.rpartition(".")[2] for name, _ in HONEST} == set(CONTENT_TYPES)


@pytest.mark.parametrize(("name", "content", "code"), LYING)
def test_a_lying_file_is_refused(name: str, content: bytes, code: str) -> None:
    assert refusal(name, content).code == code


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_on_the_list_is_refused(name: str) -> None:
    error = refusal(name, b"harmless text")
    assert error.code == "kind"
    assert "Attach a picture" in error.messages[0]


@pytest.mark.parametrize(
    ("name", "content", "stored"),
    [
        ("screen.jpg", samples.PNG, "screen.png"),
        ("photo.jpeg", samples.HEIC, "photo.heic"),
        ("clip.mov", samples.MP4, "clip.mp4"),
        ("png.png.gif", samples.PNG, "png.png.png"),
    ],
)
def test_a_picture_with_the_wrong_ending_gets_the_true_one(
    name: str, content: bytes, stored: str
) -> None:
    found = inspect(upload(name, content))
    assert found.name == stored
    assert found.content_type == CONTENT_TYPES[stored.rpartition(".")[2]]


def test_an_empty_file_is_refused() -> None:
    assert refusal("a.txt", b"").messages == [
        "a.txt is empty. Check it, then attach it again."
    ]


def test_a_file_is_too_big_by_what_is_there_not_by_what_it_says() -> None:
    assert inspect(upload("a.txt", b"x" * MAX_SIZE)).size == MAX_SIZE
    big = upload("a.txt", b"x" * (MAX_SIZE + 1))
    big.size = 1
    with pytest.raises(ValidationError, match=r"a\.txt is larger than 10 MB"):
        inspect(big)


@pytest.mark.parametrize("name", [None, "", "\u202e", " . "])
def test_a_file_without_a_usable_name_is_refused(name: str | None) -> None:
    nameless = upload("a.txt", b"x")
    nameless._name = name  # type: ignore[attr-defined] # past Django's own look
    with pytest.raises(ValidationError, match="Give it a name"):
        inspect(nameless)


def test_a_message_shows_the_safe_name() -> None:
    error = refusal("<b>\u202eexe.png", samples.EXE)
    assert error.messages[0].startswith("_b_exe.png does not contain")


def test_messages_say_what_to_do_in_plain_words() -> None:
    for message in MESSAGES.values():
        assert not {"please", "sorry", "invalid", "!"} & set(str(message).split())
        assert str(message).endswith(".")


@pytest.mark.parametrize(
    ("name", "content"), [("a.docx", samples.DOCX), ("a.docx", samples.EXE)]
)
def test_the_file_lies_rewound_afterwards(name: str, content: bytes) -> None:
    file = upload(name, content)
    with suppress(ValidationError):
        inspect(file)
    assert file.read() == content


def test_a_large_file_is_never_whole_in_memory() -> None:
    with TemporaryUploadedFile("a.txt", "text/plain", MAX_SIZE, None) as file:
        for _ in range(MAX_SIZE // 1024):
            file.write(b"x" * 1024)
        tracemalloc.start()
        inspect(file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MAX_SIZE / 8


def test_a_name_in_the_directory_is_found_across_blocks() -> None:
    stream = "WordDocument\0".encode("utf-16-le")
    content = samples.OLD.ljust(64 * 1024 - 10, b"\0") + stream + b"\0" * 100
    assert inspect(upload("a.doc", content)).size == len(content)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred million bytes in a hundred thousand: only the directory is read."""
    bomb = samples.open_xml("word/document.xml", **{"word/x": b"\0" * 50_000_000})
    monkeypatch.setattr(zipfile.ZipFile, "open", _explode)
    monkeypatch.setattr("zlib.decompressobj", _explode)
    file = upload("a.docx", bomb)
    tracemalloc.start()
    inspect(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def _explode(*args: object, **kwargs: object) -> None:
    raise AssertionError("It was unpacked.")


def _too_many() -> bytes:
    return samples.archive(
        {"[Content_Types].xml": b"", "word/document.xml": b""}
        | {f"{number}": b"" for number in range(archives.MAX_ENTRIES)}
    )


def _too_long() -> bytes:
    return samples.archive(
        {"[Content_Types].xml": b"", "word/document.xml": b""}
        | {f"{number}".ljust(60_000, "x"): b"" for number in range(20)}
    )


def _two_directories() -> bytes:
    """The 32-bit end hides macros that the 64-bit end shows."""
    return samples.in_64_bits(samples.DOCX, start=0)


def _directory_behind_a_locator() -> bytes:
    return samples.in_64_bits(samples.DOCX, found_at=0)


def _longer_than_it_says() -> bytes:
    end = bytearray(samples.DOCX)
    end[-14:-10] = struct.pack("<2H", 1, 1)
    return bytes(end)


def _directory_elsewhere() -> bytes:
    moved = bytearray(samples.DOCX)
    moved[-6:-2] = struct.pack("<L", 0)
    return bytes(moved)


def _damaged() -> bytes:
    return samples.DOCX.replace(b"PK\x01\x02", b"PK\x01\x03")


def _comment_with_an_end() -> bytes:
    memory = io.BytesIO(samples.DOCX)
    with zipfile.ZipFile(memory, "a") as target:
        target.comment = samples.DOCX[-22:] + b"?"
    return memory.getvalue()


@pytest.mark.parametrize(
    "build",
    [
        _too_many,
        _too_long,
        _two_directories,
        _directory_behind_a_locator,
        _longer_than_it_says,
        _directory_elsewhere,
        _comment_with_an_end,
        _damaged,
    ],
)
def test_a_directory_that_is_not_plain_is_refused(build: Callable[[], bytes]) -> None:
    assert refusal("a.docx", build()).code == "content"
