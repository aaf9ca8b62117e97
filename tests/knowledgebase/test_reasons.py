"""Reasons are read by people."""

from django.utils.translation import override

from knowledgebase.matching import Because, Candidate, Reason
from knowledgebase.reasons import SAID, in_words


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
