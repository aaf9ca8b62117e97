"""How an incident ends, and how it comes back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Membership, Team
from activity import clock
from activity.models import Event
from incidents import services
from incidents.codes import CancelReason, ClosureBasis, LinkKind, Status
from incidents.models import Incident, Link
from tests.incidents import stories
from tests.incidents.services.facts import (
    TOO_LONG,
    kinds,
    last_event,
    leave,
    notes,
    outcome,
    second_desk,
)
from tests.people import Cast

FOURTEEN_DAYS = timedelta(days=14)


def close(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {"by": cast.cy, "expected_version": None} | more
    return services.close_incident(incident.pk, **given)


def reopen(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {"by": cast.ann, "complaint": "Blank again."} | more
    return services.reopen_incident(incident.pk, **given)


def cancel(incident: Incident, cast: Cast, reason: str, **more: Any) -> Incident:
    given: dict[str, Any] = {"by": cast.bo, "explanation": "It is so."} | more
    return services.cancel_incident(incident.pk, reason=reason, **given)


class TestClose:
    def test_it_says_who_when_and_on_what_ground(self, cast: Cast) -> None:
        incident = stories.closed(cast)
        connection.check_constraints()
        assert (incident.status, incident.closed_by) == (Status.CLOSED, cast.cy)
        assert incident.closure_basis == ClosureBasis.CONFIRMED
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.close", True)
        assert event.data["basis"] == "confirmed"
        assert event.at == incident.closed_at

    def test_who_solved_it_may_close_it(self, cast: Cast) -> None:
        assert stories.closed(cast, by=cast.bo).closed_by == cast.bo

    def test_what_was_reopened_needs_a_new_yes(self, cast: Cast) -> None:
        incident = stories.again(reopen(stories.closed(cast), cast))
        assert outcome(lambda: close(incident, cast)) == "409"
        again = stories.resolved(cast, of=stories.in_progress(cast, of=incident))
        assert outcome(lambda: close(again, cast)) == "409"
        closed = stories.closed(cast, of=stories.confirmed(cast, of=again))
        assert closed.status == Status.CLOSED
        assert closed.resolution is not None
        assert closed.resolution.number == 2

    def test_a_reporter_who_joined_the_desk_does_not_close_it(self, cast: Cast) -> None:
        incident = stories.confirmed(cast)
        Membership.objects.create(user=cast.ann, team=cast.desk)
        ann = type(cast.ann).objects.get(pk=cast.ann.pk)
        assert outcome(lambda: close(incident, cast, by=ann)) == "403"


class TestCancel:
    def test_the_reporter_is_told_why(self, cast: Cast) -> None:
        incident = stories.cancelled(cast)
        connection.check_constraints()
        assert incident.status == Status.CANCELLED
        assert incident.cancelled_at is not None
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.cancel", True)
        assert notes(event).keys() == {"explanation"}

    def test_nobody_withdraws_anothers_report(self, cast: Cast) -> None:
        logged = stories.reported(cast, by=cast.bo, reporter=cast.ann)
        withdrawn = CancelReason.WITHDRAWN
        for person in (cast.bo, cast.lea, cast.zed, cast.ida):
            assert (
                outcome(lambda p=person: cancel(logged, cast, withdrawn, by=p)) == "403"
            )
        found = outcome(
            lambda: cancel(logged, cast, withdrawn, by=cast.ann, explanation="")
        )
        assert found == "ok"

    @pytest.mark.parametrize("reason", [CancelReason.NOT_A_FAULT, CancelReason.SPAM])
    def test_once_work_began_only_a_lead_says_it_was_nothing(
        self, cast: Cast, reason: str
    ) -> None:
        incident = stories.in_progress(cast)
        assert outcome(lambda: cancel(incident, cast, reason)) == "403"
        assert outcome(lambda: cancel(incident, cast, reason, by=cast.lea)) == "ok"
        back = stories.again(reopen(stories.closed(cast), cast))
        assert outcome(lambda: cancel(back, cast, reason)) == "403"

    @pytest.mark.parametrize(
        ("field", "reason", "given"),
        [
            ("reason", "boredom", {}),
            ("reason", "", {}),
            ("explanation", CancelReason.SPAM, {"explanation": " "}),
            ("explanation", CancelReason.SPAM, {"explanation": TOO_LONG}),
            ("master", CancelReason.DUPLICATE, {}),
        ],
    )
    def test_what_is_missing_is_asked_for(
        self, cast: Cast, field: str, reason: str, given: dict[str, str]
    ) -> None:
        incident = stories.reported(cast)
        assert outcome(lambda: cancel(incident, cast, reason, **given)) == field

    def test_a_master_of_what_is_no_duplicate_is_left_out(self, cast: Cast) -> None:
        other = stories.reported(cast)
        incident = stories.cancelled(cast, master=other)
        assert incident.master is None


class TestDuplicates:
    def duplicate(self, incident: Incident, cast: Cast, of: Incident) -> Incident:
        found = cancel(incident, cast, CancelReason.DUPLICATE, master=of)
        return stories.again(found)

    def test_both_histories_say_so(self, cast: Cast) -> None:
        master, incident = stories.in_progress(cast), stories.reported(cast)
        incident = self.duplicate(incident, cast, master)
        assert incident.master == master
        assert Link.objects.get().kind == LinkKind.DUPLICATE
        event = last_event(master)
        assert (event.kind, event.public) == ("incident.link", False)
        assert event.data == {"from": incident.pk, "kind": "duplicate"}

    def test_a_duplicate_of_a_duplicate_leads_to_the_end(self, cast: Cast) -> None:
        one, two, three = (stories.reported(cast) for _ in range(3))
        two = self.duplicate(two, cast, three)
        assert self.duplicate(one, cast, two).master == three

    def test_never_in_a_circle(self, cast: Cast) -> None:
        one, two, three = (stories.reported(cast) for _ in range(3))
        one = self.duplicate(one, cast, two)
        two = self.duplicate(stories.again(two), cast, three)
        for master in (one, two, stories.again(three)):
            found = outcome(
                lambda m=master: self.duplicate(stories.again(three), cast, m)
            )
            assert found == "master"

    def test_what_is_cancelled_goes_not_on(self, cast: Cast) -> None:
        gone, incident = stories.cancelled(cast), stories.reported(cast)
        assert outcome(lambda: self.duplicate(incident, cast, gone)) == "master"

    def test_reinstated_it_is_a_duplicate_no_more(self, cast: Cast) -> None:
        master, incident = stories.in_progress(cast), stories.reported(cast)
        incident = self.duplicate(incident, cast, master)
        back = stories.again(reopen(incident, cast))
        connection.check_constraints()
        assert (back.master, back.cancel_reason, back.cancelled_at) == (None, "", None)
        assert not Link.objects.exists()
        assert kinds(master)[-2:] == ["link", "unlink"]
        assert self.duplicate(stories.again(master), cast, back).master == back


class TestReopen:
    @pytest.mark.parametrize("story", ["closed", "cancelled"])
    def test_fourteen_days_and_not_a_moment_longer(
        self, cast: Cast, story: str
    ) -> None:
        incident = getattr(stories, story)(cast)
        until = incident.reopen_until
        with clock.frozen_at(until):
            assert outcome(lambda: reopen(incident, cast)) == "ok"
            assert outcome(lambda: reopen(incident, cast, by=cast.bo)) == "ok"
        with clock.frozen_at(until + timedelta(microseconds=1)):
            for person in (cast.ann, cast.bo, cast.lea):
                assert outcome(lambda p=person: reopen(incident, cast, by=p)) == "409"

    def test_it_returns_to_who_solved_it_and_nothing_counts(self, cast: Cast) -> None:
        incident = stories.again(reopen(stories.closed(cast), cast))
        connection.check_constraints()
        assert (incident.status, incident.team) == (Status.ASSIGNED, cast.desk)
        assert incident.owner == cast.bo
        assert incident.closed_by is None
        assert incident.closure_basis == ""
        assert incident.resolution is None
        for name in ("closed", "confirmed", "resolved", "restored"):
            assert getattr(incident, f"{name}_at") is None
        event = last_event(incident)
        assert (event.public, notes(event)) == (True, {"complaint": "Blank again."})
        assert event.data["from"] == "closed"

    def test_what_was_withdrawn_comes_back_to_who_had_it(self, cast: Cast) -> None:
        one, two = stories.in_progress(cast), stories.in_progress(cast)
        for incident in (one, two):
            cancel(incident, cast, CancelReason.WITHDRAWN, by=cast.ann)
        assert reopen(one, cast).owner == cast.bo
        leave(cast.bo)
        assert reopen(two, cast).owner is None

    def test_a_team_that_is_no_more_gets_nothing_back(self, cast: Cast) -> None:
        ended = [stories.closed(cast), stories.cancelled(cast)]
        desk = second_desk()
        cast.desk.is_default_desk = cast.desk.is_active = False
        cast.desk.save()
        Team.objects.filter(pk=desk.pk).update(is_default_desk=True)
        for incident in ended:
            back = stories.again(reopen(incident, cast))
            connection.check_constraints()
            assert (back.team, back.desk, back.owner) == (desk, desk, None)
            assert back.holdings.filter(team=desk).exists()

    @pytest.mark.parametrize("complaint", ["", " ", TOO_LONG])
    def test_it_needs_a_reason(self, cast: Cast, complaint: str) -> None:
        incident = stories.closed(cast)
        found = outcome(lambda: reopen(incident, cast, complaint=complaint))
        assert found == "complaint"


class TestFollowUp:
    def follow_up(self, incident: Incident, cast: Cast, **more: Any) -> Incident:
        given: dict[str, Any] = {
            "by": cast.ann,
            "description": "Again, a month later.",
        } | more
        return services.follow_up_incident(incident.pk, **given)

    def test_a_new_one_is_linked_to_the_old_one(self, cast: Cast) -> None:
        former = stories.closed(cast)
        incident = self.follow_up(former, cast)
        assert (incident.status, incident.reporter) == (Status.NEW, cast.ann)
        link = Link.objects.get()
        assert (link.from_incident, link.to_incident) == (incident, former)
        assert last_event(incident).data["follows"] == former.pk
        assert last_event(former).kind == "incident.link"
        assert stories.again(former).status == Status.CLOSED

    def test_the_desk_starts_it_for_the_reporter(self, cast: Cast) -> None:
        former = stories.closed(cast)
        assert self.follow_up(former, cast, by=cast.bo).reporter == cast.ann
        leave(cast.ann)
        assert self.follow_up(former, cast, by=cast.bo).reporter == cast.bo

    def test_the_same_form_sent_twice_makes_one(self, cast: Cast) -> None:
        former, form = stories.closed(cast), uuid4()
        first = self.follow_up(former, cast, submission=form)
        assert self.follow_up(former, cast, submission=form) == first
        assert Event.objects.about(former).filter(kind="incident.link").count() == 1
