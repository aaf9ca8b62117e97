"""The desk thinks it works again, or the reporter knows it does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Team
from activity import clock
from activity.models import Event
from incidents import services
from incidents.codes import Channel, ResolutionCode, Status
from incidents.models import Incident
from incidents.services.reporting import Report
from tests.incidents import stories
from tests.incidents.services.facts import (
    TOO_LONG,
    kinds,
    last_event,
    leave_team,
    member_of,
    notes,
    outcome,
    second_desk,
)
from tests.people import Cast

HOUR = timedelta(hours=1)


def resolve(incident: Incident, cast: Cast, **answers: Any) -> Incident:
    return services.resolve_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        solution=stories.solution(**answers),
    )


class TestResolve:
    def test_what_is_left_belongs_to_the_desk(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        assert incident.status == Status.RESOLVED
        assert (incident.team, incident.owner) == (cast.desk, cast.bo)
        assert incident.resolved_at is not None
        assert incident.confirmed_at is None

    def test_the_reporter_reads_the_solution_and_not_how_it_was_verified(
        self, cast: Cast
    ) -> None:
        event = last_event(stories.resolved(cast))
        assert (event.kind, event.public) == ("incident.resolve", True)
        assert notes(event).keys() == {"solution", "verification"}

    def test_one_row_for_each_cycle_tells_who_and_where(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        row = incident.resolution
        assert row is not None
        assert (row.number, row.seq, row.by) == (1, incident.version, cast.bo)
        assert (row.team, row.code) == (cast.desk, ResolutionCode.FIXED)

    def test_it_counts_as_response_and_acknowledgement(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        services.resolve_incident(
            incident.pk, by=cast.lea, expected_version=None, solution=stories.solution()
        )
        incident = stories.again(incident)
        assert incident.responded_at == incident.acknowledged_at == incident.resolved_at

    def test_a_desk_owner_who_left_the_desk_owns_nothing(self, cast: Cast) -> None:
        incident = stories.in_progress(cast, owner=cast.cy)
        assert incident.desk_owner == cast.bo
        leave_team(cast.bo, cast.desk)
        assert stories.resolved(cast, of=incident).owner is None

    @pytest.mark.parametrize(
        ("field", "answers"),
        [
            ("code", {"code": "magic"}),
            ("code", {"code": ResolutionCode.BY_REPORTER}),
            ("text", {"text": " "}),
            ("text", {"text": TOO_LONG}),
            ("verification", {"verification": ""}),
            ("verification", {"verification": TOO_LONG}),
        ],
    )
    def test_what_is_missing_is_asked_for(
        self, cast: Cast, field: str, answers: dict[str, str]
    ) -> None:
        incident = stories.in_progress(cast)
        assert outcome(lambda: resolve(incident, cast, **answers)) == field
        assert not incident.resolutions.exists()

    def test_it_worked_again_after_it_began_and_before_now(self, cast: Cast) -> None:
        now = clock.now()
        incident = stories.in_progress(cast, occurred_at=now - HOUR)

        def at(restored: Any) -> str:
            return outcome(lambda: resolve(incident, cast, restored_at=restored))

        assert at(now + HOUR) == at(now - 2 * HOUR) == "restored_at"
        assert at(now - HOUR / 2) == at(None) == "ok"

    def test_it_may_have_worked_again_before_anybody_told_us(self, cast: Cast) -> None:
        """Forms know minutes, and calls come late."""
        incident = stories.in_progress(cast)
        before = incident.reported_at - HOUR
        assert resolve(incident, cast, restored_at=before).restored_at == before


class TestWorksAgain:
    def works(self, incident: Incident, cast: Cast, **more: Any) -> Incident:
        return services.report_works_again(incident.pk, by=cast.ann, **more)

    @pytest.mark.parametrize("story", ["reported", "triaged", "in_progress", "on_hold"])
    def test_resolved_and_confirmed_at_once(self, cast: Cast, story: str) -> None:
        incident = stories.again(self.works(getattr(stories, story)(cast), cast))
        connection.check_constraints()
        assert incident.status == Status.RESOLVED
        assert incident.is_confirmed
        assert kinds(incident)[-2:] == ["works_again", "confirm"]
        assert incident.resolution is not None
        assert incident.resolution.code == ResolutionCode.BY_REPORTER
        assert (incident.hold_reason, incident.hold_until) == ("", None)

    def test_what_they_say_is_public(self, cast: Cast) -> None:
        incident = self.works(stories.reported(cast), cast, message="Paper was in.")
        works_again, confirm = Event.objects.about(incident)[1:3]
        assert works_again.public
        assert confirm.public
        assert notes(works_again) == {"message": "Paper was in."}

    def test_it_acknowledges_nothing_for_the_desk(self, cast: Cast) -> None:
        assert self.works(stories.reported(cast), cast).acknowledged_at is None

    @pytest.mark.parametrize("channel", [Channel.CALL, "pigeon", ""])
    def test_only_by_a_way_of_ones_own(self, cast: Cast, channel: str) -> None:
        incident = stories.reported(cast)
        found = outcome(lambda: self.works(incident, cast, channel=channel))
        assert found == "channel"

    def test_a_message_has_a_limit(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        found = outcome(lambda: self.works(incident, cast, message=TOO_LONG))
        assert found == "message"

    def test_who_shared_in_it_cannot_say_so(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
        found = outcome(lambda: services.report_works_again(incident.pk, by=cast.zed))
        assert found == "403"


class TestFirstContact:
    def test_every_move_was_made_by_the_agent(self, cast: Cast) -> None:
        incident = stories.first_contact(cast)
        connection.check_constraints()
        assert kinds(incident) == ["report", "triage", "take", "resolve"]
        assert (incident.status, incident.version) == (Status.RESOLVED, 4)
        assert incident.logged_by == incident.desk_owner == cast.bo
        assert incident.confirmer == cast.ann
        assert Event.objects.about(incident)[0].data["first_contact"] is True

    def test_a_solution_that_is_missing_leaves_nothing(self, cast: Cast) -> None:
        found = outcome(
            lambda: services.resolve_at_first_contact(
                Report(description="It is broken."),
                by=cast.bo,
                reporter=cast.ann,
                classification=stories.classification(),
                solution=stories.solution(text=" "),
            )
        )
        assert found == "text"
        assert not Incident.objects.exists()
        assert not Event.objects.exists()

    @pytest.mark.parametrize("name", ["ann", "ned", "max", "ida", "zed"])
    def test_only_the_desk_does_that(self, cast: Cast, name: str) -> None:
        by = getattr(cast, name)
        assert outcome(lambda: stories.first_contact(cast, by=by)) == "403"

    def test_sent_again_it_is_the_same_one(self, cast: Cast) -> None:
        form = uuid4()
        first = stories.first_contact(cast, submission=form)
        assert stories.first_contact(cast, submission=form) == first
        assert stories.again(first).version == 4

    def test_sent_again_after_a_no_it_is_not_solved_again(self, cast: Cast) -> None:
        """The old page in the browser's history has no answer to that."""
        form = uuid4()
        first = stories.first_contact(cast, submission=form)
        services.reject_resolution(first.pk, by=cast.ann, complaint="Still blank.")
        again = stories.first_contact(cast, submission=form)
        assert (again, again.status) == (first, Status.ASSIGNED)

    def test_an_agent_of_another_desk_keeps_it_at_theirs(self, cast: Cast) -> None:
        desk: Team = second_desk()
        incident = stories.first_contact(cast, by=member_of(desk))
        assert (incident.team, incident.desk) == (desk, desk)
