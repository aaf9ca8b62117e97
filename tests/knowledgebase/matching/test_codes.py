"""What looks like an error code is found; what looks like another number is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledgebase.matching.codes import MOST_CODES, codes_in

FOUND = [
    ("The label printer shows E102.", ["E102"]),
    ("e102 and E-102, F041", ["E-102", "F041"]),
    ("It fails with 0x80070005!", ["0x80070005"]),
    ("ORA-00054: resource busy", ["ORA-00054"]),
    ("Error 1603 at install", ["Error 1603"]),
    ("error code: 1603, then Fehler Nr. 4711", ["error code: 1603", "Fehler Nr. 4711"]),
    ("HTTP 404 and http error 503", ["HTTP 404", "error 503"]),
    ("fault code P0420", ["P0420"]),
    ("The error TS3035 came", ["TS3035"]),
    ("IRQL_NOT_LESS_OR_EQUAL", ["IRQL_NOT_LESS_OR_EQUAL"]),
    ("ERR_CONNECTION_RESET in Chrome", ["ERR_CONNECTION_RESET"]),
    ("java.lang.NullPointerException: null", ["java.lang.NullPointerException"]),
    ("raised TimeoutError", ["TimeoutError"]),
    ("error 49.4C02", ["49.4C02"]),
    ("E102, E102 and e102", ["E102"]),
]
NOT_FOUND = [
    "INC-00042, REQ0001, #4711",
    "Windows 10 on a T480 with USB3 and UTF-8, ISO-8859",
    "KB5034441 is installed, since 2026-11-28 at 12:30",
    "Room E12 is on floor 2, call 031-123 45 67",
    "The error is at 10.0.0.100, port 8080",
    "An Error and an Exception",
    "%APP_DATA% and C:\\MY_FOLDER",
    "",
]


@pytest.mark.parametrize(("text", "codes"), FOUND)
def test_codes_are_found(text: str, codes: list[str]) -> None:
    assert codes_in(text) == codes


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_numbers_are_left(text: str) -> None:
    assert codes_in(text) == []


def test_there_is_an_end_of_them() -> None:
    assert len(codes_in(" ".join(f"E{n}" for n in range(100, 200)))) == MOST_CODES


@given(st.text())
def test_every_code_stands_in_the_text(text: str) -> None:
    for code in codes_in(text):
        assert code in " ".join(text.split()) or code in text
