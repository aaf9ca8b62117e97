"""Ladders under fire: workers that die, a broker that stops, people who answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest

from activity import clock
from activity.models import Delivery, Event
from activity.services import history
from activity.services.deliveries import send_due
from activity.services.timers import sweep
from incidents import services
from incidents.clocks.keeping import differences
from incidents.events import Kind
from incidents.ladders import climbing
from incidents.models import Incident
from tests.activity.storms import drain
from tests.activity.test_digests import most_in_a_window
from tests.database import sql, without
from tests.incidents.ladders import climbers
from tests.incidents.ladders.climbs import (
    answered,
    ladder,
    minutes,
    staff,
    swept,
    told,
)
from tests.incidents.timers import stormers
from tests.incidents.timers.crowd import make_clocked
from tests.incidents.timers.stormers import Story
from tests.people import Cast

# A Tuesday: whoever reports a SEV1 now is answered within a quarter of an hour, or the
# rungs 5, 6 and 7 of the ladder are told a quarter of an hour after each other.
BEGINS: Final = datetime(2026, 3, 3, 10, tzinfo=UTC)
ENDS: Final = BEGINS + timedelta(minutes=75)
QUARTER: Final = timedelta(minutes=15)
LADDER: Final = (5, 6, 7)
CALM: Final = (Kind.TAKE, Kind.ACKNOWLEDGE)


@dataclass(frozen=True, slots=True)
class Toll:
    told: int
    answered: int
    faults: list[str]
    kills: int


@pytest.fixture
def story(transactional_db: None) -> Iterator[climbers.Story]:
    sql(f"CREATE SEQUENCE {climbers.STEPS}")
    yield climbers.Story(BEGINS, ENDS)
    sql(f"DROP SEQUENCE {climbers.STEPS}")


def storm(story: climbers.Story, cast: Cast, size: int, *, kills: int) -> Toll:
    staff(cast)
    step = timedelta(minutes=10) / size
    make_clocked([BEGINS + step * number for number in range(size)], cast)
    killed = drain(
        climbers.Sweeper(story),
        processes=climbers.PROCESSES,
        kills=kills,
        start=climbers.start,
        patience=300 + size / 4,
    )
    with clock.frozen_at(ENDS):
        sweep(at=ENDS, max_seconds=900)
    events = Event.objects.filter(subject_type="incident")
    return Toll(
        told=events.filter(kind=Kind.RUNG).count(),
        answered=events.filter(kind=Kind.ACKNOWLEDGE).count(),
        faults=[
            fault for one in Incident.objects.order_by("pk") for fault in faults(one)
        ],
        kills=killed,
    )


def faults(incident: Incident) -> list[str]:
    """Counted from the events alone, by plain arithmetic, as a clerk would."""
    events = list(Event.objects.about(incident).filter(kind__in=[Kind.RUNG, *CALM]))
    rungs = [event for event in events if event.kind == Kind.RUNG]
    answers = [event for event in events if event.kind == Kind.ACKNOWLEDGE]
    taken = [event for event in events if event.kind == Kind.TAKE]
    return [
        f"{incident}: {words}"
        for words in (
            *_doubled(rungs, answers),
            *_lost(incident, rungs, taken, answers),
        )
    ]


def _doubled(rungs: Sequence[Event], answers: Sequence[Event]) -> Iterator[str]:
    places = tuple(event.data["rung"] for event in rungs)
    if places != LADDER[: len(places)]:
        yield f"told {places}"
    if answers and rungs[-1].seq > answers[0].seq:
        yield "told after the answer"
    for one, two in pairwise(rungs):
        if two.at < one.at + QUARTER:
            yield f"no time to answer to {one.data['rung']}"


def _lost(
    incident: Incident,
    rungs: Sequence[Event],
    taken: Sequence[Event],
    answers: Sequence[Event],
) -> Iterator[str]:
    late_at = incident.reported_at + QUARTER
    if rungs and rungs[0].at <= late_at:
        yield "told too early"
    if rungs and taken and taken[0].seq < rungs[0].seq:
        yield "told of what was answered"
    if not rungs and not taken:
        yield "never told"
    if rungs and not answers and len(rungs) < len(LADDER):
        due_at = rungs[-1].at + QUARTER
        if due_at <= ENDS:
            yield f"{len(rungs)} rungs, and the next is missing"


@pytest.mark.parametrize(
    ("size", "kills"),
    [
        (200, 4),
        pytest.param(2_000, 30, marks=pytest.mark.long),
        pytest.param(20_000, 60, marks=pytest.mark.long),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_each_rung_is_told_once_in_order_and_none_after_the_answer(
    cast: Cast, story: climbers.Story, size: int, kills: int
) -> None:
    found = storm(story, cast, size, kills=kills)
    print(f"\n{size} tickets: {found}")  # noqa: T201 - the figure to report
    assert found.faults == []
    assert found.kills == kills
    assert found.told > size
    assert found.answered > 20
    assert [str(one) for one in differences()] == []
    assert not [fault for fault in history.faults() if "guard" not in fault.place]
    letters = Delivery.objects.filter(event__kind=Kind.RUNG)
    assert letters.count() == found.told, "each rung has one recipient here"


# ---- what looks right, and is not


class KilledError(Exception):
    """The process is no more."""


def test_who_marks_before_telling_loses_a_rung(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ladder()
    staff(cast)
    incident = answered(cast)

    def dies(timer: Any, at: datetime) -> None:
        raise KilledError

    monkeypatch.setattr(stormers, "tell", dies)
    over = Story(minutes(180), minutes(180), raised_at=clock.now(), speed=1.0)
    with pytest.raises(KilledError):
        stormers.mark_then_tell(over)
    for count in (180, 200, 239):
        swept(count)
    assert told(incident) == []


def test_who_does_not_look_back_tells_a_rung_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python alone; the guards of the database refuse it."""
    ladder()
    staff(cast)
    incident = answered(cast)
    monkeypatch.setattr(climbing, "_after", lambda climb, event, rungs: climb)
    for count in (180, 181, 182):
        swept(count)
    assert told(incident) == [(3, 180)]
    without("activity_event.rung_in_its_climb")
    sql("DROP INDEX incident_rung_once")
    for count in (220, 221):
        swept(count)
    assert len(told(incident)) > 1


# ---- the budget of a lead


@pytest.mark.parametrize("size", [300, pytest.param(2_000, marks=pytest.mark.long)])
def test_what_is_late_at_once_is_one_message_a_window_for_the_lead(
    cast: Cast, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is in them, and a SEV1 among it is told at once."""
    from activity.services import deliveries  # noqa: PLC0415

    sent: list[datetime] = []
    at_once: list[datetime] = []

    def arrives(delivery: Delivery) -> None:
        if delivery.recipient_id == cast.lea.pk:
            (sent if delivery.may_wait else at_once).append(clock.now())

    monkeypatch.setattr(deliveries, "send", arrives)
    made = make_clocked([BEGINS] * size, cast, {"impact": 3, "urgency": 1})
    late = BEGINS + timedelta(hours=2, minutes=1)
    with clock.frozen_at(late - timedelta(minutes=16)):
        worst = make_clocked([clock.now()], cast)
    for count in range(40):
        with clock.frozen_at(late + timedelta(minutes=count)):
            sweep(at=clock.now(), max_seconds=900)
            send_due(max_seconds=900)
    assert most_in_a_window(sent) == 1
    assert at_once
    assert at_once[0] == late
    to_lea = Delivery.objects.filter(recipient=cast.lea)
    about = {row.event.subject_id for row in to_lea.exclude(event=None) if row.event}
    assert about == {one.pk for one in [*made, *worst]}
    assert set(to_lea.values_list("state", flat=True)) == {"sent"}
    waited = to_lea.filter(may_wait=True, is_digest=False, digest=None)
    assert waited.count() + to_lea.filter(is_digest=True).count() == len(sent)


def test_many_words_about_one_ticket_stay_in_order(cast: Cast) -> None:
    """What may wait goes with the rest; nothing of it is lost when it is solved."""
    (incident,) = make_clocked([BEGINS], cast, {"impact": 3, "urgency": 1})
    for count in (121, 122, 123):
        with clock.frozen_at(BEGINS + timedelta(minutes=count)):
            services.add_note(
                incident.pk, by=cast.bo, expected_version=None, text="Looking."
            )
            sweep(at=clock.now())
            send_due()
    assert not Delivery.objects.filter(state="failed").exists()
