"""Signatures hit what their editor means, and none can run away."""

import re
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledgebase.matching import Refused, Signature, Why
from knowledgebase.matching.cleaning import LONGEST
from knowledgebase.matching.machine import MOST_STEPS, Machine
from knowledgebase.matching.patterns import parse
from knowledgebase.matching.signatures import Signatures

# Seconds that no pattern may take for the longest text, on a slow machine.
PATIENCE = 10

REFUSED = [
    "",
    "ab",
    r"\d+",
    ".*",
    "(a|b)+",
    "(error",
    "error)",
    "[error",
    "error[]",
    "error[^]",
    "*error",
    "error**",
    "error+?",
    "error{2}{3}",
    "error{",
    "error{}",
    "error{,5}",
    "error{5,2}",
    "error{51}",
    "error{1,99999999999999999999}",
    "(?=error)code",
    "(?!error)code",
    "(?<=error)code",
    "(?P<name>error)",
    "(?i)error",
    "(?#error)code",
    "(?>error)code",
    r"(error)\1",
    r"error\k<name>",
    r"error\x41",
    r"error\u0041",
    "error\\",
    "^error",
    "error$",
    r"error\b+",
    "error[z-a]",
    r"error[a-\d]",
    r"error[\b]",
    "error[äöü]",
    "x" * 251,
    "(" * 11 + "error" + ")" * 11,
    "(?:(?:(?:error{50}){50}){50}){50}",
]
# Each of them takes Python's ``re`` longer than anybody waits, on a text made for it.
HOSTILE = [
    "(a+)+code",
    "(a*)*code",
    "(a|a)*code",
    "(a|aa)+code",
    "(a|a?)+code",
    "(.*)*code",
    "(.*a){12}code",
    r"(\w+\s?)*code",
    r"(\w*)*\s*(\w*)*code",
    r"([a-z]+)*[a-z]*[a-z]*code",
    "a?" * 20 + "a{20}code",
    "((a+)+b?)*code",
    r"(a|\w|[a-z])+code",
    r"\w*\w*\w*\w*\w*\w*code",
    ".*.*.*.*.*.*code",
]


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_is_no_signature_is_refused(pattern: str) -> None:
    with pytest.raises(Refused) as refused:
        Signature.of(pattern)
    assert refused.value.why in Why


@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_pattern_runs_away(pattern: str) -> None:
    text = "code cod " + "a" * (LONGEST - 9)
    signatures = Signatures([("one", pattern)])
    began = process_time()
    signatures.hits(text)
    assert process_time() - began < PATIENCE


def test_time_grows_with_the_text_and_not_with_its_square() -> None:
    machine = Machine(parse("(a|aa|a+)*b"))
    assert machine.search("a" * 2000) == ""
    assert _seconds(machine, 2000) < 6 * _seconds(machine, 1000)


def _seconds(machine: Machine, letters: int) -> float:
    began = process_time()
    machine.search("a" * letters)
    return process_time() - began


def test_a_pattern_too_large_to_be_followed_is_refused() -> None:
    with pytest.raises(Refused):
        Machine(parse("(abcdef){50}(abcdef){50}"))
    assert MOST_STEPS < 600


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"job \S+ failed", "the job X_12 failed at night", "job x_12 failed"),
        (r"\be102\b", "Error E102!", "e102"),
        (r"\be102\b", "Error E1024", ""),
        (r"blue ?screen", "BLUESCREEN", "bluescreen"),
        (r"(blank|ghost) call", "a ghost call", "ghost call"),
        (r"code[0-9a-f]{4}", "code00EDx", "code00ed"),
        (r"code [^;]+;", "code a b; c;", "code a b;"),
        (r"zurück", "Zurueck", "zurueck"),
        (r"café", "CAFE", "cafe"),
        (r"net fram\w+ ?4\.5", "net framework4.5", "net framework4.5"),
        (r"net fram\w+ ?4\.5", "net framework 4x5", ""),
        (r"over \d{1,3} ?%", "over 96 %", "over 96 %"),
    ],
)
def test_signatures_hit_what_they_say(pattern: str, text: str, found: str) -> None:
    assert Signature.of(pattern).found_in(text) == found
    hits = Signatures([("one", pattern)]).hits(text)
    assert [hit.found for hit in hits] == ([found] if found else [])


@pytest.mark.parametrize(
    ("pattern", "is_generic"),
    [
        (r"error code", True),
        (r"error \d", True),
        (r"access denied", True),
        (r"error e102", False),
        (r"logon balancing", False),
        (r"failed: \w+", True),
    ],
)
def test_words_of_any_error_tell_nothing(pattern: str, is_generic: bool) -> None:
    assert Signature.of(pattern).is_generic is is_generic


ATOMS = [
    "a",
    "b",
    "c",
    ".",
    r"\w",
    "[ab]",
    "[^a]",
    r"\W",
    "(ab|b)",
    "(?:a|c)",
    "(aa|a)",
]
PIECES = st.builds(
    str.__add__,
    st.sampled_from(ATOMS),
    st.sampled_from(["", "?", "*", "+", "{2}", "{1,2}", "{0,1}"]),
)


@settings(deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=5), st.text("abc ", max_size=10))
def test_finds_the_first_and_longest_that_python_would(
    pieces: list[str], text: str
) -> None:
    pattern = "".join(pieces)
    theirs = re.compile(pattern)
    matches = (
        text[start:end]
        for start in range(len(text) + 1)
        for end in range(len(text), start - 1, -1)
        if theirs.fullmatch(text, start, end)
    )
    assert Machine(parse(pattern)).search(text) == next(matches, "")


@settings(deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_typed_is_taken_or_refused(pattern: str) -> None:
    with suppress(Refused):
        assert Signature.of(pattern).anchors
