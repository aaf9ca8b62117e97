"""What became of the time of each stay, and how it stands against the agreement."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Team
from activity import clock
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Incident
from incidents.tiers.faces import agreed_face
from incidents.tiers.path import Path, path_of
from incidents.tiers.spent import Doing
from sla.business_time import WorkingHours
from sla.codes import State
from sla.models import Calendar, OperationalTarget
from sla.operational import Spell, missed_if_before, read_operational
from sla.schedule import Schedule
from sla.services import agreements_of, schedule_of
from tests.incidents import stories
from tests.people import Cast

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # A Monday.
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return NINE + hours * HOUR


def a_day(cast: Cast) -> Incident:
    """Reported at 9, triaged at 10, to Network at 12, Ned takes it at 13, waits for
    the supplier from 14 to 16, solves it at 17; confirmed at 18 and closed at 19."""
    with clock.frozen_at(at(0)):
        incident = stories.reported(cast)
    with clock.frozen_at(at(1)):
        stories.triaged(cast, of=incident)
        services.take_incident(incident.pk, by=cast.bo, expected_version=None)
    with clock.frozen_at(at(3)):
        stories.escalated(cast, of=stories.again(incident))
    with clock.frozen_at(at(4)):
        services.take_incident(incident.pk, by=cast.ned, expected_version=None)
    with clock.frozen_at(at(5)):
        services.hold_incident(
            incident.pk,
            by=cast.ned,
            expected_version=None,
            reason=HoldReason.AWAITING_SUPPLIER,
            until=at(30),
        )
    with clock.frozen_at(at(7)):
        services.resume_incident(incident.pk, by=cast.ned, expected_version=None)
    with clock.frozen_at(at(8)):
        stories.resolved(cast, of=stories.again(incident))
    with clock.frozen_at(at(9)):
        stories.confirmed(cast, of=stories.again(incident))
    with clock.frozen_at(at(10)):
        stories.closed(cast, of=stories.again(incident))
    return stories.again(incident)


def times(path: Path) -> list[tuple[str, float, float]]:
    return [
        (step.stay.team.name, step.working / HOUR, step.waiting / HOUR)
        for step in path.steps
    ]


def agree(team: Team, minutes: int, *, calendar: str = "Around the clock") -> None:
    counts = Calendar.objects.get(name=calendar)
    OperationalTarget.objects.create(team=team, calendar=counts, minutes=minutes)


def test_working_and_waiting_sum_to_the_life(cast: Cast) -> None:
    path = path_of(a_day(cast), at(99))
    assert times(path) == [
        ("Service desk", 2.0, 1.0),
        ("Network", 2.0, 3.0),
        ("Service desk", 0.0, 2.0),
    ]
    assert path.total == path.working + path.waiting == 10 * HOUR


def test_each_piece_says_what_it_waited_for(cast: Cast) -> None:
    network = path_of(a_day(cast), at(99)).steps[1]
    assert [(piece.doing, piece.hold) for piece in network.pieces] == [
        (Doing.QUEUE, ""),
        (Doing.WORK, ""),
        (Doing.HOLD, "awaiting_supplier"),
        (Doing.WORK, ""),
    ]


def test_time_after_the_end_is_nobodys(cast: Cast) -> None:
    incident = a_day(cast)
    with clock.frozen_at(at(50)):
        services.reopen_incident(incident.pk, by=cast.ann, complaint="Again.")
    path = path_of(stories.again(incident), at(52))
    assert path.total == 12 * HOUR
    assert path.steps[-1].working == 2 * HOUR  # Ned has it again at once.
    assert path.steps[-1].is_bounce


def test_what_is_open_counts_until_now(cast: Cast) -> None:
    with clock.frozen_at(at(0)):
        incident = stories.reported(cast)
    path = path_of(incident, at(3))
    assert path.now is not None
    assert path.now.waiting == 3 * HOUR


class TestAgreement:
    def test_it_begins_when_the_ticket_comes_and_stands_still_for_others(
        self, cast: Cast
    ) -> None:
        agree(cast.network, 180)
        step = path_of(a_day(cast), at(99)).steps[1]
        assert step.agreed is not None
        assert (step.agreed.state, step.agreed.elapsed) == (State.MET, 3 * HOUR)
        face = agreed_face(step)
        assert face is not None
        assert face.look == "met"

    def test_it_is_missed_at_a_moment(self, cast: Cast) -> None:
        agree(cast.network, 150)
        step = path_of(a_day(cast), at(99)).steps[1]
        assert step.agreed is not None
        assert (step.agreed.state, step.agreed.due_at) == (State.MISSED, at(7.5))
        face = agreed_face(step)
        assert face is not None
        assert (face.look, face.words) == ("missed", "Missed by 30 min")

    def test_a_team_without_one_has_none(self, cast: Cast) -> None:
        agree(cast.vendor, 60)
        assert [one.agreed for one in path_of(a_day(cast), at(99)).steps] == [None] * 3

    def test_what_is_solved_is_nobodys_time(self, cast: Cast) -> None:
        agree(cast.desk, 60)
        path = path_of(a_day(cast), at(99))
        assert path.steps[0].agreed is not None
        assert path.steps[2].agreed is None

    def test_a_calendar_that_counts_nothing_is_refused(self, cast: Cast) -> None:
        never = Calendar.objects.create(name="Never published")
        target = OperationalTarget(team=cast.network, calendar=never, minutes=60)
        with pytest.raises(ValidationError) as caught:
            target.full_clean()
        assert list(caught.value.message_dict) == ["calendar"]
        target.save()
        assert agreements_of([cast.network.pk]) == {}


class TestReading:
    """By a calendar that is always open; how calendars count is shown elsewhere."""

    def schedule(self) -> Schedule:
        always = Calendar.objects.get(name="Around the clock")
        return Schedule(schedule_of(always))

    def read(
        self, *spells: Spell, now: datetime, hours: float = 4
    ) -> tuple[str, float]:
        found = read_operational(hours * HOUR, self.schedule(), spells, now)
        return found.state.value, found.elapsed / HOUR

    def test_running_paused_met_and_missed(self, db: None) -> None:
        running = Spell(at(0), None, True)
        assert self.read(running, now=at(1)) == ("running", 1.0)
        assert self.read(running, now=at(5)) == ("missed", 5.0)
        worked, waits = Spell(at(0), at(2), True), Spell(at(2), None, False)
        assert self.read(worked, waits, now=at(9)) == ("paused", 2.0)
        again = Spell(at(9), at(11), True)
        gone = Spell(at(2), at(9), False)
        assert self.read(worked, gone, again, now=at(99)) == ("met", 4.0)

    @pytest.mark.parametrize("calendar", ["Around the clock", "Working hours"])
    @pytest.mark.parametrize("hours", [0, 14, 49, 130])
    def test_what_began_a_moment_earlier_is_missed(
        self, calendar: str, hours: float, db: None
    ) -> None:
        """So many can be told apart by when they came, and none of them read."""
        schedule = Schedule(schedule_of(Calendar.objects.get(name=calendar)))
        target, now = 4 * HOUR, at(hours)
        begins = missed_if_before(target, schedule, now)
        assert begins is not None
        states = [
            read_operational(target, schedule, [Spell(start, None, True)], now).state
            for start in (begins - timedelta(microseconds=1), begins)
        ]
        assert states == [State.MISSED, State.RUNNING]

    def test_a_calendar_that_works_too_little_never_misses(self, db: None) -> None:
        a_minute_a_week = WorkingHours("UTC", {0: ((time(9), time(9, 1)),)})
        schedule = Schedule(((NINE, a_minute_a_week),))
        assert missed_if_before(timedelta(days=365), schedule, at(1)) is None

    def test_it_is_due_when_the_rest_is_used_up(self, db: None) -> None:
        spells = [Spell(at(0), at(2), True), Spell(at(2), at(3), False)]
        spells.append(Spell(at(3), None, True))
        found = read_operational(4 * HOUR, self.schedule(), spells, at(4))
        assert found.due_at == at(5)
