"""A name is fit to show and to keep, whoever chose it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.files.names import MAX_LENGTH, extension_of, safe_name
from incidents.files.rules import CONTENT_TYPES

HOSTILE = [
    ("../../etc/passwd", "passwd"),
    ("..\\..\\boot.ini", "boot.ini"),
    ("C:\\Users\\nora\\printer.jpg", "printer.jpg"),
    ("/", "file"),
    ("..", "file"),
    ("", "file"),
    (".png", "file.png"),
    ("...hidden.png", "hidden.png"),
    ("con.txt", "file.txt"),
    ("CON .txt", "file.txt"),
    ("Com1.report.txt", "report.txt"),
    ("lpt¹.txt", "file.txt"),
    ("con..con.aux.txt", "file.txt"),
    ("context.txt", "context.txt"),
    ("printer.png. . .", "printer.png"),
    ("printer.png::$DATA", "printer_png__$DATA"),
    ("a\0b\x1b[31m.txt", "ab[31m.txt"),
    ("two\r\nlines.txt", "two lines.txt"),
    ("two\u2028lines.txt", "two lines.txt"),
    ("invoice\u202egpj.exe", "invoicegpj.exe"),
    ("\u202etxt.\u2066gpj.png", "txt.gpj.png"),
    ("a\ud800b.txt", "ab.txt"),
    ("\u3164\u2800.txt", "file.txt"),
    ("invoice.pdf.exe", "invoice_pdf.exe"),
    ("invoice.exe.pdf", "invoice_exe.pdf"),
    ("invoice.exe          .pdf", "invoice_exe.pdf"),
    ("invoice.e\u200dxe.pdf", "invoice_exe.pdf"),
    ('a<b>"c|d?.txt', "a_b__c_d_.txt"),
    ("cafe\u200d\u0301.txt", "caf\u00e9.txt"),
    ("PRINTER.PnG", "PRINTER.png"),
]
HARMLESS = [
    "printer.jpg",
    "README",
    "app.log.gz",
    "report 2026.11.21.pdf",
    "Übersicht – Étage 3.pdf",
    "отчёт.txt",
    "障害報告.pdf",
    "تقرير العطل.pdf",
    "می\u200cخواهم.pdf",  # noqa: RUF001 - Persian cannot do without the joiner
    "क्\u200dष.txt",
    "👩\u200d💻.png",
]


@pytest.mark.parametrize(("raw", "safe"), HOSTILE)
def test_a_hostile_name_is_made_harmless(raw: str, safe: str) -> None:
    assert safe_name(raw) == safe


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_name_stays_as_it_is(name: str) -> None:
    assert safe_name(name) == unicodedata.normalize("NFC", name)


def test_marks_are_joined_to_their_letters() -> None:
    assert safe_name("U\u0308bersicht.txt") == "Übersicht.txt"


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    name = safe_name("x" * 300 + ".docx")
    assert len(name) == MAX_LENGTH
    assert name.endswith("x.docx")


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("a", ""), ("a.", ""), ("a.p df", "")],
)
def test_an_ending_is_read_from_the_end(name: str, ending: str) -> None:
    assert extension_of(name) == ending


PIECES = st.sampled_from(
    [
        *(".", "..", "/", "\\", " ", "\0", "\n", "\u202e", "\u200d", ":", '"'),
        *("e", "é", "e\u0301", "ب", "👩", "\ud800", "con", "nul", ".exe", ".pdf"),
        "x" * 200,
    ]
)
RAW = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


@given(RAW)
def test_no_name_holds_a_folder_or_a_sign_that_is_not_seen(raw: str) -> None:
    name = safe_name(raw)
    hidden = [sign for sign in name if unicodedata.category(sign) in {"Cc", "Cs"}]
    turning = set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert not hidden
    assert not turning
    assert not set(name) & set('/\\:<>"|?*\u2028\u2029')
    assert 1 <= len(name) <= MAX_LENGTH
    assert name == name.strip(". ")
    assert unicodedata.is_normalized("NFC", name)
    assert name.encode()


@given(RAW, st.sampled_from(sorted(CONTENT_TYPES)))
def test_an_ending_that_we_take_is_kept(raw: str, extension: str) -> None:
    assert extension_of(safe_name(f"{raw}.{extension}")) == extension


@given(RAW)
def test_a_safe_name_is_safe_for_good(raw: str) -> None:
    assert safe_name(safe_name(raw)) == safe_name(raw)
