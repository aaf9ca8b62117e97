"""The ladder of a ticket: each rung once, in order, none after the answer."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from activity import clock
from activity.models import Delivery, Event
from activity.refusals import Conflict
from incidents import services
from incidents.clocks.keeping import differences
from incidents.events import Kind
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.ladders.climbs import (
    answered,
    armed_rung,
    history_in_words,
    ladder,
    level,
    minutes,
    staff,
    swept,
    told,
    whom,
)
from tests.incidents.letters import hear, letter
from tests.people import Cast


@pytest.fixture(autouse=True)
def cache_agrees(db: None) -> Iterator[None]:
    """Whatever a test did, what is kept says what the events say."""
    yield
    assert list(differences()) == []


@pytest.fixture
def ticket(cast: Cast) -> Incident:
    ladder()
    staff(cast)
    return answered(cast)


def acknowledge(incident: Incident, by: object, at: float) -> None:
    with clock.frozen_at(minutes(at)):
        services.acknowledge_attention(incident.pk, by=by)  # type: ignore[arg-type]


def test_rungs_are_told_in_order_each_at_its_moment(
    cast: Cast, ticket: Incident
) -> None:
    for count in (0, 179, 180, 180.1, 194, 195.5, 239, 240.1, 254, 255.2, 300):
        swept(count)
        swept(count)
    assert told(ticket) == [(3, 180), (5, 240.1), (6, 255.2)]
    assert whom(ticket) == [[cast.lea.pk], [cast.max.pk], [cast.cy.pk]]
    assert armed_rung(ticket) is None


def test_the_reason_stands_in_the_history_as_values(ticket: Incident) -> None:
    swept(180)
    event = Event.objects.about(ticket).get(kind=Kind.RUNG)
    data = event.data
    assert (data["trigger"], data["percent"]) == ("resolution_percent", 75)
    assert data["metric"] == "resolution"
    assert datetime.fromisoformat(data["reached"]) == minutes(180)
    assert datetime.fromisoformat(data["answer_by"]) == minutes(195)
    with timezone.override("UTC"):
        words = history_in_words(ticket)
    assert "75 % of the resolution target at 13:00: Lea Lund was told" in words


def test_an_answer_ends_the_climb(cast: Cast, ticket: Incident) -> None:
    swept(180)
    acknowledge(ticket, cast.lea, 190)
    assert armed_rung(ticket) is None
    for count in (200, 241, 260, 400):
        swept(count)
    assert told(ticket) == [(3, 180)]
    event = Event.objects.about(ticket).get(kind=Kind.ACKNOWLEDGE)
    assert event.data["rung"] == 3


def test_attention_follows_up_and_stays_after_the_answer(
    cast: Cast, ticket: Incident
) -> None:
    assert level(ticket) == 0
    swept(180)
    assert level(ticket) == 1
    swept(240.1)
    assert level(ticket) == 2
    acknowledge(ticket, cast.max, 241)
    assert level(ticket) == 2
    before = stories.again(ticket)
    assert (before.severity, before.owner_id) == (1, cast.bo.pk)


def test_attention_is_over_when_it_is_solved(cast: Cast, ticket: Incident) -> None:
    swept(180)
    with clock.frozen_at(minutes(185)):
        stories.resolved(cast, of=ticket)
    assert level(ticket) == 0
    assert stories.again(ticket).rung_at is None
    swept(400)
    assert told(ticket) == [(3, 180)]


def test_a_lead_ends_attention_by_hand(cast: Cast, ticket: Incident) -> None:
    swept(180)
    with pytest.raises(PermissionDenied):
        services.end_attention(ticket.pk, by=cast.bo, expected_version=None)
    services.end_attention(ticket.pk, by=cast.lea, expected_version=None)
    assert level(ticket) == 0
    with pytest.raises(Conflict, match="Nobody above"):
        services.end_attention(ticket.pk, by=cast.lea, expected_version=None)


def test_what_comes_back_begins_a_new_climb(cast: Cast, ticket: Incident) -> None:
    swept(180)
    acknowledge(ticket, cast.lea, 181)
    with clock.frozen_at(minutes(185)):
        stories.resolved(cast, of=ticket)
    with clock.frozen_at(minutes(190)):
        services.reject_resolution(
            ticket.pk,
            by=cast.ann,
            expected_version=None,
            complaint="It still fails.",
            channel="portal",
        )
    swept(190)
    assert told(ticket) == [(3, 180), (3, 190)]


def test_after_an_outage_rungs_are_told_one_by_one(
    cast: Cast, ticket: Incident
) -> None:
    """Nobody is passed over: each has the time to answer."""
    swept(600)
    swept(614)
    assert told(ticket) == [(3, 600)]
    assert Event.objects.about(ticket).get(kind=Kind.RUNG).data["late"] is True
    swept(615)
    assert told(ticket) == [(3, 600), (5, 615)]


def test_nobody_waits_for_an_answer_of_nobody(cast: Cast) -> None:
    ladder(
        {"trigger": "resolution_percent", "percent": 50, "tells": "team_manager"},
        {"trigger": "unacknowledged", "tells": "team_lead"},
    )
    incident = answered(cast)
    swept(120)
    swept(120)
    assert told(incident) == [(1, 120), (2, 120)]
    assert whom(incident) == [[], [cast.lea.pk]]
    words = " ".join(history_in_words(incident))
    assert "nobody was there to be told" in words


def test_who_has_left_is_not_told(cast: Cast, ticket: Incident) -> None:
    cast.lea.is_active = False
    cast.lea.save()
    swept(180)
    assert whom(ticket) == [[]]


def test_a_late_response_calls_as_long_as_nobody_has_answered(cast: Cast) -> None:
    ladder()
    staff(cast)
    with clock.frozen_at(minutes(0)):
        incident = stories.reported(cast, impact=1, urgency=1)
    swept(30.1)
    assert told(incident) == [(5, 30.1)]
    with clock.frozen_at(minutes(31)):
        services.take_incident(incident.pk, by=cast.bo, expected_version=None)
    swept(180)
    assert told(incident) == [(5, 30.1), (6, 180)], "no lower rung any more"


def test_a_hold_that_stops_the_clock_stops_its_rungs(cast: Cast) -> None:
    ladder(pauses_on=["awaiting_supplier"])
    staff(cast)
    incident = answered(cast)
    with clock.frozen_at(minutes(60)):
        stories.on_hold(cast, of=incident, reason="awaiting_supplier")
    swept(200)
    assert told(incident) == []
    assert armed_rung(incident) is None


def test_another_promise_begins_a_new_climb(cast: Cast, ticket: Incident) -> None:
    swept(180)
    acknowledge(ticket, cast.lea, 181)
    other = ladder(
        {"trigger": "resolution_percent", "percent": 50, "tells": "desk_lead"},
        severity=4,
        resolution_target=600,
    )
    with clock.frozen_at(minutes(200)):
        services.override_severity(
            ticket.pk, by=cast.bo, expected_version=None, severity=4, reason="Less."
        )
    for count in (200, 299, 300):
        swept(count)
    events = Event.objects.about(ticket).filter(kind=Kind.RUNG)
    assert told(ticket) == [(3, 180), (1, 300)]
    assert [event.data["version"] == other.pk for event in events] == [False, True]


# ---- words of people


def test_asking_by_hand_tells_the_rung_that_waits_for_it(
    cast: Cast, ticket: Incident
) -> None:
    with clock.frozen_at(minutes(10)):
        services.call_attention(
            ticket.pk, by=cast.bo, expected_version=None, reason="The board waits."
        )
    assert level(ticket) == 1
    swept(10)
    assert (told(ticket), whom(ticket)) == ([(2, 10)], [[cast.lea.pk]])
    swept(26)
    assert told(ticket) == [(2, 10)], "no other trigger has come"
    swept(180)
    assert told(ticket) == [(2, 10), (3, 180)]


def test_a_word_slows_nothing_that_waits_above(cast: Cast, ticket: Incident) -> None:
    """Max was told at 240.1 and has a quarter of an hour. What Ann and Bo say in it is
    told at once; Cy is told when that quarter is over, as if they had been silent."""
    for count in (180, 195, 240.1):
        swept(count)
    with clock.frozen_at(minutes(250)):
        services.urge(ticket.pk, by=cast.ann, reason="Pay day is tomorrow.")
        services.call_attention(
            ticket.pk, by=cast.bo, expected_version=None, reason="The board waits."
        )
    for count in (250, 250, 255, 255.2, 270, 300):
        swept(count)
    assert told(ticket) == [(3, 180), (5, 240.1), (1, 250), (2, 250), (6, 255.2)]
    acknowledge(ticket, cast.max, 301)
    assert armed_rung(ticket) is None


def test_it_is_not_asked_for_twice_before_somebody_answers(
    cast: Cast, ticket: Incident
) -> None:
    def ask(at: float) -> None:
        with clock.frozen_at(minutes(at)):
            services.call_attention(
                ticket.pk, by=cast.bo, expected_version=None, reason="Now."
            )

    ask(10)
    swept(10)
    with pytest.raises(Conflict, match="nobody has answered yet"):
        ask(11)
    acknowledge(ticket, cast.lea, 12)
    ask(13)
    swept(13)
    assert told(ticket) == [(2, 10), (2, 13)]


def test_asking_needs_a_reason_and_a_colleague(cast: Cast, ticket: Incident) -> None:
    with pytest.raises(ValidationError):
        services.call_attention(
            ticket.pk, by=cast.bo, expected_version=None, reason=" "
        )
    for stranger in (cast.ann, cast.zed, cast.max, cast.ned):
        with pytest.raises(PermissionDenied):
            services.call_attention(
                ticket.pk, by=stranger, expected_version=None, reason="x"
            )


def test_without_a_rung_for_it_the_lead_hears(cast: Cast) -> None:
    ladder({"trigger": "breach", "tells": "team_manager"})
    incident = answered(cast)
    with clock.frozen_at(minutes(10)):
        services.call_attention(
            incident.pk, by=cast.bo, expected_version=None, reason="The board waits."
        )
    assert hear(incident, "call_attention") == {
        "Lea": f"Needs attention: {incident.title}"
    }
    assert level(incident) == 1
    swept(20)
    assert told(incident) == []


def test_the_reporter_urges_once_and_the_lead_hears(
    cast: Cast, ticket: Incident
) -> None:
    with clock.frozen_at(minutes(10)):
        services.urge(ticket.pk, by=cast.ann, reason="Pay day is tomorrow.")
    assert hear(ticket, "urge") == {"Lea": f"Getting urgent: {ticket.title}"}
    assert "Pay day is tomorrow." in letter(ticket, "urge", cast.lea).text
    with pytest.raises(Conflict, match="told us already"):
        services.urge(ticket.pk, by=cast.ann, reason="Again.")
    swept(10)
    assert whom(ticket) == [[cast.bo.pk]], "the desk owner, by the ladder"
    again = stories.again(ticket)
    assert (again.severity, again.owner_id, again.status) == (
        1,
        cast.bo.pk,
        "in_progress",
    )


def test_another_team_can_be_urged_anew(cast: Cast, ticket: Incident) -> None:
    with clock.frozen_at(minutes(10)):
        services.urge(ticket.pk, by=cast.ann, reason="Pay day is tomorrow.")
    with clock.frozen_at(minutes(11)):
        stories.escalated(cast, of=ticket)
    with clock.frozen_at(minutes(12)):
        services.urge(ticket.pk, by=cast.ann, reason="It is pay day.")
    assert Event.objects.about(ticket).filter(kind=Kind.URGE).count() == 2


def test_only_who_reported_it_urges(cast: Cast, ticket: Incident) -> None:
    for other in (cast.bo, cast.zed, cast.max):
        with pytest.raises(PermissionDenied):
            services.urge(ticket.pk, by=other, reason="x")
    with pytest.raises(ValidationError):
        services.urge(ticket.pk, by=cast.ann, reason=" ")


# ---- the answer


def test_who_was_told_answers_and_who_answers_for_the_team(
    cast: Cast, ticket: Incident
) -> None:
    with pytest.raises(Conflict, match="Nobody is called"):
        services.acknowledge_attention(ticket.pk, by=cast.lea)
    swept(180)
    for other in (cast.bo, cast.ann, cast.zed, cast.ida):
        with pytest.raises(PermissionDenied):
            services.acknowledge_attention(ticket.pk, by=other)
    acknowledge(ticket, cast.max, 181)
    with pytest.raises(Conflict, match="before you"):
        acknowledge(ticket, cast.lea, 182)


def test_an_answer_to_an_earlier_call_is_void(cast: Cast, ticket: Incident) -> None:
    swept(180)
    climb = Event.objects.about(ticket).get(kind=Kind.RUNG).data["climb"]
    with clock.frozen_at(minutes(185)):
        stories.resolved(cast, of=ticket)
    with clock.frozen_at(minutes(190)):
        services.reject_resolution(ticket.pk, by=cast.ann, complaint="It fails.")
    swept(190)
    with pytest.raises(Conflict, match="any more"):
        services.acknowledge_attention(ticket.pk, by=cast.lea, climb=climb)


def test_a_word_said_meanwhile_takes_no_answer_away(
    cast: Cast, ticket: Incident
) -> None:
    swept(180)
    climb = Event.objects.about(ticket).get(kind=Kind.RUNG).data["climb"]
    with clock.frozen_at(minutes(185)):
        services.urge(ticket.pk, by=cast.ann, reason="Pay day is tomorrow.")
    swept(185)
    with clock.frozen_at(minutes(186)):
        services.acknowledge_attention(ticket.pk, by=cast.lea, climb=climb)
    swept(260)
    assert told(ticket) == [(3, 180), (1, 185)]


# ---- letters


def test_the_letter_says_why_and_until_when(cast: Cast, ticket: Incident) -> None:
    swept(180)
    words = letter(ticket, "rung", cast.lea)
    assert words.subject == f"Please look at it: {ticket.title} [{ticket.reference}]"
    assert "75 % of the resolution target at 13:00" in words.text
    assert "Say by 3 Mar 2026, 13:15 UTC that you attend to it" in words.text
    assert "/attend/" in words.text
    assert f"/tickets/{ticket.pk}/" in words.text


def test_the_letter_says_who_asked_and_leaves_the_reason_to_the_ticket(
    cast: Cast, ticket: Incident
) -> None:
    """There it may be redacted; a letter that waits would keep it."""
    with clock.frozen_at(minutes(10)):
        services.call_attention(
            ticket.pk, by=cast.bo, expected_version=None, reason="The board waits."
        )
    swept(10)
    words = letter(ticket, "rung", cast.lea)
    assert "Attention was asked for at 10:10" in words.text
    assert "Bo Berg asked; why is on the ticket." in words.text
    assert "The board waits" not in words.text + words.html


def test_a_manager_reads_numbers_and_no_words(cast: Cast, ticket: Incident) -> None:
    swept(180)
    swept(240.1)
    words = letter(ticket, "rung", cast.max)
    assert words.subject == f"Please look at a ticket [{ticket.reference}]"
    everything = words.subject + words.text + words.html
    assert "The resolution is late since 14:00" in everything
    assert "SEV1, with Service desk" in everything
    assert ticket.title not in everything
    assert ticket.description not in everything
    assert f"/tickets/{ticket.pk}/" not in everything


@pytest.mark.parametrize(
    ("impact", "answer_within", "may_wait"),
    [(1, 60, False), (3, 60, True), (3, 20, True), (3, 19, False), (3, 5, False)],
)
def test_what_is_worst_or_to_be_answered_soon_does_not_wait(
    cast: Cast, impact: int, answer_within: int, may_wait: bool
) -> None:
    """Half of the time to answer may be over when a digest comes, no more."""
    soon = {"acknowledge_within": answer_within}
    ladder({"trigger": "by_hand", "tells": "team_lead", **soon})
    with clock.frozen_at(minutes(0)):
        incident = answered(cast, impact=impact)
        services.call_attention(
            incident.pk, by=cast.bo, expected_version=None, reason="x"
        )
    swept(0)
    row = Delivery.objects.get(event__kind=Kind.RUNG, event__subject_id=incident.pk)
    assert row.may_wait is may_wait
    if may_wait:
        assert "Say by 3 Mar 2026" in row.envelope["line"]


def test_a_word_of_the_ladder_takes_nothing_away_from_an_open_page(
    cast: Cast, ticket: Incident
) -> None:
    seen = stories.again(ticket).version
    swept(180)
    assert stories.again(ticket).version > seen
    services.add_note(
        ticket.pk, by=cast.bo, expected_version=seen, text="Typed before."
    )
