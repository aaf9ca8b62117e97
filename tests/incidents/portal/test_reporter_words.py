"""Every state of the desk has one plain word and sentence for the reporter."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from incidents import services
from incidents.codes import CancelReason, ClosureBasis, HoldReason, Status
from incidents.models import Incident
from incidents.reporter_words import TABLE, happened, reporter_state
from incidents.timeline import public_timeline
from tests.incidents import stories
from tests.people import Cast

FACTS = {"owner": "Bo", "reporter": "Ann", "confirmer": "Ann", "master": "INC-1"}


def test_every_code_has_its_row() -> None:
    wanted = {"new", "assigned", "in_progress", "solved", "confirmed", "waived"}
    wanted |= {str(reason) for reason in HoldReason}
    wanted |= {f"closed_{basis}" for basis in ClosureBasis}
    wanted |= {f"cancelled_{reason}" for reason in CancelReason}
    # What another system did not say: until when it waits, why it was cancelled.
    wanted |= {"held_elsewhere", "cancelled_elsewhere"}
    assert set(TABLE) == wanted


@pytest.mark.parametrize("key", TABLE)
def test_no_sentence_promises_that_something_closes_by_itself(key: str) -> None:
    row = TABLE[key]
    for sentence in (row.sentence, row.others_sentence):
        said = str(sentence) % {**FACTS, "until": "3 Mar 2026, 14:00"}
        assert "automatic" not in said
        assert "close it on" not in said
        assert "%" not in said


STATES: list[tuple[str, Any, str, bool, int]] = [
    ("new", stories.reported, "Received", False, 1),
    ("assigned", stories.triaged, "Being worked on", False, 2),
    ("in progress", stories.in_progress, "Being worked on", False, 2),
    ("question", stories.on_hold, "Waiting for you", True, 2),
    ("resolved", stories.resolved, "Solved – please check", True, 3),
    ("confirmed", stories.confirmed, "Solved", False, 3),
    ("called", stories.called, "Solved", False, 3),
    ("waived", stories.waived, "Solved", False, 3),
    ("closed", stories.closed, "Closed", False, 3),
    ("cancelled", stories.cancelled, "Cancelled", False, 0),
]


@pytest.mark.parametrize(
    ("story", "word", "needs_me", "step"),
    [state[1:] for state in STATES],
    ids=[state[0] for state in STATES],
)
def test_the_reporter_reads_where_it_stands(
    story: Any, word: str, needs_me: bool, step: int, cast: Cast
) -> None:
    state = reporter_state(story(cast), cast.ann)
    assert (state.word, state.needs_me, state.step) == (word, needs_me, step)
    assert state == reporter_state(story(cast))  # said to whom it is up to


def test_a_name_a_date_a_reference_are_in_the_sentence(cast: Cast) -> None:
    assert reporter_state(stories.in_progress(cast)).sentence.startswith("Bo Berg is")
    paused = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
    assert paused.hold_until is not None
    assert f"{paused.hold_until:%b %Y}" in reporter_state(paused).sentence
    master = stories.reported(cast)
    joined = stories.cancelled(cast, reason=CancelReason.DUPLICATE, master=master)
    assert master.reference in reporter_state(joined).sentence


def test_who_reads_along_is_not_called_you(cast: Cast) -> None:
    for story in (stories.on_hold, stories.resolved, stories.closed):
        incident = story(cast)
        services_share(incident, cast.ann, cast.zed)
        state = reporter_state(incident, cast.zed)
        assert not state.needs_me
        assert "ou" not in state.sentence.replace("about", "").split()[0]
        assert "Ann Archer" in state.sentence


def services_share(incident: Incident, by: User, reader: User) -> None:
    if not incident.is_ended:
        services.share_incident(incident.pk, by=by, email=reader.email)


def test_asks_nothing_of_what_was_fetched_for_a_page(cast: Cast) -> None:
    for incident in stories.everything(cast).values():
        fetched = Incident.objects.for_page().get(pk=incident.pk)
        with CaptureQueriesContext(connection) as queries:
            reporter_state(fetched, cast.ann)
        assert not queries.captured_queries, fetched.status


def test_asks_nothing_of_what_was_fetched_for_a_list(cast: Cast) -> None:
    stories.everything(cast)
    rows = list(Incident.objects.public_for(cast.ann).for_reporter_list())
    assert {row.status for row in rows} == set(Status.values)
    with CaptureQueriesContext(connection) as queries:
        for row in rows:
            reporter_state(row, cast.ann)
    assert not queries.captured_queries


def test_a_call_that_the_desk_noted_is_not_told_as_one_s_own_word(cast: Cast) -> None:
    called = stories.called(cast)
    noted = public_timeline(called)[-1]
    assert happened(called, noted, cast.ann) == "{who} noted from a call that it works"
    assert happened(called, noted, cast.bo) == "You noted from a call that it works"
    said = public_timeline(stories.confirmed(cast))[-1]
    assert happened(called, said, cast.ann) == "You confirmed that it works"
    assert happened(called, said, cast.zed) == "{who} confirmed that it works"


def test_a_question_is_told_as_a_question_and_any_other_hold_as_a_pause(
    cast: Cast,
) -> None:
    asked = stories.on_hold(cast)
    paused = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
    for incident, sentence in ((asked, "asked a question"), (paused, "paused it")):
        entry = public_timeline(incident)[-1]
        assert happened(incident, entry, cast.ann) == f"{{who}} {sentence}"
