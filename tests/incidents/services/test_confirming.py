"""The first key: nobody turns it but the person who is asked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Membership, Team
from activity import clock
from activity.models import Event
from incidents import services
from incidents.codes import Channel, ClosureBasis, Status
from incidents.models import Confirmation, Incident
from sla.services import working_days
from sla.working_days import working_days_after
from tests.incidents import stories
from tests.incidents.services.facts import (
    TOO_LONG,
    last_event,
    leave,
    leave_team,
    notes,
    outcome,
    second_desk,
)
from tests.people import Cast

DAY = timedelta(days=1)


def confirm(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "by": cast.ann,
        "resolution": stories.current(incident),
    } | more
    return services.confirm_resolution(incident.pk, **given)


def reject(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {"by": cast.ann, "complaint": "Still blank."} | more
    return services.reject_resolution(incident.pk, **given)


def record(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "by": cast.bo,
        "expected_version": None,
        "account": "Ann says yes.",
    }
    return services.record_call(incident.pk, **(given | more))


def remind(incident: Incident, cast: Cast, at: datetime) -> Event:
    return services.remind_confirmer(
        incident.pk, by=cast.bo, expected_version=None, at=at
    )


def waive(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "by": cast.lea,
        "expected_version": None,
        "reason": "Silence.",
    } | more
    return services.waive_confirmation(incident.pk, **given)


def close(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {"by": cast.cy, "expected_version": None} | more
    return services.close_incident(incident.pk, **given)


def name_zed(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "by": cast.lea,
        "expected_version": None,
        "successor": cast.zed,
        "reason": "Ann left.",
    }
    return services.name_successor(incident.pk, **(given | more))


class TestConfirm:
    @pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.LINK, Channel.LOG_IN])
    def test_a_row_beside_says_who_how_and_to_what(
        self, cast: Cast, channel: str
    ) -> None:
        incident = stories.again(confirm(stories.resolved(cast), cast, channel=channel))
        connection.check_constraints()
        row = Confirmation.objects.get()
        assert (row.by, row.channel, row.recorded_by) == (cast.ann, channel, None)
        assert row.resolution == incident.resolution
        assert row.seq == incident.version
        assert row.at == incident.confirmed_at
        event = last_event(incident)
        assert (event.kind, event.public, event.actor) == (
            "incident.confirm",
            True,
            cast.ann,
        )

    def test_thanks_are_public(self, cast: Cast) -> None:
        incident = confirm(stories.resolved(cast), cast, message="Thank you.")
        assert notes(last_event(incident)) == {"message": "Thank you."}

    def test_twice_is_once(self, cast: Cast) -> None:
        incident = stories.confirmed(cast)
        assert outcome(lambda: confirm(incident, cast)) == "409"
        assert Confirmation.objects.count() == 1

    def test_an_old_solution_is_no_longer_asked_about(self, cast: Cast) -> None:
        first = stories.resolved(cast)
        asked = stories.current(first)
        reject(first, cast)
        second = stories.resolved(
            cast, of=stories.in_progress(cast, of=stories.again(first))
        )
        assert outcome(lambda: confirm(second, cast, resolution=asked)) == "409"
        assert outcome(lambda: reject(second, cast, resolution=asked)) == "409"
        assert outcome(lambda: confirm(second, cast)) == "ok"

    @pytest.mark.parametrize("channel", [Channel.CALL, "pigeon", ""])
    def test_only_by_a_way_of_ones_own(self, cast: Cast, channel: str) -> None:
        """A call is what somebody else writes down."""
        incident = stories.resolved(cast)
        found = outcome(lambda: confirm(incident, cast, channel=channel))
        assert found == "channel"

    def test_neither_reporter_nor_agents_speak_for_the_confirmer(
        self, cast: Cast
    ) -> None:
        """What monitoring opened is confirmed by the service's owner alone."""
        service, _category = stories.catalogue()
        service.owner = cast.max
        service.save()
        incident = stories.resolved(cast, source="monitoring")
        for person in (cast.ann, cast.bo, cast.lea, cast.ida, cast.zed):
            assert outcome(lambda p=person: confirm(incident, cast, by=p)) == "403"
        assert outcome(lambda: confirm(incident, cast, by=cast.max)) == "ok"

    def test_an_agents_own_report_is_closed_by_a_colleague(self, cast: Cast) -> None:
        new = stories.reported(cast, by=cast.bo)
        incident = stories.resolved(
            cast, of=stories.in_progress(cast, of=stories.triaged(cast, of=new))
        )
        assert outcome(lambda: record(incident, cast)) == "403"
        confirm(incident, cast, by=cast.bo)
        assert outcome(lambda: close(incident, cast, by=cast.bo)) == "403"
        assert outcome(lambda: close(incident, cast, by=cast.cy)) == "ok"


class TestRecordedCall:
    def test_it_is_the_confirmers_word_and_the_agents_writing(self, cast: Cast) -> None:
        incident = stories.called(cast)
        connection.check_constraints()
        row = Confirmation.objects.get()
        assert (row.by, row.recorded_by, row.channel) == (
            cast.ann,
            cast.bo,
            Channel.CALL,
        )
        event = last_event(incident)
        assert (event.actor, event.public) == (cast.bo, True)
        assert event.data["recorded_by"] == cast.bo.pk
        assert notes(event).keys() == {"reason"}

    def test_it_is_told_at_the_closure(self, cast: Cast) -> None:
        closed = close(stories.called(cast), cast, by=cast.bo)
        assert closed.closure_basis == ClosureBasis.CALL
        assert last_event(closed).data["recorded_by"] == cast.bo.pk

    def test_a_team_may_want_a_second_person(self, cast: Cast) -> None:
        Team.objects.filter(pk=cast.desk.pk).update(second_person_closes=True)
        incident = stories.called(cast)
        assert outcome(lambda: close(incident, cast, by=cast.bo)) == "409"
        assert outcome(lambda: close(incident, cast, by=cast.cy)) == "ok"

    def test_nobody_who_left_has_called(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        leave(cast.ann)
        assert outcome(lambda: record(incident, cast)) == "409"

    @pytest.mark.parametrize("account", ["", " ", TOO_LONG])
    def test_what_was_said_is_written_down(self, cast: Cast, account: str) -> None:
        incident = stories.resolved(cast)
        assert outcome(lambda: record(incident, cast, account=account)) == "account"


class TestReject:
    def test_it_goes_back_to_who_solved_it(self, cast: Cast) -> None:
        incident = stories.again(reject(stories.resolved(cast), cast))
        connection.check_constraints()
        assert (incident.status, incident.team) == (Status.ASSIGNED, cast.desk)
        assert incident.owner == cast.bo
        assert incident.resolution is None
        assert incident.resolved_at is incident.restored_at is None
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.reject", True)
        assert notes(event) == {"complaint": "Still blank."}

    def test_after_a_yes_not_so_takes_it_back(self, cast: Cast) -> None:
        incident = stories.again(reject(stories.called(cast), cast))
        connection.check_constraints()
        assert (incident.status, incident.confirmed_at) == (Status.ASSIGNED, None)
        assert outcome(lambda: close(incident, cast)) == "409"

    def test_after_a_waiver_too(self, cast: Cast) -> None:
        incident = stories.again(reject(stories.waived(cast), cast))
        assert outcome(lambda: close(incident, cast)) == "409"
        again = stories.resolved(cast, of=stories.in_progress(cast, of=incident))
        assert outcome(lambda: close(again, cast)) == "409"

    def test_a_solver_who_is_away_or_gone_is_not_preset(self, cast: Cast) -> None:
        first, second, third = (stories.resolved(cast) for _ in range(3))
        row = Membership.objects.filter(user=cast.bo)
        row.update(away_until=clock.now() + DAY)
        assert reject(first, cast).owner is None
        leave_team(cast.bo, cast.desk)
        assert reject(second, cast).owner is None
        leave(cast.bo)
        assert reject(third, cast).owner is None

    def test_a_team_that_is_no_more_gets_nothing_back(self, cast: Cast) -> None:
        """Work falls to the desk that receives the reporter's reports now."""
        incident = stories.resolved(cast)
        desk = second_desk()
        cast.desk.is_default_desk = cast.desk.is_active = False
        cast.desk.save()
        Team.objects.filter(pk=desk.pk).update(is_default_desk=True)
        incident = stories.again(reject(incident, cast))
        connection.check_constraints()
        assert (incident.team, incident.desk) == (desk, desk)
        assert (incident.owner, incident.desk_owner) == (None, None)
        assert incident.holdings.filter(team=desk).exists()

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("complaint", {"complaint": ""}),
            ("complaint", {"complaint": TOO_LONG}),
            ("channel", {"channel": "pigeon"}),
        ],
    )
    def test_what_is_missing_is_asked_for(
        self, cast: Cast, field: str, given: dict[str, str]
    ) -> None:
        incident = stories.resolved(cast)
        assert outcome(lambda: reject(incident, cast, **given)) == field


class TestReminders:
    def test_at_most_one_a_day(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        start = incident.resolved_at
        assert start is not None
        assert outcome(lambda: remind(incident, cast, start + DAY / 2)) == "409"
        remind(incident, cast, start + DAY)
        later = start + DAY + timedelta(hours=19)
        assert outcome(lambda: remind(incident, cast, later)) == "409"
        assert outcome(lambda: remind(incident, cast, start + 2 * DAY)) == "ok"

    def test_they_count_from_the_solution_they_ask_about(self, cast: Cast) -> None:
        incident = stories.reminded(cast)
        data = [e.data["number"] for e in Event.objects.filter(kind="incident.remind")]
        assert data == [1, 2, 3]
        back = stories.again(reject(incident, cast))
        again = stories.resolved(cast, of=stories.in_progress(cast, of=back))
        assert outcome(lambda: waive(again, cast)) == "409"
        assert remind(again, cast, clock.now() + DAY).data["number"] == 1

    def test_nobody_asks_who_has_left(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        leave(cast.ann)
        later = clock.now() + DAY
        assert outcome(lambda: remind(incident, cast, later)) == "409"


class TestWaiver:
    def test_it_is_the_leads_with_a_reason(self, cast: Cast) -> None:
        incident = stories.waived(cast)
        connection.check_constraints()
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.waive", True)
        assert notes(event).keys() == {"reason"}
        assert incident.confirmed_at is None

    @pytest.mark.parametrize("times", [0, 1, 2])
    def test_not_before_three_reminders(self, cast: Cast, times: int) -> None:
        incident = stories.reminded(cast, times=times)
        assert outcome(lambda: waive(incident, cast)) == "409"

    def test_not_before_five_working_days_of_silence(self, cast: Cast) -> None:
        incident = stories.reminded(cast)
        resolved_at = incident.resolved_at
        assert resolved_at is not None
        in_time = working_days_after(resolved_at, 5, working_days())
        early = in_time - timedelta(seconds=1)
        assert outcome(lambda: waive(incident, cast, at=early)) == "409"
        assert outcome(lambda: waive(incident, cast, at=in_time)) == "ok"

    def test_twice_is_once(self, cast: Cast) -> None:
        incident = stories.waived(cast)
        assert outcome(lambda: waive(incident, cast)) == "409"

    def test_a_lead_does_not_waive_for_herself(self, cast: Cast) -> None:
        own = stories.triaged(cast, of=stories.reported(cast, by=cast.lea))
        start = clock.now() - 10 * DAY
        solved = stories.resolved(cast, of=stories.in_progress(cast, of=own), at=start)
        incident = stories.reminded(cast, of=solved)
        assert outcome(lambda: waive(incident, cast)) == "403"

    def test_a_late_yes_still_counts(self, cast: Cast) -> None:
        incident = stories.confirmed(cast, of=stories.waived(cast))
        assert close(incident, cast).closure_basis == ClosureBasis.CONFIRMED


class TestSuccessor:
    def test_only_of_somebody_who_left(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        assert outcome(lambda: name_zed(incident, cast)) == "409"
        leave(cast.ann)
        incident = stories.again(name_zed(incident, cast))
        connection.check_constraints()
        assert incident.confirmer == cast.zed
        assert incident.reporter.name == "Ann Archer"
        event = last_event(incident)
        assert event.data == {
            "from": cast.ann.pk,
            "to": cast.zed.pk,
            "notes": event.data["notes"],
        }
        assert outcome(lambda: confirm(incident, cast, by=cast.zed)) == "ok"

    def test_not_oneself_and_nobody_who_left_too(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        leave(cast.ann)
        for person in (cast.lea, leave(cast.max)):
            found = outcome(lambda p=person: name_zed(incident, cast, successor=p))
            assert found == "successor"

    def test_who_comes_after_is_asked_anew(self, cast: Cast) -> None:
        """Silence of somebody who left is no silence of theirs."""
        incident = stories.reminded(cast)
        leave(cast.ann)
        name_zed(incident, cast)
        assert outcome(lambda: waive(incident, cast)) == "409"
        start = clock.now()
        for day in (1, 2, 3):
            remind(incident, cast, start + day * DAY)
        early = {"at": start + 4 * DAY}
        assert outcome(lambda: waive(incident, cast, **early)) == "409"
        assert outcome(lambda: waive(incident, cast, at=start + 10 * DAY)) == "ok"

    def test_an_agent_who_succeeds_confirms_and_a_colleague_closes(
        self, cast: Cast
    ) -> None:
        incident = stories.resolved(cast)
        leave(cast.ann)
        name_zed(incident, cast, successor=cast.cy)
        assert outcome(lambda: record(incident, cast, by=cast.cy)) == "403"
        confirm(incident, cast, by=cast.cy)
        assert outcome(lambda: close(incident, cast, by=cast.cy)) == "403"
        assert outcome(lambda: close(incident, cast, by=cast.bo)) == "ok"
