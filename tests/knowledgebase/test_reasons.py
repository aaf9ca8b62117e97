"""Reasons are read by people."""

from django.utils.translation import override

from knowledgebase.matching import Because, Candidate, Reason, Refused, Why
from knowledgebase.reasons import REFUSED, SAID, in_words, refused_in_words


def test_all_reasons_in_words() -> None:
    candidate = Candidate(
        "vpn-token",
        0.9,
        (
            Reason(Because.SIGNATURE, ("E102",)),
            Reason(Because.SERVICE, ("VPN",)),
            Reason(Because.CATEGORY, ("Remote access",)),
            Reason(Because.TERMS, ("vpn", "token", "expired")),
            Reason(Because.MISSPELT, ("tokne",)),
        ),
    )
    with override("en"):
        assert in_words(candidate) == (
            "same error code E102, same service, same category,"
            " 3 shared terms: vpn, token, expired, nearly the same: tokne"
        )


def test_one_shared_term_is_one() -> None:
    candidate = Candidate("vpn", 0.5, (Reason(Because.TERMS, ("vpn",)),))
    with override("en"):
        assert in_words(candidate) == "1 shared term: vpn"


def test_every_kind_of_reason_has_words() -> None:
    assert {*SAID} == {*Because}


def test_a_phrase_is_no_error_code() -> None:
    reason = Reason(Because.SIGNATURE, ("job X_12 failed",))
    with override("en"):
        assert in_words(Candidate("job", 0.9, (reason,))) == "says “job X_12 failed”"


def test_every_fault_of_a_signature_has_words() -> None:
    assert {*REFUSED} == {*Why}
    with override("en"):
        for why in Why:
            assert refused_in_words(Refused(why, "§")).endswith(".")
        assert refused_in_words(Refused(Why.UNKNOWN, "\\x")).startswith("\\x is not")
