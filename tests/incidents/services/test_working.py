"""Who works on it, and when work waits."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Membership, Team, User
from activity import clock
from activity.models import Timer
from activity.services.timers import sweep
from incidents import services
from incidents.codes import HoldReason, Status
from incidents.models import Incident
from incidents.timers.kinds import HOLD_ENDS
from tests.incidents import stories
from tests.incidents.services.facts import (
    TOO_LONG,
    kinds,
    last_event,
    leave,
    leave_team,
    notes,
    outcome,
    second_desk,
)
from tests.people import Cast, make_user

TWO_DAYS = timedelta(days=2)


def assign(incident: Incident, cast: Cast, to: User) -> Incident:
    return services.assign_incident(
        incident.pk, by=cast.lea, expected_version=None, to=to
    )


def hold(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "by": cast.bo,
        "expected_version": None,
        "reason": HoldReason.SCHEDULED,
        "until": clock.now() + TWO_DAYS,
    }
    return services.hold_incident(incident.pk, **(given | more))


class TestTake:
    def test_taking_acknowledges_and_starts(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        assert (incident.status, incident.owner) == (Status.IN_PROGRESS, cast.bo)
        assert incident.acknowledged_at is not None
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.take", True)
        assert event.data == {"owner": cast.bo.pk}

    def test_taking_over_keeps_the_first_acknowledgement(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        taken = stories.in_progress(cast, of=incident, owner=cast.cy)
        assert (taken.owner, taken.acknowledged_at) == (
            cast.cy,
            incident.acknowledged_at,
        )

    def test_a_new_one_stays_new_and_one_on_hold_stays_on_hold(
        self, cast: Cast
    ) -> None:
        new = stories.in_progress(cast, of=stories.reported(cast))
        assert (new.status, new.desk_owner) == (Status.NEW, cast.bo)
        held = stories.in_progress(cast, of=stories.on_hold(cast), owner=cast.cy)
        assert (held.status, held.owner) == (Status.ON_HOLD, cast.cy)

    def test_the_next_one_is_the_most_urgent_of_ones_own(self, cast: Cast) -> None:
        stories.reported(cast, impact=3, urgency=3)
        urgent = stories.reported(cast, impact=1, urgency=1)
        stories.on_hold(cast, impact=1, urgency=1)
        assert services.take_next(by=cast.bo) == urgent
        assert services.take_next(by=cast.cy) != urgent
        assert services.take_next(by=cast.lea) is None

    @pytest.mark.parametrize("name", ["ann", "ned", "max", "ida", "zed"])
    def test_for_others_nothing_waits(self, cast: Cast, name: str) -> None:
        stories.triaged(cast)
        assert services.take_next(by=getattr(cast, name)) is None


class TestAssign:
    def test_it_is_told_to_colleagues_only(self, cast: Cast) -> None:
        incident = stories.again(assign(stories.triaged(cast), cast, cast.cy))
        assert (incident.status, incident.owner) == (Status.ASSIGNED, cast.cy)
        assert incident.acknowledged_at is None
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.assign", False)

    def test_nobody_is_assigned_who_is_not_there(self, cast: Cast) -> None:
        away = clock.now() + timedelta(days=1)
        Membership.objects.filter(user__in=[cast.cy, cast.lea]).update(away_until=away)
        incident = stories.triaged(cast)
        strangers = [cast.ann, cast.ned, cast.max, cast.zed]
        for person in [cast.cy, cast.lea, *strangers, leave(cast.bo)]:
            assert outcome(lambda p=person: assign(incident, cast, p)) == "to", person

    def test_nor_who_has_it_already(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        assert outcome(lambda: assign(incident, cast, cast.bo)) == "to"

    def test_a_lead_who_is_no_member_is_assigned_too(self, cast: Cast) -> None:
        lea = leave_team(cast.lea, cast.desk)
        assert assign(stories.triaged(cast), cast, lea).owner == lea


class TestStart:
    def test_the_owner_starts_and_that_acknowledges(self, cast: Cast) -> None:
        incident = assign(stories.triaged(cast), cast, cast.bo)
        started = stories.in_progress(cast, of=incident)
        assert started.status == Status.IN_PROGRESS
        assert started.acknowledged_at is not None
        assert last_event(started).kind == "incident.start"

    def test_an_owner_who_left_the_team_has_no_more_to_say(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        bo = leave_team(cast.bo, cast.desk)
        assert outcome(lambda: hold(incident, cast, by=bo)) == "403"
        assert outcome(lambda: hold(incident, cast, by=cast.lea)) == "ok"


def ends_of_hold() -> dict[str, int]:
    """How many timers of holds there are, by their state."""
    states = Timer.objects.filter(kind=HOLD_ENDS).values_list("state", flat=True)
    return dict(Counter(states))


class TestHold:
    def test_a_question_is_public_and_counts_as_a_response(self, cast: Cast) -> None:
        incident = stories.on_hold(cast)
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.hold", True)
        assert notes(event) == {"question": "Which printer is it?"}
        assert event.data["reason"] == HoldReason.AWAITING_REPORTER
        assert incident.responded_at == event.at

    def test_another_reason_has_an_internal_explanation(self, cast: Cast) -> None:
        held = hold(stories.in_progress(cast), cast, explanation="Part ordered.")
        assert notes(last_event(held)) == {"reason": "Part ordered."}
        assert held.responded_at is None

    def test_holding_what_nobody_started_acknowledges_it(self, cast: Cast) -> None:
        held = hold(stories.triaged(cast), cast, by=cast.lea)
        assert held.acknowledged_at is not None

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("reason", {"reason": "tea_break"}),
            ("reason", {"reason": ""}),
            ("question", {"reason": HoldReason.AWAITING_REPORTER, "question": " "}),
            ("question", {"reason": "awaiting_reporter", "question": TOO_LONG}),
            ("reason", {"explanation": TOO_LONG}),
        ],
    )
    def test_what_is_missing_is_asked_for(
        self, cast: Cast, field: str, given: dict[str, str]
    ) -> None:
        incident = stories.in_progress(cast)
        assert outcome(lambda: hold(incident, cast, **given)) == field

    def test_until_lies_ahead(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        now = clock.now()
        for until in (now, now - timedelta(seconds=1)):
            with clock.frozen_at(now):
                found = outcome(lambda u=until: hold(incident, cast, until=u))
            assert found == "until"

    def test_its_end_resumes_it_exactly_once(self, cast: Cast) -> None:
        incident = stories.on_hold(cast)
        assert incident.hold_until is not None
        sweep(at=incident.hold_until - timedelta(seconds=1))
        assert stories.again(incident).status == Status.ON_HOLD
        sweep(at=incident.hold_until)
        event = last_event(incident)
        sweep(at=incident.hold_until + TWO_DAYS)
        assert kinds(incident).count("resume") == 1
        incident = stories.again(incident)
        assert (incident.status, incident.hold_until) == (Status.IN_PROGRESS, None)
        assert event.actor == User.objects.system()
        assert (event.kind, event.data) == ("incident.resume", {"because": "until"})

    def test_the_reporters_answer_resumes_and_the_timer_does_nothing(
        self, cast: Cast
    ) -> None:
        incident = stories.on_hold(cast)
        services.answer_desk(incident.pk, by=cast.ann, message="The left one.")
        assert kinds(incident)[-2:] == ["answer", "resume"]
        sweep(at=clock.now() + 2 * TWO_DAYS)
        assert ends_of_hold() == {"stale": 1}
        assert stories.again(incident).status == Status.IN_PROGRESS
        assert kinds(incident).count("resume") == 1

    def test_an_answer_does_not_resume_what_waits_for_others(self, cast: Cast) -> None:
        incident = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
        services.answer_desk(incident.pk, by=cast.ann, message="Any news?")
        assert stories.again(incident).status == Status.ON_HOLD

    def test_held_again_it_is_armed_again(self, cast: Cast) -> None:
        incident = stories.on_hold(cast)
        services.resume_incident(incident.pk, by=cast.bo, expected_version=None)
        again = stories.on_hold(
            cast, of=stories.again(incident), until=clock.now() + 3 * TWO_DAYS
        )
        assert ends_of_hold() == {"armed": 2}
        sweep(at=clock.now() + 2 * TWO_DAYS)
        assert ends_of_hold() == {"armed": 1, "stale": 1}
        sweep(at=clock.now() + 4 * TWO_DAYS)
        assert ends_of_hold() == {"fired": 1, "stale": 1}
        assert stories.again(again).status == Status.IN_PROGRESS

    def test_without_an_owner_it_returns_to_assigned(self, cast: Cast) -> None:
        held = hold(stories.triaged(cast), cast, by=cast.lea)
        sweep(at=clock.now() + 2 * TWO_DAYS)
        assert stories.again(held).status == Status.ASSIGNED

    def test_every_other_end_of_it_makes_its_timer_stale(self, cast: Cast) -> None:
        held = [stories.on_hold(cast) for _ in range(3)]
        services.report_works_again(held[0].pk, by=cast.ann)
        services.cancel_incident(held[1].pk, by=cast.ann, reason="withdrawn")
        services.transfer_incident(
            held[2].pk,
            by=cast.bo,
            expected_version=None,
            team=second_desk(),
            reason="Theirs.",
        )
        sweep(at=clock.now() + 2 * TWO_DAYS)
        assert ends_of_hold() == {"stale": 3}


class TestTransfer:
    def transfer(self, incident: Incident, cast: Cast, **more: Any) -> Incident:
        given: dict[str, Any] = {
            "by": cast.bo,
            "expected_version": None,
            "reason": "Theirs.",
        }
        return services.transfer_incident(incident.pk, **(given | more))

    def test_it_corrects_a_wrong_turn(self, cast: Cast) -> None:
        desk = second_desk()
        incident = self.transfer(stories.on_hold(cast), cast, team=desk)
        assert incident.status == Status.ASSIGNED
        assert (incident.team, incident.desk) == (desk, desk)
        assert (incident.owner, incident.desk_owner) == (None, None)
        assert (incident.hold_reason, incident.hold_until) == ("", None)
        held_by = set(incident.holdings.values_list("team", flat=True))
        assert held_by == {cast.desk.pk, desk.pk}
        event = last_event(incident)
        assert (event.public, notes(event)) == (False, {"reason": "Theirs."})

    def test_only_to_an_active_desk_and_not_to_itself(self, cast: Cast) -> None:
        field = Team.objects.create(name="Field", tier=1)
        gone = Team.objects.create(
            name="Old desk", tier=1, is_service_desk=True, is_active=False
        )
        incident = stories.in_progress(cast)
        for team in (cast.desk, cast.network, cast.vendor, field, gone):
            found = outcome(lambda t=team: self.transfer(incident, cast, team=t))
            assert found == "team", team

    @pytest.mark.parametrize("reason", ["", "  ", TOO_LONG])
    def test_it_needs_a_reason(self, cast: Cast, reason: str) -> None:
        incident, desk = stories.in_progress(cast), second_desk()
        found = outcome(lambda: self.transfer(incident, cast, team=desk, reason=reason))
        assert found == "reason"


class TestDeskOwner:
    def hand_over(self, incident: Incident, by: User, to: User) -> Incident:
        return services.hand_over_desk(incident.pk, by=by, expected_version=None, to=to)

    def test_another_member_answers_for_it(self, cast: Cast) -> None:
        incident = self.hand_over(stories.in_progress(cast), cast.bo, cast.cy)
        assert (incident.desk_owner, incident.owner) == (cast.cy, cast.bo)

    def test_what_is_resolved_changes_hands_altogether(self, cast: Cast) -> None:
        incident = self.hand_over(stories.resolved(cast), cast.bo, cast.cy)
        assert (incident.desk_owner, incident.owner) == (cast.cy, cast.cy)

    def test_nobody_else_can_answer_for_it(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        newcomer = make_user("New Nash")
        for person in (cast.ann, cast.ned, newcomer, leave(cast.cy)):
            found = outcome(lambda p=person: self.hand_over(incident, cast.bo, p))
            assert found == "to"
