"""The demonstration: a month that could have happened, and only once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from accounts.models import Team, User
from activity import clock, handlers
from activity.models import Delivery, Event
from activity.services import history
from incidents import figures, services
from incidents.codes import (
    ENDED,
    CancelReason,
    Channel,
    ClosureBasis,
    HoldReason,
    Kind,
    ResolutionCode,
    Severity,
    Source,
    Status,
)
from incidents.events import Kind as Happened
from incidents.models import (
    Attachment,
    Confirmation,
    Incident,
    Rejection,
    SeverityRule,
    Share,
    ShiftNote,
    TicketTemplate,
    Waiver,
)
from incidents.tiers.present import past_own_target
from servicedesk import demonstration
from servicedesk.demonstration.stage import NEWS
from servicedesk.demonstration.stories import STORIES
from sla.services import agreements_of
from tests.people import keep_severities
from tests.sla.settings_cast import keep_service_levels

# Named, or this file alone would find no test database.
pytestmark = pytest.mark.django_db

# A story has eight events or so, the deadlines that fell due and the rungs that were
# told in its time included.
QUERIES_PER_STORY = 225
# A Saturday before dawn, a Monday morning, a Wednesday afternoon, new year.
MOMENTS = [
    datetime(2026, 11, 21, 3, 14, tzinfo=UTC),
    datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
    datetime(2026, 3, 4, 14, 40, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 30, tzinfo=UTC),
]


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@{demonstration.DOMAIN}")


def counts() -> dict[str, int]:
    """How many rows every table of the product has."""
    return {
        model._meta.db_table: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.managed
    }


@dataclass
class Filling:
    """What filling took, and the times of events that listeners were told of."""

    now: datetime
    queries: int = 0
    heard: list[datetime] = field(default_factory=list)

    def count(self, execute: Any, *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)

    def hear(self, event: Event, _incident: object) -> list[Any]:
        self.heard.append(event.at)
        return []

    def listeners(self) -> dict[str, list[Any]]:
        known = handlers._listeners
        return {kind: [*known.get(kind, []), self.hear] for kind in Happened}


@pytest.fixture(scope="module")
def filling(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filling]:
    """Filled once for all tests here, which only look (or undo what they do)."""
    with django_db_blocker.unblock(), transaction.atomic():
        keep_severities()  # a transactional test may have run before
        keep_service_levels()
        filling = Filling(clock.now())
        with (
            pytest.MonkeyPatch.context() as patch,
            connection.execute_wrapper(filling.count),
        ):
            patch.setattr(handlers, "_listeners", filling.listeners())
            demonstration.fill(filling.now)
        yield filling
        transaction.set_rollback(True)


@pytest.fixture
def filled(filling: Filling) -> datetime:
    return filling.now


def test_only_the_news_of_the_day_is_told_and_the_work_is_small(
    filling: Filling,
) -> None:
    """Or the first start would send hundreds of mails, or take minutes."""
    news = filling.now - NEWS
    assert filling.queries < QUERIES_PER_STORY * len(STORIES)
    assert min(filling.heard) > news
    assert 20 < len(filling.heard) < Event.objects.count() / 3
    assert Delivery.objects.count() < 60
    assert not Delivery.objects.filter(queued_at__lt=news).exists()


def test_filling_twice_changes_nothing(filled: datetime) -> None:
    before = counts(), list(Incident.objects.order_by("pk").values())
    demonstration.fill()
    assert (counts(), list(Incident.objects.order_by("pk").values())) == before


def test_what_people_did_since_is_left_alone(filled: datetime) -> None:
    with transaction.atomic():
        SeverityRule.objects.filter(impact=3, urgency=3).update(severity=3)
        TicketTemplate.objects.filter(name="New telephone").update(is_active=False)
        demonstration.fill()
        assert SeverityRule.objects.get(impact=3, urgency=3).severity == Severity.SEV3
        assert not TicketTemplate.objects.get(name="New telephone").is_active
        transaction.set_rollback(True)


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: f"{now:%a %H:%M}")
def test_every_moment_of_a_story_comes_after_the_one_before(now: datetime) -> None:
    for story in STORIES:
        moments = [when(now) for when, _act in [(story.at, None), *story.then]]
        assert moments == sorted(moments), story.name
        assert moments[-1] < now, story.name
        assert story.occurred is None or story.occurred(now) <= moments[0]


def test_numbers_run_as_the_reports_came(filled: datetime) -> None:
    reported = list(
        Incident.objects.order_by("pk").values_list("reported_at", flat=True)
    )
    assert reported == sorted(reported)


def test_history_is_whole_and_nothing_is_of_the_future(filled: datetime) -> None:
    connection.check_constraints()
    assert not [fault for fault in history.faults() if "guard" not in fault.place]
    assert not Event.objects.filter(at__gt=filled).exists()


def test_there_is_one_of_everything(filled: datetime) -> None:
    incidents = Incident.objects.all()
    assert 60 <= incidents.count() <= 90

    def found(field: str, rows: Any = incidents) -> set[Any]:
        return set(rows.values_list(field, flat=True))

    assert found("status") == set(Status.values)
    assert found("kind") == set(Kind.values)
    assert found("severity") == set(Severity.values)
    assert found("hold_reason") == {"", *HoldReason.values}
    assert found("cancel_reason") == {"", *CancelReason.values}
    assert found("closure_basis") == {"", *ClosureBasis.values} - {"imported"}
    assert found("channel", Confirmation.objects.all()) == set(Channel.values)
    assert found("resolution__code") > set(ResolutionCode.values) - {
        ResolutionCode.NOT_REPRODUCIBLE,
        ResolutionCode.IMPORTED,
    }
    assert found("source") >= {Source.PORTAL, Source.PHONE, Source.WALK_IN}
    assert found("kind", Event.objects.all()) >= set(Happened.values) - {
        Happened.RESUME,
        Happened.UNSHARE,
        Happened.UNWATCH,
        Happened.UNLINK,
        Happened.SUCCEED,
        Happened.REPLAY,
        # Nobody above had to look yet, so nobody is done with it.
        Happened.LOWER_ATTENTION,
        # Its articles were rewritten before any ticket.
        Happened.RETELL,
    }
    for risk in ("financial", "security", "compliance"):
        assert incidents.filter(**{f"is_{risk}_risk": True}).exists()
    assert incidents.open().filter(is_major=True).exists()
    assert Rejection.objects.exists()
    assert Waiver.objects.exists()
    assert Share.objects.exists()
    assert Attachment.objects.filter(public=True).exists()
    assert Attachment.objects.filter(public=False).exists()
    assert not Attachment.objects.filter(incident=None).exists()
    assert found("location__name") >= {"Ward 3", "North clinic", "Harbour Hospital"}


def test_words_to_the_next_shift_wait_and_were_seen(filled: datetime) -> None:
    waiting = {
        name: [
            note.by.name
            for note in ShiftNote.objects.visible_to(person(name))
            .waiting_for(person(name), filled)
            .for_list()
        ]
        for name in ("priya", "jonas", "samuel", "mateo")
    }
    assert waiting == {
        "priya": ["Marta Kowalska"],  # What Jonas told she has seen.
        "jonas": ["Marta Kowalska"],
        "samuel": ["Lin Chen"],
        "mateo": [],
    }
    seen = ShiftNote.objects.get(by=person("jonas")).seen.get()
    assert seen.by == person("priya")
    assert not ShiftNote.objects.filter(at__gt=filled).exists()


def test_a_word_that_was_taken_away_stays_away(filled: datetime) -> None:
    with transaction.atomic():
        note = ShiftNote.objects.get(by=person("marta"))
        services.redact_shift_note(note.pk, by=person("marta"))
        demonstration.fill()
        assert ShiftNote.objects.get(by=person("marta")).text == ""
        transaction.set_rollback(True)


def test_ladders_told_people_and_one_of_them_attends(filled: datetime) -> None:
    waiting = Incident.objects.filter(figures.told_in_vain())
    assert waiting.filter(team__name="Network").exists()
    (answer,) = Event.objects.filter(kind=Happened.ACKNOWLEDGE)
    assert answer.actor == person("marta")
    assert not waiting.filter(pk=answer.subject_id).exists()


def test_every_tier_has_work_and_a_specialist_solved_something(
    filled: datetime,
) -> None:
    open_at = Incident.objects.open().values_list("team__tier", flat=True)
    assert set(open_at) == {1, 2, 3}
    waiting = Incident.objects.filter(figures.UNANSWERED, resolution__team__tier=3)
    assert waiting.exists()


def test_specialists_agreed_to_something_and_are_past_some_of_it(
    filled: datetime,
) -> None:
    teams = Team.objects.filter(tier=2)
    agreements = agreements_of(team.pk for team in teams)
    assert agreements.keys() == {team.pk for team in teams}
    held = Incident.objects.open().filter(team__in=teams)
    # Reported a day before, so never within four hours of working time.
    late = held.filter(past_own_target(agreements, filled + timedelta(days=4)))
    assert late.exists()


class TestEveryLogInHasSomethingToDo:
    def test_the_reporter(self, filled: datetime) -> None:
        own = Incident.objects.filter(reporter=person("nora"))
        asked = own.filter(status="on_hold", hold_reason="awaiting_reporter")
        assert asked.count() == 1
        assert Incident.objects.to_confirm_by(person("nora")).count() == 1
        assert own.filter(status=Status.CLOSED).exists()
        assert own.filter(status=Status.NEW).exists()

    def test_the_agent(self, filled: datetime) -> None:
        priya = person("priya")
        accountable = Incident.objects.filter(desk_owner=priya)
        assert Incident.objects.open().filter(owner=priya).count() >= 3
        assert accountable.filter(figures.READY_TO_CLOSE).exists()
        assert accountable.filter(figures.UNANSWERED).count() >= 3
        assert Incident.objects.filter(status=Status.NEW).count() >= 5

    def test_the_lead(self, filled: datetime) -> None:
        silent = Incident.objects.filter(figures.UNANSWERED).with_reminders()
        long_ago = filled - timedelta(days=7)
        assert silent.filter(reminder_count=3, resolved_at__lt=long_ago).exists()
        assert Incident.objects.open().unowned().exists()

    @pytest.mark.parametrize("name", ["samuel", "hanna", "peter", "carmen", "victor"])
    def test_everybody_else_has_reports(self, filled: datetime, name: str) -> None:
        own = Incident.objects.filter(reporter=person(name))
        assert own.exclude(status__in=ENDED).exists()

    def test_the_commander(self, filled: datetime) -> None:
        assert Incident.objects.visible_to(person("carmen")).exists()

    def test_the_other_desk(self, filled: datetime) -> None:
        assert Incident.objects.open().of_teams_of(person("mateo")).count() >= 3
