"""What counts of a text are the words of whoever wrote it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledgebase.matching import Asked, Index, Known, candidates
from knowledgebase.matching.cleaning import essence, repaired
from knowledgebase.matching.terms import family, folded, keys


def said(text: str) -> set[str]:
    return {*keys(essence(text))}


@pytest.mark.parametrize(
    "around",
    [
        "received from: some.body@example.com",
        "Hello team, good morning",
        "Dear Sir, please help",
        "Hallo liebe Kollegen, guten Tag",
        "[cid:image001.png@01d22c57] <mailto:some.body@example.com>",
        "http://example.com/a/long/path?of=letters www.example.com",
        "thanks and best regards",
        "at: 10/28/2016 18:06:00",
        "issue resolved, ticket attached",
    ],
)
def test_what_mail_puts_around_is_no_term(around: str) -> None:
    assert said(around) == set()
    assert said(f"{around}\nprinter jams") == {*keys("printer jams")}


def test_names_under_a_closing_are_no_terms() -> None:
    text = "the scanner on the second floor shows stripes\nbest regards\nZoe Outlook"
    assert "outlook" not in said(text)


def test_quoted_history_counts_only_where_nothing_stands_above() -> None:
    history = "from: Ann sent: Monday to: Bo subject: re: vpn token\nmy token expired"
    above = "since the move my printer in room north jams every page\n"
    assert not said(above + history) & keys("vpn token expired")
    assert said("fyi\n" + history) >= keys("vpn token expired")
    assert not said(history) & {"ann", "monday", "subject", "sent"}


def test_lines_of_forms_count_by_their_answers() -> None:
    form = (
        "which system is it: {}\ntransaction code(s) you were in: {}\nwhat happened: {}"
    )
    past = [Asked(text=form.format(one, one, one)) for one in "uvwxyz"]
    known = [Known(code="t", title="Transaction code of the system")]
    asked = Asked(text=form.format("north", "zz9", "slow"))
    assert candidates(asked, Index.of(known), threshold=0.01)
    assert not candidates(asked, Index.of(known, past), threshold=0.01)


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("f\u00c3\u00a4hrt", "fährt"),
        ("gr\u00c3\u00bc\u00c3\u0178e", "grüße"),
        ("fährt", "fährt"),
        ("na\u00efve caf\u00e9", "naïve café"),
    ],
)
def test_letters_read_in_the_wrong_encoding_are_read_anew(
    damaged: str, meant: str
) -> None:
    assert repaired(damaged) == meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Drucker", "printers"),
        ("Passwort zurücksetzen", "reset my password"),
        ("log-in", "logged on"),
        ("blue screen", "Bluescreen"),
        ("e-mails", "mail"),
        ("Café", "CAFE"),
        ("Zugänge", "zugaenge"),
        ("locked out", "unlock"),
        ("licenses", "license"),
        ("wi-fi", "WLAN"),
    ],
)
def test_words_of_one_meaning_are_one_term(one: str, other: str) -> None:
    assert keys(one) == keys(other)


def test_numbers_of_orders_are_no_terms_and_codes_are() -> None:
    assert keys("order 4195579 of 2016-11-15") == keys("order 2016")
    assert "e102" in keys("code E102")
    assert family("sid_34") == family("sid_99") == "sid_#"
    assert family("e102") == ""


def test_scripts_without_spaces_have_terms_too() -> None:
    assert keys("电脑不能开机") & keys("我的电脑坏了") == {"电脑"}


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for key in keys(essence(text)):
        assert key
        assert key == folded(key)
