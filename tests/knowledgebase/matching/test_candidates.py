"""What the matcher promises to whoever asks."""

import random
import string
from itertools import pairwise
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledgebase.matching import (
    THRESHOLD,
    Asked,
    Because,
    Candidate,
    Index,
    Known,
    Reason,
    candidates,
    scored,
    scoring,
)
from knowledgebase.matching.terms import keys
from tests.knowledgebase.matching.articles import KNOWN

VPN = Known(
    code="vpn-token",
    title="VPN token expired",
    symptom="My token for VPN has expired. VPN refuses the token.",
    body="Issue another token from the cabinet.",
    words=("otp",),
    signatures=(r"\bvpn-e102\b", r"error \d+"),
    services=("VPN",),
    categories=("Remote access",),
)
PRINTER = Known(
    code="printer-jams",
    title="Printer jams",
    symptom="Paper is stuck in the printer.",
    services=("Printing",),
    categories=("Printer",),
)
MAIL = Known(
    code="mail-quota",
    title="Mailbox is full",
    symptom="I cannot send mail, my mailbox exceeds its quota.",
    services=("E-mail", "Calendar"),
)
DESK = (VPN, PRINTER, MAIL)


def codes(found: list[Candidate]) -> list[str]:
    return [candidate.code for candidate in found]


def score(asked: Asked, code: str, known: tuple[Known, ...] = DESK) -> float:
    found = {one.code: one.score for one in scored(asked, Index.of(known))}
    return found.get(code, 0.0)


def test_the_fitting_article_comes_first_with_its_reasons() -> None:
    asked = Asked(subject="my vpn token has expired", service="VPN")
    [first] = candidates(asked, Index.of(DESK))
    assert first.code == "vpn-token"
    assert first.reasons == (
        Reason(Because.SERVICE, ("VPN",)),
        Reason(Because.TERMS, ("expired", "token", "vpn")),
    )


def test_a_signature_decides_and_is_shown_as_it_was_written() -> None:
    asked = Asked(subject="it says VPN-E102 since noon", text="cannot work")
    [first] = candidates(asked, Index.of(DESK))
    assert first.code == "vpn-token"
    assert first.reasons[0] == Reason(Because.SIGNATURE, ("VPN-E102",))


def test_a_signature_of_any_error_decides_nothing_alone() -> None:
    assert candidates(Asked(subject="error 77"), Index.of(DESK), threshold=0.01) == []
    with_it = score(Asked(subject="vpn error 77"), "vpn-token")
    assert with_it > score(Asked(subject="vpn trouble 77"), "vpn-token") > 0


def test_a_signature_in_a_line_of_every_form_decides_nothing_alone() -> None:
    form = "when you see code vpn-e102 write it down here\nplace: {}\nwhat: {}"
    past = [Asked(text=form.format(place, place)) for place in "uvwxyz"]
    asked = Asked(subject="scanner", text=form.format("north", "stripes"))
    assert codes(candidates(asked, Index.of(DESK))) == ["vpn-token"]
    assert candidates(asked, Index.of(DESK, past)) == []


def test_of_two_signatures_the_one_that_hit_fewer_past_tickets_goes_first() -> None:
    wide = Known(
        code="any-run", title="Run failed", signatures=(r"nightly \S+ failed",)
    )
    narrow = Known(code="backup", title="Tape", signatures=(r"nightly bk\w+ failed",))
    past = [Asked(subject=f"nightly j{number} failed") for number in range(40)]
    asked = Asked(subject="nightly bk_7 failed")
    assert codes(candidates(asked, Index.of([wide, narrow]))) == ["any-run", "backup"]
    found = candidates(asked, Index.of([wide, narrow], past))
    assert codes(found) == ["backup", "any-run"]


def test_same_service_and_category_raise_and_are_no_reason_alone() -> None:
    subject = "token refused"
    plain = score(Asked(subject=subject), "vpn-token")
    service = score(Asked(subject=subject, service="VPN"), "vpn-token")
    both = Asked(subject=subject, service="VPN", category="Remote access")
    assert plain < service < score(both, "vpn-token")
    alone = Asked(subject="the lift", service="VPN", category="Remote access")
    assert score(alone, "vpn-token") == 0


def test_a_misspelt_word_still_finds() -> None:
    [first] = candidates(Asked(subject="my vpn tokne expierd"), Index.of(DESK))
    assert first.code == "vpn-token"
    assert first.reasons[-1] == Reason(Because.MISSPELT, ("expierd", "tokne"))


def test_a_word_that_tickets_use_is_not_misspelt() -> None:
    asked = Asked(subject="tokens are tokes")
    assert scored(Asked(subject="tokem"), Index.of(DESK))
    assert not scored(
        Asked(subject="tokem"), Index.of(DESK, [Asked(subject="tokem")] * 10)
    )
    assert scored(asked, Index.of(DESK))


def test_german_finds_english() -> None:
    asked = Asked(subject="Drucker: Papierstau", text="der Drucker druckt nicht")
    assert codes(scored(asked, Index.of(DESK))) == ["printer-jams"]


@pytest.mark.parametrize(
    "subject",
    [
        "coffee machine leaks",
        "please help",
        "hello team, urgent",
        "",
        "1234567",
        "!!!",
        "received from: printer@example.com",
    ],
)
def test_an_unrelated_ticket_gets_nothing(subject: str) -> None:
    assert scored(Asked(subject=subject, text=subject), Index.of(DESK)) == []


def test_without_articles_there_is_no_candidate() -> None:
    assert candidates(Asked(subject="vpn"), Index.of([])) == []


def test_no_more_than_asked_for_and_none_below_the_threshold() -> None:
    index = Index.of(KNOWN)
    asked = Asked(subject="outlook does not open, password asked for")
    all_ = candidates(asked, index, most=50, threshold=0)
    assert len(all_) > 3
    assert candidates(asked, index, threshold=0) == all_[:3]
    shown = candidates(asked, index, most=50)
    assert shown == [one for one in all_ if one.score >= THRESHOLD]


def test_equals_come_by_code() -> None:
    twins = [Known(code=code, title="Projector is dark") for code in "cab"]
    found = candidates(Asked(subject="projector dark"), Index.of(twins), threshold=0)
    assert codes(found) == ["a", "b", "c"]


def test_a_signature_that_is_not_allowed_leaves_the_rest_in_work() -> None:
    broken = Known(code="z", title="Broken", signatures=("(a+)+", r"zzq-\d{3}"))
    index = Index.of([broken, *DESK])
    assert index.refused == [("z", "(a+)+")]
    assert codes(candidates(Asked(subject="seen ZZQ-123"), index)) == ["z"]


WORDS = sorted(
    {
        word
        for article in KNOWN
        for word in f"{article.title} {article.symptom} {article.body}".split()
    }
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
SERVICES = st.sampled_from(
    ["", *sorted({name for one in KNOWN for name in one.services})]
)
QUESTIONS = st.builds(
    Asked, subject=TEXTS, text=TEXTS, service=SERVICES, category=SERVICES
)
INDEX = Index.of(KNOWN)


@settings(deadline=None)
@given(QUESTIONS)
def test_scores_are_from_0_to_1_best_first_and_have_reasons(asked: Asked) -> None:
    found = candidates(asked, INDEX, most=100, threshold=0)
    assert all(0 < one.score <= 1 and one.reasons for one in found)
    assert all(one.score >= other.score for one, other in pairwise(found))
    assert all(reason.words for one in found for reason in one.reasons)


@settings(deadline=None)
@given(QUESTIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_articles_does_not_matter(
    asked: Asked, dice: random.Random
) -> None:
    shuffled = dice.sample(KNOWN, len(KNOWN))
    # So few that equals are left out too.
    with mock.patch.object(scoring, "MOST_SCORED", 3):
        again = candidates(asked, Index.of(shuffled), most=50, threshold=0)
        assert candidates(asked, INDEX, most=50, threshold=0) == again


@settings(deadline=None)
@given(st.sampled_from(KNOWN), TEXTS, st.data())
def test_one_more_shared_term_never_lowers_the_score(
    article: Known, noise: str, draw: st.DataObject
) -> None:
    text = f"{article.title} {article.symptom} {article.body}"
    # Not "set", where the article says "set up": that is another word.
    words = st.sampled_from([one for one in text.split() if keys(one) <= keys(text)])
    said = " ".join(draw.draw(st.lists(words, max_size=8)))
    # On a line of its own: "log" and "in" are one word together.
    subject = f"{said}\n{draw.draw(words)}"
    more = _score(Asked(subject=subject, text=noise), article.code)
    assert more >= _score(Asked(subject=said, text=noise), article.code)


def _score(asked: Asked, code: str) -> float:
    return next((one.score for one in scored(asked, INDEX) if one.code == code), 0.0)


@settings(deadline=None)
@given(st.lists(st.text(string.digits + "¤§", min_size=5, max_size=8), max_size=8))
def test_what_shares_nothing_gets_nothing(words: list[str]) -> None:
    assert scored(Asked(subject=" ".join(words)), INDEX) == []
