"""The history is told in whole sentences, each for what happened."""

import re

import pytest

from incidents import services
from incidents.clocks.history import TOLD
from incidents.codes import HoldReason
from incidents.events import Kind
from incidents.reporter_words import HAPPENED, NOTED
from incidents.sentences import CHANGED, HELD, SENTENCES
from incidents.timeline import full_timeline
from tests.incidents import stories
from tests.incidents.ticket.conftest import As, address, words
from tests.people import Cast

HOLDS = {
    HoldReason.AWAITING_REPORTER: "Bo Berg asked the reporter a question and put it"
    " on hold",
    HoldReason.AWAITING_SUPPLIER: "Bo Berg put it on hold: it waits for a supplier",
    HoldReason.SCHEDULED: "Bo Berg put it on hold: it is scheduled for a later day",
}


@pytest.mark.parametrize(("reason", "sentence"), HOLDS.items())
def test_a_hold_says_what_it_waits_for(reason: str, sentence: str, cast: Cast) -> None:
    entry = full_timeline(stories.on_hold(cast, reason=reason))[-1]
    assert entry.sentence == sentence
    assert entry.details == []


def test_every_kind_of_event_and_every_hold_has_its_sentence() -> None:
    assert set(Kind.values) <= set(SENTENCES)
    assert set(HELD) == set(HoldReason)


def test_no_sentence_goes_on_with_a_capital() -> None:
    told = [row.of_others for row in (*HAPPENED.values(), *NOTED.values())]
    told += [*SENTENCES.values(), *HELD.values(), *CHANGED.values()]
    for pattern in map(str, told):
        after_the_first_word = pattern.split(" ", 1)[1]
        assert not re.search("[A-Z]", after_the_first_word), pattern


def test_you_is_said_to_whoever_did_it() -> None:
    done = [row for kind, row in HAPPENED.items() if kind not in TOLD]
    for row in (*done, *NOTED.values()):
        assert str(row.of_you).startswith("You ")
        assert str(row.of_others).startswith("{who} ")
    for kind in TOLD:  # The desk itself says these.
        assert str(HAPPENED[kind].of_others).startswith("We ")


def test_what_changed_is_told_from_old_to_new(cast: Cast) -> None:
    incident = stories.triaged(cast)
    services.reclassify_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(impact=1, risks=["financial"]),
        reason="All tills.",
    )
    assert full_timeline(incident)[-1].details == [
        "severity from SEV4 to SEV2",
        "impact from “One person, or not sure” to “Everyone, several sites or"
        " customers”",
        "risks from “none” to “Financial”",
    ]


def test_a_stale_page_says_what_happened_meanwhile(window: As, cast: Cast) -> None:
    incident = stories.triaged(cast)
    services.take_incident(incident.pk, by=cast.cy, expected_version=None)
    sent = {"version": incident.version, "message": "We look into it."}
    shown = words(window("bo").post(address("reply", incident), sent))
    assert "Meanwhile: Cy Cole took it." in shown


def test_the_reporter_reads_whole_sentences_with_the_name_in_bold(
    window: As, cast: Cast
) -> None:
    incident = stories.on_hold(cast)
    shown = words(window("ann").get(incident.reporter_url()))
    assert "<strong>Bo Berg</strong> looks at it now" in shown
    assert "<strong>Bo Berg</strong> asked a question" in shown
    assert "<header>You reported it" in shown


def test_a_name_is_never_markup(window: As, cast: Cast) -> None:
    cast.bo.name = "<b>Bo</b> {who}"
    cast.bo.save()
    incident = stories.on_hold(cast)
    shown = words(window("ann").get(incident.reporter_url()))
    assert "<strong>&lt;b&gt;Bo&lt;/b&gt; {who}</strong> asked a question" in shown
