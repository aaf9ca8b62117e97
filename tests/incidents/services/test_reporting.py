"""A report becomes an incident: whose, where, how bad, and only once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import Team
from activity import clock
from catalogue.models import Location, Workplace
from incidents import services
from incidents.codes import DEFAULT_MATRIX, Source, Status
from incidents.models import Incident, SeverityRule
from incidents.services.reporting import Report, title_from
from tests.incidents import forgery, stories
from tests.incidents.services.facts import (
    TOO_LONG,
    last_event,
    leave,
    outcome,
    second_desk,
)
from tests.people import Cast


def test_it_is_new_at_the_default_desk_and_nobodys(cast: Cast) -> None:
    incident = stories.reported(cast)
    assert (incident.status, incident.version) == (Status.NEW, 1)
    assert (incident.team, incident.desk) == (cast.desk, cast.desk)
    assert (incident.owner, incident.desk_owner) == (None, None)
    assert incident.reporter == incident.confirmer == incident.logged_by == cast.ann
    assert [holding.team for holding in incident.holdings.all()] == [cast.desk]


def test_its_event_is_public_and_holds_no_prose(cast: Cast) -> None:
    event = last_event(stories.reported(cast))
    assert (event.kind, event.public, event.seq) == ("incident.report", True, 1)
    assert event.actor == cast.ann
    assert not event.notes.exists()


def test_times_that_nobody_knows_stay_unknown(cast: Cast) -> None:
    incident = stories.reported(cast)
    assert incident.detected_at == incident.reported_at
    for name in ("occurred", "acknowledged", "responded", "restored", "resolved"):
        assert getattr(incident, f"{name}_at") is None


@pytest.mark.parametrize(("answers", "severity"), DEFAULT_MATRIX.items())
def test_severity_follows_from_impact_and_urgency(
    cast: Cast, answers: tuple[int, int], severity: int
) -> None:
    impact, urgency = answers
    incident = stories.reported(cast, impact=impact, urgency=urgency)
    assert incident.severity == severity


def test_a_changed_matrix_counts_for_what_comes_later(cast: Cast) -> None:
    earlier = stories.reported(cast, impact=1, urgency=1)
    SeverityRule.objects.filter(impact=1, urgency=1).update(severity=2)
    assert stories.reported(cast, impact=1, urgency=1).severity == 2
    assert stories.again(earlier).severity == 1


class TestForWhom:
    def test_the_desk_reports_for_others_who_confirm_themselves(
        self, cast: Cast
    ) -> None:
        incident = stories.reported(cast, by=cast.bo, reporter=cast.ann)
        assert (incident.logged_by, incident.reporter) == (cast.bo, cast.ann)
        assert incident.confirmer == cast.ann

    @pytest.mark.parametrize("name", ["ann", "ned", "max", "ida", "zed"])
    def test_nobody_else_does(self, cast: Cast, name: str) -> None:
        by, other = getattr(cast, name), cast.cy
        with pytest.raises(PermissionDenied):
            stories.reported(cast, by=by, reporter=other)
        assert stories.reported(cast, by=by).reporter == by

    def test_who_left_neither_reports_nor_is_reported_for(self, cast: Cast) -> None:
        gone = leave(cast.ann)
        assert outcome(lambda: stories.reported(cast, by=gone)) == "403"
        by_desk = outcome(lambda: stories.reported(cast, by=cast.bo, reporter=gone))
        assert by_desk == "reporter"

    def test_what_monitoring_opened_is_confirmed_by_the_services_owner(
        self, cast: Cast
    ) -> None:
        service, _category = stories.catalogue()
        service.owner = cast.max
        service.save()
        watched: dict[str, Any] = {"by": cast.bo, "source": Source.MONITORING}
        assert stories.reported(cast, service=service, **watched).confirmer == cast.max
        assert stories.reported(cast, **watched).confirmer == cast.lea

    def test_an_owner_who_left_confirms_nothing(self, cast: Cast) -> None:
        service, _category = stories.catalogue()
        service.owner = leave(cast.max)
        service.save()
        incident = stories.reported(
            cast, by=cast.bo, source=Source.MONITORING, service=service
        )
        assert incident.confirmer == cast.lea


class TestWhichDesk:
    def at_work(self, cast: Cast, desk: Team | None) -> Location:
        above = Location.objects.create(name="Head office", desk=desk)
        floor = Location.objects.create(name="Second floor", parent=above)
        Workplace.objects.create(user=cast.ann, location=floor)
        return floor

    def test_the_desk_of_the_reporters_location(self, cast: Cast) -> None:
        desk = second_desk()
        floor = self.at_work(cast, desk)
        incident = stories.reported(cast)
        assert (incident.team, incident.desk, incident.location) == (desk, desk, floor)

    def test_a_desk_that_is_no_more_receives_nothing(self, cast: Cast) -> None:
        desk = second_desk()
        self.at_work(cast, desk)
        Team.objects.filter(pk=desk.pk).update(is_active=False)
        assert stories.reported(cast).desk == cast.desk


class TestOnlyOnce:
    def test_the_same_form_sent_twice_makes_one(self, cast: Cast) -> None:
        form = uuid4()
        first = stories.reported(cast, submission=form)
        assert stories.reported(cast, submission=form, description="Else") == first
        assert Incident.objects.count() == 1

    def test_the_form_of_another_person_is_another(self, cast: Cast) -> None:
        form = uuid4()
        first = stories.reported(cast, submission=form)
        assert stories.reported(cast, by=cast.zed, submission=form) != first


class TestInput:
    def fields(self, cast: Cast, **report: Any) -> str:
        return outcome(lambda: stories.reported(cast, **report))

    def test_something_has_to_be_wrong(self, cast: Cast) -> None:
        assert self.fields(cast, description="  \n ") == "description"

    def test_a_text_has_a_limit(self, cast: Cast) -> None:
        assert self.fields(cast, description=TOO_LONG) == "description"
        assert self.fields(cast, description=TOO_LONG[:-1]) == "ok"

    @pytest.mark.parametrize("name", ["occurred_at", "detected_at"])
    def test_what_will_be_is_no_report(self, cast: Cast, name: str) -> None:
        later = clock.now() + timedelta(minutes=1)
        assert self.fields(cast, **{name: later}) == name

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("impact", 0),
            ("urgency", 4),
            ("source", "pigeon"),
            ("people_affected", -1),
            ("people_affected", 10**12),
        ],
    )
    def test_a_code_that_nobody_knows_is_asked_again(
        self, cast: Cast, name: str, value: object
    ) -> None:
        """Never left to the database, which would answer without words."""
        assert self.fields(cast, **{name: value}) == name

    def test_the_first_words_are_the_subject(self, cast: Cast) -> None:
        assert stories.reported(cast).title == stories.DESCRIPTION
        title = title_from("word " * 40)
        assert len(title) <= 71
        assert title.endswith("word…")

    def test_a_subject_is_cut_and_kept_on_one_line(self, cast: Cast) -> None:
        incident = stories.reported(cast, title="a\n b " + "c" * 200)
        assert incident.title.startswith("a b c")
        assert len(incident.title) == 150


class TestFiles:
    def test_ones_own_waiting_files_come_along(self, cast: Cast) -> None:
        waiting = forgery.attachment(None, by=cast.ann)
        incident = stories.reported(cast, files=[waiting.pk])
        kept = incident.attachments.get()
        assert (kept.pk, kept.seq, kept.public) == (waiting.pk, 1, True)
        assert last_event(incident).data["files"] == [waiting.pk]

    def test_nobody_takes_anothers_file_or_one_that_is_given_away(
        self, cast: Cast
    ) -> None:
        """Neither the row nor the event says that they did."""
        others = forgery.attachment(None, by=cast.zed)
        given = forgery.attachment(stories.reported(cast), by=cast.ann)
        incident = stories.reported(cast, files=[others.pk, given.pk, 10**9])
        assert not incident.attachments.exists()
        assert last_event(incident).data["files"] == []
        others.refresh_from_db()
        assert others.incident is None


def test_a_report_that_cannot_be_written_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        services.report_incident(Report(description="x", urgency=9), by=cast.ann)
    connection.check_constraints()
    assert not Incident.objects.exists()
