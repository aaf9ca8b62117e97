"""The confirmer is asked again after 1, 3 and 5 working days; then a lead decides."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from activity import clock
from activity.models import Event, Timer
from activity.refusals import Conflict
from activity.services.timers import sweep
from incidents import services
from incidents.codes import ResolutionCode
from incidents.events import Kind
from incidents.figures import waivable
from incidents.models import Incident
from incidents.silence import is_asked, next_reminder, waiver_is_early
from sla.models import Calendar
from sla.services import working_days
from tests.incidents import stories
from tests.incidents.letters import hear
from tests.people import Cast
from tests.sla.settings_cast import make_calendar

# A Thursday; the default calendar works Monday to Friday, 8 to 17, in UTC.
THURSDAY = datetime(2026, 3, 5, 10, tzinfo=UTC)
FRIDAY, TUESDAY, THURSDAY_AFTER = (
    THURSDAY + timedelta(days=days) for days in (1, 5, 7)
)
SECOND = timedelta(seconds=1)


@pytest.fixture
def asked(cast: Cast) -> Incident:
    """Bo solved it on Thursday at ten, and Ann says nothing."""
    with clock.frozen_at(THURSDAY):
        return stories.resolved(cast, at=THURSDAY)


def swept(at: datetime) -> int:
    with clock.frozen_at(at):
        return sweep(at=at).fired


def reminders(incident: Incident) -> list[Event]:
    return list(Event.objects.about(incident).filter(kind=Kind.REMIND))


def test_three_reminders_by_working_days(asked: Incident, cast: Cast) -> None:
    for at in (FRIDAY, TUESDAY, THURSDAY_AFTER):
        assert swept(at - SECOND) == 0
        assert swept(at) == 1
    assert swept(THURSDAY_AFTER + timedelta(days=60)) == 0
    assert [event.at for event in reminders(asked)] == [
        FRIDAY,
        TUESDAY,
        THURSDAY_AFTER,
    ]
    assert [event.data["number"] for event in reminders(asked)] == [1, 2, 3]
    assert {event.actor for event in reminders(asked)} == {User.objects.system()}


def test_the_lead_hears_when_the_last_one_has_gone_out(
    asked: Incident, cast: Cast
) -> None:
    swept(FRIDAY)
    swept(TUESDAY)
    assert set(hear(asked, "remind")) == {"Ann"}
    swept(THURSDAY_AFTER)
    assert hear(asked, "remind")["Lea"] == f"No answer: {asked.title}"


def test_then_it_may_be_waived_and_not_a_moment_before(
    asked: Incident, cast: Cast
) -> None:
    for at in (FRIDAY, TUESDAY):
        swept(at)
    early = THURSDAY_AFTER - SECOND
    assert waiver_is_early(stories.again(asked), early)
    assert not Incident.objects.filter(waivable(early)).exists()
    with pytest.raises(Conflict):
        services.waive_confirmation(
            asked.pk, by=cast.lea, expected_version=None, reason="Gone.", at=early
        )
    swept(THURSDAY_AFTER)
    assert waiver_is_early(stories.again(asked), THURSDAY_AFTER) == ""
    assert Incident.objects.filter(waivable(THURSDAY_AFTER)).get() == asked
    services.waive_confirmation(
        asked.pk, by=cast.lea, expected_version=None, reason="Gone.", at=THURSDAY_AFTER
    )


@pytest.mark.parametrize("answer", ["confirm", "reject", "call"])
def test_an_answer_ends_the_asking(asked: Incident, cast: Cast, answer: str) -> None:
    with clock.frozen_at(THURSDAY + timedelta(hours=1)):
        if answer == "confirm":
            services.confirm_resolution(
                asked.pk, by=cast.ann, resolution=asked.resolution_id or 0
            )
        elif answer == "reject":
            services.reject_resolution(asked.pk, by=cast.ann, complaint="Still blank.")
        else:
            services.record_call(
                asked.pk, by=cast.cy, expected_version=None, account="Ann: it works."
            )
    swept(THURSDAY_AFTER)
    assert reminders(asked) == []


def test_who_was_asked_by_hand_is_not_asked_twice(asked: Incident, cast: Cast) -> None:
    """What a person sends counts as the first of the three."""
    services.remind_confirmer(
        asked.pk, by=cast.bo, expected_version=None, at=FRIDAY - timedelta(hours=3)
    )
    assert swept(FRIDAY) == 0
    assert swept(TUESDAY) == 1
    assert [event.data["number"] for event in reminders(asked)] == [1, 2]


def test_late_reminders_leave_a_working_day_between_them(asked: Incident) -> None:
    """Nobody swept for two weeks."""
    late = THURSDAY + timedelta(days=14)
    for count in range(3):
        assert swept(late + count * timedelta(hours=1)) == (count == 0)
    (timer,) = Timer.objects.armed().filter(kind="incident.ask_confirmer")
    assert (timer.step, timer.due_at) == (2, late + timedelta(days=1))


def test_a_reminder_that_is_delivered_twice_goes_out_once(asked: Incident) -> None:
    """Whoever sent it and forgot to mark it sends nothing when asked again."""
    assert swept(FRIDAY) == 1
    Timer.objects.filter(state="fired").update(state="armed", finished_at=None)
    swept(FRIDAY)
    assert len(reminders(asked)) == 1
    assert swept(TUESDAY) == 1


def test_the_calendar_that_counts_days_says_when_we_ask_again(asked: Incident) -> None:
    """Friday is off by another one, so the first reminder waits for Monday, although it
    was armed before."""
    other = make_calendar("Bridge days", holidays={FRIDAY.date(): "Bridge day"})
    Calendar.objects.filter(counts_days=True).update(counts_days=False)
    Calendar.objects.filter(pk=other.pk).update(counts_days=True)
    monday = FRIDAY + timedelta(days=3)
    assert swept(FRIDAY) == 1
    assert reminders(asked) == []
    (timer,) = Timer.objects.armed().filter(kind="incident.ask_confirmer")
    assert timer.due_at == monday
    assert swept(monday) == 1
    assert len(reminders(asked)) == 1


def test_a_successor_is_asked_from_the_beginning(asked: Incident, cast: Cast) -> None:
    swept(FRIDAY)
    User.objects.filter(pk=cast.ann.pk).update(is_active=False)
    assert swept(TUESDAY) == 0
    assert len(reminders(asked)) == 1
    with clock.frozen_at(TUESDAY):
        services.name_successor(
            asked.pk,
            by=cast.lea,
            expected_version=None,
            successor=cast.cy,
            reason="Ann left.",
        )
    wednesday = TUESDAY + timedelta(days=1)
    assert swept(wednesday - SECOND) == 0
    assert swept(wednesday) == 1
    assert set(hear(asked, "remind")) == {"Ann", "Cy"}


def test_what_was_solved_on_saturday_is_asked_about_on_tuesday(
    asked: Incident,
) -> None:
    days = working_days()
    assert next_reminder(THURSDAY, [], days) == (1, FRIDAY)
    saturday = THURSDAY + timedelta(days=2)
    monday_opens = datetime(2026, 3, 10, 8, tzinfo=UTC)
    assert next_reminder(saturday, [], days) == (1, monday_opens)


def test_what_was_solved_in_another_system_was_asked_there(
    asked: Incident, cast: Cast
) -> None:
    asked.resolution.code = ResolutionCode.IMPORTED  # type: ignore[union-attr]
    assert not is_asked(asked)
